/** What holds for every LinkedIn reader: bounds, a workspace's own selectors, and a page that is left as it was. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPageBrowser, type PageBrowser } from "../scripts/page-browser.ts";
import type { Printed } from "../src/page/printed.ts";
import { ownPages } from "./fixtures.ts";

let browser: PageBrowser;
beforeAll(async () => {
  browser = await openPageBrowser();
}, 300_000);
afterAll(() => browser?.close());

const search = "https://www.linkedin.com/search/results/people/?keywords=x";
const profile = "https://www.linkedin.com/in/tom-barrow/";
const times = (count: number, write: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => write(at)).join("");
// With parsing on a busy machine: what is quadratic takes minutes.
const stallMs = 20_000;

describe("a page of any size", () => {
  it("gives as many people of a search as a card can hold, without a stall", async () => {
    const rows = times(
      20_000,
      (at) => `<li><a href="/in/p${at}">Pat Number</a><p>Sales</p><p>Oslo, Norway</p></li>`,
    );
    const started = performance.now();
    const found = await browser.read(`<main><ul>${rows}</ul></main>`, search);
    expect(performance.now() - started).toBeLessThan(stallMs);
    expect((found.rows as Printed[]).length).toBe(100);
  });

  it("gives one profile's role among thousands, without a stall", async () => {
    const roles = times(
      5_000,
      (at) =>
        `<li><p>Role ${at}</p><p>Firm ${at}</p><p>Jan 2020 - Present</p><p>${"long ".repeat(40)}</p></li>`,
    );
    const card =
      '<section><h1>Tom Barrow</h1><p>Owner</p><p>Leeds, United Kingdom</p><a href="/in/tom-barrow/overlay/contact-info/">Contact</a></section>';
    const started = performance.now();
    const found = await browser.read(
      `<title>Tom Barrow | LinkedIn</title><main>${card}<section><h2>Experience</h2><ul>${roles}</ul></section></main>`,
      profile,
    );
    expect(performance.now() - started).toBeLessThan(stallMs);
    expect(found).toMatchObject({ title: "Role 0", company: "Firm 0" });
  });

  it("gives a name as text, whatever it is made of", async () => {
    const html =
      '<main><ul><li><a href="/in/x">&lt;img src=x onerror=alert(1)&gt; Eve</a><p>CEO</p></li></ul></main>';
    const found = await browser.read(html, search);
    expect((found.rows as Printed[])[0]).toMatchObject({ name: "<img src=x onerror=alert(1)> Eve" });
  });
});

describe("a workspace's own selectors", () => {
  const html =
    '<title>Tom Barrow | LinkedIn</title><main><article><h1>Let us begin</h1></article><div data-new-card><h2>Tom Barrow</h2><p>Owner</p><p>Leeds, United Kingdom</p><a href="/in/tom-barrow/overlay/contact-info/">i</a></div></main>';

  it("come before the shipped ones", async () => {
    const found = await browser.read(html, profile, { topCard: ["[data-new-card]"] });
    expect(found).toMatchObject({ name: "Tom Barrow", headline: "Owner" });
  });

  it("that are no CSS or point nowhere leave the page read as before", async () => {
    const shipped = await browser.read(html, profile);
    expect(await browser.read(html, profile, { topCard: ["[[", "#nowhere"], unknown: ["*"] })).toEqual(
      shipped,
    );
    expect(shipped).toMatchObject({ name: "Tom Barrow" });
  });
});

const onePerReader = [
  "linkedin-profile-2024-headline-elsewhere",
  "linkedin-search-2023",
  "linkedin-company-2026-no-heading",
  "salesnav-lead",
  "salesnav-search",
];

it.each(onePerReader.flatMap((name) => ownPages(name).filter((page) => page.name === name)))(
  "reading leaves the page as it was: $name",
  async ({ html, url }) => {
    const markup = "document.documentElement.outerHTML";
    const untouched = await browser.ask<string>(html, url, markup);
    const found = await browser.readAfterEach(html, url, [
      "() => {}",
      `(document) => { if (document.documentElement.outerHTML !== ${JSON.stringify(untouched)}) throw new Error("changed"); }`,
    ]);
    expect(found[0]).toEqual(found[1]);
  },
);
