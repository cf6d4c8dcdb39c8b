/**
 * Getting in and being let in, as people do it: a real browser without JavaScript, links out of real mails, and two
 * people in browsers of their own. Every page on the way, and then all others, are looked at by axe, in light and dark.
 *
 * CADENZA_SCREENSHOTS=folder keeps a picture of every page, in light, dark and narrow.
 */
import { createHash } from "node:crypto";
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
const folder = process.env.CADENZA_SCREENSHOTS;
let office: BrowserOffice;
let mirror: Page;
let adas: Page;
let noors: Page;

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  office = await openBrowserOffice();
  mirror = await office.browser.newPage();
  [adas, noors] = [await newPerson(), await newPerson()];
});
afterAll(() => office?.close());

/** Nobody needs JavaScript for any of this. */
async function newPerson(): Promise<Page> {
  const context = await office.browser.newContext({
    baseURL: office.url,
    javaScriptEnabled: false,
    viewport: { width: 1200, height: 800 },
  });
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

/**
 * What axe finds, in light and dark; and nothing may be wider than a phone. axe is a script, so it looks at a copy of
 * the page as it stands. `part` is enough of one that repeats itself.
 */
async function examine(shown: Page, name: string, part: string[] = ["html"]): Promise<void> {
  const page = mirror;
  await page.setViewportSize({ width: 1200, height: 800 });
  await page.setContent(await shown.content());
  const picture = async (of: string) => {
    if (folder)
      await page.screenshot({ path: join(folder, `${name}-${of}.png`), fullPage: part[0] === "html" });
  };
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    expect([name, colorScheme, await violations(page, part)]).toEqual([name, colorScheme, []]);
    await picture(colorScheme);
  }
  await page.emulateMedia({ colorScheme: "light" });
  for (const width of [360, 320]) {
    await page.setViewportSize({ width, height: 740 });
    if (width === 360) await picture("narrow");
    const wide = await page.evaluate("document.documentElement.scrollWidth");
    expect([name, width, wide]).toEqual([name, width, width]);
  }
}

type Violation = { id: string; nodes: { target: string[]; failureSummary: string }[] };

async function violations(page: Page, part: string[]): Promise<string[]> {
  await page.evaluate(axe);
  const asked = `axe.run({ include: ${JSON.stringify(part)} }, { resultTypes: ["violations"] })`;
  const { violations } = (await page.evaluate(asked)) as { violations: Violation[] };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
  );
}

