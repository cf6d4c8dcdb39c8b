/** What holds for every reader, shown on Gmail pages made for it: bounds, other people's selectors, and a page that is left as it was. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPageBrowser, type PageBrowser } from "../scripts/page-browser.ts";
import type { Printed } from "../src/page/printed.ts";
import { disguised } from "./disguise.ts";
import { ownPages } from "./fixtures.ts";

let browser: PageBrowser;
beforeAll(async () => {
  browser = await openPageBrowser();
}, 300_000);
afterAll(() => browser?.close());

const address = "https://mail.google.com/mail/u/0/#inbox/FMfcgzQXKhBcTkTtLkVmqLdCsGzXWLNl";
const page = (main: string) =>
  `<!DOCTYPE html><html lang="en"><head><title>x - rep@harbor.example - Gmail</title></head><body><div role="main">${main}</div></body></html>`;
const message = (at: number, body: string) =>
  `<div role="listitem"><div data-message-id="m${at}"><div><table><tbody><tr><td><h3><span email="p${at}@crowd.example" name="Pat Number${at}"></span></h3></td></tr><tr><td>to <span email="rep@harbor.example" name="me">me</span></td></tr></tbody></table></div><div>${body}</div></div></div>`;
const emails = (found: Printed) => (found.contacts as Printed[]).map(({ email }) => email);

describe("a conversation of 5,000 messages", () => {
  it("is read from the newest on, up to as many people as a card can hold, without a stall", async () => {
    const body = `<p>${"long ".repeat(200)}</p><table><tbody><tr><td>x</td></tr></tbody></table><div>-- </div><div>Pat</div><div>Sales Manager</div>`;
    const messages = Array.from({ length: 5_000 }, (_, at) => message(at, body)).join("");
    const html = page(`<h2 data-legacy-thread-id="19d1">Crowd</h2><div role="list">${messages}</div>`);
    const started = performance.now();
    const found = await browser.read(html, address);
    // With parsing ten megabytes, on a busy machine: what is quadratic takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(emails(found)).toHaveLength(500);
    expect(emails(found).slice(0, 2)).toEqual(["p4999@crowd.example", "p4998@crowd.example"]);
    expect((found.contacts as Printed[])[0]?.title).toBe("Sales Manager");
  });
});

describe("a hostile mail", () => {
  it("cannot make reading endless by how deep or how long it is", async () => {
    const deep = `${"<div>".repeat(400)}deep${"</div>".repeat(400)}`;
    const long = "<br>word".repeat(100_000);
    const found = await browser.read(page(`<div role="list">${message(1, deep + long)}</div>`), address);
    expect(emails(found)).toEqual(["p1@crowd.example"]);
  });
});

describe("a reader", () => {
  const [hostile] = ownPages("gmail-thread-hostile");

  it("leaves the page as it was", async () => {
    const ask = "Reflect.get(Document.prototype, 'documentElement', document).outerHTML";
    const before = await browser.ask<string>(hostile!.html, hostile!.url, ask);
    const after = await browser.readThenAsk(hostile!.html, hostile!.url, ask);
    expect(after).toBe(before);
  });

  it("never lets the page's own scripts run", async () => {
    const html = page(
      `<script>window.ran = 1</script><img src=x onerror="window.ran = 2">${message(1, "x")}`,
    );
    expect(await browser.ask(html, address, "'ran' in window")).toBe(false);
  });
});

describe("selectors that a workspace prepends", () => {
  const html = page(
    `<div role="list">${message(1, "x")}</div><section class="new"><h2>New subject</h2></section>`,
  );

  it("go before the reader's own, and the reader's own stay for where they find nothing", async () => {
    const found = await browser.read(html, address, { subject: [".nothing", "section.new h2"] });
    expect(found.subject).toBe("New subject");
    expect(emails(found)).toEqual(["p1@crowd.example"]);
  });

  it("are passed over where they are no CSS, and touch no key they do not name", async () => {
    const prepended = { message: ["]]", "<script>", ""], constructor: ["*"], sender: ["h3 ["] };
    expect(emails(await browser.read(html, address, prepended))).toEqual(["p1@crowd.example"]);
  });
});

describe("a disguise", () => {
  it("leaves no class name as it was and boxes a good part of the nodes", async () => {
    const html = page('<p class="one two">a</p>'.repeat(100));
    const count = `(() => { (${disguised(1)})(document); return [document.querySelectorAll(".one, .two").length, document.querySelectorAll("p").length, document.querySelectorAll("div:not([role]) > p").length]; })()`;
    const [named, kept, boxed] = await browser.ask<[number, number, number]>(html, address, count);
    expect([named, kept]).toEqual([0, 100]);
    expect(boxed).toBeGreaterThan(10);
    expect(boxed).toBeLessThan(60);
  });
});
