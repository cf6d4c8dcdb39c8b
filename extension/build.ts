/**
 * Builds the extension into `build/chrome-mv3-prod/`: what Plasmo makes of `src/`, and beside it, in `panel/`, the
 * widget's own build, so that the product has one panel and nothing is fetched from anywhere but the package.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWidget } from "../widget/build.ts";

const home = import.meta.dirname;
export const builtExtension = join(home, "build/chrome-mv3-prod");
/** What Chromium cannot do without. */
const needed = ["manifest.json", "sidepanel.html", "options.html", "static/background/index.js"];

export async function buildExtension(): Promise<void> {
  rmSync(builtExtension, { recursive: true, force: true });
  const plasmo = createRequire(import.meta.url).resolve("plasmo");
  const bin = join(plasmo.slice(0, plasmo.lastIndexOf("/plasmo/")), "plasmo/bin/index.mjs");
  // --hoist: without it a workspace package's imports are found twice, or not at all.
  const built = spawnSync(process.execPath, [bin, "build", "--hoist"], {
    cwd: home,
    encoding: "utf8",
    env: { ...process.env, NODE_ENV: "production" },
  });
  // It says that it is done also when it is not.
  const missing = needed.filter((file) => !existsSync(join(builtExtension, file)));
  if (built.status !== 0 || missing.length) {
    throw new Error(`Plasmo did not build ${missing.join(", ")}:\n${built.stdout}\n${built.stderr}`);
  }
  const panel = mkdtempSync(join(tmpdir(), "cadenza-panel-"));
  await buildWidget(panel);
  cpSync(panel, join(builtExtension, "panel"), {
    recursive: true,
    filter: (from) => statSync(from).isDirectory() || from.endsWith(".js"),
  });
  rmSync(panel, { recursive: true });
}

/** Builds unless what is there is newer than everything it is made of: for tests. */
export async function ensureExtensionBuilt(): Promise<void> {
  const made = join(builtExtension, "panel/widget.js");
  const sources = ["src", "assets", "build.ts", "package.json", "../widget/src", "../widget/build.ts"];
  const shared = ["../widget/package.json", "../shared/src", "../pnpm-lock.yaml"];
  const newest = Math.max(...[...sources, ...shared].map((source) => newestIn(join(home, source))));
  if (!existsSync(made) || statSync(made).mtimeMs < newest) await buildExtension();
}

function newestIn(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  const inside = readdirSync(path, { recursive: true, encoding: "utf8" });
  return Math.max(mtimeMs, ...inside.map((file) => statSync(join(path, file)).mtimeMs));
}

export const manifest = () =>
  JSON.parse(readFileSync(join(builtExtension, "manifest.json"), "utf8")) as {
    key: string;
    permissions: string[];
    host_permissions: string[];
    optional_host_permissions: string[];
    [field: string]: unknown;
  };

if (process.argv[1] === import.meta.filename) {
  await buildExtension();
  console.log(`Built: ${builtExtension}`);
}
