/**
 * What the panel weighs, gzipped at level 9: the first screen is complete with the entry and the core, and whatever
 * opens later has a limit of its own. A new chunk wants a line here, so that somebody has looked at it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, type Sizes } from "../widget/build.ts";

/** Bytes at most, by the name in front of the hash; chunks of one name are counted together. */
const limits: Record<string, number> = {
  later: 5_200,
  "later-routes": 700,
  "rare-view": 1_100,
  others: 300,
  "ask-for-token": 250,
  "enroll-view": 11_500,
  "plan-view": 3_200,
  "stop-view": 1_500,
  "hold-view": 2_300,
  "fix-view": 1_300,
  "add-view": 2_000,
  "task-view": 4_200,
  "settle-view": 300,
  "settle-question": 8_600,
  "timeline-view": 7_800,
  words: 11_000,
  // The sequences page.
  open: 22_500,
  en: 4_200,
  de: 6_600,
  es: 6_600,
  fr: 6_600,
};
/** Parts that several views share. */
const sharedPart = 3_300;

let sizes: Sizes;

beforeAll(async () => {
  await ensureBuilt();
  sizes = JSON.parse(readFileSync(join(import.meta.dirname, "../widget/dist/sizes.json"), "utf8")) as Sizes;
}, 120_000);

const nameOf = (file: string) => file.replace(/^widget\//, "").replace(/-.{8}\.js$|\.js$/, "");
const weightOf = (name: string) =>
  sizes.filter((file) => nameOf(file.name) === name).reduce((sum, { gzip }) => sum + gzip, 0);

describe("the panel", () => {
  it("is complete with its first screen in 12 kB: the entry and the core", () => {
    expect([weightOf("widget"), weightOf("core")].every((gzip) => gzip > 0)).toBe(true);
    expect(weightOf("widget") + weightOf("core")).toBeLessThanOrEqual(12_000);
  });

  it("loads at first nothing but those two", () => {
    const { name } = sizes.find((file) => nameOf(file.name) === "core")!;
    const imports = (file: string) =>
      [
        ...readFileSync(join(import.meta.dirname, "../widget/dist", file), "utf8").matchAll(
          /\bfrom\s*["'`]([^"'`]+)["'`]/g,
        ),
      ].map(([, from]) => from);
    expect(imports("widget.js")).toEqual([`./${name}`]);
    expect(imports(name)).toEqual([]);
  });

  it("keeps whatever opens later within its limit", () => {
    const names = [...new Set(sizes.map(({ name }) => nameOf(name)))];
    const tooBig = names
      .filter((name) => name !== "widget" && name !== "core")
      .map((name) => ({ name, gzip: weightOf(name), limit: limits[name] ?? sharedPart }))
      .filter(({ gzip, limit }) => gzip > limit);
    expect(tooBig).toEqual([]);
  });

  it("has no limit left for a chunk that is gone", () => {
    expect(Object.keys(limits).filter((name) => weightOf(name) === 0)).toEqual([]);
  });
});
