/** What a builder asks while texts are being written: what they may read, what is wrong with them, how they read. */
import type { AnswerOf, RequestOf } from "@cadenza/shared/client";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { rateLimits } from "../../src/http/rate-limit.ts";
import { type SignedIn, signIn } from "../access/people.ts";
import { testSystem, unique } from "../world.ts";
import { call, type Desk, mail, openDesk } from "./desk.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
let desk: Desk;
let rep: SignedIn;
beforeAll(async () => {
  desk = await openDesk({ system, app });
  rep = await signIn({ app, auth, system }, desk.workspace, "rep");
});
// What is asked here is limited by the minute.
beforeEach(() => system.clock.advance(60_000));

type Texts = RequestOf<"templates.check">["body"];
const check = (texts: Texts) => desk.client("templates.check", { body: texts });
const fieldsOf = async (by: Pick<Desk, "call"> = desk): Promise<AnswerOf<"mergeFields.list">["items"]> =>
  (await by.call("GET", "/v1/merge-fields")).body.items;

describe("texts that are being written", () => {
  test("have the problems that saving them would meet, each by its field", async () => {
    const texts = {
      subject: "{% if contact.title %}Hi",
      body: "Hi {{ contact.firstname }}, {{ nobody }}",
      title: "Call {{ contact.first_name | shout }}",
    };
    const { problems, rendered } = await check(texts);
    expect(rendered).toBeNull();
    const saved = await desk.call("POST", "/v1/sequences", {
      name: unique("Sequence"),
      steps: [mail({ subject: texts.subject, body: texts.body }), call({ title: texts.title })],
    });
    const errors: { pointer: string; detail: string }[] = saved.body.errors;
    const below = errors.map(({ pointer, detail }) => ({
      pointer: pointer.replace(/^\/steps\/\d/, ""),
      detail,
    }));
    expect(problems).toEqual(below);
    expect(problems.map(({ pointer }) => pointer)).toEqual(["/subject", "/body", "/body", "/title"]);
  });

  test("read for a person as the mail they get, whoever asks signs it", async () => {
    const companyName = unique("Acme");
    const { contact } = await desk.client("contacts.create", {
      body: {
        email: `${unique("dana")}@acme.example`,
        firstName: "Dana",
        companyName,
        timeZone: "Asia/Kathmandu",
        custom: { plan: "pro" },
      },
    });
    const texts = {
      subject: "About {{ company.name }}",
      body: "Hi {{ contact.first_name }} ({{ contact.custom.plan }}), it is {{ 'now' | date: '%H:%M' }}. {{ sender.name }}",
      title: "Call {{ contact.phone | default: 'somehow' }}",
      contactId: contact.id,
    };
    const { body } = await rep.call("POST", "/v1/templates/check", texts);
    const local = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Kathmandu", timeStyle: "short" });
    expect(body).toEqual({
      problems: [],
      rendered: {
        subject: `About ${companyName}`,
        body: `Hi Dana (pro), it is ${local.format(system.now())}. Robin Reis`,
        title: "Call somehow",
      },
    });
  });

  test("say what the person lacks, and show the others all the same", async () => {
    const contactId = (await desk.person({ title: null })) as never;
    const texts = { subject: "As {{ contact.title }}", body: "Hi {{ contact.first_name }}", contactId };
    expect(await check(texts)).toEqual({
      problems: [{ pointer: "/subject", detail: "contact.title is empty for this person." }],
      rendered: { body: "Hi Dana" },
    });
  });

  test("say where a subject reads too long, or in two lines, once the values are in", async () => {
    const contactId = (await desk.person({ title: `${"x".repeat(300)}`, lastName: "Sil\nva" })) as never;
    const problemOf = async (subject: string) => (await check({ subject, contactId })).problems;
    expect(await problemOf("{{ contact.title }}")).toEqual([
      { pointer: "/subject", detail: "The subject is longer than 255 characters." },
    ]);
    expect(await problemOf("{{ contact.last_name }}")).toEqual([
      { pointer: "/subject", detail: "The subject holds a line break." },
    ]);
    // A follow-up's is left empty.
    expect(await problemOf("")).toEqual([]);
  });

  test("that would not come to an end are told so, and are not run for a person", async () => {
    const body = "{% for i in (1..90000) %}{{ contact.first_name }}{% endfor %}";
    const contactId = (await desk.person()) as never;
    const { problems, rendered } = await check({ body, contactId });
    expect(problems).toEqual([{ pointer: "/body", detail: expect.stringContaining("does too much") }]);
    expect(rendered).toEqual({});
  });

  test("may be none, are no longer than a step's, and are of nobody in particular", async () => {
    expect(await check({})).toEqual({ problems: [], rendered: null });
    for (const body of [{ body: "x".repeat(20_001) }, { subject: "a\nb" }, { script: "x" }, { title: 5 }]) {
      expect((await desk.call("POST", "/v1/templates/check", body)).status).toBe(422);
    }
    const gone = { body: "Hi", contactId: await desk.person() };
    await desk.client("contacts.erase", { params: { id: gone.contactId as never } });
    const { status, body } = await desk.call("POST", "/v1/templates/check", gone);
    expect([status, body.code, body.errors[0].pointer]).toEqual([404, "contact_not_found", "/contactId"]);
  });

  test("are checked as often as somebody types, and no oftener", async () => {
    const viewer = await signIn({ app, auth, system }, desk.workspace, "viewer");
    const statuses: number[] = [];
    for (let i = 0; i <= rateLimits.check.count; i++) {
      statuses.push((await viewer.call("POST", "/v1/templates/check", { body: "Hi" })).status);
    }
    expect(statuses.indexOf(429)).toBe(rateLimits.check.count);
  });
});

