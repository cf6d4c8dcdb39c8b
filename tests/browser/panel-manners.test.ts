/**
 * How the panel behaves as a guest: in pages with strict policies and rough styles, beside old scripts, with its server
 * gone, moved about, many at a time, and for people who zoom, tab, or see little. In a real browser.
 *
 * CADENZA_SCREENSHOTS=folder keeps pictures of what has to look right.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { launchChromium } from "./chromium.ts";
import { type Crm, openCrm } from "./crm.ts";
import { answerByState, seedPeople, states } from "./panel-states.ts";

// What runs in the page, whose types Node has not.
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const window: any;
// biome-ignore lint/suspicious/noExplicitAny: see above
declare const document: any;

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.CADENZA_SCREENSHOTS;
let crm: Crm;
let browser: Browser;
let enrollmentId: string;
const opened: Page[] = [];

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  [crm, browser] = [await openCrm(), await launchChromium()];
  ({ enrollmentId } = await seedPeople(crm));
});
afterEach(async () => {
  crm.outage = null;
  await Promise.all(opened.splice(0).map((page) => page.context().close()));
  // Each test finds the person running.
  const id = { params: { id: enrollmentId } };
  const { status } = await crm.client("enrollments.get", id);
  if (status === "paused") await crm.client("enrollments.resume", id);
});
afterAll(async () => {
  await browser?.close();
  crm?.close();
});

/** What a host's page notes down about itself for the test. */
type Noted = { shifts: number[]; longTasks: number[]; refused: string[]; before: string; keys: string[] };

const note = `
  globalThis.noted = { shifts: [], longTasks: [], refused: [] };
  addEventListener("securitypolicyviolation", (event) => noted.refused.push(event.violatedDirective + " " + event.blockedURI));
  const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch("layout-shift", ({ value }) => noted.shifts.push(value));
  watch("longtask", ({ duration }) => noted.longTasks.push(duration));
`;
const noted = (page: Page) => page.evaluate(() => (globalThis as unknown as { noted: Noted }).noted);

let pages = 0;
type Given = {
  head?: string;
  headers?: Record<string, string>;
  context?: BrowserContextOptions;
  at?: string;
};

/** @returns the page of a host, with what went wrong on it. */
async function open(body: string, { head = "", headers, context, at }: Given = {}) {
  const made = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...context });
  const page = await made.newPage();
  opened.push(page);
  const failed: string[] = [];
  page.on("pageerror", ({ message }) => failed.push(message));
  await page.addInitScript(note);
  const path = at ?? `/manners-${++pages}`;
  const html = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>CRM</title>${head}<main><h1>Leads</h1>${body}</main></html>`;
  const go = () => page.goto(crm.page(path, html, headers));
  return { page, failed, go };
}

const script = (nonce = "", name = "widget.js") =>
  `<script type="module" ${nonce && `nonce="${nonce}"`} src="${crm.cadenza}/${name}"></script>`;
const panel = (id = "4711", more = "", user = "Robin") =>
  `<cadenza-panel app="${crm.registered.id}" token="${crm.tokenFor({ name: user })}" entity-type="lead" entity-id="${id}" ${more}></cadenza-panel>`;
/** To the minute it moves on by as long as it was paused. */
const running = /Email goes out Wed 10:0\d/;
/** What a host says of panels with something below them: their room is there before the script is. */
const roomy = "<style>cadenza-panel { display: block; min-height: 620px }</style>";
const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor({ timeout: 20_000 });
const picture = async (page: Page, name: string) => {
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    type Found = { violations: { id: string; nodes: { html: string }[] }[] };
    const { axe } = globalThis as unknown as { axe: { run(): Promise<Found> } };
    return (await axe.run()).violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
    );
  });
}

const strict = () => `default-src 'none'; script-src 'nonce-x'; style-src 'self'; connect-src ${crm.cadenza}`;
/** Resets, an `unset` for everything, and wild defaults: none of it may come through. */
const roughSheet = `*, *::before, *::after { all: unset !important; }
  * { box-sizing: content-box; letter-spacing: 4px; text-transform: uppercase; line-height: 3; text-indent: 40px; word-spacing: 9px; font-style: italic }
  button, h2, h3, p, li { color: red !important; background: yellow !important; font-size: 30px !important }
  cadenza-panel { position: static; color: lime; text-shadow: 2px 2px red; white-space: pre; cursor: wait; text-align: right }`;
/** What libraries of fifteen years ago did to a page: prototypes that can be enumerated, and own versions of what was missing. */
const oldLibrary = `
  Object.prototype.extend = function () { return this; };
  Object.prototype.version = "1.6";
  Array.prototype.each = function (take) { this.forEach(take); return this; };
  Array.prototype.last = function () { return this[this.length - 1]; };
  Array.from = function (list) { var made = []; for (var i = 0; i < (list.length || 0); i++) made.push(list[i]); return made; };
  Function.prototype.bind = function (self) { var fn = this; return function () { return fn.apply(self, arguments); }; };
  String.prototype.strip = function () { return this.trim(); };
  window.$ = window.jQuery = function (selector) { return document.querySelectorAll(selector); };
  $.fn = $.prototype = { jquery: "1.4.2" };
