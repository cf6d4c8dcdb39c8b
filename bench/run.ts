/** `pnpm bench NAME`: runs `bench/NAME.ts`, with what only measuring needs installed first. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [name = ""] = process.argv.slice(2);
const file = join(import.meta.dirname, `${name}.ts`);
if (!/^[a-z-]+$/.test(name) || name === "run" || !existsSync(file)) {
  console.error("Say what to measure: pnpm bench widget");
  process.exit(1);
}
if (!existsSync(join(import.meta.dirname, "node_modules"))) {
  const flags = ["--ignore-workspace", "--frozen-lockfile", "--ignore-scripts"];
  execFileSync("npx", ["-y", "pnpm@12.21.0", "install", ...flags], {
    cwd: import.meta.dirname,
    stdio: "inherit",
  });
}
await import(pathToFileURL(file).href);