describe("the fields of a template", () => {
  test("are every fixed one, under a name and with a sample, and can be read as they stand", async () => {
    const fields = await fieldsOf(rep);
    expect(fields.slice(0, 2)).toEqual([
      { path: "contact.first_name", label: "First name", sample: "Dana" },
      { path: "contact.last_name", label: "Last name", sample: "Silva" },
    ]);
    expect(fields).toContainEqual({ path: "sender.name", label: "Sender's name", sample: "Robin Reis" });
    expect(fields.find(({ path }) => path === "workspace.name")!.sample).toMatch(/^Workspace/);
    for (const { path, label } of fields) expect(label, path).not.toBe(path);
    const body = fields.map(({ path }) => `{{ ${path} }}`).join(" ");
    expect(await check({ body })).toEqual({ problems: [], rendered: null });
  });

  test("are the workspace's own as its records carry them, and nobody else's", async () => {
    const own = await openDesk({ system, app });
    const { client } = own;
    const person = (custom: Record<string, string | number | boolean>) =>
      client("contacts.create", { body: { email: `${unique("p")}@acme.example`, custom } });
    await person({ plan: "pro", seats: 12 });
    await person({ plan: "solo", "2nd_floor": "yes", is_vip: true });
    await client("companies.create", { body: { name: unique("Acme"), custom: { tier: "gold" } } });
    await client("deals.create", { body: { name: "Deal", custom: { close_reason: "x".repeat(300) } } });
    const fields = (await fieldsOf(own)).filter(({ path }) => path.includes(".custom"));
    expect(fields).toEqual([
      { path: "contact.custom.plan", label: "Plan", sample: "pro" },
      { path: 'contact.custom["2nd_floor"]', label: "2nd floor", sample: "yes" },
      { path: "contact.custom.is_vip", label: "Is vip", sample: null },
      { path: "contact.custom.seats", label: "Seats", sample: "12" },
      { path: "company.custom.tier", label: "Company: Tier", sample: "gold" },
      { path: "deal.custom.close_reason", label: "Deal: Close reason", sample: "x".repeat(80) },
    ]);
    const body = fields.map(({ path }) => `{{ ${path} }}`).join(" ");
    expect((await own.client("templates.check", { body: { body } })).problems).toEqual([]);
    expect((await fieldsOf()).filter(({ path }) => path.includes(".custom.tier"))).toEqual([]);
  });

  test("are two hundred at most", async () => {
    const own = await openDesk({ system, app });
    for (const start of [0, 100, 200]) {
      const custom = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field_${start + i}`, "x"]));
      await own.client("contacts.create", { body: { email: `${unique("p")}@acme.example`, custom } });
    }
    expect(await fieldsOf(own)).toHaveLength(200);
  });
});
