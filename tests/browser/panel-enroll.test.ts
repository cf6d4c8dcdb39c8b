/**
 * The panel enrolls people, as reps do it, in a host's page in a real browser: a sequence is found, looked at with every
 * date, confirmed and taken back; what is missing is filled in; who may not be enrolled is explained; people are added
 * and held. Every view on the way is looked at by axe, in light and dark, and is no wider than a narrow sidebar.
 *
 * CADENZA_SCREENSHOTS=folder keeps a picture of every view.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { RequestOf } from "../../shared/src/client.ts";
import { launchChromium } from "./chromium.ts";
import { type Crm, openCrm } from "./crm.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.CADENZA_SCREENSHOTS;
const minuteMs = 60_000;
let crm: Crm;
let browser: Browser;
let mailboxId: string;
let scheduleId: string;

type Steps = NonNullable<NonNullable<RequestOf<"sequences.create">["body"]>["steps"]>;
const now = { amount: 0, unit: "minutes" } as const;
const intro = {
  type: "email_auto",
  name: "Intro",
  delay: now,
  subject: "A question about {{ company.name }}",
  body: "Hi {{ contact.first_name }}, is routing still done by hand?",
} as const;
const call = {
  type: "call",
  name: "Call",
  delay: { amount: 2, unit: "business_days" },
  title: "Call {{ contact.first_name }}",
  script: "Ask who decides.",
} as const;
const renewal = {
  ...intro,
  name: "Reminder",
  subject: "Your renewal on {{ contact.custom.renewal_date }}",
  body: "Dear {{ contact.title }},\n\nshall we talk?",
} as const;

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  [crm, browser] = [await openCrm(), await launchChromium()];
  const office = { name: "Always", windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }] };
  scheduleId = (await crm.client("schedules.create", { body: { ...office, jitterMinutes: 0 } })).id;
  await crm.client("members.create", {
    body: { name: "Mia", email: "mia@northwind.example", role: "manager" },
  });
});
afterAll(async () => {
  await browser?.close();
  crm?.close();
});

const smtp = { host: "127.0.0.1", port: 25, security: "none", user: "x", password: "y" } as const;
const mailbox = (address: string) =>
  crm.client("mailboxes.create", {
    body: { address, name: "Robin", ownerId: null, smtp, dailyCap: 500, gapSeconds: 0 },
  });

async function published(name: string, steps: Steps): Promise<string> {
  const { id } = await crm.client("sequences.create", { body: { name, mailboxId, scheduleId, steps } });
  await crm.client("sequences.publish", { params: { id } });
  return id;
}

let people = 0;
type Body = NonNullable<RequestOf<"contacts.create">["body"]>;
/** A lead of the host's that Cadenza knows. */
async function lead(changes: Partial<Body> = {}) {
  const key = `l${++people}`;
  const { contact } = await crm.client("contacts.create", {
    body: {
      email: `dana${people}@acme.example`,
      firstName: "Dana",
      lastName: "Whitfield",
      companyName: "Contoso Labs",
      timeZone: "America/New_York",
      references: [{ system: "crm", type: "lead", id: key }],
      ...changes,
    },
  });
  return { key, contact };
}

type Opening = { user?: string; type?: string; person?: Record<string, string>; attributes?: string };

