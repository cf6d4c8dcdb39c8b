/**
 * Getting in and being let in, as people do it: a real browser without JavaScript, links out of real mails, and two
 * people in browsers of their own. Then every page is looked at by axe, in light and in dark.
 *
 * CADENZA_SCREENSHOTS=folder keeps a picture of every page, in light, dark and narrow.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type BrowserOffice, openBrowserOffice, setupToken } from "./office.ts";

// Seconds on two idle cores; the other tests may have those cores meanwhile.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ada = "ada@northwind.example";
const noor = "noor@northwind.example";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let office: BrowserOffice;
let adas: Page;
let noors: Page;

beforeAll(async () => {
  office = await openBrowserOffice();
  [adas, noors] = [await newPerson(), await newPerson()];
});
afterAll(() => office?.close());

/** Nobody needs JavaScript for any of this. */
async function newPerson(): Promise<Page> {
  const context = await office.browser.newContext({ baseURL: office.url, javaScriptEnabled: false });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

const heading = (page: Page) => page.locator("h1").textContent();
const words = (page: Page) => page.locator("main").textContent();

async function fill(page: Page, values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values))
    await page.getByLabel(label, { exact: true }).fill(value);
}
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

async function signIn(page: Page, email: string): Promise<void> {
  await fill(page, { "Your email address": email });
  await press(page, "Mail me a sign-in link");
  expect(await heading(page)).toBe("Look into your inbox");
  await page.goto(await office.linkTo(email));
  await press(page, "Sign in");
}

describe("people", () => {
  it("set Cadenza up with the token, once, and are in by a mailed link", async () => {
    await adas.goto("/");
    expect(await heading(adas)).toBe("Set up Cadenza");
    await fill(adas, {
      "Set-up token": "not the token, I think",
      "Name of the workspace": "Northwind",
      "Your name": "Ada Alves",
      "Your email address": ada,
    });
    await adas.getByLabel("Time zone").selectOption("Europe/Lisbon");
    await press(adas, "Make the workspace");
    expect(await words(adas)).toContain("This is not the set-up token.");
    await fill(adas, { "Set-up token": setupToken });
    await press(adas, "Make the workspace");
    expect(await heading(adas)).toBe("Northwind stands");
    await adas.goto(await office.linkTo(ada));
    expect(await heading(adas)).toBe("Sign in to Cadenza");
    await press(adas, "Sign in");
    expect(await heading(adas)).toBe("You are an admin in Northwind");
    expect(await words(adas)).toContain("Signed in as Ada Alves");

    await noors.goto("/setup");
    expect(await heading(noors)).toBe("This Cadenza is set up");
  });

  it("are asked in, and accept in a browser of their own", async () => {
    await adas.getByRole("link", { name: "Members" }).first().click();
    await fill(adas, { "Email address": "noor" });
    await press(adas, "Invite");
    expect(await adas.getByLabel("Email address").inputValue()).toBe("noor");
    expect(await adas.locator(".error").textContent()).toMatch(/address/);
    await fill(adas, { "Email address": noor });
    await adas.getByLabel("Role", { exact: true }).selectOption("viewer");
    await press(adas, "Invite");
    expect(await words(adas)).toContain("Invited.");

    await noors.goto(await office.linkTo(noor));
    expect(await heading(noors)).toBe("Ada Alves invites you to Northwind");
    await noors.getByRole("link", { name: "Sign in to accept" }).click();
    await signIn(noors, noor);
    // Back at the invitation, as somebody without a name so far.
    expect(await heading(noors)).toBe("Ada Alves invites you to Northwind");
    await fill(noors, { "Your name": "Noor Haddad" });
    await press(noors, "Accept");
    expect(await heading(noors)).toBe("You are a viewer in Northwind");
  });

  it("see more at once when their role changes, and less when it changes back", async () => {
    await noors.goto("/app/members");
    expect(await words(noors)).toContain("Ada Alves");
    expect(await noors.getByRole("button", { name: "Invite" }).count()).toBe(0);

    const become = async (role: string) => {
      await adas.goto("/app/members");
      await adas.getByLabel("Role of Noor Haddad", { exact: true }).selectOption(role);
      await press(adas, "Change the role of Noor Haddad");
      expect(await words(adas)).toContain("Changed.");
    };
    await become("admin");
    await noors.reload();
    expect(await noors.getByRole("button", { name: "Invite", exact: true }).count()).toBe(1);
    await become("rep");
    await noors.reload();
    expect(await noors.getByRole("button", { name: "Invite", exact: true }).count()).toBe(0);
  });

  it("see nothing any more once they are removed, and nothing after signing out", async () => {
    await adas.goto("/app/members");
    await adas.getByText("Remove", { exact: true }).first().click();
    await adas.getByLabel("It goes to").first().selectOption({ label: "Ada Alves" });
    await press(adas, "Remove Noor Haddad");
    expect(await words(adas)).toContain("Removed.");
    expect(await adas.getByText(noor).count()).toBe(0);
    await noors.goto("/app/members");
    expect(await heading(noors)).toBe("You belong to no workspace");
    await press(noors, "Sign out");
    await noors.goto("/app");
    expect(await heading(noors)).toBe("Sign in");
  });

  it("come back with a link that still works once, and only once", async () => {
    await adas.goto("/app/members");
    await fill(adas, { "Email address": noor });
    await press(adas, "Invite");
    const invitation = await office.linkTo(noor);
    await noors.goto(invitation);
    await noors.getByRole("link", { name: "Sign in to accept" }).click();
    await fill(noors, { "Your email address": noor });
    await press(noors, "Mail me a sign-in link");
    const link = await office.linkTo(noor);
    await noors.goto(link);
    await press(noors, "Sign in");
    await press(noors, "Accept");
    expect(await heading(noors)).toBe("You are a rep in Northwind");
    // The link in the mail, again, by whoever finds it.
    const stranger = await newPerson();
    await stranger.goto(link);
    await press(stranger, "Sign in");
    expect(await heading(stranger)).toBe("This link no longer works");
    await stranger.goto(invitation);
    expect(await heading(stranger)).toBe("This invitation is over");
  });
});

