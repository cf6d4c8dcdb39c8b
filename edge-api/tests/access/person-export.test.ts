/** A person's data as one document: everything that is held, as the API shows it, and nothing of anybody else. */
import { env } from "cloudflare:workers";
import { contracts } from "@cadenza/shared/contract/all";
import { beforeEach, expect, test } from "vitest";
import { decodeId } from "../../src/http/public-id.ts";
import { ingestRaw } from "../../src/ingest-raw.ts";
import { call, type Desk, followUp, headerOf, mail, manualMail, openOnlyDesk } from "../api/desk.ts";
import { dayMs, minuteMs, unique } from "../world.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

const exported = (id: string) => desk.client("contacts.export", { params: { id } });

async function somebody() {
  const email = `${unique("dana")}@acme.example`;
  const { contact } = await desk.client("contacts.create", {
    body: {
      email,
      otherEmails: [`x-${email}`],
      firstName: "Dana",
      lastName: "Silva",
      companyName: unique("Acme"),
      custom: { plan: "pro" },
      references: [{ system: "hubspot", type: "lead", id: unique("lead") }],
    },
  });
  return contact;
}

test("holds everything there is about the person", async () => {
  const { client, system } = desk;
  const contact = await somebody();
  const deal = await client("deals.create", { body: { name: "20 seats", contactId: contact.id } });
  await client("deals.create", { body: { name: "Somebody else's" } });
  const letter = await desk.published([
    mail({ body: "Your plan is {{ contact.custom.plan }}." }),
    followUp(),
  ]);
  const one = await desk.enroll(letter, contact.id);
  const two = await desk.enroll(await desk.published([manualMail()]), contact.id);
  await desk.enroll(letter, await desk.person());
  await desk.pass(minuteMs);
  const task = await desk.taskOf(two.id);
  await client("tasks.approve", {
    params: { id: task.id },
    body: { subject: "By hand, word for word", body: "Not a word was changed." },
  });
  await desk.pass(minuteMs);
  const text = [
    `From: ${contact.email}`,
    "Message-ID: <1@acme.example>",
    "Subject: Re: Hello",
    "",
    "No, thanks.",
    "",
  ];
  await ingestRaw(system, desk.workspace.id, new TextEncoder().encode(text.join("\r\n")));
  const untilAt = new Date(system.now() + dayMs).toISOString();
  const body = { kind: "requested" as const, untilAt, note: "In March" };
  const hold = await client("holds.place", { params: { id: contact.id }, body });
  const address = await client("suppressions.create", { body: { kind: "address", value: contact.email! } });
  const domain = await client("suppressions.create", { body: { kind: "domain", value: "acme.example" } });
  await client("suppressions.create", { body: { kind: "address", value: "else@acme.example" } });

  const data = await exported(contact.id);
  expect(contracts["contacts.export"].response.safeParse(data).error?.issues).toBeUndefined();
  expect(data.contact).toEqual(await client("contacts.get", { params: { id: contact.id } }));
  expect(data.company).toMatchObject({ id: contact.company!.id, name: contact.company!.name });
  expect(data.deals.map(({ id }) => id)).toEqual([deal.id]);
  expect(data.enrollments.map(({ id }) => id)).toEqual([two.id, one.id]);
  const [sent] = await desk.sendsOf(one.id);
  const mails = new Map(data.sends.map((send) => [send.enrollmentId, send]));
  expect(mails.get(one.id)).toMatchObject({ ...sent, subject: "Hello Dana" });
  expect(mails.get(one.id)!.text).toMatch(/^Your plan is pro\.\n/);
  expect(mails.get(two.id)).toMatchObject({ state: "sent", subject: "By hand, word for word" });
  expect(mails.get(two.id)!.text).toMatch(/^Not a word was changed\.\n/);
  expect(system.delivered.map((message) => headerOf(message, "Subject")).sort()).toEqual(
    data.sends.map(({ subject }) => subject).sort(),
  );
  expect(data.tasks.map(({ id, title }) => [id, title])).toEqual([[task.id, task.title]]);
  expect(data.hold).toEqual(hold);
  expect(data.suppressions.map(({ id }) => id).sort()).toEqual([address.id, domain.id].sort());
  expect(data.received).toEqual([
    {
      messageId: "<1@acme.example>",
      replyClass: "human",
      enrollmentId: expect.stringMatching(/^enr_/),
      receivedAt: new Date(system.now()).toISOString(),
    },
  ]);
  expect(data.notices).toMatchObject([{ kind: "reply", data: { subject: "Re: Hello" } }]);
  const timeline = await client("contacts.timeline", { params: { id: contact.id }, query: { limit: 200 } });
  expect(data.events).toEqual(timeline.items);
  expect(data.events.find(({ type }) => type === "reply.received")!.data).toMatchObject({
    text: "No, thanks.\n",
  });
  expect(data.truncated).toEqual([]);
});

