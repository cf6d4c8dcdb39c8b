/**
 * The sequences page as people use it: in a host's page and at `/app` after signing in, in a real Chromium against the
 * API. Every state is looked at by axe in light and dark, and none is wider than a phone.
 *
 * CADENZA_SCREENSHOTS=folder keeps a picture of each, in light, dark and narrow.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SystemMail } from "../../edge-api/src/domain/system.ts";
import { launchChromium } from "./chromium.ts";
import { type Crm, openCrm } from "./crm.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const folder = process.env.CADENZA_SCREENSHOTS;
const longName = "Aleksandra-Konstantina Papadimitriou-Brandenburgerová von und zu Hohenberg";
let crm: Crm;
let browser: Browser;
let mailboxId: string;
const mails: SystemMail[] = [];
/** What a page's script threw at its window. */
const broken: string[] = [];
let contacts: { id: string; firstName: string }[];

beforeAll(async () => {
  if (folder) mkdirSync(folder, { recursive: true });
  crm = await openCrm();
  crm.system.sendSystemMail = async (mail) => {
    mails.push(mail);
  };
  browser = await launchChromium();
  const smtp = { host: "127.0.0.1", port: 25, security: "none", user: "robin", password: "x" } as const;
  const mailbox = await crm.client("mailboxes.create", {
    body: { address: "robin@northwind.example", name: "Robin Reis", ownerId: null, smtp, gapSeconds: 0 },
  });
  mailboxId = mailbox.id;
  for (const [name, role] of [
    ["Manu", "manager"],
    ["Vera", "viewer"],
    ["Rob", "rep"],
  ] as const) {
    const email = `${name.toLowerCase()}@northwind.example`;
    await crm.client("members.create", { body: { email, name, role } });
  }
  contacts = [];
  for (const [firstName, lastName] of [
    ["Dana", "Whitfield"],
    ["Maya", "Lindqvist"],
    ["Luís", "Ortega"],
    longName.split(" "),
  ] as [string, string][]) {
    const email = `contact${contacts.length}@acme.example`;
    const { contact } = await crm.client("contacts.create", {
      body: { email, firstName, lastName, companyName: "Contoso Labs", timeZone: "Europe/Lisbon" },
    });
    contacts.push({ id: contact.id, firstName });
  }
});
beforeEach(() => {
  crm.outage = null;
});
afterEach(() => {
  expect(broken.splice(0)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  crm?.close();
});

type Who = "Manu" | "Vera" | "Rob";

/** A page of the host with the element in it, for this user of the host. */
async function open(
  who: Who,
  { html = "", attributes = "", hasClock = false, ...options }: Opened = {},
): Promise<Page> {
  const page = await newPage(options);
  if (hasClock) await page.clock.install();
  const path = `/sequences-${who}-${crm.asked.length}`;
  const url = crm.page(
    path,
    `<!doctype html><html lang="en" ${html}><title>Host</title><meta name="viewport" content="width=device-width">
<style>:root { color-scheme: light dark; } body { margin: 16px; font: 15px system-ui; background: light-dark(#fff, #15171a); }</style>
<script>
  window.heard = [];
  for (const name of ["sequences-ready", "sequence-opened", "sequence-created", "sequence-published", "sequence-paused",
    "sequence-resumed", "sequence-archived", "error"])
    addEventListener("cadenza:" + name, (event) => heard.push([event.type.slice(8), event.detail]));
</script>
<script type="module" src="${crm.cadenza}/widget.js"></script>
<main><h1>Host</h1><cadenza-sequences app="${crm.registered.id}" token="${crm.tokenFor({ name: who })}" ${attributes}></cadenza-sequences></main>`,
  );
  await page.goto(url);
  return page;
}
type Opened = BrowserContextOptions & {
  html?: string;
  attributes?: string;
  /** Timers of the page go when the test says so. */
  hasClock?: boolean;
};

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1_280, height: 900 },
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => broken.push(error.stack ?? error.message));
  return page;
}

