/** `pnpm dev`: the Worker on wrangler dev, its local D1 migrated, with throw-away secrets where `.dev.vars` has none. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
const env = {
  ...process.env,
  CI: "1",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_HIDE_BANNER: "true",
  WRANGLER_SEND_METRICS: "false",
};

const migrated = spawnSync(process.execPath, [wrangler, "d1", "migrations", "apply", "DB", "--local"], {
  cwd: root,
  env,
  stdio: "inherit",
});
if (migrated.status !== 0) process.exit(migrated.status ?? 1);

const given = existsSync(join(root, ".dev.vars")) ? readFileSync(join(root, ".dev.vars"), "utf8") : "";
const defaults = {
  PUBLIC_URL: "http://127.0.0.1:8787",
  CADENZA_SECRET: "local-development-only-0123456789abcdef",
  CADENZA_SERVICE_TOKEN: "local-service-token",
};
const vars = Object.entries(defaults)
  .filter(([name]) => !given.includes(`${name}=`))
  .flatMap(([name, value]) => ["--var", `${name}:${value}`]);

// Started directly: ending a wrapper would leave the Worker running.
const dev = spawn(process.execPath, [wrangler, "dev", ...vars, ...process.argv.slice(2)], {
  cwd: root,
  env,
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => dev.kill("SIGTERM"));
dev.on("exit", (code) => process.exit(code ?? 0));
