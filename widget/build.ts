/**
 * Builds what hosts load into `dist/`: `widget.js`, the entry under whatever name it is served, and beside it
 * `widget/NAME-HASH.js`, which never change. No file imports the entry, so a page that loads it under two names still
 * has one panel. `versions.json` says what is served, `sizes.json` what each file weighs.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";

const home = import.meta.dirname;

export type Sizes = { name: string; raw: number; gzip: number }[];

/** @param alias other packages for preact: the benchmark builds the same source against React. */
export async function buildWidget(
  outDir = join(home, "dist"),
  alias: Record<string, string> = {},
  jsxImportSource = "preact",
): Promise<Sizes> {
  rmSync(outDir, { recursive: true, force: true });
  await build({
    root: home,
    configFile: false,
    logLevel: "warn",
    resolve: { alias },
    oxc: { jsx: { runtime: "automatic", importSource: jsxImportSource } },
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [usedRoutes(), plainImports()],
    build: {
      outDir,
      target: "es2022",
      modulePreload: false,
      // As written: older forms of light-dark() need a class on the page.
      cssTarget: "esnext",
      cssMinify: "lightningcss",
      minify: true,
      rollupOptions: {
        input: { widget: join(home, "src/widget.ts"), core: join(home, "src/core.ts") },
        preserveEntrySignatures: "strict",
        output: {
          format: "es",
          entryFileNames: ({ name }) => (name === "widget" ? "widget.js" : "widget/[name]-[hash].js"),
          chunkFileNames: "widget/[name]-[hash].js",
        },
      },
    },
  });
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
  const entry = readFileSync(join(outDir, "widget.js"));
  const integrity = `sha384-${createHash("sha384").update(entry).digest("base64")}`;
  writeFileSync(join(outDir, "versions.json"), JSON.stringify({ version, entry: "widget.js", integrity }));
  const sizes = sizesOf(outDir);
  writeFileSync(join(outDir, "sizes.json"), JSON.stringify(sizes, null, 2));
  return sizes;
}

/** The table of routes with those alone that the panel names: the others would only be carried along. */
function usedRoutes(): Plugin {
  const source = readdirSync(join(home, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(home, "src", file), "utf8"))
    .join("\n");
  return {
    name: "used-routes",
    enforce: "pre",
    transform: (code, id) =>
      id.endsWith("shared/src/routes.ts")
        ? code.replace(/^ {2}"([\w.]+)": \[.*\],\n/gm, (line, name) =>
            source.includes(`"${name}"`) ? line : "",
          )
        : null,
  };
}

/** Vite's own helper around `import()` would preload style sheets, of which there are none. */
function plainImports(): Plugin {
  return {
    name: "plain-imports",
    enforce: "pre",
    load: (id) =>
      id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : null,
  };
}

function sizesOf(outDir: string): Sizes {
  return readdirSync(outDir, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .map((file) => {
      const bytes = readFileSync(join(outDir, file));
      return { name: relative(".", file), raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    })
    .sort((one, other) => other.gzip - one.gzip);
}

if (process.argv[1] === import.meta.filename) {
  for (const { name, raw, gzip } of await buildWidget()) {
    console.log(`${name.padEnd(40)} ${String(raw).padStart(7)} B ${String(gzip).padStart(7)} B gzip`);
  }
}
