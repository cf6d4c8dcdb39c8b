/**
 * The extension as it is built for the store, in a real browser, against the real API: signing in, enrolling somebody
 * by hand, the worker dying over it, and everything that can stand in the way, said in words.
 *
 * CADENZA_SCREENSHOTS=folder keeps a picture of every view.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RequestOf } from "../../shared/src/client.ts";
import { type Crm, openCrm } from "./crm.ts";
import { type BrowserWithExtension, launchWithExtension } from "./with-extension.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.CADENZA_SCREENSHOTS;
const ada = "ada@northwind.example";
const minuteMs = 60_000;
let crm: Crm;
let browser: BrowserWithExtension;
let panel: Page;
let callId: string;
let linkedinId: string;
const mailed: { to: string; text: string }[] = [];
/** What the extension's pages and worker complained of in the console. */
const complaints: string[] = [];

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  crm = await openCrm();
  crm.system.sendSystemMail = async (mail) => {
    mailed.push(mail);
  };
  browser = await launchWithExtension(["http://127.0.0.1/*"]);
  browser.context.on("console", (message) => {
    if (/Content.Security|Trusted.?Type|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  browser.context.on("weberror", (error) => complaints.push(String(error.error())));
  await openForBusiness();
});
afterAll(async () => {
  await browser?.close();
  crm?.close();
});

/** As the extension's own client has it. */
const whoAmI = () =>
  evaluate<{ answer: { member: { id: string } } }>(
    panel,
    'chrome.runtime.sendMessage({ verb: "api.ask", question: { route: "me.get" } })',
  ).then(({ answer }) => answer);

async function openForBusiness(): Promise<void> {
  const windows = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }];
  const schedule = await crm.client("schedules.create", {
    body: { name: "Always", windows, jitterMinutes: 0 },
  });
  const smtp = { host: "127.0.0.1", port: 25, security: "none", user: "x", password: "y" } as const;
  const mailbox = await crm.client("mailboxes.create", {
    body: { address: "robin@northwind.example", name: "Robin", smtp, dailyCap: 500, gapSeconds: 0 },
  });
  const now = { amount: 0, unit: "minutes" } as const;
  const publish = async (
    name: string,
    steps: NonNullable<RequestOf<"sequences.create">["body"]>["steps"],
  ) => {
    const body = { name, mailboxId: mailbox.id, scheduleId: schedule.id, steps };
    const { id } = await crm.client("sequences.create", { body });
    await crm.client("sequences.publish", { params: { id } });
    return id;
  };
  await publish("New lead", [
    {
      ...{ type: "email_auto", name: "Intro", delay: now },
      ...{ subject: "A question", body: "Hi {{ contact.first_name }}, is routing still done by hand?" },
    },
  ]);
  callId = await publish("Calls", [
    {
      ...{ type: "call", name: "Call", delay: now },
      ...{ title: "Call {{ contact.first_name }} about routing", script: "Ask who decides." },
    },
  ]);
  linkedinId = await publish("Network", [
    {
      ...{ type: "task", kind: "linkedin_connect", name: "Connect", delay: now },
      ...{
        title: "Connect with {{ contact.first_name }}",
        note: "Hi {{ contact.first_name }}, shall we connect?",
      },
    },
  ]);
}

const sessions = new Map<Page, CDPSession>();

/** By the debugger: the extension's pages run no text as code, not even a test's. */
async function evaluate<Answer>(page: Page, expression: string): Promise<Answer> {
  // Kept: one that ends takes with it what the browser was told to pretend, such as that it is offline.
  const session = sessions.get(page) ?? (await browser.context.newCDPSession(page));
  sessions.set(page, session);
  const asked = { expression, awaitPromise: true, returnByValue: true };
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", asked);
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value as Answer;
}

