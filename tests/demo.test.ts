/** The demo, as a person runs it: `pnpm demo --once` plays the whole story on real workerd and checks it itself. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
/** Ninety seconds at the most on two idle cores; the other tests may have those cores meanwhile. */
const storyMaxMs = 300_000;

type Ended = { code: number; output: string };

function runNode(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      args,
      {
        cwd: root,
        env: { ...process.env, NO_COLOR: "1", NODE_OPTIONS: "", ...env },
        maxBuffer: 64 * 1024 * 1024,
      },
      (_error, stdout, stderr) => done({ code: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });
}

describe("the demo", () => {
  it("plays its whole story, keeps every promise and leaves nothing running", {
    timeout: storyMaxMs,
  }, async () => {
    const { code, output } = await runNode(["--import", "tsx", "demo/run.ts", "--once"]);
    expect(output).toMatch(
      /asked for a sign-in link, opened the mail and is in: You are an admin in Northwind\n/,
    );
    expect(output).toMatch(/double sends +0\n/);
    expect(output).toMatch(/uncertain +1 /);
    expect(output).toMatch(/(\d+) of \1 promises kept/);
    expect({ code, output: code ? output.slice(-6000) : "" }).toEqual({ code: 0, output: "" });
    const killed = /kill -9 (\d+)[\s\S]*started again as (\d+)/.exec(output);
    expect(killed?.slice(1).filter((pid) => isRunning(Number(pid)))).toEqual([]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the stepped clock", () => {
  const outdirs: string[] = [];
  afterAll(() => {
    for (const outdir of outdirs) rmSync(outdir, { recursive: true, force: true });
  });

  async function bundle(config: string): Promise<string> {
    const outdir = mkdtempSync(join(tmpdir(), "cadenza-bundle-"));
    outdirs.push(outdir);
    const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
    const quiet = {
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
    };
    const { code, output } = await runNode(
      [wrangler, "deploy", "--dry-run", "--outdir", outdir, "--config", join(root, config)],
      quiet,
    );
    expect({ code, output: code ? output : "" }).toEqual({ code: 0, output: "" });
    const files = readdirSync(outdir).filter((name) => name.endsWith(".js"));
    return files.map((name) => readFileSync(join(outdir, name), "utf8")).join("\n");
  }

  it("is in the demo's bundle and nowhere in the one that is deployed", { timeout: 120_000 }, async () => {
    const marks = ["/demo/clock", "DEMO_CLOCK"];
    const demo = await bundle("demo/wrangler.toml");
    expect(marks.filter((mark) => demo.includes(mark))).toEqual(marks);
    const production = await bundle("wrangler.toml");
    expect(production.length).toBeGreaterThan(100_000);
    expect(marks.filter((mark) => production.includes(mark))).toEqual([]);
  });
});
