/**
 * The panel as the place where reps work: tasks are done, put off and written, a mail nobody is sure of is settled, an
 * enrollment is looked at step by step and stopped, and everything that happened is read. In a host's page in a real
 * browser; every view is looked at by axe, in light and dark, and is no wider than a narrow sidebar.
 *
 * CADENZA_SCREENSHOTS=folder keeps a picture of every view.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { parseInbound } from "../../edge-api/src/mail/inbound.ts";
import type { RequestOf } from "../../shared/src/client.ts";
import { launchChromium } from "./chromium.ts";
import { type Crm, openCrm } from "./crm.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.CADENZA_SCREENSHOTS;
const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
let crm: Crm;
let browser: Browser;
let mailboxId: string;
let scheduleId: string;
/** While it is set, the wire takes mail and the connection breaks before it says so. */
let isWireBreaking = false;

type Steps = NonNullable<NonNullable<RequestOf<"sequences.create">["body"]>["steps"]>;
const now = { amount: 0, unit: "minutes" } as const;
const mail = {
  type: "email_auto",
  name: "Intro",
  delay: now,
  subject: "A question about {{ company.name }}",
  body: "Hi {{ contact.first_name }}, is routing still done by hand?",
} as const;
const followUp = {
  type: "email_auto",
  name: "Follow-up",
  delay: { amount: 2, unit: "days" },
  subject: "Once more, {{ contact.first_name }}",
  body: "Hi {{ contact.first_name }}, any news?",
} as const;
const call = {
  type: "call",
  name: "First call",
  delay: now,
  title: "Call {{ contact.first_name }} about routing",
  script: "Ask who decides.\nThen two references.",
} as const;
const linkedIn = {
  type: "task",
  kind: "linkedin_message",
  name: "LinkedIn note",
  delay: now,
  title: "Write to {{ contact.first_name }} on LinkedIn",
  note: "Hi {{ contact.first_name }}, I enjoyed your talk.",
} as const;
const written = {
  type: "email_manual",
  name: "Personal mail",
  delay: now,
  subject: "About {{ company.name }}",
  body: "Hi {{ contact.first_name }},\n\nwe met in Porto.",
} as const;

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  [crm, browser] = [await openCrm(), await launchChromium()];
  const open = crm.system.openTransport;
  crm.system.openTransport = async (mailbox) => {
    const wire = await open(mailbox);
    return {
      ...wire,
      deliver: (message) =>
        isWireBreaking
          ? Promise.resolve({ kind: "ambiguous", detail: "The connection broke." })
          : wire.deliver(message),
    };
  };
  const hours = { windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }], jitterMinutes: 0 };
  scheduleId = (await crm.client("schedules.create", { body: { name: "Always", ...hours } })).id;
  const smtp = { host: "127.0.0.1", port: 25, security: "none", user: "x", password: "y" } as const;
  const box = { address: "robin@northwind.example", name: "Robin", ownerId: null, smtp };
  mailboxId = (await crm.client("mailboxes.create", { body: { ...box, dailyCap: 500, gapSeconds: 0 } })).id;
});
afterEach(() => {
  crm.outage = null;
  isWireBreaking = false;
});
afterAll(async () => {
  await browser?.close();
  crm?.close();
});

let made = 0;
/** A lead of the host's who is in a sequence of these steps, whatever is due at once done. */
async function enrolled(steps: Steps, more: Partial<RequestOf<"enrollments.create">["body"]> = {}) {
  const key = `l${++made}`;
  const { contact } = await crm.client("contacts.create", {
    body: {
      email: `dana${made}@acme.example`,
      firstName: "Dana",
      lastName: "Whitfield",
      companyName: "Contoso Labs",
      phone: "+351 21 000 1234",
      linkedinUrl: "https://www.linkedin.com/in/nobody",
      timeZone: "Europe/Lisbon",
      references: [{ system: "crm", type: "lead", id: key }],
    },
  });
  const enrollmentId = await enroll(contact.id, `Sequence ${made}`, steps, more);
  return { key, contact, enrollmentId };
}

async function enroll(contactId: string, name: string, steps: Steps, more = {}): Promise<string> {
  const { id } = await crm.client("sequences.create", { body: { name, mailboxId, scheduleId, steps } });
  await crm.client("sequences.publish", { params: { id } });
  const body = { contactId, undoSeconds: 0, ...more };
  const { id: enrollmentId } = await crm.client("enrollments.create", { params: { id }, body });
  await crm.pass(minuteMs);
  return enrollmentId;
}

