/** Runs before the tests of every workerd file: brings the file's own D1 to the shipped schema. */
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