const button = (page: Page | Locator, name: string | RegExp) =>
  page.getByRole("button", { name, exact: typeof name === "string" });
const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const saved = (page: Page) => page.getByText("Saved", { exact: true }).waitFor();
const heard = (page: Page): Promise<[string, Record<string, string>][]> => page.evaluate("heard");
const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

async function examine(page: Page, name: string): Promise<void> {
  const size = page.viewportSize()!;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(axe);
    const asked = `axe.run(document, { resultTypes: ["violations"] })`;
    const { violations } = (await page.evaluate(asked)) as {
      violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[];
    };
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
    );
    expect([name, colorScheme, found]).toEqual([name, colorScheme, []]);
    if (folder) await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`), fullPage: true });
  }
  // 640 is 1,280 at 200 %.
  for (const width of [640, 320]) {
    await page.setViewportSize({ width, height: 740 });
    if (folder && width === 320)
      await page.screenshot({ path: join(folder, `${name}-narrow.png`), fullPage: true });
    const wide = await page.evaluate("document.documentElement.scrollWidth");
    expect([name, width, wide]).toEqual([name, width, width]);
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(size);
}

/** A turn for the steps, one for the mails, one for what came of them. */
async function engineDelivers(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await crm.pass(60_000);
}

let numbered = 0;
/** Published, with some people in it. */
async function running(people: number, name = `Running ${++numbered}`) {
  const { id } = await crm.client("sequences.create", {
    body: {
      ...{ name, mailboxId },
      steps: [
        {
          ...{ type: "email_auto", name: "Intro", delay: { amount: 0, unit: "minutes" } },
          ...{
            subject: "A question about {{ company.name }}",
            body: "Hi {{ contact.first_name }}, any news?",
          },
        },
        {
          ...{ type: "call", name: "Ring", delay: { amount: 2, unit: "business_days" } },
          ...{ title: "Call {{ contact.first_name }}", script: "Ask who decides." },
        },
      ],
    },
  });
  await crm.client("sequences.publish", { params: { id } });
  for (const { id: contactId } of contacts.slice(0, people))
    await crm.client("enrollments.create", { params: { id }, body: { contactId } });
  return { id, name };
}

describe("a manager", () => {
  it("learns what a sequence is, builds one, mends what is wrong with it, and people can be enrolled", async () => {
    const page = await open("Manu");
    await says(page, "A sequence writes to one person at a time");
    await examine(page, "empty");
    await button(page, "Build the first sequence").click();
    await button(page, "Create").click();
    await says(page, "Give it a name.");
    await field(page, "Name").fill("New lead follow-up");
    await examine(page, "create");
    await page.keyboard.press("Enter");
    await says(page, "A sequence is a list of steps");
    await examine(page, "no-steps");
    await button(page, "Add the first email").click();

    // A chip goes in where the caret stands, and out again as text does.
    const subject = field(page, "Subject");
    await subject.pressSequentially("About ");
    await button(page, "Insert Company into Subject").click();
    await subject.pressSequentially("!");
    expect(await subject.inputValue()).toBe("About {{ company.name }}!");
    await page.keyboard.press("ArrowLeft");
    await button(page, "Insert First name into Subject").click();
    expect(await subject.inputValue()).toBe("About {{ company.name }}{{ contact.first_name }}!");
    await page.keyboard.press("Control+z");
    expect(await subject.inputValue()).toBe("About {{ company.name }}!");

    // What is wrong is said at its field, and shown in it.
    const body = field(page, "Text");
    await body.fill("Hi {{ contact.first_nam }},\n\nany news?");
    await says(page, "There is no {{ contact.first_nam }}");
    await page.getByText(/^Not saved: There is no/).waitFor();
    expect(await body.getAttribute("aria-invalid")).toBe("true");
    expect(await body.evaluate(describedBy)).toMatch(/first_nam/);
    await examine(page, "wrong");
    await button(page, "Show it in the text").click();
    expect(await body.evaluate(selected)).toBe("{{ contact.first_nam }}");
    await page.keyboard.type("{{ contact.first_name }}");
    await saved(page);
    expect(await page.getByText("There is no").count()).toBe(0);

    // Somebody real, found by name, and their whole calendar.
    await field(page, "Preview with").fill("dan");
    await button(page, /Dana Whitfield/).click();
    await says(page, "About Contoso Labs!");
    await says(page, "Hi Dana,");
    await page.getByText("When Dana would hear from you").click();
    await says(page, /\(Lisbon\)/);
    await examine(page, "preview");

    await button(page, "Call").click();
    await field(page, "What to do").fill("Call {{ contact.first_name }}");
    await field(page, "Wait").fill("");
    await says(page, "Write a whole number, and no more than a year.");
    await says(page, /^Not saved: something is not right yet/);
    await field(page, "Wait").fill("3");
    await page.getByLabel("Only between certain hours").check();
    await field(page, "From").fill("10:00");
    await field(page, "To").fill("10:05");
    await says(page, "at least 15 minutes later");
    await field(page, "To").fill("11:30");
    await saved(page);

    await button(page, "Publish").click();
    await says(page, "From then on people can be enrolled.");
    await examine(page, "publish");
    await button(page.getByRole("region", { name: "Publish this sequence?" }), "Publish").click();
    await says(page, "Published.");
    const [sequence] = (await crm.client("sequences.list")).items;
    expect(sequence).toMatchObject({ name: "New lead follow-up", status: "active", stepCount: 2, mailboxId });
    const { steps } = await crm.client("sequences.get", { params: { id: sequence!.id } });
    expect(steps[1]).toMatchObject({
      ...{ type: "call", delay: { amount: 3, unit: "business_days" } },
      window: { from: "10:00", to: "11:30" },
    });
    await crm.client("enrollments.create", {
      params: { id: sequence!.id },
      body: { contactId: contacts[0]!.id },
    });
    await engineDelivers();
    expect(Buffer.from(crm.delivered.at(-1)!.mime).toString()).toContain("Subject: About Contoso Labs!");
    const names = (await heard(page)).map(([name]) => name);
    for (const name of ["sequences-ready", "sequence-created", "sequence-opened", "sequence-published"])
      expect(names).toContain(name);
    await page.context().close();
  });

  it("is shown at its field what keeps a draft from being published", async () => {
    const { id } = await crm.client("sequences.create", {
      body: {
        name: "Not ready",
        steps: [
          { type: "call", name: "Ring", delay: { amount: 0, unit: "minutes" }, title: "Ring" },
          { type: "email_auto", name: "Mail", delay: { amount: 0, unit: "minutes" }, body: "Hi [your name]" },
        ],
      },
    });
    const page = await open("Manu", { attributes: `sequence-id="${id}"` });
    await button(page, "Publish").click();
    await button(page.getByRole("region", { name: "Publish this sequence?" }), "Publish").click();
    await says(page, /^It cannot be published yet/);
    const subject = field(page, "Subject");
    expect(await subject.evaluate(describedBy)).toMatch(/needs a subject/);
    expect(await field(page, "Text").evaluate(describedBy)).toMatch(/\[your name\] would be sent/);
    await subject.fill("Hello");
    await page.locator(`input[name^="subject"]:not([aria-invalid])`).waitFor();
    await page.context().close();
  });

  it("keeps both changes when somebody else saves meanwhile, and chooses where both wrote the same", async () => {
    const { id, name } = await running(0);
    const page = await open("Manu", { attributes: `sequence-id="${id}"` });
    await button(page, "Intro").click();
    await field(page, "Name of the step").waitFor();
    const theirs = async (change: (steps: Steps) => void) => {
      const { steps } = await crm.client("sequences.get", { params: { id } });
      change(steps as Steps);
      await crm.client("sequences.update", { params: { id }, body: { steps: steps as Steps } });
    };
    await theirs((steps) => {
      steps[1]!.name = "Ring twice";
    });
    await field(page, "Subject").fill("My subject");
    await says(page, "Somebody else changed it too.");
    await saved(page);
    expect((await crm.client("sequences.get", { params: { id } })).steps).toMatchObject([
      { subject: "My subject" },
      { name: "Ring twice" },
    ]);

    await theirs((steps) => {
      Object.assign(steps[0]!, { body: "Their text" });
    });
    await field(page, "Text").fill("My text");
    const both = page.getByRole("region", { name: /Somebody else changed the same/ });
    await both.getByText("Their text").waitFor();
    await both.getByText("My text").waitFor();
    await examine(page, "clash");
    expect((await crm.client("sequences.get", { params: { id } })).steps[0]!.body).toBe("Their text");
    await button(both, "Keep yours: Step 1 · Text").click();
    await saved(page);
    expect((await crm.client("sequences.get", { params: { id } })).steps[0]!.body).toBe("My text");
    expect(await field(page, "Name of the sequence").inputValue()).toBe(name);
    await page.context().close();
  });

  it("loses nothing while the server is away, not even by going back to the list", async () => {
    const { id, name } = await running(0);
    const page = await open("Manu");
    await button(page, name).click();
    await button(page, "Intro").click();
    crm.outage = (path) => (path.startsWith("/v1/sequences/") ? new Response("gone", { status: 503 }) : null);
    await field(page, "Text").fill("Written while it was away");
    await says(page, /^Not saved: Cadenza cannot be reached/);
    await examine(page, "not-saved");
    await button(page, "All sequences").click();
    await button(page, name).click();
    await button(page, "Intro").click();
    expect(await field(page, "Text").inputValue()).toBe("Written while it was away");
    crm.outage = null;
    await button(page, "Save now").click();
    await saved(page);
    expect((await crm.client("sequences.get", { params: { id } })).steps[0]!.body).toBe(
      "Written while it was away",
    );
    await page.context().close();
  });

  it("pauses with the names of who stands still, and says how many go on before resuming", async () => {
    const { id } = await running(4);
    await engineDelivers();
    const page = await open("Manu", { attributes: `sequence-id="${id}"` });
    await says(page, "0 of 4 replied");
    await examine(page, "one");
    await button(page, "Pause").click();
    await says(page, /^Paused\. .+, .+, .+ and 1 more stand still\.$/);
    await examine(page, "paused");
    const status = async () => (await crm.client("sequences.get", { params: { id } })).status;
    expect(await status()).toBe("paused");
    await button(page, "Undo").click();
    await says(page, "Resumed.");
    expect(await status()).toBe("active");

    await button(page, "Pause").click();
    await says(page, /stand still/);
    await button(page, "Resume").click();
    const ask = page.getByRole("region", { name: "Let 4 people go on?" });
    await ask.getByText(/and 1 more\. Each goes on with the wait that was left/).waitFor();
    expect(await status()).toBe("paused");
    await examine(page, "resume");
    await button(ask, "Resume for 4 people").click();
    await says(page, "Resumed.");
    expect(await status()).toBe("active");

    await button(page, "Archive…").click();
    const last = page.getByRole("region", { name: "Archive this sequence for good?" });
    await last.getByText(/and 1 more stop at once/).waitFor();
    await examine(page, "archive");
    await page.keyboard.press("Escape");
    await last.waitFor({ state: "detached" });
    await button(page, "Archive…").click();
    await button(last, "Archive and stop 4 people").click();
    await says(page, "Archived for good");
    expect(await status()).toBe("archived");
    expect(await button(page, "Pause").count()).toBe(0);
    expect((await heard(page)).map(([name]) => name)).toEqual(
      expect.arrayContaining(["sequence-paused", "sequence-resumed", "sequence-archived"]),
    );
    await page.context().close();
  });

  it("gets a deleted step back, and moves and copies steps", async () => {
    const { id } = await running(0);
    const page = await open("Manu", { attributes: `sequence-id="${id}"` });
    const order = () => page.locator("[data-step]").allTextContents();
    await button(page, "Intro").click();
    await button(page, "Delete").click();
    expect(await order()).toEqual(["Ring"]);
    await button(page, "Undo").click();
    expect(await order()).toEqual(["Intro", "Ring"]);
    await button(page, "Intro").click();
    await button(page, "Duplicate").click();
    expect(await order()).toEqual(["Intro", "Intro, copy", "Ring"]);
    await button(page, "Move down").click();
    expect(await order()).toEqual(["Intro", "Ring", "Intro, copy"]);
    await saved(page);
    const { steps } = await crm.client("sequences.get", { params: { id } });
    expect(steps.map(({ id: step, name }) => [step, name])).toEqual([
      [1, "Intro"],
      [2, "Ring"],
      [3, "Intro, copy"],
    ]);
    await button(page, "Publish changes").click();
    await says(page, "1 step is new.");
    await says(page, "Whoever is enrolled from now on gets this version.");
    await page.context().close();
  });

  it("needs no mouse: opens, writes, moves a step, asks for the keys, and Escape throws nothing away", async () => {
    const { id, name } = await running(0);
    const page = await open("Manu");
    await button(page, name).waitFor();
    const at = () => page.evaluate(focused);
    for (let presses = 0; (await at()) !== "New sequence"; presses++) {
      expect(presses).toBeLessThan(10);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("?");
    await says(page, "Move the step that has the focus");
    await examine(page, "keys");
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    await page.keyboard.type(name);
    await page.getByText("1 sequence", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    expect(await field(page, "Search by name").inputValue()).toBe(name);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await at()).toBe(name);
    await page.keyboard.press("Enter");
    await button(page, "Intro").waitFor();
    expect(await at()).toBe("All sequences");
    for (let presses = 0; (await at()) !== "Intro"; presses++) {
      expect(presses).toBeLessThan(12);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Alt+ArrowDown");
    await says(page, "“Intro” is now step 2 of 2.");
    await page.waitForFunction(`${focused} === "Intro"`);
    await page.keyboard.press("Enter");
    await page.waitForFunction(`${focused} === "subject"`);
    await page.keyboard.type("Typed ");
    await page.keyboard.press("Escape");
    expect(await field(page, "Subject").inputValue()).toContain("Typed ");
    await saved(page);
    const { steps } = await crm.client("sequences.get", { params: { id } });
    expect(steps.map(({ name: step }) => step)).toEqual(["Ring", "Intro"]);
    await button(page, "All sequences").click();
    await page.waitForFunction(`${focused} === ${JSON.stringify(name)}`);
    await page.context().close();
  });

  it("sees the numbers change by themselves, and finds by name and status", async () => {
    const { id, name } = await running(1, "Zephyr");
    const page = await open("Manu", { hasClock: true });
    const row = page.getByRole("listitem").filter({ has: button(page, name) });
    await row.getByText("1 active").waitFor();
    await crm.client("enrollments.create", { params: { id }, body: { contactId: contacts[1]!.id } });
    await page.clock.fastForward(16_000);
    await row.getByText("2 active").waitFor();
    await examine(page, "list");

    await field(page, "Search by name").fill("zeph");
    await page.clock.fastForward(1_000);
    await page.getByText("1 sequence", { exact: true }).waitFor();
    await page.getByRole("combobox", { name: "Status" }).selectOption("draft");
    await page.clock.fastForward(1_000);
    await says(page, "No sequence is called “zeph”");
    await button(page, "Show all").click();
    await page.clock.fastForward(1_000);
    await row.waitFor();
    await page.context().close();
  });
});

describe("whoever may not build", () => {
  it.each(["Vera", "Rob"] as const)("(%s) reads everything and finds nothing to change", async (who) => {
    const { id, name } = await running(2);
    await engineDelivers();
    const page = await open(who);
    await button(page, name).click();
    await says(page, "You can look here, not change anything.");
    await says(page, "Hi {{ contact.first_name }}, any news?");
    await says(page, "0 of 2 replied");
    await says(page, "Dana Whitfield");
    if (who === "Vera") await examine(page, "read-only");
    const names = await page.getByRole("button").allTextContents();
    expect(names.map((one) => one.trim())).toEqual(["All sequences"]);
    expect(await page.getByRole("textbox").count()).toBe(0);
    await button(page, "All sequences").click();
    expect(await button(page, "New sequence").count()).toBe(0);
    expect((await crm.client("sequences.get", { params: { id } })).rev).toBe(2);
    await page.context().close();
  });
});

describe("a host's page", () => {
  it("keeps its address, its history and its focus, whatever is opened", async () => {
    const { id, name } = await running(0);
    const page = await open("Manu");
    const where = () => page.evaluate("[location.href, history.length, document.activeElement.tagName]");
    await button(page, name).waitFor();
    const before = await where();
    await page.evaluate(`document.querySelector("cadenza-sequences").setAttribute("sequence-id", "${id}")`);
    await button(page, "Intro").waitFor();
    expect(await where()).toEqual(before);
    await button(page, "All sequences").click();
    await button(page, name).waitFor();
    expect(((await where()) as unknown[]).slice(0, 2)).toEqual((before as unknown[]).slice(0, 2));
    await page.context().close();
  });

  it.each(["de", "es", "fr"])("is spoken to in its language (%s)", async (language) => {
    const { name } = await running(1);
    const page = await open("Manu", { attributes: `locale="${language}"` });
    await button(page, name).click();
    await page.locator("[data-step]").first().click();
    await page.locator("textarea").waitFor();
    await examine(page, language);
    await page.context().close();
  });

  it("is right from right to left, and with very long names", async () => {
    const { name } = await running(4, `${longName} ${longName}`.slice(0, 118));
    const page = await open("Manu", { html: 'dir="rtl"' });
    await button(page, name).click();
    await button(page, "Intro").click();
    await field(page, "Subject").waitFor();
    await says(page, /Papadimitriou/);
    await examine(page, "rtl");
    // Words of ours begin at the page's side.
    const [label, wall] = (await page.evaluate(`(() => {
      const { shadowRoot } = document.querySelector("cadenza-sequences");
      const range = document.createRange();
      range.selectNodeContents(shadowRoot.querySelector("h3"));
      return [range, shadowRoot.querySelector(".sequences")].map((one) => one.getBoundingClientRect().right);
    })()`)) as [number, number];
    expect(Math.abs(label - wall)).toBeLessThan(2);
    await page.context().close();
  });
});

describe("at /app", () => {
  let signedIn: Page;
  const violations: string[] = [];

  beforeAll(async () => {
    signedIn = await newPage();
    signedIn.on("console", (message) => {
      if (/Content Security Policy/i.test(message.text())) violations.push(message.text());
    });
    await signedIn.addInitScript(`addEventListener("securitypolicyviolation", (event) =>
      console.log("Content Security Policy", event.violatedDirective, event.blockedURI))`);
    await signIn(signedIn, "ada@northwind.example");
  });
  afterAll(() => signedIn?.context().close());

  /** By a mailed link, as people do. */
  async function signIn(page: Page, email: string): Promise<void> {
    await page.goto(`${crm.cadenza}/sign-in`);
    await field(page, "Your email address").fill(email);
    await button(page, "Mail me a sign-in link").click();
    await says(page, "Look into your inbox");
    await page.goto(/https?:\S+/.exec(mails.findLast(({ to }) => to === email)!.text)![0]);
    await button(page, "Sign in").click();
    await page.waitForURL(/\/app/);
  }

  it("a signed-in member builds by the session's cookie, under the page's own policy", async () => {
    const page = signedIn;
    expect(await page.locator("h1").textContent()).toBe("You are an admin in Northwind");
    await button(page, "New sequence").click();
    await field(page, "Name").fill("Built at home");
    await button(page, "Create").click();
    await button(page, "Add the first email").click();
    await field(page, "Subject").fill("Hello {{ contact.first_name }}");
    await field(page, "Text").fill("Hi {{ contact.first_name }}");
    await field(page, "Preview with").fill("maya");
    await button(page, /Maya Lindqvist/).click();
    await says(page, "Hello Maya");
    await saved(page);
    await examine(page, "app");
    const { items } = await crm.client("sequences.list", { query: { q: "Built at home" } });
    expect(items).toMatchObject([{ status: "draft", stepCount: 1 }]);
    expect(violations).toEqual([]);
  });

  it("what is open stands in the address: reloaded, gone back, gone forward", async () => {
    const page = signedIn;
    const [one] = (await crm.client("sequences.list", { query: { q: "Built at home" } })).items;
    expect(new URL(page.url()).hash).toBe(`#${one!.id}`);
    await page.reload();
    await field(page, "Name of the sequence").waitFor();
    await button(page, "All sequences").click();
    await button(page, "Built at home").waitFor();
    expect(new URL(page.url()).hash).toBe("");
    await page.goBack();
    await field(page, "Name of the sequence").waitFor();
    await page.goForward();
    await button(page, "Built at home").waitFor();
    expect(violations).toEqual([]);
  });

  it("a session that ended loses no text: signed in elsewhere, it is saved", async () => {
    const page = signedIn;
    await button(page, "Built at home").click();
    await page.locator("[data-step]").click();
    const cookies = await page.context().cookies();
    await page.context().clearCookies();
    await field(page, "Text").fill("Typed after the end");
    await says(page, "You were signed out.");
    await examine(page, "signed-out");
    await page.context().addCookies(cookies);
    await button(page, "Save now").click();
    await saved(page);
    expect(await page.getByText("You were signed out.").count()).toBe(0);
  });

  it("works without JavaScript as before, and says what needs it", async () => {
    const cookies = await signedIn.context().cookies();
    const page = await newPage({ javaScriptEnabled: false });
    await page.context().addCookies(cookies);
    await page.goto(`${crm.cadenza}/app`);
    expect(await page.locator("h1").textContent()).toBe("You are an admin in Northwind");
    expect(await page.locator("noscript p").isVisible()).toBe(true);
    await page.getByRole("main").getByRole("link", { name: "Members" }).click();
    expect(await page.locator("h1").textContent()).toBe("Members");
    await page.context().close();
  });
});

type Steps = NonNullable<
  NonNullable<import("../../shared/src/client.ts").RequestOf<"sequences.update">["body"]>["steps"]
>;

// These run in the page.
type Node_ = { getRootNode(): unknown; getAttribute(name: string): string | null };
function describedBy(element: unknown): string {
  const { getRootNode, getAttribute } = element as Node_;
  const root = getRootNode.call(element) as { getElementById(id: string): { textContent: string } | null };
  const ids = (getAttribute.call(element, "aria-describedby") ?? "").split(" ");
  return ids.map((id) => root.getElementById(id)?.textContent ?? "").join(" ");
}
const selected = (area: unknown): string => {
  const { value, selectionStart, selectionEnd } = area as {
    value: string;
    selectionStart: number;
    selectionEnd: number;
  };
  return value.slice(selectionStart, selectionEnd);
};
/** The name of what has the focus: its words, or what a field is called in the form. */
const focused = `(() => {
  const found = document.activeElement?.shadowRoot?.activeElement;
  return found?.getAttribute("name")?.split("-")[0] ?? found?.textContent.trim() ?? "";
})()`;