/** A page of the host with the panel of this record in it, which keeps what it hears. */
async function openPanel(key: string, opening: Opening = {}) {
  const { user = "Robin", type = "lead", person = null, attributes = "" } = opening;
  const page = await browser.newPage({
    viewport: { width: 400, height: 900 },
    timezoneId: "Europe/Lisbon",
    reducedMotion: "reduce",
  });
  page.setDefaultTimeout(20_000);
  const html = `<!doctype html><html lang="en"><title>CRM</title>
    <meta name="viewport" content="width=device-width">
    <style>:root { color-scheme: light dark } body { margin: 12px; font: 14px sans-serif; background: light-dark(#eceef1, #0c0d0f) }</style>
    <script>
      window.heard = [];
      for (const name of ["enrolled", "canceled", "resumed", "error"])
        addEventListener("cadenza:" + name, ({ detail }) => heard.push([name, detail]));
    </script>
    <script type="module" src="${crm.cadenza}/widget.js"></script>
    <main><button>Before</button>
    <cadenza-panel app="${crm.registered.id}" token="${crm.tokenFor({ name: user })}"
      entity-type="${type}" entity-id="${key}" ${attributes}></cadenza-panel></main>
    <script type="module">
      await customElements.whenDefined("cadenza-panel");
      document.querySelector("cadenza-panel").options = ${JSON.stringify(person ? { person } : {})};
    </script>`;
  await page.goto(crm.page(`/${type}/${key}/${user}`, html));
  const panel = page.locator("cadenza-panel");
  const press = (name: string | RegExp) =>
    panel.getByRole("button", { name, exact: typeof name === "string" }).click();
  const sees = (text: string | RegExp) => panel.getByText(text).first().waitFor();
  return {
    page,
    panel,
    press,
    sees,
    heard: () => page.evaluate("heard") as Promise<[string, Record<string, string>][]>,
  };
}
type Opened = Awaited<ReturnType<typeof openPanel>>;

/** To the preview of this sequence. */
async function preview({ panel }: Opened, sequence: string): Promise<Locator> {
  await panel
    .getByRole("button", { name: /^Enroll/ })
    .first()
    .click();
  await panel.getByRole("combobox").fill(sequence);
  await panel.getByRole("option", { name: sequence }).click();
  const calendar = panel.getByRole("list").filter({ has: panel.page().locator("time") });
  await calendar.waitFor();
  return calendar;
}

type Violation = { id: string; nodes: { target: unknown[]; failureSummary: string }[] };

