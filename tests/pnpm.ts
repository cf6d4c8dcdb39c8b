/** The scripts of package.json as `pnpm` runs them: by their own command line, with node_modules/.bin first in the path. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

export const root = join(import.meta.dirname, "..");
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

export type Ended = { code: number | null; stdout: string; stderr: string };
export type Running = { pid: number; ended: Promise<Ended>; output(): string; signal: ChildProcess["kill"] };

/** `env` on top of a shell that knows nothing of Cadenza: what a developer has exported must not reach a test. */
export function start(script: string, args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^CADENZA_/.test(name)));
  const PATH = `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}`;
  const child = spawn("sh", ["-c", `exec ${scripts[script]} "$@"`, script, ...args], {
    cwd: root,
    env: { ...bare, PATH, INIT_CWD: root, NO_COLOR: "1", NODE_OPTIONS: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  return {
    pid: child.pid!,
    ended: new Promise((done, failed) => {
      child.once("error", failed);
      child.once("close", (code) => done({ code, ...said }));
    }),
    output: () => said.stdout + said.stderr,
    signal: (signal) => child.kill(signal),
  };
}

/** What a process started, and what that started. */
export function descendants(pid: number): number[] {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = list.split("\n").map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    rows.flatMap(([child = 0, its]) => (its === parent ? [child, ...below(child)] : []));
  return below(pid);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