/** What axe finds, in light and dark; and nothing may be wider than a narrow side panel. */
async function examine(page: Page, name: string): Promise<void> {
  await evaluate(page, `${axe}; 0`);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { violations } = await evaluate<{
      violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[];
    }>(page, 'axe.run(document, { resultTypes: ["violations"] })');
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
    );
    if (folder) await page.screenshot({ path: join(folder, `extension-${name}-${colorScheme}.png`) });
    expect([name, colorScheme, found]).toEqual([name, colorScheme, []]);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 320, height: 900 });
  expect([name, await evaluate(page, "document.documentElement.scrollWidth")]).toEqual([name, 320]);
  if (folder) await page.screenshot({ path: join(folder, `extension-${name}-narrow.png`) });
  await page.setViewportSize({ width: 400, height: 900 });
}

const press = (page: Page, name: string | RegExp) =>
  page
    .getByRole("button", { name, exact: typeof name === "string" })
    .first()
    .click();
const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();
const mailsTo = (email: string) => crm.delivered.filter(({ to }) => to === email);
const enrolled = async (email: string) => {
  const { items } = await crm.client("contacts.list", { query: { email } });
  if (!items[0]) return [];
  const found = await crm.client("enrollments.list", { query: { contactId: items[0].id } });
  return found.items;
};

/** Signed in to Cadenza itself, by a link that was mailed. */
async function signInToCadenza(): Promise<void> {
  const page = await browser.context.newPage();
  await page.goto(`${crm.cadenza}/sign-in`);
  await page.getByLabel("Email").fill(ada);
  await press(page, "Mail me a sign-in link");
  await vi.waitFor(() => expect(mailed.some(({ to }) => to === ada)).toBe(true), 20_000);
  await page.goto(/https?:\S+/.exec(mailed.findLast(({ to }) => to === ada)!.text)![0]);
  await press(page, "Sign in");
  await page.waitForURL(/\/app/);
  await page.close();
}

/** Writes somebody into the side panel's form and goes on to the sequence's preview in the panel. */
async function toPreview(email: string, firstName: string): Promise<void> {
  await writeDown(email, firstName);
  await press(panel, `Continue with ${firstName}`);
  await press(panel, `Enroll ${firstName}`);
  await panel.getByRole("combobox").fill("New lead");
  await panel.getByRole("option", { name: "New lead" }).click();
  await panel
    .getByRole("list")
    .filter({ has: panel.locator("time") })
    .waitFor();
}

async function writeDown(email: string, firstName: string): Promise<void> {
  await press(panel, "Enroll somebody");
  await panel.getByLabel("Email").fill(email);
  await panel.getByLabel("First name").fill(firstName);
  await panel.getByLabel("Company").fill("Contoso Labs");
}

/** A promise and how to keep it. */
function later<Value>() {
  return Promise.withResolvers<Value>();
}

describe("before anybody is signed in", () => {
  it("asks for the address, keeps only one that is safe, and says what is wrong with others", async () => {
    panel = await browser.open("sidepanel");
    await sees(panel, "Where is your Cadenza?");
    await examine(panel, "no-address");
    const options = await browser.open("options");
    await options.getByLabel("Where your Cadenza runs").fill("http://cadenza.acme.example");
    await press(options, "Save");
    await sees(options, /Write an address that begins with https/);
    await options.getByLabel("Where your Cadenza runs").fill(crm.cadenza);
    await press(options, "Save");
    await sees(options, "Saved.");
    await sees(options, "Sign in to enroll people from here");
    await examine(options, "options-signed-out");
    await options.close();
    await sees(panel, "Sign in to enroll people from here");
    await examine(panel, "signed-out");
  });
});

describe("signing in", () => {
  it("goes through the browser's own window and Cadenza's question, and ends in the side panel", async () => {
    await signInToCadenza();
    const question = browser.context.waitForEvent("page");
    await press(panel, "Sign in");
    const asked = await question;
    await press(asked, "Allow");
    await sees(panel, "Today");
    await sees(panel, "Ada, Northwind");
    await examine(panel, "today-empty");
    const options = await browser.open("options");
    await sees(options, `Ada, ${ada}`);
    await examine(options, "options-signed-in");
    await options.close();
  });

  it("leaves no token where a page could ask for it", async () => {
    const answers = await evaluate(
      panel,
      `Promise.all(["account.read", "settings.read", "outbox.list"].map((verb) =>
        chrome.runtime.sendMessage({ verb, question: {} })))`,
    );
    expect(JSON.stringify(answers)).toContain("signed_in");
    expect(JSON.stringify(answers)).not.toMatch(/eyJ|refresh|bearer/i);
  });
});

