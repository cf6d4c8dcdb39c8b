/** The demo's CRM, another product on another origin: the panel in it goes from lead to lead with it, and is heard. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Crm as Northwind, startCrm } from "../../demo/crm/server.ts";
import { freePort } from "../../demo/inbox.ts";
import { loadContacts } from "../../edge-api/scripts/load-contacts.ts";
import { launchChromium } from "./chromium.ts";
import { type Crm, openCrm } from "./crm.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let crm: Crm;
let northwind: Northwind;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  crm = await openCrm();
  const people = readFileSync(join(import.meta.dirname, "../../demo/data/contacts.csv"));
  await loadContacts(crm.client, people, { reference: { system: "hubspot", type: "contact" } });
  const port = await freePort();
  const { id } = await crm.client("embedApps.create", {
    body: { name: "Northwind CRM", origins: [`http://127.0.0.1:${port}`], newMemberRole: "rep" },
  });
  const { kid, secret } = await crm.client("embedApps.createSecret", { params: { id } });
  northwind = await startCrm(port, { cadenza: crm.cadenza, app: id, kid, secret });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await northwind?.close();
  crm?.close();
});

async function open(path: string, colorScheme: "light" | "dark" = "light", width = 1280): Promise<Page> {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(northwind.url + path);
  return page;
}

/** The person in the panel, not the CRM's own heading. */
const inPanel = (page: Page, name: string) =>
  page.locator("cadenza-panel").getByRole("heading", { name }).waitFor();

describe("the CRM", () => {
  it("goes from its list to a lead and on to another, and back, without loading a page again", async () => {
    const page = await open("/");
    await page.getByLabel("Find a lead").fill("arcada");
    expect(await page.locator("tbody tr:visible").count()).toBe(1);
    await page.getByRole("link", { name: "Leonor Castelo" }).click();
    await inPanel(page, "Leonor Castelo");
    await page.evaluate("window.stayed = true");
    await page.getByRole("link", { name: "Sofia Marques" }).click();
    await inPanel(page, "Sofia Marques");
    expect(await page.locator("main h1").textContent()).toBe("Sofia Marques");
    expect(await page.locator("[aria-current=page]").textContent()).toContain("Sofia Marques");
    await page.goBack();
    await inPanel(page, "Leonor Castelo");
    expect(await page.locator("main h1").textContent()).toBe("Leonor Castelo");
    expect(await page.evaluate("[window.stayed, location.pathname, document.title]")).toEqual([
      true,
      "/leads/50107",
      "Leonor Castelo · Northwind CRM",
    ]);
  });

  it("tells in a toast of its own what was done in the panel", async () => {
    const page = await open("/leads/50138");
    await inPanel(page, "Sofia Marques");
    await page.evaluate(`document.querySelector("cadenza-panel").dispatchEvent(
      new CustomEvent("cadenza:enrolled", { detail: { sequenceName: "New lead" }, bubbles: true }))`);
    expect(await page.getByRole("status").filter({ hasText: "Sofia" }).textContent()).toBe(
      "Sofia Marques is in “New lead”",
    );
  });

  it("shows the panel nothing of its own, under a policy as strict as can be, without a complaint", async () => {
    const answer = await fetch(`${northwind.url}/leads/50101`);
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; /);
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(await answer.text()).not.toContain("cdz_");
    expect((await fetch(`${northwind.url}/leads/../server.ts`)).status).toBe(404);
    expect(complaints).toEqual([]);
  });

  it.each([
    ["/leads", "light"],
    ["/leads", "dark"],
    ["/leads/50101", "light"],
    ["/leads/50101", "dark"],
  ] as const)("%s can be used by everybody (%s), and is never wider than a phone", async (path, scheme) => {
    const page = await open(path, scheme);
    if (path !== "/leads") await inPanel(page, "Dana Reyes");
    const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })
      .then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes.map(({ target }) => target.flat().join(" ")).join(", ")))`);
    expect(found).toEqual([]);
    for (const width of [760, 360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      expect([width, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([width, width]);
    }
  });
});
