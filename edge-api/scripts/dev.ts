/**
 * `pnpm dev`: the Worker on wrangler dev, its local D1 migrated, with throw-away secrets where `.dev.vars` has none; a
 * mail server whose inbox is a page; and the cron, each minute. `--mail-port N` moves the mail server, `--no-cron` leaves
 * the turns to `pnpm tick`. Whatever else it is given goes on to `wrangler dev`; `--port`, `--persist-to` and `--env-file`
 * count for the rest, too.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openInbox } from "../../demo/inbox.ts";
import { ensureBuilt } from "../../widget/build.ts";
import { everyMinute, isTaken } from "./dev-surroundings.ts";

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
const { values, tokens } = parseArgs({
  args,
  options: {
    port: { type: "string", default: "8787" },
    "mail-port": { type: "string", default: "2525" },
    "no-cron": { type: "boolean", default: false },
    "persist-to": { type: "string" },
    "env-file": { type: "string", multiple: true, default: [".dev.vars"] },
  },
  strict: false,
  tokens: true,
});
const ownAt = tokens.flatMap((token) => {
  if (token.kind !== "option" || !["mail-port", "no-cron"].includes(token.name)) return [];
  return token.value === undefined || token.inlineValue ? [token.index] : [token.index, token.index + 1];
});
const port = Number(values.port);
if (await isTaken(port)) {
  // wrangler would take the next one: links in mails would lead here, and two Workers would share one database.
  console.error(
    `Port ${port} is taken, perhaps by another \`pnpm dev\`. End that one, or pass --port ${port + 1} --persist-to .wrangler/state-${port + 1}`,
  );
  process.exit(1);
}
await ensureBuilt();
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
const mailPort = Number(values["mail-port"]);
const inbox = (await isTaken(mailPort)) ? null : await openInbox(mailPort);
const isGiven = (name: string) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`, "m").test(given);
const ownMail = { SYSTEM_MAIL_URL: `smtp://127.0.0.1:${mailPort}`, SYSTEM_MAIL_FROM: "cadenza@dev.example" };
const defaults = {
  ...(Object.keys(ownMail).some(isGiven) ? {} : ownMail),
  PUBLIC_URL: `http://127.0.0.1:${values.port}`,
  CADENZA_SECRET: "local-development-only-0123456789abcdef",
  CADENZA_SERVICE_TOKEN: "local-service-token",
  CADENZA_SETUP_TOKEN: "local-setup-token",
};
const vars = Object.entries(defaults)
  .filter(([name]) => !isGiven(name))
  .flatMap(([name, value]) => ["--var", `${name}:${value}`]);

const passedOn = args.filter((_, at) => !ownAt.includes(at));

console.log(
  inbox
    ? `Mail to 127.0.0.1:${mailPort} is shown at ${inbox.url}`
    : `Port ${mailPort} is taken: mail goes to whoever listens there, and there is no inbox. See --mail-port.`,
);
const setupToken = isGiven("CADENZA_SETUP_TOKEN") ? "the token you set" : defaults.CADENZA_SETUP_TOKEN;
console.log(`First run: http://127.0.0.1:${port}/setup with ${setupToken}`);
// Started directly: ending a wrapper would leave the Worker running.
const dev = spawn(process.execPath, [wrangler, "dev", ...vars, ...passedOn], {
  cwd: root,
  env,
  stdio: "inherit",
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => dev.kill("SIGTERM"));
if (!values["no-cron"]) everyMinute(`http://127.0.0.1:${port}`);
dev.on("exit", async (code) => {
  await inbox?.close();
  process.exit(code ?? 0);
});