/** Who looks, and at what; `act` brings about what only a form shows. */
type Look = { name: string; path: string; who?: "ada" | "noor"; act?: (page: Page) => Promise<void> };

const looks: Look[] = [
  { name: "sign-in", path: "/sign-in" },
  { name: "sign-in-refused", path: "/sign-in", act: (page) => press(page, "Mail me a sign-in link") },
  { name: "sign-in-failed", path: "/sign-in?error=NOT_INVITED" },
  {
    name: "link-sent",
    path: "/sign-in",
    act: async (page) => {
      await fill(page, { "Your email address": "nobody@nowhere.example" });
      await press(page, "Mail me a sign-in link");
    },
  },
  { name: "confirm", path: "/sign-in/confirm?token=x" },
  { name: "dead-link", path: "/sign-in/confirm?token=x", act: (page) => press(page, "Sign in") },
  { name: "set-up-already", path: "/setup" },
  { name: "invitation-over", path: "/invitations/x" },
  { name: "nothing-here", path: "/nowhere" },
  { name: "bad-unsubscribe", path: "/u/x" },
  { name: "home", path: "/app?done=joined", who: "noor" },
  { name: "members-as-rep", path: "/app/members", who: "noor" },
  { name: "not-allowed", path: "/app/members", who: "noor", act: () => Promise.resolve() },
  { name: "members", path: "/app/members?done=invited", who: "ada" },
  {
    name: "remove",
    path: "/app/members",
    who: "ada",
    act: (page) => page.locator("summary").first().click(),
  },
  {
    name: "last-admin",
    path: "/app/members",
    who: "ada",
    act: async (page) => {
      await page.getByLabel("Role of Ada Alves", { exact: true }).selectOption("rep");
      await press(page, "Change the role of Ada Alves");
    },
  },
  { name: "settings", path: "/app/settings?done=saved", who: "ada" },
  { name: "connections", path: "/app/connections", who: "ada" },
  { name: "device", path: "/device", who: "ada" },
  { name: "workspaces", path: "/workspaces", who: "ada" },
  { name: "docs", path: "/docs" },
];

describe("every page", () => {
  const contexts = {} as Record<"ada" | "noor" | "nobody", BrowserContext>;
  const folder = process.env.CADENZA_SCREENSHOTS;

  beforeAll(async () => {
    const open = async (of: Page | null) =>
      office.browser.newContext({
        baseURL: office.url,
        ...(of && { storageState: await of.context().storageState() }),
      });
    [contexts.ada, contexts.noor, contexts.nobody] = [await open(adas), await open(noors), await open(null)];
    if (folder) mkdirSync(folder, { recursive: true });
    await adas.goto("/app/members");
    await fill(adas, { "Email address": "a-long-address-that-goes-on@subsidiary-of-a-company.example" });
    await press(adas, "Invite");
  });

  it.each(looks)(
    "$name: axe finds nothing, in light and dark, and nothing is wider than a phone",
    async (look) => {
      const page = await contexts[look.who ?? "nobody"].newPage();
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.setViewportSize({ width: 1200, height: 800 });
      await page.goto(look.path);
      await look.act?.(page);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        expect([colorScheme, await violations(page)]).toEqual([colorScheme, []]);
        if (folder)
          await page.screenshot({
            path: join(folder, `${look.name}-${colorScheme}.png`),
            fullPage: look.name !== "docs",
          });
      }
      await page.emulateMedia({ colorScheme: "light" });
      await page.setViewportSize({ width: 360, height: 740 });
      if (folder)
        await page.screenshot({
          path: join(folder, `${look.name}-narrow.png`),
          fullPage: look.name !== "docs",
        });
      for (const width of [360, 320]) {
        await page.setViewportSize({ width, height: 740 });
        expect([width, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([width, width]);
      }
      // A style the policy does not let in, or a script, would be said here. Refusals are status codes of ours.
      expect(complaints.filter((text) => !/Failed to load resource|favicon/.test(text))).toEqual([]);
      await page.close();
    },
  );

  it("did all that without an error in the Worker's log", () => {
    expect(office.errors()).toEqual([]);
  });
});

type Violation = { id: string; nodes: { target: string[]; failureSummary: string }[] };

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
    violations: Violation[];
  };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
  );
}