/** What axe finds, in light and dark; and nothing may be wider than a narrow sidebar. */
async function examine({ page, panel }: Opened, name: string): Promise<void> {
  await page.evaluate(axe);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const asked = `axe.run({ include: ["cadenza-panel"] }, { resultTypes: ["violations"] })`;
    const { violations } = (await page.evaluate(asked)) as { violations: Violation[] };
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
    );
    expect([name, colorScheme, found]).toEqual([name, colorScheme, []]);
    if (folder) await panel.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 304, height: 900 });
  expect([name, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([name, 304]);
  await page.setViewportSize({ width: 400, height: 900 });
}

/** What left for this address; all of it is ASCII. */
const mailsTo = (email: string | null) =>
  crm.delivered
    .filter(({ to }) => to === email)
    .map(({ from, mime }) => {
      const text = new TextDecoder().decode(mime).replace(/\r\n[ \t]/g, " ");
      return { from, subject: /^Subject: (.*)$/m.exec(text)?.[1]?.trim(), text };
    });

describe("while nothing is published", () => {
  it("a rep learns what a sequence is, and whoever builds them is led to where", async () => {
    const { key } = await lead();
    const reps = await openPanel(key);
    await reps.press("Enroll Dana");
    await reps.sees("No sequence is published yet");
    await examine(reps, "none-published");
    expect(await reps.panel.getByRole("link").count()).toBe(0);
    const mias = await openPanel(key, { user: "Mia" });
    await mias.press("Enroll Dana");
    const link = mias.panel.getByRole("link", { name: "Open Cadenza" });
    expect(await link.getAttribute("href")).toBe(`${crm.cadenza}/app`);
  });
});

describe("enrolling", () => {
  beforeAll(async () => {
    mailboxId = (await mailbox("robin@northwind.example")).id;
    await mailbox("sales@northwind.example");
    await published("New lead", [intro, call]);
    await published("Renewal", [renewal]);
    await published("Calls only", [call]);
  });

  it("shows every touch with its date on both clocks, and takes it back within ten seconds: nothing is mailed", async () => {
    const { key, contact } = await lead();
    const opened = await openPanel(key);
    const { panel, press, sees, heard } = opened;
    await press("Enroll Dana");
    await panel.getByRole("option").first().waitFor();
    await examine(opened, "search");
    await press("Back");
    const calendar = await preview(opened, "New lead");
    const touches = await calendar.getByRole("listitem").allTextContents();
    // Monday 9:00 in London's zone is 4:00 in New York.
    expect(touches[0]).toMatch(/^Mon 23 Nov 4:0\d · 9:0\d for you.*Email A question about Contoso Labs/);
    expect(touches[1]).toMatch(/^Wed 25 Nov 4:0\d · 9:0\d for you.*Call Dana/);
    await calendar.getByText("A question about").click();
    await sees("Hi Dana, is routing still done by hand?");
    await examine(opened, "preview");
    await press("Enroll Dana");
    await sees("Dana is enrolled.");
    await examine(opened, "enrolled");
    await press("Undo");
    await sees("Dana is taken out again. Nothing was sent.");
    await crm.pass(10 * minuteMs);
    expect(mailsTo(contact.email)).toEqual([]);
    const [enrolled, canceled, ...others] = await heard();
    expect(enrolled).toEqual([
      "enrolled",
      expect.objectContaining({ contactId: contact.id, sequenceName: "New lead" }),
    ]);
    expect(canceled).toEqual(["canceled", { ...enrolled![1], sequenceName: undefined }]);
    expect(others).toEqual([]);
  });

  it("asks for longer than the button stands there, so that its last second still counts", async () => {
    const { key, contact } = await lead();
    const opened = await openPanel(key);
    await preview(opened, "New lead");
    const request = opened.page.waitForRequest(/\/enrollments$/);
    await opened.press("Enroll Dana");
    expect((await request).postDataJSON()).toMatchObject({ contactId: contact.id, undoSeconds: 15 });
    expect((await request).headers()["idempotency-key"]).toMatch(/^[0-9a-f]{32}$/);
    await opened.sees("Dana is enrolled.");
  });

  it("mails what was previewed, once nobody took it back", async () => {
    const { key, contact } = await lead();
    const opened = await openPanel(key);
    await preview(opened, "New lead");
    await opened.panel.getByLabel("From").selectOption({ label: "sales@northwind.example" });
    await opened.press("Enroll Dana");
    await opened.sees("Dana is enrolled.");
    await crm.pass(2 * minuteMs);
    expect(mailsTo(contact.email)).toMatchObject([
      { subject: "A question about Contoso Labs", from: "sales@northwind.example" },
    ]);
    await opened.page.reload();
    await opened.sees("New lead");
    await opened.sees("Mail sent");
  });

  it("starts on a date on the person's clock, and says what is wrong with one that is over", async () => {
    const { key, contact } = await lead();
    const opened = await openPanel(key);
    await preview(opened, "New lead");
    await opened.panel.getByLabel("On a date").check();
    await opened.press("Enroll Dana");
    await opened.sees("Choose a date and a time.");
    await opened.panel.getByLabel("Not before, New York time").fill("2026-11-20T09:00");
    await opened.sees("That is over. Choose a later time.");
    await examine(opened, "start-over");
    await opened.panel.getByLabel("Not before, New York time").fill("2026-11-26T09:00");
    await opened.sees(/^Thu 26 Nov 9:00/);
    await opened.press("Enroll Dana");
    await opened.sees("Dana is enrolled.");
    const { items } = await crm.client("enrollments.list", { query: { contactId: contact.id } });
    expect(items[0]!.wakeAt).toBe("2026-11-26T14:00:00.000Z");
  });

  it("enrolls for the deal where the record is one", async () => {
    const { contact } = await lead();
    const { id } = await crm.client("deals.create", {
      body: {
        name: "40 seats",
        contactId: contact.id,
        references: [{ system: "crm", type: "deal", id: "d1" }],
      },
    });
    const opened = await openPanel("d1", { type: "deal" });
    await preview(opened, "New lead");
    await opened.press("Enroll Dana");
    await opened.sees("Dana is enrolled.");
    const { items } = await crm.client("enrollments.list", { query: { contactId: contact.id } });
    expect(items).toMatchObject([{ dealId: id }]);
  });

  it("is done with the keyboard alone, from the first Tab to the undo", async () => {
    const { key, contact } = await lead();
    const { page, panel, sees, heard } = await openPanel(key);
    await panel.getByRole("button", { name: "Enroll Dana" }).waitFor();
    const focused = () =>
      page.evaluate(`(() => {
        const { activeElement: at } = document.querySelector("cadenza-panel").shadowRoot;
        return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
      })()`) as Promise<string>;
    const tabTo = async (text: RegExp) => {
      for (let presses = 0; presses < 30; presses++) {
        if (text.test(await focused())) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`Tab never comes to ${text}; it stands on ${await focused()}`);
    };
    await page.getByRole("button", { name: "Before" }).focus();
    await tabTo(/^Enroll Dana$/);
    await page.keyboard.press("Enter");
    await panel.getByRole("option").nth(2).waitFor();
    const marked = () => panel.getByRole("option", { selected: true }).textContent();
    const first = await marked();
    await page.keyboard.press("ArrowDown");
    expect(await marked()).not.toBe(first);
    await page.keyboard.press("ArrowUp");
    expect(await marked()).toBe(first);
    await page.keyboard.type("new le");
    await panel.getByRole("option", { name: "Renewal" }).waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await sees(/^Email goes out/);
    expect(await focused()).toMatch(/^New lead/);
    await tabTo(/^Email A question/);
    await page.keyboard.press("Enter");
    await sees("is routing still done by hand?");
    await tabTo(/^Enroll Dana$/);
    await page.keyboard.press("Enter");
    await sees("Dana is enrolled.");
    await page.getByRole("button", { name: "Before" }).focus();
    await tabTo(/^Undo$/);
    await page.keyboard.press("Enter");
    await sees("Nothing was sent.");
    expect((await heard()).map(([name]) => name)).toEqual(["enrolled", "canceled"]);
    expect(mailsTo(contact.email)).toEqual([]);
  });

  it("says when no sequence is called so, keeps what was typed, and Escape takes none of it away", async () => {
    const { key } = await lead();
    const opened = await openPanel(key);
    await opened.press("Enroll Dana");
    const field = opened.panel.getByRole("combobox");
    await field.fill("zebra");
    await opened.sees("No sequence is called “zebra”.");
    await field.press("Escape");
    await field.press("Enter");
    expect(await field.inputValue()).toBe("zebra");
    await examine(opened, "no-hits");
  });

  it("offline, keeps what was chosen, says so, and goes on when it is tried again", async () => {
    const { key, contact } = await lead();
    const opened = await openPanel(key);
    const { page, panel, press, sees } = opened;
    await preview(opened, "New lead");
    await panel.getByLabel("From").selectOption({ label: "sales@northwind.example" });
    await panel.getByRole("list").first().waitFor();
    await page.context().setOffline(true);
    await press("Enroll Dana");
    await sees(/Cadenza cannot be reached/);
    expect(await panel.getByLabel("From").inputValue()).not.toBe(mailboxId);
    await panel.getByLabel("On a date").check();
    await panel.getByLabel("Not before, New York time").fill("2026-12-01T09:00");
    await sees("The preview could not be read");
    await examine(opened, "offline");
    await page.context().setOffline(false);
    await sees(/^Tue 1 Dec 9:00/);
    expect(await panel.getByLabel("Not before, New York time").inputValue()).toBe("2026-12-01T09:00");
    await press("Enroll Dana");
    await sees("Dana is enrolled.");
    const { items } = await crm.client("enrollments.list", { query: { contactId: contact.id } });
    expect(items).toHaveLength(1);
  });
});

describe("a missing word", () => {
  it("is explained in the preview, filled in there, and the preview shows it", async () => {
    const { key, contact } = await lead({ title: "COO" });
    const opened = await openPanel(key);
    await preview(opened, "Renewal");
    await opened.sees("Renewal date is missing");
    await examine(opened, "preview-missing");
    await opened.press("Save");
    await opened.sees("Write something here first.");
    await opened.panel.getByLabel("Renewal date").fill("12 January");
    await opened.press("Save");
    await opened.sees("Your renewal on 12 January");
    expect(await opened.panel.getByText("is missing").count()).toBe(0);
    const { custom } = await crm.client("contacts.get", { params: { id: contact.id } });
    expect(custom).toEqual({ renewal_date: "12 January" });
  });

  it("that stopped somebody is asked for, one after the other, and then it goes on by itself", async () => {
    const { key, contact } = await lead();
    const { items } = await crm.client("sequences.list", { query: { q: "Renewal" } });
    await crm.client("enrollments.create", { params: { id: items[0]!.id }, body: { contactId: contact.id } });
    await crm.pass(2 * minuteMs);
    expect(mailsTo(contact.email)).toEqual([]);
    const opened = await openPanel(key);
    const { panel, press, sees, heard } = opened;
    await press("Fill it in");
    await sees("Renewal date is missing");
    await examine(opened, "fix");
    await panel.getByLabel("Renewal date").fill("12 January");
    // Somebody else changes the same person meanwhile: nothing is written over, and nothing typed is lost.
    await crm.client("contacts.update", { params: { id: contact.id }, body: { phone: "+1 212 555 0100" } });
    await press("Save and continue");
    await sees(/Somebody changed this record at the same time/);
    expect(await panel.getByLabel("Renewal date").inputValue()).toBe("12 January");
    await press("Try again");
    await sees("One more: Job title");
    await panel.getByLabel("Job title").fill("COO");
    await panel.getByLabel("Job title").press("Enter");
    await sees("Saved. The sequence goes on.");
    expect((await heard()).filter(([name]) => name === "resumed")).toHaveLength(1);
    await crm.pass(2 * minuteMs);
    expect(mailsTo(contact.email)).toMatchObject([{ subject: "Your renewal on 12 January" }]);
    expect(mailsTo(contact.email)[0]!.text).toContain("Dear COO");
  });

  it("that somebody filled in meanwhile is not asked for; or the step is skipped", async () => {
    const { items } = await crm.client("sequences.list", { query: { q: "Renewal" } });
    const stopped = async () => {
      const { key, contact } = await lead();
      await crm.client("enrollments.create", {
        params: { id: items[0]!.id },
        body: { contactId: contact.id },
      });
      await crm.pass(2 * minuteMs);
      return { contact, opened: await openPanel(key) };
    };
    const filled = await stopped();
    const body = { title: "COO", custom: { renewal_date: "May" } };
    await crm.client("contacts.update", { params: { id: filled.contact.id }, body });
    await filled.opened.page.reload();
    await filled.opened.press("Fill it in");
    await filled.opened.sees("Nothing is missing any more");
    await filled.opened.press("Continue");
    await filled.opened.sees("Saved. The sequence goes on.");

    const skipped = await stopped();
    await skipped.opened.press("Fill it in");
    await skipped.opened.press("Skip step");
    await skipped.opened.sees("Step skipped.");
    await crm.pass(2 * minuteMs);
    expect(mailsTo(skipped.contact.email)).toEqual([]);
  });
});

describe("a record Cadenza does not know", () => {
  it("is added with what the host knows, under the host's id, and enrolled", async () => {
    const person = { email: "maya@fjord.example", firstName: "Maya", companyName: "Fjord Analytics" };
    const opened = await openPanel("new-1", { person, attributes: 'system="crm"' });
    await opened.press("Add to Cadenza");
    expect(await opened.panel.getByLabel("Email address").inputValue()).toBe("maya@fjord.example");
    await examine(opened, "add");
    await opened.panel.getByLabel("Email address").fill("maya");
    await opened.press("Add to Cadenza");
    await opened.sees("Write an address, like dana@example.com.");
    await opened.panel.getByLabel("Email address").fill("maya@fjord.example");
    await opened.panel.getByLabel("Job title").fill("Founder");
    await opened.press("Add to Cadenza");
    await opened.sees("Maya is added.");
    await preview(opened, "New lead");
    await opened.press("Enroll Maya");
    await opened.sees("Maya is enrolled.");
    await crm.pass(2 * minuteMs);
    expect(mailsTo("maya@fjord.example")).toMatchObject([{ subject: "A question about Fjord Analytics" }]);
    const record = await crm.client("record.get", { query: { entity: "lead", id: "new-1", system: "crm" } });
    expect(record.contact).toMatchObject({ title: "Founder", company: { name: "Fjord Analytics" } });
  });

  it("is a deal with its contact where the host says deal, and a deal that lacks one is given it", async () => {
    const person = { email: "noor@fjord.example", firstName: "Noor", companyName: "Fjord" };
    const opened = await openPanel("new-deal", { type: "deal", person });
    await opened.press("Add to Cadenza");
    await opened.panel.getByLabel("Name of the deal").fill("");
    await opened.press("Add to Cadenza");
    await opened.sees("Write something here first.");
    await opened.panel.getByLabel("Name of the deal").fill("40 seats");
    await opened.press("Add to Cadenza");
    await opened.sees("Noor is added.");
    const made = await crm.client("record.get", { query: { entity: "deal", id: "new-deal" } });
    expect(made).toMatchObject({ deal: { name: "40 seats" }, contact: { email: "noor@fjord.example" } });

    const references = [{ system: "crm", type: "deal", id: "bare" }];
    const { id } = await crm.client("deals.create", { body: { name: "Bare", references } });
    const bare = await openPanel("bare", { type: "deal", person, attributes: 'system="crm"' });
    await bare.press("Add to Cadenza");
    await bare.press("Add to Cadenza");
    await bare.sees("Noor is added.");
    const given = await crm.client("deals.get", { params: { id } });
    expect(given).toMatchObject({ name: "Bare", contactId: made.contact.id });
  });
});

describe("a hold", () => {
  it("is placed until a day with a note, taken back, placed for good reason, and released", async () => {
    const { key, contact } = await lead();
    const opened = await openPanel(key);
    const { panel, press, sees } = opened;
    const stands = () => crm.client("holds.get", { params: { id: contact.id } });
    await press(/^Hold or stop/);
    await panel.getByLabel("Next week").check();
    await panel.getByLabel("Note").fill("At the fair");
    await examine(opened, "hold");
    await press("Hold until Mon 30 Nov");
    await sees("Dana is on hold until Mon 30 Nov.");
    // As that Monday begins in New York.
    expect(await stands()).toMatchObject({
      kind: "manual",
      untilAt: "2026-11-30T05:00:00.000Z",
      note: "At the fair",
    });
    await press("Undo");
    await sees("Released. Everything goes on.");
    await expect(stands()).rejects.toMatchObject({ code: "hold_not_found" });

    await press(/^Hold or stop/);
    await panel.getByLabel("Another day").check();
    await press("Hold");
    await sees("Choose a day.");
    await panel.getByLabel("Day", { exact: true }).fill("2026-12-10");
    await panel.getByLabel("Dana asked for it").check();
    await press("Hold until Thu 10 Dec");
    await sees("Dana is on hold until Thu 10 Dec.");
    expect(await stands()).toMatchObject({ kind: "requested", untilAt: "2026-12-10T05:00:00.000Z" });
    await press(/^Hold or stop/);
    await sees(/Since today .*, as they asked for it\./);
    await examine(opened, "held");
    await press("Release");
    await sees("Released. Everything goes on.");
    await expect(stands()).rejects.toMatchObject({ code: "hold_not_found" });
  });

  it("for good is a manager's, wants the address written out, and ends what runs", async () => {
    const { key, contact } = await lead();
    const reps = await openPanel(key);
    await preview(reps, "New lead");
    await reps.press("Enroll Dana");
    await reps.sees("Dana is enrolled.");
    await reps.press(/^Hold or stop/);
    await reps.sees("Hold Dana");
    expect(await reps.panel.getByText("Never write to").count()).toBe(0);

    const mias = await openPanel(key, { user: "Mia" });
    await mias.press(/^Hold or stop/);
    await mias.panel.getByText("Never write to Dana again…").click();
    await mias.sees(`No mail goes to ${contact.email} any more`);
    await mias.panel.getByLabel(/write the address/).fill("somebody@acme.example");
    await mias.press("Never write again");
    await mias.sees("That is not the address.");
    await examine(mias, "never");
    await mias.panel.getByLabel(/write the address/).fill(` ${contact.email!.toUpperCase()} `);
    await mias.press("Never write again");
    await mias.sees(`No mail goes to ${contact.email} any more.`);
    await crm.pass(5 * minuteMs);
    expect(mailsTo(contact.email)).toEqual([]);
    await mias.press(/^Hold or stop/);
    await mias.sees(/Since today .*, by hand\./);
    await examine(mias, "suppressed");
  });
});

describe("who may not be enrolled is told why, in words", () => {
  const confirm = async (opened: Opened) => opened.press("Enroll Dana");

  it("who has no address is given one on the spot", async () => {
    const { key } = await lead({ email: null });
    const opened = await openPanel(key);
    await preview(opened, "New lead");
    await opened.sees("Dana has no email address");
    await examine(opened, "refused-no-email");
    await opened.panel.getByLabel("Email address").fill("dana.w@acme.example");
    await opened.press("Save");
    await confirm(opened);
    await opened.sees("Dana is enrolled.");
  });

  it("who has none needs none for calls alone", async () => {
    const { key } = await lead({ email: null });
    const opened = await openPanel(key);
    await preview(opened, "Calls only");
    await confirm(opened);
    await opened.sees("Dana is enrolled.");
  });

  it("who is suppressed stays out", async () => {
    const { key, contact } = await lead();
    const enroll = { name: "Enroll Dana", exact: true };
    const before = await openPanel(key);
    await preview(before, "New lead");
    await crm.client("suppressions.create", { body: { kind: "address", value: contact.email! } });
    await before.panel.getByRole("button", enroll).click();
    await before.sees("Dana is not to be written to");
    const after = await openPanel(key);
    await after.sees("No mail goes to Dana");
    expect(await after.panel.getByRole("button", enroll).count()).toBe(0);
  });

  it("who is on hold is released first; who asked for it is not released in passing", async () => {
    const { key, contact } = await lead();
    const held = (kind: "manual" | "requested") =>
      crm.client("holds.place", {
        params: { id: contact.id },
        body: { kind, untilAt: "2026-12-10T00:00:00Z" },
      });
    await held("requested");
    const asked = await openPanel(key);
    await preview(asked, "New lead");
    await asked.sees(/^Dana is on hold until/);
    expect(await asked.panel.getByRole("button", { name: "Release the hold" }).count()).toBe(0);
    await asked.press("See the hold");
    await asked.sees(/as they asked for it/);

    await held("manual");
    const opened = await openPanel(key);
    await preview(opened, "New lead");
    await opened.press("Release the hold");
    await confirm(opened);
    await opened.sees("Dana is enrolled.");
  });

  it("who is in it already is not enrolled twice, and who is in another is named with it", async () => {
    const { key } = await lead();
    const opened = await openPanel(key);
    await preview(opened, "New lead");
    await confirm(opened);
    await opened.sees("Dana is enrolled.");
    await preview(opened, "New lead");
    await opened.sees("Dana is in this sequence already");
    await opened.press("Another sequence");
    await opened.panel.getByRole("combobox").fill("Calls");
    await opened.panel.getByRole("option", { name: "Calls only" }).click();
    await opened.sees("Dana is also in New lead.");
  });

  it("who answered before is enrolled again only when somebody says so", async () => {
    const { key, contact } = await lead();
    const { items } = await crm.client("sequences.list", { query: { q: "Calls only" } });
    const sequence = { params: { id: items[0]!.id }, body: { contactId: contact.id, undoSeconds: 0 } };
    const { id } = await crm.client("enrollments.create", sequence);
    await crm.pass(3 * 24 * 60 * minuteMs);
    const { items: tasks } = await crm.client("tasks.list", { query: { contactId: contact.id } as never });
    const task = tasks.find(({ enrollmentId }) => enrollmentId === id)!;
    await crm.client("tasks.done", { params: { id: task.id }, body: { outcome: "not_interested" } });
    const opened = await openPanel(key);
    await preview(opened, "Calls only");
    await opened.sees("Dana was in this sequence before");
    await opened.sees(/It ended: Dana answered\./);
    await examine(opened, "refused-before");
    await opened.press("Enroll once more");
    await opened.sees("Dana is enrolled.");
  });

  it("our own mailbox, a role address, a sequence archived meanwhile: what only the server knows is told as well", async () => {
    const own = await lead({ email: "sales@northwind.example" });
    const ours = await openPanel(own.key);
    await preview(ours, "New lead");
    await confirm(ours);
    await ours.sees("That is one of your own mailboxes");
    expect((await ours.heard()).map(([name]) => name)).toEqual([]);

    const role = await lead({ email: `info@acme${people}.example` });
    const theirs = await openPanel(role.key);
    await preview(theirs, "New lead");
    await confirm(theirs);
    await theirs.sees(/looks like the address of a department/);

    const id = await published("Old one", [intro]);
    const { key } = await lead();
    const opened = await openPanel(key);
    await preview(opened, "Old one");
    await crm.client("sequences.archive", { params: { id } });
    await confirm(opened);
    await opened.sees("This sequence was archived");
    await opened.press("Another sequence");
    await opened.sees("No sequence is called “Old one”.");
  });

  it("no mailbox that can send is said before anybody presses", async () => {
    const { items } = await crm.client("mailboxes.list");
    for (const { id } of items) await crm.client("mailboxes.disable", { params: { id } });
    const { key } = await lead();
    const opened = await openPanel(key);
    await preview(opened, "New lead");
    await opened.sees("There is no mailbox to send from");
    await examine(opened, "refused-no-mailbox");
    for (const { id } of items) await crm.client("mailboxes.enable", { params: { id } });
  });
});

describe("in other languages", () => {
  it.each([
    ["de", "Sequenz", "So bald wie möglich", "Andere Sequenz"],
    ["es", "Secuencia", "Lo antes posible", "Otra secuencia"],
    ["fr", "Séquence", "Dès que possible", "Une autre séquence"],
  ])("%s: the way to an enrollment is in its words, and fits", async (locale, sequence, start, another) => {
    const { key } = await lead();
    const opened = await openPanel(key, { attributes: `locale="${locale}"` });
    await opened.panel.getByRole("button", { name: /Dana/ }).last().click();
    await opened.panel.getByRole("combobox", { name: sequence }).fill("Renewal");
    await opened.panel.getByRole("option", { name: "Renewal" }).click();
    await opened.sees(start);
    await opened.panel.getByRole("button", { name: another }).waitFor();
    await examine(opened, `preview-${locale}`);
  });
});