test("names rows as everywhere: no key of a table leaves", async () => {
  const contact = await somebody();
  await desk.enroll(await desk.published(), contact.id);
  await desk.pass(minuteMs);
  const ids: unknown[] = [];
  JSON.stringify(await exported(contact.id), (key, value) => {
    if (/^(id|\w+Id)$/.test(key) && value !== null) ids.push(value);
    return value;
  });
  expect(ids.length).toBeGreaterThan(8);
  // A step's number is its name within its sequence, and a reference is named by the host.
  for (const id of ids) if (typeof id !== "number") expect(id).toMatch(/^([a-z]{3}_|<|lead-)/);
});

test("gives a mail that cannot be rendered any more without its text, and the rest", async () => {
  const contact = await somebody();
  const enrolled = await desk.enroll(await desk.published(), contact.id);
  await desk.pass(minuteMs);
  await env.DB.prepare("UPDATE sends SET snapshot = '{broken' WHERE enrollment_id = ?1")
    .bind(decodeId("enr", 0, enrolled.id))
    .run();
  const reply = await desk.call("GET", `/v1/contacts/${contact.id}/export`);
  expect([reply.status, reply.body.sends[0].subject, reply.body.sends[0].text]).toEqual([200, null, null]);
  expect(reply.body.events.length).toBeGreaterThan(0);
  expect((await desk.call("POST", `/v1/contacts/${contact.id}/erasure`)).status).toBe(204);
});

test("ends an extraordinary list early and says so", async () => {
  const contact = await somebody();
  await env.DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5200)
     INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
     SELECT ?1, i, i, ?2, 'send.sent', 'engine', '{}' FROM n`,
  )
    .bind(decodeId("ctc", 0, contact.id), desk.workspace.id)
    .run();
  const data = await exported(contact.id);
  expect(data.truncated).toEqual(["events"]);
  expect(data.events).toHaveLength(5_000);
  expect(data.events[0]!.type).toBe("contact.created");
});

test("is asked for by the few, seldom, and on record", async () => {
  const contact = await somebody();
  for (let asked = 0; asked < 20; asked++) await exported(contact.id);
  const reply = await desk.call("GET", `/v1/contacts/${contact.id}/export`);
  expect([reply.status, reply.body.code]).toEqual([429, "rate_limited"]);
  const { items } = await desk.client("audit.list", { query: { action: "contacts.export", limit: 50 } });
  expect(items.map(({ record, outcome }) => [record, outcome])).toEqual(
    Array.from({ length: 20 }, () => [contact.id, "done"]),
  );
  const erasure = await desk.call("POST", `/v1/contacts/${contact.id}/erasure`);
  expect(erasure.status).toBe(204);
  const [entry] = (await desk.client("audit.list", { query: { action: "contacts.erase" } })).items;
  expect(entry).toMatchObject({ record: contact.id, outcome: "done" });
});

test("a call's script is in it, and goes with its person", async () => {
  const contact = await somebody();
  const { id } = await desk.enroll(await desk.published([call()]), contact.id);
  await desk.pass(minuteMs);
  expect((await exported(contact.id)).tasks[0]).toMatchObject({ title: "Call Dana", status: "open" });
  await desk.client("contacts.erase", { params: { id: contact.id } });
  const { items } = await desk.client("tasks.list", { query: { enrollmentId: id, status: "skipped" } });
  expect(items).toMatchObject([{ title: "", body: "", note: null, status: "skipped" }]);
});
