/**
 * A rep's days with the panel, against everything as it is deployed: the Worker in workerd on real D1, real SMTP on both
 * ends of a mail, and a host's page on an origin of its own under a strict policy. Only business time is stepped.
 *
 * CADENZA_SCREENSHOTS=folder keeps a picture of where each journey turns.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { serviceToken, setClock } from "../../demo/office.ts";
import { humanReply } from "../../demo/replies.ts";
import { type Client, createClient, type RequestOf } from "../../shared/src/client.ts";
import type { Registered } from "../host-app.ts";
import { type Office, openOffice } from "../office.ts";
import { hostToken, monday } from "./crm.ts";
import { type BrowserOffice, type HostSite, openBrowserOffice, openHostSite } from "./office.ts";

// Seconds on two idle cores; the other tests may have those cores meanwhile.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const folder = process.env.CADENZA_SCREENSHOTS;
const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const dayMs = 24 * hourMs;
let now = monday;
let world: BrowserOffice;
let host: HostSite;
let service: Client;
let office: Office;
let app: Registered;
let inboundKey: string;
/** The host's pages, by path; and what its server answers a page that asks for a token. */
const pages = new Map<string, string>();
const answerTokenOf = new Map<string, () => Promise<string>>();
/** What any page's console said was wrong. */
const complaints: string[] = [];

const policy = () =>
  `default-src 'none'; script-src 'nonce-host'; style-src 'self'; connect-src 'self' ${world.url}`;

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  world = await openBrowserOffice(now);
  host = await openHostSite(async ({ pathname, searchParams }) => {
    if (pathname === "/token") return new Response(await answerTokenOf.get(searchParams.get("of")!)!());
    const html = pages.get(pathname);
    if (!html) return new Response("Not here", { status: 404 });
    const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": policy() };
    return new Response(html, { headers });
  });
  service = createClient({ baseUrl: world.url, token: serviceToken });
  office = await openOffice(service, world.url, world.mail.port);
  const { client } = office;
  const { id } = await client("embedApps.create", {
    body: { name: "CRM", origins: [host.origin], newMemberRole: "rep" },
  });
  const { kid, secret } = await client("embedApps.createSecret", { params: { id } });
  app = { workspace: "Northwind", key: office.token, id, kid, secret };
  const scopes = ["inbound" as const];
  inboundKey = (await client("apiKeys.create", { body: { name: "Inbound mail", scopes } })).token;
});
afterAll(async () => {
  await world?.close();
  await host?.close();
});

const robin = { name: "Robin", email: "robin@northwind.example" };
const token = (heldS = 600) => hostToken(app, world.url, robin, heldS);
/** Taken for ten seconds from now: for clocks that differ, a token holds a minute longer than it says. */
const shortToken = () => token(10 - 60);

