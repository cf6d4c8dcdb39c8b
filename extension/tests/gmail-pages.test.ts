/** Saved pages of Gmail and of sites nobody reads, read in a real Chromium by the readers that ship: ours, and the corpus where there is one. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPageBrowser, type PageBrowser } from "../scripts/page-browser.ts";
import { asItIs, disguised, parsedAgain } from "./disguise.ts";
import { differences } from "./expectation.ts";
import { corpusPages, ownPages } from "./fixtures.ts";

let browser: PageBrowser;
beforeAll(async () => {
  browser = await openPageBrowser();
}, 300_000);
afterAll(() => browser?.close());

// Whatever is named otherwise is read here too, or `pnpm new-page` could add a page that no test reads.
const own = ownPages("").filter(({ name }) => !/^(linkedin|salesnav)-/.test(name));
const pages = [...own, ...corpusPages("gmail", "other")];

describe("a saved page", () => {
  // One opening for all: the disguises go over one another.
  const changes = {
    none: asItIs,
    worn: disguised(1),
    thicker: disguised(2),
    saved: parsedAgain,
    again: disguised(3),
  };

  it.each(pages)(
    "is read as its expectation says, also with other class names and boxes around its nodes: $name",
    async ({ html, url, expect: expected }) => {
      const found = await browser.readAfterEach(html, url, Object.values(changes));
      const wrong = Object.keys(changes).map((change, at) => [change, differences(expected, found[at]!)]);
      expect(wrong.filter(([, list]) => list?.length)).toEqual([]);
    },
  );
});