const enrollment = (id: string) => crm.client("enrollments.get", { params: { id } });
async function taskOf(enrollmentId: string, status: "open" | "done" | "skipped" = "open") {
  const { items } = await crm.client("tasks.list", { query: { enrollmentId, status } });
  return items[0]!;
}
/** What left for this address, as who gets it reads it. */
async function mailsTo(email: string | null) {
  const mails = crm.delivered.filter(({ to }) => to === email).map(({ mime }) => parseInbound(mime));
  return (await Promise.all(mails)).map((read) => ({
    subject: read!.subject,
    text: read!.text.replace(/\r\n/g, "\n"),
  }));
}

/** How the day is called that many days ahead, on the clock that all of these tests share. */
const dayIn = (days: number) =>
  new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone: "UTC" }).format(
    crm.system.now() + days * dayMs,
  );
const dateIn = (days: number) => new Date(crm.system.now() + days * dayMs).toISOString().slice(0, 10);

type Opening = { user?: string; attributes?: string; before?: string };

/** A page of the host with the panel of this record in it, which keeps what it hears. */
async function openPanel(key: string, { user = "Robin", attributes = "", before = "" }: Opening = {}) {
  const page = await browser.newPage({
    viewport: { width: 400, height: 900 },
    timezoneId: "Europe/Lisbon",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  page.setDefaultTimeout(20_000);
  const html = `<!doctype html><html lang="en"><title>CRM</title>
    <meta name="viewport" content="width=device-width">
    <style>:root { color-scheme: light dark } body { margin: 12px; font: 14px sans-serif; background: light-dark(#eceef1, #0c0d0f) }</style>
    <script>
      ${before}
      window.heard = [];
      for (const name of ["task-done", "canceled", "paused", "error"])
        addEventListener("cadenza:" + name, ({ detail }) => heard.push([name, detail]));
    </script>
    <script type="module" src="${crm.cadenza}/widget.js"></script>
    <main><button>Before</button>
    <cadenza-panel app="${crm.registered.id}" token="${crm.tokenFor({ name: user })}"
      entity-type="lead" entity-id="${key}" ${attributes}></cadenza-panel></main>`;
  await page.goto(crm.page(`/lead/${key}/${user}`, html));
  const panel = page.locator("cadenza-panel");
  return {
    page,
    panel,
    press: (name: string | RegExp) =>
      panel
        .getByRole("button", { name, exact: typeof name === "string" })
        .first()
        .click(),
    sees: (text: string | RegExp) => panel.getByText(text).first().waitFor(),
    lacks: async (text: string | RegExp) => expect(await panel.getByText(text).count()).toBe(0),
    /** As a host does after its own change of the record. */
    refresh: () => page.evaluate("document.querySelector('cadenza-panel').refresh()"),
    heard: () => page.evaluate("heard") as Promise<[string, Record<string, string>][]>,
  };
}
type Opened = Awaited<ReturnType<typeof openPanel>>;

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
    if (folder) await panel.screenshot({ path: join(folder, `work-${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 304, height: 900 });
  expect([name, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([name, 304]);
  await page.setViewportSize({ width: 400, height: 900 });
}

describe("a call", () => {
  it("is done with its outcome and a note: the next step is scheduled, and shown at once", async () => {
    const { key, contact, enrollmentId } = await enrolled([call, followUp]);
    const opened = await openPanel(key);
    const { panel, press, sees, heard } = opened;
    await press(/^Open: Call Dana/);
    await sees("Ask who decides.");
    expect(await panel.getByRole("link", { name: "Call +351 21 000 1234" }).getAttribute("href")).toBe(
      "tel:+351210001234",
    );
    await examine(opened, "call");
    await sees("The sequence goes on with “Follow-up”.");
    await panel.getByLabel("Voicemail").check();
    await panel.getByLabel("Note").fill("Better before ten.");
    await press("Done");
    await sees(new RegExp(`^Done\\. Next: email ${dayIn(2)} \\d+:\\d\\d\\.$`));
    await sees(new RegExp(`^Email goes out ${dayIn(2)} \\d+:\\d\\d$`));
    const task = await taskOf(enrollmentId, "done");
    expect(task).toMatchObject({ outcome: "voicemail", note: "Better before ten." });
    expect(await heard()).toEqual([
      ["task-done", { taskId: task.id, contactId: contact.id, outcome: "voicemail" }],
    ]);
    await crm.pass(2 * dayMs);
    expect(await mailsTo(contact.email)).toMatchObject([{ subject: "Once more, Dana" }]);
  });

  it.each([
    ["Not interested", "Dana has answered", "Done. Dana answered.", "completed", "replied"],
    [
      "Meeting booked",
      "a meeting is what it was for",
      "Done. A meeting is booked.",
      "completed",
      "meeting_booked",
    ],
    ["Wrong number", "somebody else is behind that number", "Done. Stopped by hand.", "canceled", "manual"],
  ])(
    "that ends as “%s” says so before, ends the sequence, and nothing is mailed any more",
    async (...row) => {
      const [outcome, before, after, status, reason] = row;
      const { key, contact, enrollmentId } = await enrolled([call, followUp]);
      const { panel, press, sees } = await openPanel(key);
      await press(/^Open: Call Dana/);
      await panel.getByLabel(outcome, { exact: true }).check();
      await sees(before);
      await press("Done, and end the sequence");
      await sees(after);
      expect(await enrollment(enrollmentId)).toMatchObject({ status, reason });
      await crm.pass(3 * dayMs);
      expect(await mailsTo(contact.email)).toEqual([]);
    },
  );

  it.each(["Connected", "Interested", "No answer", "Busy"])(
    "that ends as “%s” lets it go on",
    async (outcome) => {
      const { key, enrollmentId } = await enrolled([call, followUp]);
      const { panel, press, sees } = await openPanel(key);
      await press(/^Open: Call Dana/);
      await panel.getByLabel(outcome, { exact: true }).check();
      await sees("The sequence goes on with “Follow-up”.");
      await press("Done");
      await sees(/^Done\. Next: email/);
      expect(await enrollment(enrollmentId)).toMatchObject({ status: "active", stepId: 2 });
    },
  );

  it("that was the last step says that the sequence is finished then, and that it is", async () => {
    const { key } = await enrolled([call]);
    const { press, sees } = await openPanel(key);
    await press(/^Open: Call Dana/);
    await sees("It was the last step: the sequence is finished then.");
    await press("Skip");
    await sees("Skipped. Every step is done.");
  });

  it("is put off to tomorrow's morning, or to a time of one's own, which must be ahead", async () => {
    const { key, enrollmentId } = await enrolled([call, followUp]);
    const opened = await openPanel(key);
    const { panel, press, sees } = opened;
    await press(/^Open: Call Dana/);
    await press("Later…");
    await sees("Again when?");
    await examine(opened, "later");
    await panel.getByLabel("tomorrow 9:00").check();
    await press("Put off");
    await sees("Put off: due tomorrow 9:00.");
    expect((await taskOf(enrollmentId)).dueAt).toBe(`${dateIn(1)}T09:00:00.000Z`);
    await sees("due tomorrow 9:00");

    await press(/^Open: Call Dana/);
    await press("Later…");
    await panel.getByLabel("Another time").first().check();
    await press("Put off");
    await sees("Choose a day and a time.");
    await panel.locator("input[type=datetime-local]").fill("2026-11-02T08:00");
    await press("Put off");
    await sees("This is over already.");
    await panel.locator("input[type=datetime-local]").fill("2027-01-14T16:30");
    await press("Put off");
    await sees(/^Put off: due Thu,? 14 Jan 16:30\.$/);
    expect((await taskOf(enrollmentId)).dueAt).toBe("2027-01-14T16:30:00.000Z");
  });

  it("keeps what was typed through a failure, Escape, Back and a refresh; and can be tried again", async () => {
    const { key, enrollmentId } = await enrolled([call, followUp]);
    const { page, panel, press, sees, refresh, heard } = await openPanel(key);
    await press(/^Open: Call Dana/);
    const note = panel.getByLabel("Note");
    const stays = async () => expect(await note.inputValue()).toBe("Half a thought");
    await note.fill("Half a thought");
    await page.keyboard.press("Escape");
    await refresh();
    if ((await note.count()) === 0) await press(/^Open: Call Dana/);
    await stays();
    await press("Back");
    await press(/^Open: Call Dana/);
    await stays();
    crm.outage = (path) => (path.endsWith("/done") ? new Response("gone", { status: 503 }) : null);
    await press("Done");
    await sees(/Done did not work\..*Nothing was changed\./);
    await stays();
    expect((await taskOf(enrollmentId)).status).toBe("open");
    crm.outage = null;
    await press("Try again");
    await sees(/^Done\. Next:/);
    expect(await taskOf(enrollmentId, "done")).toMatchObject({ note: "Half a thought" });
    expect((await heard()).map(([name]) => name)).toEqual(["error", "task-done"]);
  });

  it("that somebody else closed meanwhile says so, and keeps what was typed where it can be read", async () => {
    const { key, enrollmentId } = await enrolled([call, followUp]);
    const opened = await openPanel(key);
    const { panel, press, sees, refresh } = opened;
    await press(/^Open: Call Dana/);
    await panel.getByLabel("Note").fill("She was friendly");
    await crm.client("tasks.done", { params: { id: (await taskOf(enrollmentId)).id } });
    await press("Done");
    await sees(/It has been closed meanwhile\./);
    await refresh();
    await sees("This task has been done meanwhile. What you typed is kept here.");
    expect(await panel.getByLabel("Note").inputValue()).toBe("She was friendly");
    expect(await panel.getByRole("button", { name: "Done", exact: true }).count()).toBe(0);
    await examine(opened, "closed");
  });

  it("of another owner can be read, and says whose it is; a viewer learns that they may only look", async () => {
    const add = (name: string, role: "rep" | "viewer") =>
      crm.client("members.create", {
        body: { name, email: `${name.toLowerCase()}@northwind.example`, role },
      });
    const [noor] = [await add("Noor", "rep"), await add("Vic", "viewer")];
    const { key } = await enrolled([call, followUp], { ownerId: noor.id });
    const robins = await openPanel(key);
    await robins.press(/^Open: Call Dana/);
    await robins.sees("This task is Noor’s. You can read it; only they can close it.");
    await robins.sees("Ask who decides.");
    expect(await robins.panel.getByRole("button", { name: /^(Done|Skip|Later)/ }).count()).toBe(0);
    await examine(robins, "others");
    const vics = await openPanel(key, { user: "Vic" });
    await vics.press(/^Open: Call Dana/);
    await vics.sees("You may look here, not change anything.");
    expect(await vics.panel.getByRole("button", { name: /^(Done|Skip|Later)/ }).count()).toBe(0);
    const noors = await openPanel(key, { user: "Noor" });
    await noors.press(/^Open: Call Dana/);
    await noors.press("Done");
    await noors.sees(/^Done\. Next:/);
  });

  it("is done by keyboard alone, and the focus never leaves the panel", async () => {
    const { key, enrollmentId } = await enrolled([call, followUp]);
    const { page, panel, sees } = await openPanel(key);
    await panel.getByRole("button", { name: /^Open: Call Dana/ }).waitFor();
    await page.getByRole("button", { name: "Before" }).focus();
    const focused = () =>
      page.evaluate(`(() => {
        const { activeElement: at } = document.querySelector("cadenza-panel").shadowRoot;
        return at && (at.getAttribute("aria-label") ?? (at.textContent || at.value));
      })()`) as Promise<string | null>;
    const tabTo = async (name: RegExp) => {
      for (let presses = 0; presses < 40; presses++) {
        if (name.test((await focused()) ?? "")) return;
        await page.keyboard.press("Tab");
      }
      throw new Error(`${name} is never reached by Tab`);
    };
    await tabTo(/^Open: Call Dana/);
    await page.keyboard.press("Enter");
    await sees("How did it go?");
    await vi.waitFor(async () => expect(await focused()).toBe("Call Dana about routing"));
    await tabTo(/^connected$/);
    for (let step = 0; step < 4; step++) await page.keyboard.press("ArrowRight");
    expect(await focused()).toBe("busy");
    await tabTo(/^Done$/);
    await page.keyboard.press("Enter");
    await sees(/^Done\. Next:/);
    expect(await taskOf(enrollmentId, "done")).toMatchObject({ outcome: "busy" });
    await vi.waitFor(async () => expect(await focused()).toBeTruthy());
  });
});

describe("a LinkedIn touch", () => {
  it("has its text to copy and the profile to open, and is done", async () => {
    const { key, enrollmentId } = await enrolled([linkedIn, followUp]);
    const opened = await openPanel(key);
    const { page, panel, press, sees } = opened;
    await press(/^Open: Write to Dana/);
    const profile = panel.getByRole("link", { name: "Open Dana’s profile" });
    expect(await profile.getAttribute("href")).toBe("https://www.linkedin.com/in/nobody");
    expect(await profile.getAttribute("rel")).toContain("noopener");
    await examine(opened, "linkedin");
    await press("Copy");
    await sees("Copied");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("Hi Dana, I enjoyed your talk.");
    await press("Done");
    await sees(/^Done\. Next: email/);
    expect(await taskOf(enrollmentId, "done")).toMatchObject({ outcome: "completed", note: null });
  });

  it("is copied where the page forbids the clipboard, and says so where nothing helps", async () => {
    const { key } = await enrolled([linkedIn, followUp]);
    const forbidden = "navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));";
    const { page, panel, press, sees } = await openPanel(key, { before: forbidden });
    await press(/^Open: Write to Dana/);
    const copy = panel.getByRole("button", { name: "Copy" });
    await copy.focus();
    await page.keyboard.press("Enter");
    await sees("Copied");
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("Hi Dana, I enjoyed your talk.");
    // The keyboard is where it was.
    expect(await copy.evaluate((button) => button.matches(":focus"))).toBe(true);
    await page.evaluate("document.execCommand = () => false");
    await press("Copy");
    await sees("It could not be copied. Mark the text and copy it yourself.");
  });
});

describe("a manual mail", () => {
  it("is edited and approved, and goes out with exactly these words", async () => {
    const { key, contact, enrollmentId } = await enrolled([written, followUp]);
    const opened = await openPanel(key);
    const { panel, press, sees, refresh, heard } = opened;
    await press(/^Open: /);
    await sees(`To ${contact.email}, from robin@northwind.example`);
    await examine(opened, "mail");
    const [subject, body] = [panel.getByLabel("Subject"), panel.getByLabel("Text")];
    expect(await body.inputValue()).toBe("Hi Dana,\n\nwe met in Porto.");
    await subject.fill("");
    await press("Approve and send");
    await sees("A subject is needed.");
    await subject.fill("Porto, and a question");
    await body.fill("Dear Dana,\n\nyour talk was the best one. [Name the reason]\n\nMay I call you?");
    await press("Approve and send");
    await sees("[Name the reason] would be sent as it stands. Fill it in first.");
    expect(await body.getAttribute("aria-invalid")).toBe("true");
    await examine(opened, "mail-refused");
    await body.fill("Dear Dana,\n\nyour talk was the best one – really.\n\nMay I call you?");
    await refresh();
    expect(await subject.inputValue()).toBe("Porto, and a question");
    crm.outage = (path) => (path.endsWith("/approval") ? new Response("gone", { status: 503 }) : null);
    await press("Approve and send");
    await sees(/Approve and send did not work\..*cannot be reached/);
    crm.outage = null;
    // What is tried again is tried with the words as they stand by then.
    await subject.fill("Porto, and one question");
    await press("Try again");
    await sees("Approved. The mail goes out in a moment.");
    expect((await heard()).at(-1)).toEqual([
      "task-done",
      { taskId: (await taskOf(enrollmentId, "done")).id, contactId: contact.id, outcome: "completed" },
    ]);
    await crm.pass(minuteMs);
    const [sent, ...others] = await mailsTo(contact.email);
    expect(others).toEqual([]);
    expect(sent!.subject).toBe("Porto, and one question");
    expect(
      sent!.text.startsWith("Dear Dana,\n\nyour talk was the best one – really.\n\nMay I call you?\n"),
    ).toBe(true);
    await refresh();
    await sees(`Email goes out ${dayIn(2)}`);
  });

  it("that went out by other ways is done so, and nothing is sent", async () => {
    const { key, contact, enrollmentId } = await enrolled([written, followUp]);
    const { press, sees } = await openPanel(key);
    await press(/^Open: /);
    await press("I sent it elsewhere");
    await sees(/^Done\. Next: email/);
    expect(await taskOf(enrollmentId, "done")).toMatchObject({ outcome: "sent_elsewhere" });
    await crm.pass(minuteMs);
    expect(await mailsTo(contact.email)).toEqual([]);
  });

  it("of a paused sequence says why it cannot go out", async () => {
    const { key, enrollmentId } = await enrolled([written, followUp]);
    await crm.client("enrollments.pause", { params: { id: enrollmentId } });
    const { panel, press, sees } = await openPanel(key);
    await press(/^Open: /);
    await sees("The sequence is paused or has ended, so nothing can go out from here.");
    expect(await panel.getByRole("button", { name: "Approve and send" }).count()).toBe(0);
  });
});

describe("a mail nobody is sure of", () => {
  async function unsure() {
    isWireBreaking = true;
    const found = await enrolled([mail, followUp]);
    for (let turns = 0; (await enrollment(found.enrollmentId)).status !== "paused"; turns++) {
      expect(turns).toBeLessThan(5);
      await crm.pass(30 * minuteMs);
    }
    isWireBreaking = false;
    return found;
  }

  it("that arrived counts as sent, and the sequence goes on from there", async () => {
    const { key, contact, enrollmentId } = await unsure();
    const opened = await openPanel(key);
    const { press, sees } = opened;
    await press("Say whether it did");
    await sees(`Did the mail to ${contact.email} arrive?`);
    await sees("A question about Contoso Labs");
    await sees("Look in the Sent folder of robin@northwind.example, or ask.");
    await examine(opened, "settle");
    await press("It arrived");
    await sees(/^It counts as sent\. Next: email/);
    await crm.pass(minuteMs);
    expect(await enrollment(enrollmentId)).toMatchObject({ status: "active", stepId: 2 });
    expect(await mailsTo(contact.email)).toEqual([]);
  });

  it("that did not arrive is sent again, once, after it was said what that means; its task asks the same", async () => {
    const { key, contact, enrollmentId } = await unsure();
    const { panel, press, sees, refresh } = await openPanel(key);
    await press(/^Open: Find out whether/);
    await sees("If the first one did arrive after all, Dana gets it twice.");
    await press("It did not arrive");
    await sees("It is sent again.");
    expect(await panel.getByRole("button", { name: "Pause" }).count()).toBeGreaterThan(0);
    await crm.pass(minuteMs);
    await crm.pass(minuteMs);
    expect(await mailsTo(contact.email)).toMatchObject([{ subject: "A question about Contoso Labs" }]);
    expect(await enrollment(enrollmentId)).toMatchObject({ status: "active", stepId: 2 });
    await refresh();
    await sees(`Email goes out ${dayIn(2)}`);
  });

  it("that somebody else settled meanwhile says so", async () => {
    const { key, enrollmentId } = await unsure();
    const { press, sees, refresh } = await openPanel(key);
    await press("Say whether it did");
    await sees("It arrived");
    const { items } = await crm.client("enrollments.sends", { params: { id: enrollmentId } });
    await crm.client("sends.settle", { params: { id: items[0]!.id }, body: { arrived: true } });
    await press("It arrived");
    await sees("It has been settled meanwhile.");
    await refresh();
    await sees("This is settled already.");
  });
});

describe("all steps of an enrollment", () => {
  it("are told with when each was done, why it waits, and what is to come, mails to be read", async () => {
    const { key } = await enrolled([
      mail,
      call,
      followUp,
      { ...linkedIn, delay: { amount: 1, unit: "days" } },
    ]);
    await crm.pass(minuteMs);
    const opened = await openPanel(key);
    const { panel, press, sees, lacks } = opened;
    await press("All steps");
    await sees("A person has to do this first. The next step counts from then.");
    await sees(/^Looked at again /);
    const steps = panel.getByRole("list").filter({ hasText: "Follow-up" }).getByRole("listitem");
    const told = await steps.allTextContents();
    expect(told[0]).toMatch(/^1 · IntroEmail · Sent today \d+:\d\dA question about Contoso Labs$/);
    expect(told[1]).toMatch(/^2 · First callCall · due today \d+:\d\d/);
    expect(told[2]).toMatch(
      new RegExp(`^3 · Follow-upEmail · ${dayIn(2)} \\d+:\\d\\d, if the task before it is done by then`),
    );
    expect(told[3]).toMatch(new RegExp(`^4 · LinkedIn noteTask · if so, ${dayIn(3)} `));
    expect(await steps.nth(1).getAttribute("aria-current")).toBe("step");
    await lacks("Hi Dana, any news?");
    await press("Show the mail: Follow-up");
    await sees("Hi Dana, any news?");
    await examine(opened, "plan");
    await press("Hide the mail: Follow-up");
    await lacks("Hi Dana, any news?");
  });

  it("move on when one is skipped, and dates are the person's first, then the rep's", async () => {
    const { key, contact, enrollmentId } = await enrolled([call, followUp]);
    await crm.client("contacts.update", {
      params: { id: contact.id },
      body: { timeZone: "America/New_York" },
    });
    const { panel, press, sees } = await openPanel(key);
    await press("All steps");
    await press("Skip this step");
    await sees("Step skipped.");
    expect(await enrollment(enrollmentId)).toMatchObject({ stepId: 2 });
    await sees("This step comes 2 days after the one before.");
    const steps = panel.getByRole("list").filter({ hasText: "Follow-up" }).getByRole("listitem");
    expect(await steps.nth(0).textContent()).toMatch(/^1 · First callCall · Skipped today \d+:\d\d/);
    expect(await steps.nth(1).textContent()).toMatch(
      new RegExp(`Goes out ${dayIn(2)} \\d+:\\d\\d${dayIn(2)} \\d+:\\d\\d for you`),
    );
  });

  it("of one that was stopped say where, and that the rest does not happen", async () => {
    const { key, enrollmentId } = await enrolled([mail, call, followUp]);
    await crm.pass(minuteMs);
    const opened = await openPanel(key);
    await opened.press("All steps");
    await opened.sees("Why it waits");
    await crm.client("enrollments.cancel", {
      params: { id: enrollmentId },
      body: { detail: "Moved abroad." },
    });
    await opened.refresh();
    await opened.sees("Stopped by hand: Moved abroad.");
    const steps = opened.panel.getByRole("list").filter({ hasText: "Follow-up" }).getByRole("listitem");
    expect(await steps.nth(1).textContent()).toContain("Stopped here");
    expect(await steps.nth(2).textContent()).toContain("Does not happen");
    await examine(opened, "plan-stopped");
  });
});

describe("stopping", () => {
  it("takes the next mail back, says what goes on, and is undone within ten seconds", async () => {
    const { key, contact, enrollmentId } = await enrolled([mail, followUp]);
    await enroll(contact.id, "Onboarding", [{ ...call, delay: { amount: 5, unit: "days" } }]);
    const opened = await openPanel(key);
    const { panel, press, sees, heard } = opened;
    const stop = async () => {
      const block = panel.locator(".block").filter({ has: panel.page().getByText(`Sequence ${made}`) });
      await block.getByRole("button", { name: "Stop…" }).click();
    };
    await stop();
    await sees("The next mail, “Once more, Dana”, does not go out.");
    await sees("Not stopped: Onboarding.");
    await examine(opened, "stop");
    await press("Bad moment");
    await press("Stop it");
    await sees("Stopped.");
    expect(await enrollment(enrollmentId)).toMatchObject({
      status: "canceled",
      reason: "manual",
      detail: "Bad moment",
    });
    expect(await heard()).toEqual([["canceled", { enrollmentId, contactId: contact.id }]]);
    await press("Undo");
    await sees("Reopened.");
    expect(await enrollment(enrollmentId)).toMatchObject({ status: "active", stepId: 2 });

    await stop();
    await panel.getByLabel("Why?").fill("Asked us to wait for the new year");
    await press("Stop it");
    await sees("Stopped.");
    await crm.pass(4 * dayMs);
    expect(await mailsTo(contact.email)).toMatchObject([{ subject: "A question about Contoso Labs" }]);
  });

  it("can be a pause instead", async () => {
    const { key, enrollmentId } = await enrolled([mail, followUp]);
    const { press, sees, heard } = await openPanel(key);
    await press("Stop…");
    await press("Pause instead");
    await sees("Paused.");
    expect(await enrollment(enrollmentId)).toMatchObject({ status: "paused", reason: "manual" });
    expect((await heard()).map(([name]) => name)).toEqual(["paused"]);
  });
});

describe("the timeline", () => {
  it("tells everything by day, page after page, and mails or tasks alone", async () => {
    const { key, contact } = await enrolled([mail, call, followUp]);
    await crm.pass(minuteMs);
    for (let change = 0; change < 75; change++) {
      await crm.client("contacts.update", { params: { id: contact.id }, body: { title: `Title ${change}` } });
    }
    const opened = await openPanel(key);
    const { panel, press, sees, lacks } = opened;
    await press("Everything that happened");
    const lines = panel.getByRole("listitem");
    await vi.waitFor(async () => expect(await lines.count()).toBe(20));
    await sees("job title");
    await lacks("This is the beginning.");
    await press("Earlier");
    await vi.waitFor(async () => expect(await lines.count()).toBe(70));
    await press("Earlier");
    await sees("This is the beginning.");
    // Five happenings of the enrollment and its person, and 75 changes; that a mail was made is not told beside its going.
    await vi.waitFor(async () => expect(await lines.count()).toBe(79));
    await panel.getByLabel("Mails", { exact: true }).check();
    await vi.waitFor(async () => expect(await lines.allTextContents()).toHaveLength(1));
    expect(await lines.first().textContent()).toMatch(/^\d+:\d\dMail sentA question about Contoso Labs$/);
    await examine(opened, "timeline");
    await panel.getByLabel("Tasks", { exact: true }).check();
    expect(await lines.first().textContent()).toMatch(/Call Dana about routing$/);
  });

  it("names who did it and what they wrote, and what is new comes by itself, day by day", async () => {
    const { key } = await enrolled([call, followUp]);
    await crm.pass(dayMs);
    const opened = await openPanel(key);
    const { panel, press, sees } = opened;
    await press("Everything that happened");
    await panel.getByRole("heading", { name: "Yesterday" }).waitFor();
    await press("Back");
    await press(/^Open: Call Dana/);
    await panel.getByLabel("No answer").check();
    await panel.getByLabel("Note").fill("Rang twice.");
    await press("Done");
    await sees(/^Done\. Next:/);
    await press("Everything that happened");
    await panel.getByRole("heading", { name: "Today" }).waitFor();
    const done = panel.getByRole("listitem").filter({ hasText: "Task done" });
    await vi.waitFor(async () =>
      expect(await done.textContent()).toMatch(
        /^\d+:\d\dTask done · RobinCall Dana about routing · no answerRang twice\.$/,
      ),
    );
  });

  it("says when earlier pages cannot be read, keeps what it has, and tries again", async () => {
    const { key, contact } = await enrolled([call, followUp]);
    for (let change = 0; change < 25; change++) {
      await crm.client("contacts.update", { params: { id: contact.id }, body: { title: `Title ${change}` } });
    }
    const { panel, press, sees } = await openPanel(key);
    await press("Everything that happened");
    crm.outage = (path) =>
      path.endsWith("/timeline")
        ? Response.json({ code: "internal", detail: "Something broke." }, { status: 500 })
        : null;
    await press("Earlier");
    await panel.getByRole("alert").waitFor();
    expect(await panel.getByRole("listitem").count()).toBe(20);
    crm.outage = null;
    await press("Try again");
    await sees("This is the beginning.");
  });
});

describe("in German", () => {
  it("the first screen and every view speak it, dates too, and stand in a narrow sidebar", async () => {
    const { key } = await enrolled([mail, call, followUp]);
    await crm.pass(minuteMs);
    const opened = await openPanel(key, { attributes: 'locale="de-DE"' });
    const { panel, press, sees } = opened;
    await sees("Sie sind dran: Call Dana about routing");
    await examine(opened, "de-first");
    await press(/^Öffnen: Call Dana/);
    await sees("Wie lief es?");
    await press("Später…");
    await panel.getByLabel(/^morgen 0?9:00$/).waitFor();
    await examine(opened, "de-call");
    await press("Zurück");
    await press("Alle Schritte");
    await sees("Zuerst muss jemand diese Aufgabe erledigen.");
    await examine(opened, "de-plan");
    await press("Zurück");
    await press("Beenden…");
    await sees("Stattdessen anhalten");
    await examine(opened, "de-stop");
    await press("Zurück");
    await press(/^Alles, was/);
    await panel.getByRole("heading", { name: "Heute" }).waitFor();
    await examine(opened, "de-timeline");
    await press("Zurück");
    await press(/^Öffnen: Call Dana/);
    await panel.getByLabel("Kein Interesse").check();
    await press("Erledigt, Sequenz beenden");
    await sees("Erledigt. Dana hat geantwortet.");
  });

  it.each([
    ["es", "Le toca a usted: Call Dana about routing"],
    ["fr", "À vous : Call Dana about routing"],
  ])("and in %s", async (locale, title) => {
    const { key } = await enrolled([call, followUp]);
    const opened = await openPanel(key, { attributes: `locale="${locale}"` });
    await opened.sees(title);
    await examine(opened, `${locale}-first`);
  });
});
