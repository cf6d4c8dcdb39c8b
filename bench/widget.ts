/**
 * `pnpm bench widget`: the panel beside the same source built against React, and beside what others ship; in one run of
 * one Chromium. docs/benchmarks.md says what each line means.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, CDPSession } from "playwright-core";
import { build } from "vite";
import { launchChromium } from "../tests/browser/chromium.ts";
import { type Crm, openCrm } from "../tests/browser/crm.ts";
import { seedPeople } from "../tests/browser/panel-states.ts";
import { buildWidget, type Sizes } from "../widget/build.ts";

const here = import.meta.dirname;
const runs = Number(process.env.CADENZA_BENCH_RUNS ?? 15);
const panels = 20;

type Measured = { scriptMs: number; longTasks: number; shifts: number; asked: string[] };

async function measure(crm: Crm, browser: Browser, folder: string): Promise<void> {
  const react = {
    preact: join(here, "preact-by-react.ts"),
    "preact/hooks": join(here, "node_modules/react"),
  };
  const built = {
    preact: await buildWidget(join(folder, "preact")),
    react: await buildWidget(join(folder, "react"), {
      "preact/hooks": react["preact/hooks"],
      preact: react.preact,
    }),
  };
  for (const kind of ["preact", "react"] as const)
    console.log(`first screen, ${kind}: ${firstOf(built[kind])} B gzip`);

  const measured: Record<"preact" | "react", Measured[]> = { preact: [], react: [] };
  // In turns, so that whatever else the machine does falls on both. The first of each warms up and is not counted.
  for (let run = 0; run <= runs; run++) {
    for (const kind of ["preact", "react"] as const) {
      const one = await runOnce(browser, crm, join(folder, kind));
      if (run > 0) measured[kind].push(one);
    }
  }
  const [own, theirs] = [measured.preact, measured.react].map((all) => all.map(({ scriptMs }) => scriptMs));
  const ratios = own!.map((ms, run) => ms / theirs![run]!);
  console.log(`script time, ${panels} panels: ${told(own!, "ms")}; against React: ${told(theirs!, "ms")}`);
  console.log(
    `ratio: ${told(ratios, "")} (aim: at most 0.25; ${median(ratios) <= 0.25 ? "reached" : "not reached"})`,
  );
  console.log(
    `long tasks: ${Math.max(...measured.preact.map(({ longTasks }) => longTasks))} at most; against React: ${Math.max(...measured.react.map(({ longTasks }) => longTasks))}`,
  );
  console.log(`layout shift: ${Math.max(...measured.preact.map(({ shifts }) => shifts))} at most`);
  console.log(`what ${panels} panels of two records asked: ${measured.preact.at(-1)!.asked.join(", ")}`);
  for (const [name, entry] of Object.entries(others)) {
    console.log(`${name}, bundled alone: ${await sizeOf(name, entry)} B gzip`);
  }
  console.log(
    `machine: ${cpus().length} cores, ${cpus()[0]?.model.trim()}; ${browser.version()}; ${runs} runs each`,
  );
}

const others = {
  "@calcom/embed-core": `import * as all from "@calcom/embed-core"; globalThis.kept = all;`,
  "@novu/js": `import * as all from "@novu/js"; globalThis.kept = all;`,
  "@knocklabs/react": `import * as all from "@knocklabs/react"; globalThis.kept = all;`,
};

/** All that comes before the first screen: the entry and what it imports. */
const firstOf = (sizes: Sizes): number =>
  sizes
    .filter(({ name }) => name === "widget.js" || name.startsWith("widget/core-"))
    .reduce((sum, { gzip }) => sum + gzip, 0);

/**
 * Twenty panels on one page, until all of each stands there. The time is that of Chromium's main thread in JavaScript:
 * `ScriptDuration`, which leaves out layout, style and painting, and in both builds holds everything the page's own
 * script does; there is none but the panel's.
 */
async function runOnce(browser: Browser, crm: Crm, dist: string): Promise<Measured> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  await page.route(/\/widget(\.js|\/)/, (route) =>
    route.fulfill({ path: join(dist, new URL(route.request().url()).pathname) }),
  );
  await page.addInitScript(() => {
    const seen = { longTasks: 0, shifts: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      seen.longTasks += list.getEntries().length;
    }).observe({ type: "longtask", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shifts += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  const from = crm.asked.length;
  await page.goto(crm.page("/bench", pageOf(crm)));
  await page.waitForFunction(
    (count) =>
      [...document.querySelectorAll("cadenza-panel")].filter(({ shadowRoot }) =>
        shadowRoot?.querySelector(".lines li"),
      ).length === count,
    panels,
    { polling: 250, timeout: 60_000 },
  );
  const scriptMs = 1_000 * (await metric(devtools, "ScriptDuration"));
  const { longTasks, shifts } = await page.evaluate(
    () => (globalThis as unknown as { seen: { longTasks: number; shifts: number } }).seen,
  );
  const asked = crm.asked.slice(from).filter((line) => /^(GET|POST) \/v1\//.test(line));
  await context.close();
  return { scriptMs, longTasks, shifts, asked };
}

async function metric(devtools: CDPSession, name: string): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find((one) => one.name === name)!.value;
}

function pageOf(crm: Crm): string {
  const token = crm.tokenFor({ name: "Robin" });
  const elements = Array.from(
    { length: panels },
    (_, index) =>
      `<cadenza-panel app="${crm.registered.id}" token="${token}" entity-type="lead" entity-id="${index % 2 ? 4711 : 4712}"></cadenza-panel>`,
  );
  const styles = "<style>cadenza-panel { display: block; min-height: 620px }</style>";
  return `<!doctype html><title>CRM</title>${styles}<script type="module" src="${crm.cadenza}/widget.js"></script>${elements.join("")}`;
}

async function sizeOf(name: string, entry: string): Promise<number> {
  const file = join(here, `.${name.replace(/\W+/g, "-")}.entry.js`);
  writeFileSync(file, entry);
  try {
    const built = (await build({
      root: here,
      configFile: false,
      logLevel: "error",
      define: { "process.env.NODE_ENV": '"production"' },
      build: {
        write: false,
        target: "es2022",
        lib: { entry: file, formats: ["es"] },
        minify: true,
        rollupOptions: { output: { codeSplitting: false } },
      },
    })) as { output: { type: string; code?: string }[] }[];
    const code = built.flatMap(({ output }) => output).map((one) => one.code ?? "");
    return code.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  } finally {
    rmSync(file);
  }
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** "12.3 ms (11.9–13.0)": the median, and the middle half of all runs. */
function told(numbers: number[], unit: string): string {
  const sorted = [...numbers].sort((one, other) => one - other);
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))]!;
  const digits = unit ? 1 : 3;
  return (
    `${median(numbers).toFixed(digits)} ${unit}`.trim() +
    ` (${at(0.25).toFixed(digits)}–${at(0.75).toFixed(digits)})`
  );
}

const crm = await openCrm();
await seedPeople(crm);
const folder = mkdtempSync(join(tmpdir(), "cadenza-bench-"));
const browser = await launchChromium();
try {
  await measure(crm, browser, folder);
} finally {
  await browser.close();
  crm.close();
  rmSync(folder, { recursive: true });
}