describe("enrolling by hand", () => {
  it("takes no address that is none", async () => {
    await writeDown("dana at acme", "Dana");
    await press(panel, "Continue with Dana");
    await sees(panel, "Write an email address, like dana@acme.example.");
    await examine(panel, "form-wrong");
    await press(panel, "Discard");
  });

  it("adds the person, shows the product's own panel, and the mail goes out", async () => {
    await toPreview("dana@acme.example", "Dana");
    await examine(panel, "preview");
    await press(panel, "Enroll Dana");
    await sees(panel, "Dana is enrolled.");
    await examine(panel, "enrolled");
    await crm.pass(2 * minuteMs);
    expect(mailsTo("dana@acme.example")).toHaveLength(1);
    expect(new TextDecoder().decode(mailsTo("dana@acme.example")[0]!.mime)).toContain("Hi Dana, is routing");
    await press(panel, "Back to today");
  });

  it("finds anybody again, and leaves who is known as they are", async () => {
    await panel.getByLabel("Find a person").fill("dan");
    await sees(panel, "dana@acme.example · Contoso Labs");
    await examine(panel, "search");
    await press(panel, /dana@acme/);
    await sees(panel, "New lead");
    await press(panel, "Back to today");
    await writeDown("dana@acme.example", "Daniela");
    await press(panel, "Continue with Daniela");
    await panel.locator("cadenza-panel").getByText("Dana").first().waitFor();
    await press(panel, "Back to today");
  });

  it("happens exactly once when the worker dies over it, before and after the API had it", async () => {
    for (const [moment, email] of [
      ["before", "emil@acme.example"],
      ["after", "fay@acme.example"],
    ] as const) {
      await toPreview(email, "Emil");
      const [reached, dead] = [later<void>(), later<void>()];
      let asked = 0;
      crm.outage = async (path) => {
        if (!path.endsWith("/enrollments") || ++asked > 1) return null;
        reached.resolve();
        await dead.promise;
        // Done all the same, and nobody hears the answer; or never begun.
        return moment === "after" ? null : new Response(null, { status: 503 });
      };
      await press(panel, "Enroll Emil");
      await reached.promise;
      await browser.killWorker(panel);
      dead.resolve();
      await sees(panel, "Emil is enrolled.");
      crm.outage = null;
      expect([moment, asked > 1, (await enrolled(email)).length]).toEqual([moment, true, 1]);
      await crm.pass(2 * minuteMs);
      expect([moment, mailsTo(email).length]).toEqual([moment, 1]);
      await press(panel, "Back to today");
    }
  });
});

describe("today", () => {
  it("lists what is due, dials, copies a text and opens the profile, and counts on the button", async () => {
    const { member } = await whoAmI();
    const person = {
      firstName: "Hana",
      phone: "+351 21 000 00 00",
      linkedinUrl: "https://www.linkedin.com/in/hana",
    };
    for (const [email, sequenceId] of [
      ["hana@acme.example", callId],
      ["ida@acme.example", linkedinId],
    ] as const) {
      await crm.client("enrollments.create", {
        params: { id: sequenceId },
        body: { person: { ...person, email }, ownerId: member.id, undoSeconds: 0 },
      });
    }
    await crm.pass(2 * minuteMs);
    await panel.reload();
    await sees(panel, "Call Hana about routing");
    await examine(panel, "today");
    expect(await panel.getByRole("link", { name: "Call Hana" }).getAttribute("href")).toBe(
      "tel:+351210000000",
    );
    const opened = browser.context.waitForEvent("page");
    await press(panel, "Copy text and open profile");
    expect((await opened).url()).toMatch(
      /^(chrome-error:|about:blank|https:\/\/www\.linkedin\.com\/in\/hana)/,
    );
    await (await opened).close();
    await panel.bringToFront();
    await sees(panel, "The text is copied: paste it there.");
    expect(await evaluate(panel, "navigator.clipboard.readText()")).toBe("Hi Hana, shall we connect?");
    // The button's number agrees with the list that was just opened.
    await vi.waitFor(
      async () => expect(await evaluate(panel, "chrome.action.getBadgeText({})")).toBe("2"),
      20_000,
    );
    await press(panel, /Call Hana about routing/);
    await sees(panel, "Call Hana about routing");
    await press(panel, "Back to today");
  });
});

