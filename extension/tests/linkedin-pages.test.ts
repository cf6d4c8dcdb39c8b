/** Saved LinkedIn and Sales Navigator pages, read in a real Chromium by the readers that ship: ours, and the corpus where there is one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPageBrowser, type PageBrowser } from "../scripts/page-browser.ts";
import type { Printed } from "../src/page/printed.ts";
import { disguised, parsedAgain } from "./disguise.ts";
import { differences } from "./expectation.ts";
import { corpusPages, type Fixture, ownPages } from "./fixtures.ts";

let browser: PageBrowser;
beforeAll(async () => {
  browser = await openPageBrowser();
}, 300_000);
afterAll(() => browser?.close());

const pages: (Fixture & { sparse?: boolean })[] = [
  ...ownPages("linkedin-"),
  ...ownPages("salesnav-"),
  ...corpusPages("linkedin").map((page) => ({ ...page, sparse: true })),
];

/** Some pages' head asks for Trusted Types, which would keep the test from writing HTML. */
const trustingParsedAgain = `(document) => {
  trustedTypes.createPolicy("default", { createHTML: (html) => html });
  (${parsedAgain})(document);
}`;

describe("a saved LinkedIn page", () => {
  it.each(pages)("is read as its expectation says: $name", async (page) => {
    expect(compared(page, await browser.read(page.html, page.url))).toEqual([]);
  });

  it.each(pages)(
    "is read the same with other class names and boxes around its nodes: $name",
    async (page) => {
      const changes = [disguised(1), disguised(2), trustingParsedAgain, disguised(3)];
      const found = await browser.readAfterEach(page.html, page.url, changes);
      expect(found.map((one) => compared(page, one))).toEqual(changes.map(() => []));
    },
  );
});

/**
 * The corpus asserts some rows of a list and some fields of a row; null there stands for "not asserted", since rows with
 * a place on the page have it too. Our own pages name every row.
 */
function compared({ expect: expected, sparse }: Fixture & { sparse?: boolean }, found: Printed): string[] {
  if (!sparse || !Array.isArray(expected.rows) || !Array.isArray(found.rows))
    return differences(expected, found);
  const asserted = (expected.rows as Printed[]).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
  );
  const names = asserted.flatMap((row) => [row.name, ...((row.accept_name as string[] | undefined) ?? [])]);
  const rows = (found.rows as Printed[]).filter((row) => names.includes(row.name));
  return differences({ ...expected, rows: asserted }, { ...found, rows });
}
