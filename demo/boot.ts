/**
 * The Worker as a process of its own: bundled as a deploy would, run by workerd on files that outlive it. Made and
 * stopped by the demo; `kill` is a real `kill -9`.
 */
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, Response } from "miniflare";
import { withoutItsSignals } from "./signals.ts";

export const demoHome = import.meta.dirname;
const home = join(demoHome, "..");

export type RunningWorker = {
  url: string;
  pid: number;
  /** `kill -9`, on the very process that runs the code. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export type WorkerSettings = {
  port: number;
  stateDir: string;
  secret: string;
  serviceToken: string;
  /** Other settings an operator may make. */
  vars?: Record<string, string>;
  /** Whose entrypoint is bundled; left out, the demo's own with its stepped clock. */
  config?: string;
};

export async function bundleWorker(
  outdir: string,
  config = join(demoHome, "wrangler.toml"),
): Promise<string> {
  const wrangler = join(home, "node_modules/wrangler/bin/wrangler.js");
  const args = [wrangler, "deploy", "--dry-run", "--outdir", outdir, "--config", config];
  const quiet = {
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    CI: "true",
  };
  try {
    await promisify(execFile)(process.execPath, args, { cwd: home, env: { ...process.env, ...quiet } });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`The Worker could not be bundled.\n${stdout}${stderr}`);
  }
  const name = readdirSync(outdir).find((file) => file.endsWith(".js"));
  if (!name) throw new Error(`wrangler wrote no bundle into ${outdir}`);
  return join(outdir, name);
}

export async function startWorker(
  settings: WorkerSettings,
  log: (line: string) => void,
): Promise<RunningWorker> {
  rmSync(settings.stateDir, { recursive: true, force: true });
  mkdirSync(settings.stateDir, { recursive: true });
  const script = await bundleWorker(join(settings.stateDir, "bundle"), settings.config);
  let miniflare: Miniflare | null = null;

  const start = async () => {
    miniflare = await withoutItsSignals(async () => {
      const starting = new Miniflare(optionsOf(settings, script, log));
      await starting.ready;
      return starting;
    });
    worker.pid = workerdPid();
    writeFileSync(join(settings.stateDir, pidFile), String(worker.pid));
  };
  const stop = async () => {
    const running = miniflare;
    miniflare = null;
    await running?.dispose();
    // Its files are only ours to clear once it is gone.
    for (let waited = 0; waited < 3_000 && workerds().some(({ pid }) => pid === worker.pid); waited += 50) {
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const worker: RunningWorker = {
    url: `http://127.0.0.1:${settings.port}`,
    pid: 0,
    start,
    stop,
    kill: async () => {
      process.kill(worker.pid, "SIGKILL");
      await stop().catch(() => {}); // What is left of it has nobody to talk to any more.
    },
  };
  await start();
  await migrate(miniflare!);
  return worker;
}

const optionsOf = (settings: WorkerSettings, script: string, log: (line: string) => void) =>
  convertV4MiniflareOptions({
    name: "cadenza-demo",
    modules: [{ type: "ESModule", path: script }],
    modulesRoot: join(settings.stateDir, "bundle"),
    compatibilityDate: "2026-08-01",
    compatibilityFlags: ["nodejs_compat"],
    host: "127.0.0.1",
    port: settings.port,
    cf: false,
    telemetry: { enabled: false },
    unsafeTriggerHandlers: true,
    resourcePersistencePath: join(settings.stateDir, "data"),
    log: new Log(LogLevel.ERROR),
    handleStructuredLogs: ({ level, message }) => log(`${level}: ${message}`),
    d1Databases: { DB: "cadenza-demo", DEMO_CLOCK: "cadenza-demo-clock" },
    serviceBindings: { ASSETS: builtPanel },
    queueProducers: { WAKE: "cadenza-wake" },
    queueConsumers: {
      "cadenza-wake": {
        maxBatchSize: 10,
        maxBatchTimeout: 0,
        maxRetries: 5,
        deadLetterQueue: "cadenza-wake-dead",
      },
      "cadenza-wake-dead": { maxBatchSize: 10, maxBatchTimeout: 1 },
    },
    bindings: {
      PUBLIC_URL: `http://127.0.0.1:${settings.port}`,
      CADENZA_SECRET: settings.secret,
      CADENZA_SERVICE_TOKEN: settings.serviceToken,
      ...settings.vars,
    },
  });

/** The panel's files, as its build left them. A URL's path has no `..` left in it. */
function builtPanel(request: { url: string }): Response {
  const file = join(home, "widget/dist", new URL(request.url).pathname);
  return existsSync(file) ? new Response(readFileSync(file)) : new Response(null, { status: 404 });
}

/** Which workerd a run started: one that a killed demo left behind can be found again. */
const pidFile = "workerd.pid";

/** Ends what a demo that was itself killed could not end, and clears its files. */
export function clearLeftover(stateDir: string): void {
  const pid = Number(readIfThere(join(stateDir, pidFile)));
  if (workerds().some((one) => one.pid === pid)) process.kill(pid, "SIGKILL");
  rmSync(stateDir, { recursive: true, force: true });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function workerds(): { pid: number; parent: number }[] {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return list.split("\n").flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return /workerd\S* serve/.test(command ?? "") ? [{ pid: Number(pid), parent: Number(parent) }] : [];
  });
}

/** Miniflare does not tell; it is the one workerd among our children. */
function workerdPid(): number {
  const children = workerds().flatMap(({ pid, parent }) => (parent === process.pid ? [pid] : []));
  if (children.length !== 1) throw new Error(`expected one workerd, found ${children.length}`);
  return children[0]!;
}

/** The files a deploy applies, in their order. */
async function migrate(miniflare: Miniflare): Promise<void> {
  const db = await miniflare.getD1Database("DB");
  const folder = join(home, "edge-api/migrations");
  const files = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  if (!files.length) throw new Error(`there are no migrations in ${folder}`);
  for (const file of files.sort()) {
    const statements = readFileSync(join(folder, file), "utf8").split("--> statement-breakpoint");
    await db.batch(statements.filter((sql) => sql.trim()).map((sql) => db.prepare(sql)));
  }
}