describe("what stands in the way", () => {
  it("is said in words while the server fails; what was asked is kept, shown, and goes out once", async () => {
    await toPreview("gil@acme.example", "Gil");
    crm.outage = (path) => (path.startsWith("/v1/") ? new Response("<h1>Oh no</h1>", { status: 500 }) : null);
    await press(panel, "Enroll Gil");
    await panel
      .getByText(/It is kept here and goes out as soon as Cadenza can be reached/)
      .first()
      .waitFor({ timeout: 40_000 });
    await sees(panel, "1 change waits here");
    await examine(panel, "waiting");
    expect(await enrolled("gil@acme.example")).toEqual([]);
    crm.outage = null;
    await press(panel, "Send now");
    await vi.waitFor(async () => expect(await enrolled("gil@acme.example")).toHaveLength(1), 20_000);
    await panel.getByText("1 change waits here").waitFor({ state: "detached" });
    await crm.pass(2 * minuteMs);
    expect(mailsTo("gil@acme.example")).toHaveLength(1);
    await press(panel, "Back to today");
  });

  it("is said in words without a network", async () => {
    await browser.context.setOffline(true);
    await sees(panel, "You are offline. This may be old.");
    await examine(panel, "offline");
    await sees(panel, "You are offline. This may be old.");
    await browser.context.setOffline(false);
    await panel.getByText("You are offline").waitFor({ state: "detached" });
  });

  it("is a sign-in that somebody ended on Cadenza's page; signing in again goes on where one was", async () => {
    const page = await browser.context.newPage();
    await page.goto(`${crm.cadenza}/app/connections`);
    await sees(page, "Cadenza in Chrome");
    await press(page, "Disconnect");
    await sees(page, "It opens nothing any more.");
    await page.close();
    await panel.reload();
    await sees(panel, "Your sign-in has ended");
    await examine(panel, "expired");
    const question = browser.context.waitForEvent("page");
    await press(panel, "Sign in again");
    await press(await question, "Allow");
    await sees(panel, "Ada, Northwind");
  });
});

describe("signing out", () => {
  it("ends the connection at Cadenza, and leaves nothing of the person here", async () => {
    const options = await browser.open("options");
    await press(options, "Sign out");
    await sees(options, "Sign in to enroll people from here");
    const kept = await evaluate<Record<string, unknown>>(
      options,
      "Promise.all([chrome.storage.local.get(null), chrome.storage.session.get(null)]).then(([a, b]) => ({ ...a, ...b }))",
    );
    expect(Object.keys(kept).toSorted()).toEqual(["device", "settings"]);
    await options.close();
  });

  it("and in again by a code, where no window can open", async () => {
    const options = await browser.open("options");
    await press(options, "Show a code");
    await sees(options, "Type this code");
    await examine(options, "options-pairing");
    const code = await options.locator(".code").textContent();
    const elsewhere = await browser.context.newPage();
    await elsewhere.goto(`${crm.cadenza}/device?user_code=${code}`);
    await press(elsewhere, "Allow");
    await sees(elsewhere, "Connected");
    await elsewhere.close();
    await sees(options, `Ada, ${ada}`);
    await options.close();
    await sees(panel, "Ada, Northwind");
  });
});

it("all the while no page and no worker complained of a policy or threw", () => {
  expect(complaints).toEqual([]);
});
