/// <reference types="@cloudflare/vitest-plugin/types" />

declare namespace Cloudflare {
  interface Env {
    DB: D1Database;
    EMPTY_DB: D1Database;
    /** What vitest.config.ts read from edge-api/migrations. */
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
}
