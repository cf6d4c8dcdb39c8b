/**
 * Builds what hosts load into `dist/`: `widget.js`, the entry under whatever name it is served, and beside it
 * `widget/NAME-HASH.js`, which never change. No file imports the entry, so a page that loads it under two names still
 * has one panel. `versions.json` says what is served, `sizes.json` what each file weighs.
 */
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { minify } from "terser";
import { build, minify as minifyAgain, type Plugin } from "vite";
import { routes } from "../shared/src/routes.ts";
import { declarations } from "./declarations.ts";

const home = import.meta.dirname;

export type Sizes = { name: string; raw: number; gzip: number }[];

/** @param alias other packages for preact: the benchmark builds the same source against React. */
export async function buildWidget(
  dist = join(home, "dist"),
  alias: Record<string, string> = {},
): Promise<Sizes> {
  const outDir = mkdtempSync(join(tmpdir(), "cadenza-widget-"));
  // Vite would build for development where a test runner has set this.
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = "production";
  await build({
    root: home,
    configFile: false,
    logLevel: "warn",
    resolve: { alias },
    // Smaller than the automatic runtime, by that runtime.
    oxc: { jsx: { runtime: "classic", pragma: "__h", pragmaFrag: "__Fragment" } },
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [splitRoutes(), jsxImports()],
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: false,
      // As written: older forms of light-dark() need a class on the page.
      cssTarget: "esnext",
      cssMinify: "lightningcss",
      // As a library: else Vite wraps every import() to preload style sheets, of which there are none.
      lib: {
        entry: { widget: join(home, "src/widget.ts"), frame: join(home, "src/frame/frame.ts") },
        formats: ["es"],
      },
      minify: false,
      rollupOptions: {
        output: {
          format: "es",
          entryFileNames: ({ name }) => (name === "widget" ? "widget.js" : "widget/[name]-[hash].js"),
          chunkFileNames: "widget/[name]-[hash].js",
          // What the first screen is made of goes into one file; everything else is fetched when it is wanted.
          codeSplitting: {
            groups: [
              {
                name: "core",
                tags: ["$initial"],
                test: (id) => !/\/(widget\.ts|frame\/[\w-]+\.ts)$/.test(id),
              },
            ],
          },
        },
      },
    },
  }).finally(() => {
    process.env.NODE_ENV = NODE_ENV;
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
  });
  await minifyIn(outDir);
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
  const integrity = integrityOf(join(outDir, "widget.js"));
  const scripts = scriptsIn(join(outDir, "widget"));
  const frame = scripts.map((file) => relative(outDir, file)).find((file) => /^widget\/frame-/.test(file));
  const files = Object.fromEntries(scripts.map((file) => [relative(outDir, file), integrityOf(file)]));
  const versions = { version, entry: "widget.js", integrity, frame, files };
  writeFileSync(join(outDir, "versions.json"), JSON.stringify(versions));
  writeFileSync(join(outDir, "widget.d.ts"), declarations());
  const sizes = sizesOf(outDir);
  writeFileSync(join(outDir, "sizes.json"), JSON.stringify(sizes, null, 2));
  serve(outDir, dist);
  return sizes;
}

/**
 * Puts a build where it is served from, the entry last. Files of builds before stay for a week: a browser may have kept
 * an entry that asks for them.
 */
function serve(built: string, dist: string): void {
  const keepMs = 7 * 86_400_000;
  mkdirSync(join(dist, "widget"), { recursive: true });
  for (const file of scriptsIn(join(dist, "widget"))) {
    if (statSync(file).mtimeMs < Date.now() - keepMs) rmSync(file);
  }
  cpSync(join(built, "widget"), join(dist, "widget"), { recursive: true });
  cpSync(built, dist, { recursive: true });
  rmSync(built, { recursive: true });
}

/** Splits the table of routes: what the first screen asks goes with it, what else is asked with the rest. */
function splitRoutes(): Plugin {
  const first = ["record.get", "embed.session"];
  const source = readdirSync(join(home, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(home, "src", file), "utf8"))
    .join("\n");
  const others = Object.entries(routes).filter(
    ([name]) => !first.includes(name) && source.includes(`"${name}"`),
  );
  const firsts = Object.entries(routes).filter(([name]) => first.includes(name));
  const tableOf = (rows: typeof others) => JSON.stringify(Object.fromEntries(rows));
  return {
    name: "split-routes",
    enforce: "pre",
    transform(_, id) {
      if (id.endsWith("/shared/src/routes.ts")) return `export const routes = ${tableOf(firsts)};`;
      if (!id.endsWith("/host/later-routes.ts")) return null;
      return `import { routes } from "@cadenza/shared/routes"; Object.assign(routes, ${tableOf(others)});`;
    },
  };
}

/** A library's modules are left readable by Vite; these are not read but sent. */
async function minifyIn(outDir: string): Promise<void> {
  const walksAll = "for (var name in all)";
  const compress = { passes: 3, pure_getters: true, unsafe_arrows: true, unsafe: true };
  for (const file of scriptsIn(outDir)) {
    // The bundler's own line trips over what old libraries put on every object's prototype.
    const written = readFileSync(file, "utf8").replace(walksAll, "for (const name of Object.keys(all))");
    const { code } = await minify(written, { module: true, ecma: 2020, compress });
    // Each knows what the other does not.
    writeFileSync(file, (await minifyAgain(file, code!, { module: true })).code);
  }
}

/** As browsers compare it: https://www.w3.org/TR/SRI/ */
const integrityOf = (file: string): string =>
  `sha384-${createHash("sha384").update(readFileSync(file)).digest("base64")}`;

const scriptsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => join(folder, file));

function jsxImports(): Plugin {
  const head = 'import { h as __h, Fragment as __Fragment } from "preact";\n';
  return {
    name: "jsx-imports",
    enforce: "pre",
    transform: (code, id) => (id.endsWith(".tsx") ? head + code : null),
  };
}

function sizesOf(outDir: string): Sizes {
  return scriptsIn(outDir)
    .map((file) => {
      const bytes = readFileSync(file);
      return { name: relative(outDir, file), raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    })
    .sort((one, other) => other.gzip - one.gzip);
}

/** Builds unless what is served is newer than everything it is made of: for commands and tests that need it there. */
export async function ensureBuilt(): Promise<void> {
  const made = join(home, "dist/versions.json");
  const sources = [
    "src",
    "build.ts",
    "declarations.ts",
    "package.json",
    "../shared/src",
    "../pnpm-lock.yaml",
  ];
  const newest = Math.max(...sources.map((source) => newestIn(join(home, source))));
  if (!existsSync(made) || statSync(made).mtimeMs < newest) await buildWidget();
}

function newestIn(path: string): number {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  const inside = readdirSync(path, { recursive: true, encoding: "utf8" });
  return Math.max(mtimeMs, ...inside.map((file) => statSync(join(path, file)).mtimeMs));
}

if (process.argv[1] === import.meta.filename) {
  for (const { name, raw, gzip } of await buildWidget()) {
    console.log(`${name.padEnd(40)} ${String(raw).padStart(7)} B ${String(gzip).padStart(7)} B gzip`);
  }
}