/** Business time goes on, and the engine works until nothing is due. */
async function pass(ms: number): Promise<void> {
  now += ms;
  await setClock(world.url, now);
  await vi.waitFor(
    async () => {
      await service("internal.run");
      const { due, queue } = await office.client("health.get");
      expect({ due, queue }).toEqual({ due: 0, queue: { queued: 0, claimed: 0, sending: 0, dead: 0 } });
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** What the mail server took for this address. Subjects and words here are ASCII on short lines. */
const mailsTo = (address: string) => world.mail.accepted.filter(({ to }) => to === address);
const wordsOf = (mail: { raw: Buffer } | undefined) => mail?.raw.toString("latin1") ?? "";

type Steps = NonNullable<RequestOf<"sequences.create">["body"]["steps"]>;

async function published(name: string, steps: Steps): Promise<string> {
  const { client, mailboxId, scheduleId } = office;
  const { id } = await client("sequences.create", { body: { name, mailboxId, scheduleId, steps } });
  await client("sequences.publish", { params: { id } });
  return id;
}

const soon = { amount: 0, unit: "minutes" } as const;
const intro = {
  type: "email_auto",
  name: "Intro",
  delay: soon,
  subject: "A question about {{ company.name }}",
  body: "Hi {{ contact.first_name }}, is routing done by hand?",
} as const;
const followUp = {
  type: "email_auto",
  name: "Follow-up",
  delay: { amount: 2, unit: "days" },
  subject: "Once more",
  body: "Hi {{ contact.first_name }}, any news?",
} as const;
const call = {
  type: "call",
  name: "Call",
  delay: soon,
  title: "Call {{ contact.first_name }}",
  script: "Ask who decides about routing.",
} as const;

let people = 0;
/** A lead of the host's that Cadenza knows. */
async function lead(firstName = "Dana") {
  const key = String(4710 + ++people);
  const email = `${firstName.toLowerCase()}${people}@acme.example`;
  const { contact } = await office.client("contacts.create", {
    body: {
      ...{ email, firstName, lastName: "Whitfield", companyName: "Contoso Labs" },
      timeZone: "Europe/Lisbon",
      references: [{ system: "crm", type: "lead", id: key }],
    },
  });
  return { key, email, contactId: contact.id };
}

/** In at once, by a program. */
const enroll = (sequenceId: string, contactId: string) =>
  office.client("enrollments.create", {
    params: { id: sequenceId },
    body: { contactId, undoSeconds: 0 },
    idempotencyKey: crypto.randomUUID(),
  });

/** How a page hands in a new token when the panel wants one; it fetches it from its own server either way. */
type Renewal = "event" | "callback";
type Opening = { token?: string; renewal?: Renewal };

/** The host's page of this lead, with the panel as docs/embed.md puts it there; it keeps what it hears. */
async function openLead(key: string, { token: held = token(), renewal = "event" }: Opening = {}) {
  const renew = {
    event: `addEventListener("cadenza:token-needed", async ({ target }) =>
      target.setAttribute("token", await freshToken()));`,
    callback: `customElements.whenDefined("cadenza-panel").then(() => {
      document.querySelector("cadenza-panel").options = { getToken: freshToken };
    });`,
  };
  const path = `/leads/${key}`;
  pages.set(
    path,
    `<!doctype html><html lang="en"><title>CRM</title>
    <meta name="viewport" content="width=device-width">
    <script nonce="host">
      window.heard = [];
      for (const name of ["ready", "enrolled", "canceled", "resumed", "task-done", "error", "token-needed"])
        addEventListener("cadenza:" + name, ({ detail }) => heard.push([name, detail]));
      const freshToken = async () => (await fetch("/token?of=${key}")).text();
      ${renew[renewal]}
    </script>
    <script nonce="host" type="module" src="${world.url}/widget@1.js"></script>
    <h1>Lead ${key}</h1>
    <cadenza-panel app="${app.id}" token="${held}" entity-type="lead" entity-id="${key}"></cadenza-panel>`,
  );
  const page = await world.browser.newPage({
    viewport: { width: 400, height: 900 },
    timezoneId: "Europe/Lisbon",
    reducedMotion: "reduce",
  });
  page.setDefaultTimeout(30_000);
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(host.origin + path);
  return openedOn(page);
}

function openedOn(page: Page) {
  const panel = page.getByRole("group", { name: "Sequences" });
  const button = (name: string | RegExp) =>
    panel.getByRole("button", { name, exact: typeof name === "string" });
  return {
    page,
    panel,
    button,
    press: (name: string | RegExp) => button(name).click(),
    sees: (text: string | RegExp) => panel.getByText(text).first().waitFor(),
    /** The line that is the largest on the panel. */
    headline: (text: string | RegExp) => panel.getByRole("heading", { level: 3, name: text }).waitFor(),
    /** What happened, at a glance, the newest first. */
    happened: (text: string) =>
      panel
        .getByRole("listitem")
        .filter({ has: page.locator("time") })
        .filter({ hasText: text }),
    /** The rep looks at the page again, as when they come back from another tab. */
    looksAgain: () =>
      page.evaluate(`document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))`),
    picture: async (name: string) => {
      if (folder) await page.screenshot({ path: join(folder, `journey-${name}.png`) });
    },
    heard: () => page.evaluate("heard") as Promise<[string, Record<string, string>][]>,
  };
}
type Opened = ReturnType<typeof openedOn>;

/** To the preview of this sequence. */
async function preview({ panel, press, page }: Opened, sequence: string, name = "Dana"): Promise<Locator> {
  await press(`Enroll ${name}`);
  await panel.getByRole("combobox", { name: "Sequence" }).fill(sequence);
  await panel.getByRole("option", { name: sequence }).click();
  const touches = panel.getByRole("listitem").filter({ has: page.locator("time") });
  await touches.first().waitFor();
  return touches;
}

describe("a rep enrolls a lead", () => {
  beforeAll(async () => {
    await published("New lead", [intro, followUp]);
  });

  it("the mail arrives as previewed once the undo is over, the panel shows it sent, and a reply stops it and says so", async () => {
    const { key, email } = await lead();
    const opened = await openLead(key);
    const { page, press, sees, button, headline, happened, looksAgain, picture, heard } = opened;
    await headline("Start a follow-up for Dana");
    const touches = await preview(opened, "New lead");
    expect(await touches.allTextContents()).toEqual([
      expect.stringMatching(/Mon 23 Nov 9:0\d.*A question about Contoso Labs/),
      expect.stringMatching(/Wed 25 Nov 9:0\d.*Once more/),
    ]);
    await touches.getByText("A question about Contoso Labs").click();
    await sees("Hi Dana, is routing done by hand?");
    await press("Enroll Dana");
    await sees("Dana is enrolled.");
    await button("Undo").waitFor();
    await picture("enrolled");

    // As long as the button stands there, nothing leaves; then it does.
    await pass(10 * secondMs);
    expect(mailsTo(email)).toEqual([]);
    expect(await happened("Mail sent").count()).toBe(0);
    await pass(50 * secondMs);
    const [mail, ...others] = mailsTo(email);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ subject: "A question about Contoso Labs", from: robin.email });
    expect(wordsOf(mail)).toContain("Hi Dana, is routing done by hand?");
    // By itself: it looks more often after something was done.
    await happened("Mail sent").waitFor();
    await headline(/^Email goes out Wed 9:0\d$/);
    await sees(/step 2 of 2/);
    await picture("sent");

    await pass(hourMs);
    await receive(humanReply(email, mail!, now, "Call me on Thursday."));
    await pass(0);
    await looksAgain();
    await headline("Dana answered");
    await picture("answered");
    await sees("Nothing more goes out from this sequence.");
    await happened("Answered").waitFor();
    await press("Everything that happened");
    await sees("Call me on Thursday.");
    await picture("timeline");

    await pass(7 * dayMs);
    expect(mailsTo(email)).toHaveLength(1);
    expect((await heard()).map(([name]) => name)).toEqual(["ready", "enrolled"]);
    await page.close();
  });

  it("and takes it back: nothing is ever mailed, while a colleague's enrollment of the same moment is", async () => {
    const [dana, maya] = [await lead(), await lead("Maya")];
    const [danas, mayas] = await Promise.all([openLead(dana.key), openLead(maya.key)]);
    // Dana last: the button that takes her back stands there for ten of our seconds.
    for (const [opened, name] of [
      [mayas, "Maya"],
      [danas, "Dana"],
    ] as const) {
      await preview(opened, "New lead", name);
      await opened.press(`Enroll ${name}`);
      await opened.sees(`${name} is enrolled.`);
    }
    await danas.press("Undo");
    await danas.sees("Dana is taken out again. Nothing was sent.");
    await pass(60 * secondMs);
    expect(mailsTo(maya.email)).toHaveLength(1);
    await pass(7 * dayMs);
    expect(mailsTo(maya.email)).toHaveLength(2);
    expect(mailsTo(dana.email)).toEqual([]);
    expect((await danas.heard()).map(([name]) => name)).toEqual(["ready", "enrolled", "canceled"]);
    await Promise.all([danas.page.close(), mayas.page.close()]);
  });

  it("for whom a word is missing: it stops before the mail, says which word, and goes on with it once it is filled in", async () => {
    const subject = "Your renewal on {{ contact.custom.renewal_date }}";
    await published("Renewal", [{ ...intro, name: "Reminder", subject }, followUp]);
    const { key, email } = await lead();
    const opened = await openLead(key);
    const { page, panel, press, sees, headline, happened, looksAgain, picture, heard } = opened;
    await preview(opened, "Renewal");
    await sees("Renewal date is missing");
    await press("Enroll Dana");
    await sees("Dana is enrolled.");
    await pass(60 * secondMs);
    expect(mailsTo(email)).toEqual([]);
    await looksAgain();
    await headline(/^A word is missing: .*renewal_date/);
    await sees("The next step uses it. Nothing was sent.");
    await picture("missing");

    await press("Fill it in");
    await headline("Renewal date is missing");
    await sees("“Reminder” uses it. Nothing was sent.");
    await picture("fix");
    await panel.getByLabel("Renewal date").fill("12 January");
    await press("Save and continue");
    await sees("Saved. The sequence goes on.");
    await pass(60 * secondMs);
    expect(mailsTo(email)).toMatchObject([{ subject: "Your renewal on 12 January" }]);
    await looksAgain();
    await happened("Mail sent").waitFor();
    await sees(/step 2 of 2/);
    expect((await heard()).map(([name]) => name)).toEqual(["ready", "enrolled", "resumed"]);
    await page.close();
  });
});

describe("a rep does a task", () => {
  let sequenceId: string;

  beforeAll(async () => {
    sequenceId = await published("Call first", [call, followUp]);
  });

  /** Somebody who is to be called now. */
  async function toCall() {
    const known = await lead();
    await enroll(sequenceId, known.contactId);
    await pass(60 * secondMs);
    return known;
  }

  it("and the next step is scheduled from then, shown at once, and happens", async () => {
    const { key, email, contactId } = await toCall();
    const { page, panel, press, sees, headline, happened, looksAgain, picture, heard } = await openLead(key);
    await headline("Your turn: Call Dana");
    // The rep calls a day later; the delay counts from the call.
    await pass(dayMs);
    expect(mailsTo(email)).toEqual([]);
    await press("Open: Call Dana");
    await sees("Ask who decides about routing.");
    await panel.getByRole("radio", { name: "Connected" }).check();
    await sees("The sequence goes on with “Follow-up”.");
    await panel.getByLabel("Note").fill("Decides herself.");
    await picture("task");
    await press("Done");
    const at = new Date(now + 2 * dayMs);
    const day = new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone: "Europe/Lisbon" }).format(at);
    await sees(new RegExp(`^Done\\. Next: email ${day} \\d+:\\d\\d\\.$`));
    await headline(new RegExp(`^Email goes out ${day} `));
    await sees("Hi Dana, any news?");
    expect(await panel.getByText("For you to do").count()).toBe(0);
    await picture("task-done");

    await pass(2 * dayMs - hourMs);
    expect(mailsTo(email)).toEqual([]);
    await pass(2 * hourMs);
    expect(mailsTo(email)).toMatchObject([{ subject: "Once more" }]);
    await looksAgain();
    await headline("Every step is done");
    await happened("Mail sent").waitFor();
    const [, done] = await heard();
    expect(done).toEqual(["task-done", expect.objectContaining({ contactId, outcome: "connected" })]);
    await page.close();
  });

  it("over whose note the host's token expires: nothing typed is lost, and it is done once the page says anew who it is", async () => {
    const leads = [await toCall(), await toCall()];
    const note = "She decides herself; budget in May.";
    /** The host's server: its tokens hold for seconds, until it keeps its pages waiting for one. */
    let newest = shortToken();
    let kept: Promise<string> | null = null;
    let hand: (token: string) => void = () => {};
    const asked: Record<string, number> = {};
    const signFor = (key: string) => {
      asked[key] = (asked[key] ?? 0) + 1;
      if (!kept) newest = shortToken();
      return kept ?? Promise.resolve(newest);
    };
    const writeHalf = async ({ key, contactId }: (typeof leads)[number], renewal: Renewal) => {
      answerTokenOf.set(key, () => signFor(key));
      const opened = await openLead(key, { token: newest, renewal });
      await opened.press("Open: Call Dana");
      await opened.panel.getByRole("radio", { name: "Voicemail" }).check();
      await opened.panel.getByLabel("Note").fill(note);
      return { ...opened, key, contactId, renewal };
    };
    const reps = await Promise.all([writeHalf(leads[0]!, "event"), writeHalf(leads[1]!, "callback")]);
    kept = new Promise((done) => {
      hand = done;
    });
    const expired = async () => expect(await refusalOf(newest)).toBe("embed_token_expired");
    await vi.waitFor(expired, { timeout: 30_000, interval: 500 });

    const before = { ...asked };
    for (const { key, panel, press, sees, contactId, picture } of reps) {
      await press("Done");
      await sees("Waiting for this page to say who you are.");
      await vi.waitFor(() => expect(asked[key]).toBe((before[key] ?? 0) + 1));
      expect(await panel.getByLabel("Note").inputValue()).toBe(note);
      expect(await panel.getByRole("radio", { name: "Voicemail" }).isChecked()).toBe(true);
      expect(await openTasksOf(contactId)).toHaveLength(1);
      await picture("token-needed");
    }
    hand(token());
    for (const { sees } of reps) await sees(/^Done\. Next: email/);
    for (const { key, page, panel, headline, contactId, heard, renewal } of reps) {
      await headline(/^Email goes out/);
      expect(await panel.getByText("Waiting for this page").count()).toBe(0);
      expect(await openTasksOf(contactId)).toEqual([]);
      expect(await doneNotesOf(contactId)).toEqual([note]);
      expect(asked[key]).toBe((before[key] ?? 0) + 1);
      const names = (await heard()).map(([name]) => name);
      expect(names.filter((name) => name !== "token-needed")).toEqual(["ready", "task-done"]);
      expect(names.includes("token-needed")).toBe(renewal === "event");
      await page.close();
    }
  });

  async function openTasksOf(contactId: string) {
    const { items } = await office.client("tasks.list", { query: { status: "open", limit: 200 } });
    return items.filter((task) => task.contactId === contactId);
  }

  async function doneNotesOf(contactId: string) {
    const { items } = await office.client("contacts.timeline", { params: { id: contactId }, query: {} });
    return items.flatMap(({ type, data }) => (type === "task.done" ? [data.note] : []));
  }
});

/** @returns the code with which a host's token is refused, if it is. */
async function refusalOf(given: string): Promise<string | null> {
  const headers = { origin: host.origin, "content-type": "application/json" };
  const body = JSON.stringify({ token: given });
  const answer = await fetch(`${world.url}/v1/embed/session`, { method: "POST", headers, body });
  return answer.ok ? null : ((await answer.json()) as { code: string }).code;
}

/** Mail that came in, handed over as the mail program at the domain's end does it. */
async function receive(raw: string): Promise<void> {
  const headers = { authorization: `Bearer ${inboundKey}`, "content-type": "message/rfc822" };
  const answer = await fetch(`${world.url}/v1/inbound`, { method: "POST", headers, body: raw });
  expect(await answer.json()).toMatchObject({ outcome: "stopped", replyClass: "human" });
}

it("all of that was without an error in the Worker's log, and nothing broke the host's policy or its console", () => {
  expect(world.errors()).toEqual([]);
  // A refusal is a status, which a browser tells as well.
  expect(complaints.filter((text) => !/Failed to load resource|favicon/.test(text))).toEqual([]);
});