describe("people", () => {
  it("set Cadenza up with the token, once, and are in by a mailed link", async () => {
    await adas.goto("/");
    expect(await heading(adas)).toBe("Set up Cadenza");
    await examine(adas, "setup");
    await fill(adas, {
      "Set-up token": "not the token, I think",
      "Name of the workspace": "Northwind",
      "Your name": "Ada Alves",
      "Your email address": ada,
    });
    await adas.getByLabel("Time zone").selectOption("Europe/Lisbon");
    await press(adas, "Make the workspace");
    expect(await words(adas)).toContain("This is not the set-up token.");
    await examine(adas, "setup-refused");
    await fill(adas, { "Set-up token": setupToken });
    await press(adas, "Make the workspace");
    expect(await heading(adas)).toBe("Northwind stands");
    await examine(adas, "setup-done");
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

    const invitation = await office.linkTo(noor);
    await adas.goto(invitation);
    await examine(adas, "invitation-of-somebody-else");
    await noors.goto(invitation);
    expect(await heading(noors)).toBe("Ada Alves invites you to Northwind");
    await examine(noors, "invitation-signed-out");
    await noors.getByRole("link", { name: "Sign in to accept" }).click();
    await fill(noors, { "Your email address": noor });
    await press(noors, "Mail me a sign-in link");
    expect(await heading(noors)).toBe("Look into your inbox");
    await examine(noors, "link-sent");
    await noors.goto(await office.linkTo(noor));
    await press(noors, "Sign in");
    // Back at the invitation, as somebody without a name so far.
    expect(await heading(noors)).toBe("Ada Alves invites you to Northwind");
    await examine(noors, "invitation");
    await noors.goto("/workspaces");
    await examine(noors, "workspaces-none");
    await noors.getByRole("link", { name: "Look" }).click();
    await fill(noors, { "Your name": "Noor Haddad" });
    await press(noors, "Accept");
    expect(await heading(noors)).toBe("You are a viewer in Northwind");
    await examine(noors, "home-joined");
  });

  it("see more at once when their role changes, and less when it changes back", async () => {
    await noors.goto("/app/members");
    expect(await words(noors)).toContain("Ada Alves");
    const invites = () => noors.getByRole("button", { name: "Invite", exact: true }).count();
    expect(await invites()).toBe(0);
    const become = async (role: string) => {
      await adas.goto("/app/members");
      await adas.getByLabel("Role of Noor Haddad", { exact: true }).selectOption(role);
      await press(adas, "Change the role of Noor Haddad");
      expect(await words(adas)).toContain("Changed.");
      await noors.reload();
    };
    await become("admin");
    expect(await invites()).toBe(1);
    await become("rep");
    expect(await invites()).toBe(0);
  });

  it("let a program in, which gets its answer where it said, and end it again", async () => {
    const program = "https://program.example/callback";
    const registered = await fetch(`${office.url}/auth/oauth2/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        client_name: "Cadenza in Chrome",
        redirect_uris: [program],
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        scope: "read write offline_access",
      }),
    });
    const { client_id = "" } = (await registered.json()) as { client_id?: string };
    const asked = new URLSearchParams({
      ...{ client_id, redirect_uri: program, response_type: "code", state: "s", resource: office.url },
      scope: "read offline_access",
      code_challenge: createHash("sha256")
        .update("a verifier that nobody guesses, of 43 or more")
        .digest("base64url"),
      code_challenge_method: "S256",
    });
    const tab = await noors.context().newPage();
    await tab.goto(`/auth/oauth2/authorize?${asked}`);
    expect(await heading(tab)).toBe("Let Cadenza in Chrome act for you?");
    expect(await words(tab)).toContain("program.example");
    await examine(tab, "consent");
    // The policy of the page has to let its form lead there; nobody is at that address, which is not our business.
    const answered = tab.waitForRequest(/^https:\/\/program\.example\/callback\?.*code=/);
    await press(tab, "Allow").catch(() => {});
    await answered;
    await tab.close();

    await noors.goto("/app/connections");
    expect(await words(noors)).toMatch(/Cadenza in Chrome.*program\.example/s);
    await examine(noors, "connections");
    await press(noors, "Disconnect");
    expect(await words(noors)).not.toContain("Cadenza in Chrome");
  });

  it("see nothing any more once they are removed, and nothing after signing out", async () => {
    await adas.goto("/app/members");
    await adas.getByText("Remove", { exact: true }).first().click();
    await examine(adas, "remove");
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

  it("come back with a link that works once, and only once", async () => {
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
    await examine(stranger, "dead-link");
    await stranger.goto(invitation);
    expect(await heading(stranger)).toBe("This invitation is over");
  });
});

/** Who looks, and at what; `act` brings about what only a form shows. */
type Look = {
  name: string;
  path: string;
  who?: "ada" | "noor";
  act?: (page: Page) => Promise<void>;
  part?: string[];
};

async function makeKey(page: Page): Promise<void> {
  await fill(page, { Name: "CRM sync", "Last day": "2099-12-31" });
  await press(page, "Make the key");
  expect(await heading(page)).toBe("The token of CRM sync");
}

async function addHostApp(page: Page): Promise<void> {
  await fill(page, { Name: "Northwind CRM", "Where its pages run": "https://crm.northwind.example" });
  await press(page, "Add the host app");
  expect(await heading(page)).toBe("Northwind CRM");
}

const looks: Look[] = [
  { name: "sign-in", path: "/sign-in" },
  { name: "sign-in-refused", path: "/sign-in", act: (page) => press(page, "Mail me a sign-in link") },
  { name: "sign-in-failed", path: "/sign-in?error=NOT_INVITED" },
  { name: "failed", path: "/sign-in/failed?error=invalid_client" },
  { name: "confirm", path: "/sign-in/confirm?token=x" },
  { name: "set-up-already", path: "/setup" },
  { name: "invitation-over", path: "/invitations/x" },
  { name: "nothing-here", path: "/nowhere" },
  { name: "bad-unsubscribe", path: "/u/x" },
  { name: "members-as-rep", path: "/app/members", who: "noor" },
  { name: "members", path: "/app/members?done=invited", who: "ada" },
  {
    name: "last-admin",
    path: "/app/members",
    who: "ada",
    act: async (page) => {
      await page.getByLabel("Role of Ada Alves", { exact: true }).selectOption("rep");
      await press(page, "Change the role of Ada Alves");
    },
  },
  { name: "settings", path: "/app/settings?done=name", who: "ada" },
  { name: "notices", path: "/app/notices", who: "noor" },
  { name: "api-key-refused", path: "/app/api-keys", who: "ada", act: (page) => press(page, "Make the key") },
  { name: "api-key-made", path: "/app/api-keys", who: "ada", act: makeKey },
  {
    name: "api-keys",
    path: "/app/api-keys",
    who: "ada",
    act: async (page) => {
      await page.getByText("Rotate", { exact: true }).first().click();
      await page.getByText("Revoke", { exact: true }).first().click();
    },
  },
  { name: "host-app-added", path: "/app/host-apps", who: "ada", act: addHostApp },
  { name: "host-apps", path: "/app/host-apps?done=added", who: "ada" },
  {
    name: "host-app-secret",
    path: "/app/host-apps",
    who: "ada",
    act: async (page) => {
      await page.getByRole("link", { name: "Northwind CRM" }).first().click();
      await press(page, "Make a secret");
    },
  },
  {
    name: "host-app",
    path: "/app/host-apps",
    who: "ada",
    act: async (page) => {
      await page.getByRole("link", { name: "Northwind CRM" }).first().click();
      await press(page, "Make a second one");
      await page.getByRole("link", { name: "I have kept it" }).click();
      await page.getByText("Revoke", { exact: true }).first().click();
    },
  },
  { name: "audit-log", path: "/app/audit-log", who: "ada" },
  { name: "audit-log-refused", path: "/app/audit-log?from=soon&action=apiKeys.create", who: "ada" },
  { name: "device", path: "/device", who: "ada" },
  { name: "workspaces", path: "/workspaces", who: "ada" },
  { name: "docs", path: "/docs", part: ["nav", "header", "section:first-of-type", "#refusals"] },
];

describe("every other page", () => {
  const contexts = {} as Record<"ada" | "noor" | "nobody", BrowserContext>;

  beforeAll(async () => {
    const open = async (of: Page | null) =>
      office.browser.newContext({
        baseURL: office.url,
        viewport: { width: 1200, height: 800 },
        ...(of && { storageState: await of.context().storageState() }),
      });
    [contexts.ada, contexts.noor, contexts.nobody] = [await open(adas), await open(noors), await open(null)];
    await adas.goto("/app/members");
    await fill(adas, { "Email address": "a-long-address-that-goes-on@subsidiary-of-a-company.example" });
    await press(adas, "Invite");
  });

  it.each(looks)("$name stands up to axe, to a phone and to its own policy", async (look) => {
    const page = await contexts[look.who ?? "nobody"].newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(look.path);
    await look.act?.(page);
    await examine(page, look.name, look.part);
    // A style the policy does not let in, or a script, would be said here. Refusals are status codes of ours.
    expect(complaints.filter((text) => !/Failed to load resource|favicon/.test(text))).toEqual([]);
    await page.close();
  });

  it("did all that without an error in the Worker's log", () => {
    expect(office.errors()).toEqual([]);
  });
});
