import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const migrations = await readD1Migrations(new URL("./edge-api/migrations", import.meta.url).pathname);

/** Three kinds of test, by where they run. `pure`: Node, no I/O. `workerd`: the db, engine and API on real D1. */
export default defineConfig({
  test: {
    reporters: ["default", "./tests/closing-line.ts"],
    globalSetup: ["tests/build-widget.ts"],
    projects: [
      {
        test: {
          name: "pure",
          // A busy machine is no failure: what waits for ever is found all the same.
          testTimeout: 30_000,
          // More than Vitest takes of two cores: most of these wait for a browser, a Worker or a mail server of their own.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
          environment: "node",
          include: [
            "shared/src/**/*.test.ts",
            "widget/src/**/*.test.ts",
            "edge-api/src/**/*.test.ts",
            "edge-api/{sim,scripts}/**/*.test.ts",
            "demo/**/*.test.ts",
            "tests/**/*.test.ts",
            "extension/**/*.test.ts",
          ],
        },
      },
      {
        plugins: [
          cloudflareTest({
            // Not wrangler.toml: its `main` would load the whole Worker into every file. A test that wants the app
            // calls createApp with a System of its own.
            miniflare: {
              compatibilityDate: "2026-08-01",
              compatibilityFlags: ["nodejs_compat"],
              cf: false,
              // One that all tests share, and one that starts empty for the test of the first run.
              d1Databases: ["DB", "EMPTY_DB"],
              queueProducers: { WAKE: "cadenza-wake" },
              bindings: {
                PUBLIC_URL: "https://cadenza.test",
                TEST_MIGRATIONS: migrations,
                CADENZA_SECRET: "test-secret-test-secret-test-secret!",
                CADENZA_SERVICE_TOKEN: "test-service-token",
              },
            },
          }),
        ],
        test: {
          name: "workerd",
          testTimeout: 30_000,
          include: ["edge-api/tests/**/*.test.ts"],
          setupFiles: ["edge-api/tests/setup.ts"],
          // A real SMTP server, in Node.
          globalSetup: ["edge-api/tests/mail/smtp-server.ts"],
          isolate: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
