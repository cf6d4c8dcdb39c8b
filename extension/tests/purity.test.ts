/** Readers take a document and give facts: they reach for nothing else, so they run wherever a document is. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = join(import.meta.dirname, "../src/page");
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => ({ name, source: readFileSync(join(folder, name), "utf8") }));

const lines = files.flatMap(({ name, source }) =>
  source
    .split("\n")
    .map((line, at) => ({ at: `${name}:${at + 1}`, code: line.replace(/\/\/.*|^\s*\/?\*.*/, "") })),
);
const broken = (forbidden: RegExp) =>
  lines.filter(({ code }) => forbidden.test(code)).map(({ at, code }) => `${at} ${code.trim()}`);

describe("a page reader", () => {
  it("imports nothing but its neighbours", () => {
    expect(files.length).toBeGreaterThan(20);
    const imported = files.flatMap(({ name, source }) =>
      [...source.matchAll(/from "([^"]+)"/g)].map(([, target]) => ({ name, target })),
    );
    expect(imported.filter(({ target }) => !target?.match(/^\.\/[a-z-]+\.ts$/))).toEqual([]);
  });

  it("has no clock, no chance, no network, no storage, no browser API and no console", () => {
    expect(
      broken(
        /\b(Date\.now|new Date|Math\.random|crypto\.|fetch\(|XMLHttpRequest|WebSocket|localStorage|indexedDB|chrome\.|browser\.|console\.|setTimeout|setInterval|process\.|async |await )/,
      ),
    ).toEqual([]);
  });

  it("never writes to the page and never makes code of text", () => {
    expect(
      broken(
        /\b(innerHTML|outerHTML\s*=|insertAdjacent|appendChild|replaceChildren|setAttribute|removeAttribute|dispatchEvent|execCommand|\.click\(|\.focus\(|eval\(|new Function)/,
      ),
    ).toEqual([]);
  });

  it("does not ask for layout, which jsdom has none of and which costs the page time", () => {
    expect(
      broken(
        /\b(getComputedStyle|getBoundingClientRect|offset(Width|Height|Top)|client(Width|Height)|innerText)\b/,
      ),
    ).toEqual([]);
  });
});
