/**
 * `pnpm dev`: the Worker on wrangler dev, its local D1 migrated, with throw-away secrets where `.dev.vars` has none.
 * Whatever it is given goes on to `wrangler dev`; `--port`, `--persist-to` and `--env-file` count for the rest, too.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
const env = {
  ...process.env,
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
};
// pnpm hands a `--` through.
const args = process.argv.slice(2).filter((arg, at) => at > 0 || arg !== "--");
const { values } = parseArgs({
  args,
  options: {
    port: { type: "string", default: "8787" },
    "persist-to": { type: "string" },
    "env-file": { type: "string", multiple: true, default: [".dev.vars"] },
  },
  strict: false,
});
const kept = values["persist-to"] ? ["--persist-to", String(values["persist-to"])] : [];

const migrated = spawnSync(
  process.execPath,
  [wrangler, "d1", "migrations", "apply", "DB", "--local", ...kept],
  { cwd: root, env, stdio: "inherit" },
);
if (migrated.status !== 0) process.exit(migrated.status ?? 1);

const given = [values["env-file"]]
  .flat()
  .map((file) => resolve(root, String(file)))
  .map((file) => (existsSync(file) ? readFileSync(file, "utf8") : ""))
  .join("\n");
const defaults = {
  PUBLIC_URL: `http://127.0.0.1:${values.port}`,
  CADENZA_SECRET: "local-development-only-0123456789abcdef",
  CADENZA_SERVICE_TOKEN: "local-service-token",
};
const vars = Object.entries(defaults)
  .filter(([name]) => !new RegExp(`^\\s*(export\\s+)?${name}\\s*=`, "m").test(given))
  .flatMap(([name, value]) => ["--var", `${name}:${value}`]);

// Started directly: ending a wrapper would leave the Worker running.
const dev = spawn(process.execPath, [wrangler, "dev", ...vars, ...args], {
  cwd: root,
  env,
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => dev.kill("SIGTERM"));
dev.on("exit", (code) => process.exit(code ?? 0));
