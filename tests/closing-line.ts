/** The last line of every test run, plain enough for any reader: "N passed, N failed". */
import type { Reporter, SerializedError, TestModule, Vitest } from "vitest/node";

export default class ClosingLine implements Reporter {
  /** Whether only tests of some name were asked for: the others are neither. */
  #isPart = false;

  onInit({ config }: Vitest): void {
    this.#isPart = Boolean(config.testNamePattern);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    let passed = 0;
    // A file that cannot be loaded, or an error outside any test, is a failure too.
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        // One that is left out for good stands as failed.
        else if (state !== "skipped" || !this.#isPart) failed++;
      }
    }
    // After the summary of the default reporter, which writes when the run is over.
    process.on("exit", () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