`;

/** Every computed style of everything in the host's page but the panel, and what else a guest could leave changed. */
const stateOfHost = (page: Page) =>
  page.evaluate(() => {
    const doc = document;
    const styles = [...doc.querySelectorAll("html, html *:not(cadenza-panel, script)")].map((element) => {
      const style = window.getComputedStyle(element);
      return `${element.tagName} ${[...style].map((name) => `${name}:${style.getPropertyValue(name)}`).join(";")}`;
    });
    const { scrollX, scrollY, history } = window;
    return {
      styles,
      focus: doc.activeElement?.id,
      scrollX,
      scrollY,
      history: history.length,
      title: doc.title,
    };
  });

describe("in a page with a strict policy", () => {
  it("shows everything and opens everything without one violation, from a nonced script alone", async () => {
    const headers = { "content-security-policy": strict() };
    const { page, failed, go } = await open(panel(), { head: script("x"), headers });
    await go();
    await sees(page, running);
    await page.getByRole("button", { name: "All steps" }).click();
    await page.locator("cadenza-panel .now, cadenza-panel ol").first().waitFor();
    await page.getByRole("button", { name: "Back" }).waitFor();
    await page.getByRole("button", { name: "Back" }).click();
    await page.getByRole("button", { name: "Everything that happened" }).click();
    await page.getByRole("button", { name: "Back" }).click();
    await page.evaluate(() => document.querySelector("cadenza-panel")!.setAttribute("locale", "de"));
    await sees(page, "E-Mail geht Mi 10:00 hinaus");
    expect((await noted(page)).refused).toEqual([]);
    expect(failed).toEqual([]);
  });

  it("that lets no script in, nothing of the host is harmed", async () => {
    const headers = { "content-security-policy": `default-src 'none'; script-src 'nonce-x'` };
    const { page, failed, go } = await open(panel(), { head: script(), headers });
    await go();
    expect(await page.getByRole("heading", { name: "Leads" }).isVisible()).toBe(true);
    expect((await noted(page)).refused).toEqual([`script-src-elem ${crm.cadenza}/widget.js`]);
    expect(failed).toEqual([]);
  });
});

describe("in a hostile page", () => {
  it("looks right, works, and leaves all of the host as it was", async () => {
    const head = `<style>${roughSheet}</style><script>${oldLibrary}</script>`;
    const body = `<p id="note" tabindex="0">A note</p><input id="field"><button>Save</button><div id="place"></div><p>Below</p><div style="height: 2000px"></div>`;
    const { page, failed, go } = await open(body, { head });
    await go();
    await page.evaluate(() => {
      document.getElementById("field")!.focus();
      window.scrollTo(0, 40);
    });
    const keys = () => page.evaluate(() => Object.keys(globalThis));
    const [before, keysBefore] = [await stateOfHost(page), await keys()];
    await page.evaluate(
      ([markup, src]) => {
        const made = document.createElement("script");
        Object.assign(made, { type: "module", src });
        document.head.append(made);
        // As high before as after, so that what is below stays where it was.
        document.getElementById("place")!.outerHTML = markup!;
      },
      [
        `<div id="place" style="position: absolute !important; inset: 300px auto auto 20px !important; inline-size: 340px !important">${panel()}</div>`,
        `${crm.cadenza}/widget.js`,
      ],
    );
    await sees(page, running);
    await sees(page, "What happened");
    const look = await page.evaluate(() => {
      const root = document.querySelector("cadenza-panel")!.shadowRoot!;
      const of = (selector: string) => window.getComputedStyle(root.querySelector(selector)!);
      const h3 = of(".now h3");
      return [
        h3.fontSize,
        h3.fontStyle,
        h3.letterSpacing,
        h3.textTransform,
        h3.textIndent,
        h3.textShadow,
        h3.whiteSpace,
        h3.wordSpacing,
        h3.cursor,
        of(".panel").textAlign,
        of("button").backgroundColor,
        of("button").fontSize,
      ];
    });
    expect(look).toEqual([
      "16px",
      "normal",
      "normal",
      "none",
      "0px",
      "none",
      "normal",
      "0px",
      "auto",
      "start",
      "rgba(0, 0, 0, 0)",
      "13.5px",
    ]);
    await picture(page, "hostile");
    const after = await stateOfHost(page);
    const changed = after.styles.filter((style, index) => style !== before.styles[index]);
    // The place itself was made for the panel.
    expect(changed.filter((style) => !style.includes("inset-block-start:300px"))).toEqual([]);
    expect({ ...after, styles: [] }).toEqual({ ...before, styles: [] });
    expect(await keys()).toEqual(keysBefore);
    await page.getByRole("button", { name: "Pause" }).click();
    await sees(page, "Paused by hand");
    await page.getByRole("button", { name: "Undo" }).click();
    await sees(page, running);
    expect(failed).toEqual([]);
  });
});

describe("when its server is gone", () => {
  it("from the start: it says so, and comes by itself when the server is back", async () => {
    crm.outage = (path) => (path.startsWith("/v1") ? new Response("gone", { status: 502 }) : null);
    const { page, failed, go } = await open(panel(), { head: script() });
    await page.route(`${crm.cadenza}/v1/**`, (route) => (crm.outage ? route.abort() : route.continue()));
    await go();
    await sees(page, "Cadenza cannot be reached");
    crm.outage = null;
    await sees(page, running);
    expect(failed).toEqual([]);
  });

  it("midway: what is known stays on the screen, and what is pressed is taken back with a word", async () => {
    const { page, failed, go } = await open(panel(), { head: script() });
    await go();
    await sees(page, "What happened");
    await page.route(`${crm.cadenza}/v1/**`, (route) => route.abort());
    await page.getByRole("button", { name: "Pause" }).click();
    await sees(page, "did not work");
    await sees(page, running);
    await sees(page, "You are offline");
    expect(failed).toEqual([]);
  });
});

describe("moved about by the host", () => {
  it("moved in the page it stays as it is, with what is open on it, and exchanges no token again", async () => {
    const { page, failed, go } = await open(`${panel()}<section id="there"></section>`, { head: script() });
    await go();
    await page.getByRole("button", { name: "All steps" }).click();
    await page.getByRole("button", { name: "Back" }).waitFor();
    const asked = crm.asked.length;
    await page.evaluate(() => {
      const element = document.querySelector("cadenza-panel")!;
      (globalThis as unknown as { drawn: Element | null }).drawn = element.shadowRoot!.firstElementChild;
      document.getElementById("there")!.append(element);
    });
    expect(await page.locator("#there cadenza-panel").getByRole("button", { name: "Back" }).isVisible()).toBe(
      true,
    );
    const isSame = await page.evaluate(
      () =>
        document.querySelector("cadenza-panel")!.shadowRoot!.firstElementChild ===
        (globalThis as unknown as { drawn: Element }).drawn,
    );
    expect(isSame).toBe(true);
    expect(crm.asked.slice(asked).filter((line) => line.includes("/embed/"))).toEqual([]);
    expect(failed).toEqual([]);
  });

  it("removed while it asks, it says nothing any more; put back, it shows the record", async () => {
    const { page, failed, go } = await open(panel(), { head: script() });
    let letGo = () => {};
    const held = new Promise<void>((done) => {
      letGo = done;
    });
    await page.route(`${crm.cadenza}/v1/record?*`, async (route) => {
      await held;
      await route.continue();
    });
    const asking = page.waitForRequest(/\/v1\/record/);
    await go();
    await asking;
    const answer = page.waitForResponse(/\/v1\/record/);
    await page.evaluate(() => {
      const own = globalThis as unknown as { heard: string[]; kept: Element };
      own.heard = [];
      window.addEventListener("cadenza:ready", () => own.heard.push("ready"));
      own.kept = document.querySelector("cadenza-panel")!;
      own.kept.remove();
    });
    letGo();
    await answer;
    const told = () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
    expect(await told()).toEqual([]);
    await page.evaluate(() => {
      document.body.append((globalThis as unknown as { kept: Element }).kept);
    });
    await sees(page, running);
    expect(await told()).toEqual(["ready"]);
    expect(failed).toEqual([]);
  });

  it("included twice under two addresses, it is there once", async () => {
    const { page, failed, go } = await open(panel(), { head: script() + script("", "widget@1.js") });
    await go();
    await sees(page, "What happened");
    expect(await page.locator("cadenza-panel .panel").count()).toBe(1);
    expect(failed).toEqual([]);
  });

  it("given its options before its script is there, it takes them then", async () => {
    const options = {
      record: { entity: "lead", id: "4711" },
      app: crm.registered.id,
      token: crm.tokenFor({ name: "Robin" }),
    };
    const early = `<cadenza-panel></cadenza-panel><script>document.querySelector("cadenza-panel").options = ${JSON.stringify(options)}</script>`;
    const { page, failed, go } = await open(early + script());
    await go();
    await sees(page, running);
    expect(failed).toEqual([]);
  });
});

describe("twenty on a page", () => {
  it("exchange one token and ask for the same record once, without a shift", async () => {
    const rows = Array.from({ length: 20 }, (_, index) => panel(index % 2 ? "4711" : "4712"));
    const { page, failed, go } = await open(rows.join(""), { head: roomy + script() });
    const from = crm.asked.length;
    await go();
    await expect.poll(() => page.getByText("What happened").count(), { timeout: 30_000 }).toBe(20);
    const asked = crm.asked
      .slice(from)
      .filter((line) => line.includes("/v1/") && !line.startsWith("OPTIONS"));
    expect(asked.sort()).toEqual(["GET /v1/record", "GET /v1/record", "POST /v1/embed/session"]);
    expect((await noted(page)).shifts).toEqual([]);
    expect(failed).toEqual([]);
  });
});

describe("the reserved height", () => {
  it("keeps everything in its place, also when what comes later is slow", async () => {
    const { page, go } = await open(`${panel()}<p>Below</p>`, { head: roomy + script() });
    let letGo = () => {};
    const held = new Promise<void>((done) => {
      letGo = done;
    });
    await page.route(/\/widget\/later-[^r]/, async (route) => {
      await held;
      await route.continue();
    });
    await go();
    await sees(page, running);
    expect(await page.getByText("What happened").count()).toBe(0);
    letGo();
    await sees(page, "What happened");
    await page.evaluate(
      () => new Promise((drawn) => window.requestAnimationFrame(() => window.requestAnimationFrame(drawn))),
    );
    expect((await noted(page)).shifts).toEqual([]);
  });
});

describe("for everybody", () => {
  const all = () =>
    Object.keys(states)
      .map((name) => `<div>${panel(name)}</div>`)
      .join("");
  const grid = `<style>:root { color-scheme: light dark } main { display: grid; grid-template-columns: repeat(auto-fill, 336px); gap: 16px; font-family: system-ui }</style>`;

  it.each(["light", "dark"] as const)(
    "axe finds nothing in any state of the first screen, %s",
    async (colorScheme) => {
      const { page, failed, go } = await open(all(), { head: grid + script(), context: { colorScheme } });
      await answerByState(page, crm);
      await go();
      await expect.poll(() => page.locator("cadenza-panel .bone").count(), { timeout: 60_000 }).toBe(1);
      await sees(page, "Add to Cadenza");
      await sees(page, "You cannot see this here");
      expect(await violations(page)).toEqual([]);
      await picture(page, `states-${colorScheme}`);
      expect(failed).toEqual([]);
    },
  );

  it.each([
    ["280 px wide", { viewport: { width: 296, height: 700 } }, ""],
    ["at 200 % of a small window", { viewport: { width: 320, height: 500 }, deviceScaleFactor: 2 }, ""],
    ["from right to left", { viewport: { width: 340, height: 700 } }, "rtl"],
    ["in forced colours", { viewport: { width: 340, height: 700 }, forcedColors: "active" }, ""],
  ] as const)("nothing is cut off %s", async (name, context, dir) => {
    const head = `<style>body { margin: 8px }</style>${script()}`;
    const { page, go } = await open(
      `<div dir="${dir || "ltr"}">${panel("long-names", 'locale="de"')}</div>`,
      { head, context },
    );
    await answerByState(page, crm);
    await go();
    await sees(page, "Was geschah");
    const wide = await page.evaluate(() => {
      const root = document.querySelector("cadenza-panel")!.shadowRoot!;
      const { left, right } = root.querySelector(".panel")!.getBoundingClientRect();
      return [...root.querySelectorAll(".panel *")]
        .filter((element) => {
          const box = element.getBoundingClientRect();
          return box.width > 0 && (box.left < left - 0.5 || box.right > right + 0.5);
        })
        .map(({ outerHTML }) => outerHTML);
    });
    expect(wide).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)).toBe(false);
    await picture(page, `long-${name.replace(/\W+/g, "-")}`);
  });

  it("nothing moves for who asked for less motion", async () => {
    const { page, go } = await open(panel(), { head: script(), context: { reducedMotion: "reduce" } });
    await go();
    await sees(page, "What happened");
    await page.getByRole("button", { name: "Pause" }).click();
    await sees(page, "Paused.");
    const moving = await page.evaluate(
      () => document.querySelector("cadenza-panel")!.shadowRoot!.getAnimations().length,
    );
    expect(moving).toBe(0);
  });

  it("the keyboard goes through all of it in order, opens, comes back, and never takes the host's focus", async () => {
    const { page, go } = await open(
      `<input id="field" aria-label="Name">${panel()}<button id="after">Save</button>`,
      { head: script() },
    );
    await go();
    await page.locator("#field").focus();
    await sees(page, "What happened");
    const focused = () =>
      page.evaluate(() => {
        const { activeElement } = document;
        const inside = activeElement?.shadowRoot?.activeElement;
        return inside ? (inside.textContent ?? "") : (activeElement?.id ?? "");
      });
    const path: string[] = [await focused()];
    for (let press = 0; press < 7; press++) {
      await page.keyboard.press("Tab");
      path.push(await focused());
    }
    expect(path).toEqual([
      "field",
      "Hold…",
      "Pause",
      "All steps",
      "Stop…",
      "Enroll in another",
      "Everything that happened",
      "after",
    ]);
    for (let press = 0; press < 4; press++) await page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe("All steps");
    await page.keyboard.press("Enter");
    await page.locator("cadenza-panel .now, cadenza-panel ol").first().waitFor();
    await page.getByRole("button", { name: "Back" }).waitFor();
    await page.getByRole("button", { name: "Back" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("All steps");
  });
});

describe("when its token expires while somebody writes", () => {
  it.each(["by attribute", "by getToken"])(
    "a new one %s lets what was written through, and nothing of it is lost",
    async (way) => {
      const [writer, lead] = way === "by getToken" ? ["Gil", "4711"] : ["Wanda", "4712"];
      const { page, failed, go } = await open(panel(lead, "", writer), { head: script() });
      let isOver = false;
      let isRenewed = false;
      const tokens: string[] = [];
      await page.route(`${crm.cadenza}/v1/**`, async (route) => {
        const request = route.request();
        if (request.method() === "OPTIONS") return route.continue();
        if (request.url().endsWith("/embed/session")) {
          const { token } = request.postDataJSON() as { token: string };
          tokens.push(token);
          if (isOver && token === tokens[0]) return refuse("embed_token_expired");
          isRenewed = isOver;
          return route.continue();
        }
        return isOver && !isRenewed ? refuse("unauthenticated") : route.continue();

        function refuse(code: string) {
          const headers = { "access-control-allow-origin": crm.host };
          return route.fulfill({ status: 401, headers, json: { code, status: 401, detail: code } });
        }
      });
      await go();
      await page.getByRole("button", { name: "Hold or stop" }).click();
      const reason = page.locator("cadenza-panel").getByRole("textbox").first();
      await reason.fill("On parental leave");
      isOver = true;
      const fresh = crm.tokenFor({ name: writer }, 900);
      if (way === "by getToken") {
        await page.evaluate((token) => {
          const element = document.querySelector("cadenza-panel") as unknown as {
            options: object;
          };
          element.options = { getToken: () => token };
        }, fresh);
      } else {
        await page.evaluate((token) => {
          window.addEventListener("cadenza:token-needed", () =>
            document.querySelector("cadenza-panel")!.setAttribute("token", token),
          );
        }, fresh);
      }
      await page.locator("cadenza-panel form button[type=submit]").click();
      await sees(page, "On hold until");
      await expect.poll(() => tokens.at(-1)).toBe(fresh);
      const held = async () =>
        (await crm.client("record.get", { query: { entity: "lead", id: lead } })).hold?.note;
      await expect.poll(held).toBe("On parental leave");
      expect(failed).toEqual([]);
    },
  );
});
