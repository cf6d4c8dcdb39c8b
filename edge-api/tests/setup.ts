/**
 * Runs before the tests of every workerd file. The database outlives a file (and so must its ids: what the app keeps
 * in memory is kept by them), so that what earlier files used up of a limit is given back here.
 */
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
await env.DB.exec("DELETE FROM rate_limits");
