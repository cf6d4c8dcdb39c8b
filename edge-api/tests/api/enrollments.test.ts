/** Enrolling people and everything that can be done with, and asked about, an enrollment and its mails. */

import { contracts } from "@cadenza/shared/contract/all";
import { routes } from "@cadenza/shared/routes";
import { beforeEach, describe, expect, test } from "vitest";
import type { WireOutcome } from "../../src/domain/transport.ts";
import { encodeId } from "../../src/http/public-id.ts";
import {
  api,
  createKey,
  createMailbox,
  createMember,
  dayMs,
  everyPage,
  hourMs,
  iso,
  minuteMs,
  monday,
  sentOutcome,
  unique,
} from "../world.ts";
import {
  at,
  call,
  type Desk,
  followUp,
  headerOf,
  keyOf,
  mail,
  oneEnrolled,
  openDesk,
  openOnlyDesk,
  pointersOf,
  snapshot,
  textOf,
} from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

const ask = (sequenceId: string, body: unknown) =>
  desk.call("POST", `/v1/sequences/${sequenceId}/enrollments`, body);
const askMany = (sequenceId: string, items: unknown[], more = {}) =>
  desk.call("POST", `/v1/sequences/${sequenceId}/enrollments/batch`, { items, ...more });
const refusalOf = async (sequenceId: string, body: unknown) => {
  const reply = await ask(sequenceId, body);
  return [reply.status, reply.body.code];
};
const act = (id: string, [method, path]: readonly [string, string], body?: unknown) =>
  desk.call(method, `/v1/enrollments/${id}/${path}`, body);
const pause = ["PUT", "pause"] as const;
const resume = ["DELETE", "pause"] as const;
const cancel = ["PUT", "cancellation"] as const;
const reopen = ["DELETE", "end"] as const;
const skip = ["POST", "skips"] as const;
const planOf = async (id: string) => (await desk.client("enrollments.plan", { params: { id } })).touches;

describe("enrolling one person", () => {
  test("by contact: active, on the first step, due in a minute, from the sequence's mailbox", async () => {
    const sequenceId = await desk.published();
    const contactId = await desk.person();
    const { status, body } = await ask(sequenceId, { contactId });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^enr_/),
      sequenceId,
      versionId: expect.stringMatching(/^ver_/),
      contactId,
      dealId: null,
      mailboxId: desk.mailboxId,
      ownerId: null,
      status: "active",
      reason: null,
      detail: null,
      waitReason: "delay",
      stepId: 1,
      wakeAt: iso(monday + minuteMs),
      enrolledAt: iso(monday),
      endedAt: null,
      warnings: [],
    });
    const { warnings: _, ...enrolled } = body;
    expect(await desk.get(body.id)).toMatchObject(enrolled);
    expect(await desk.events(body)).toEqual(["enrollment.created"]);
  });

  test("by deal: the deal's contact, for this deal", async () => {
    const sequenceId = await desk.published([mail({ subject: "About {{ deal.name }}" })]);
    const contactId = await desk.person();
    const deal = await desk.client("deals.create", { body: { name: "Routing", contactId } });
    expect(await desk.enroll(sequenceId, { dealId: deal.id })).toMatchObject({ contactId, dealId: deal.id });
    await desk.pass(minuteMs);
    expect(headerOf(desk.system.delivered[0]!, "subject")).toBe("About Routing");
    const alone = await desk.client("deals.create", { body: { name: "Nobody's" } });
    const refused = await ask(sequenceId, { dealId: alone.id });
    expect([refused.status, refused.body.code, pointersOf(refused)]).toEqual([
      404,
      "contact_not_found",
      ["/dealId"],
    ]);
  });

  test.each(["lead", "party", "deal"] as const)("by the host system's own id of a %s", async (entity) => {
    const sequenceId = await desk.published();
    const reference = { system: "crm", type: entity, id: unique() };
    const references = [reference];
    const person = {
      kind: entity === "party" ? ("party" as const) : ("lead" as const),
      firstName: "Dana",
      email: `${unique("d")}@acme.example`,
    };
    const { contact } = await desk.client("contacts.create", {
      body: { ...person, ...(entity !== "deal" && { references }) },
    });
    const dealId =
      entity === "deal"
        ? (await desk.client("deals.create", { body: { name: "Deal", contactId: contact.id, references } }))
            .id
        : null;
    expect(await desk.enroll(sequenceId, { reference: { ...reference, entity } })).toMatchObject({
      contactId: contact.id,
      dealId,
    });
    const wrong = await ask(sequenceId, {
      reference: { ...reference, entity: entity === "deal" ? "lead" : "deal" },
    });
    expect([wrong.status, wrong.body.code, pointersOf(wrong)]).toEqual([
      404,
      "reference_not_found",
      ["/reference"],
    ]);
    const unknown = await ask(sequenceId, { reference: { ...reference, id: "no such" } });
    expect([unknown.body.code, pointersOf(unknown)]).toEqual(["reference_not_found", ["/reference"]]);
  });

  test("as a person: created, or merged by the normalised address", async () => {
    const [first, second] = [await desk.published([mail()]), await desk.published([mail()])];
    const email = `${unique("dana")}@acme.example`;
    const made = await desk.enroll(first, { person: { email, firstName: "Dana", custom: { plan: "pro" } } });
    const again = await desk.enroll(second, {
      person: { email: ` ${email.toUpperCase()}`, lastName: "Silva" },
    });
    expect(again.contactId).toBe(made.contactId);
    const contact = await desk.client("contacts.get", { params: { id: made.contactId } });
    expect(contact).toMatchObject({ email, firstName: "Dana", lastName: "Silva", custom: { plan: "pro" } });
    expect((await ask(second, { person: { email } })).body.code).toBe("already_enrolled");
  });

  test.each<[string, unknown, string]>([
    ["nobody", {}, ""],
    ["somebody in two ways", { contactId: "ctc_0000example", person: { email: "a@b.example" } }, ""],
    ["a person with a bad address", { person: { email: "dana@@acme" } }, "/person/email"],
    ["a person nothing can be sent to", { person: { email: "dana@acme" } }, "/person/email"],
    [
      "a person with a line break in the name",
      { person: { email: "a@b.example", firstName: "D\r\nBcc: x" } },
      "/person/firstName",
    ],
    ["an unknown field", { contactId: "ctc_0000example", contact: 1 }, "/contact"],
    [
      "an instant without a zone",
      { person: { email: "a@b.example" }, startAt: "2026-12-01T09:00:00" },
      "/startAt",
    ],
  ])("refuses %s, and says where", async (_, body, pointer) => {
    const reply = await ask(await desk.published(), body);
    expect([reply.status, reply.body.code]).toEqual([422, "invalid_request"]);
    expect(pointersOf(reply)).toContain(pointer);
  });

  test("starts not before the instant that is asked for", async () => {
    const sequenceId = await desk.published();
    const startAt = iso(monday + 30 * dayMs);
    const enrolled = await desk.enroll(sequenceId, { contactId: await desk.person(), startAt });
    expect(enrolled.wakeAt).toBe(startAt);
    const past = await desk.enroll(sequenceId, {
      contactId: await desk.person(),
      startAt: "2020-01-01T00:00:00Z",
    });
    expect(past.wakeAt).toBe(iso(monday + minuteMs));
  });

  test("takes the mailbox and the owner that are asked for, and never another workspace's", async () => {
    const sequenceId = await desk.published([mail({ body: "Yours, {{ sender.name }}" })]);
    const mailboxId = encodeId("mbx", 0, await createMailbox(desk.system, desk.workspace.id));
    const ownerId = encodeId("mbr", 0, await createMember(desk.system, desk.workspace.id));
    expect(
      await desk.enroll(sequenceId, { contactId: await desk.person(), mailboxId, ownerId }),
    ).toMatchObject({ mailboxId, ownerId });
    const other = await openDesk(desk);
    const theirOwner = encodeId("mbr", 0, other.workspace.adminId);
    const contactId = await desk.person();
    for (const [field, value, code] of [
      ["mailboxId", other.mailboxId, "mailbox_not_found"],
      ["ownerId", theirOwner, "member_not_found"],
    ] as const) {
      const reply = await ask(sequenceId, { contactId, [field]: value });
      expect([reply.status, reply.body.code, pointersOf(reply)]).toEqual([404, code, [`/${field}`]]);
      expect((await askMany(sequenceId, [{ contactId }], { [field]: value })).body.code).toBe(code);
    }
    const theirs = { contactId: await other.person() };
    const stranger = await ask(sequenceId, theirs);
    expect([stranger.status, stranger.body.code, pointersOf(stranger)]).toEqual([
      404,
      "contact_not_found",
      ["/contactId"],
    ]);
    expect((await ask(await other.published(), { contactId })).body.code).toBe("sequence_not_found");
  });

  test("a sequence that takes nobody in creates nobody on the way", async () => {
    const { id } = await desk.draft([mail()]);
    const theirs = (await (await openDesk(desk)).draft([mail()])).id;
    const before = await snapshot();
    const person = { email: `${unique("nobody")}@acme.example` };
    expect(await refusalOf(id, { person })).toEqual([409, "not_published"]);
    expect(await refusalOf(theirs, { person })).toEqual([404, "sequence_not_found"]);
    expect((await askMany(id, [{ person }])).body.items).toMatchObject([
      { outcome: "refused", code: "not_published" },
    ]);
    expect(await snapshot()).toEqual(before);
  });
});

describe("who is not enrolled is told the one reason", () => {
  test("no_email: a sequence that writes mails wants an address, one of calls does not", async () => {
    const contactId = await desk.person({ email: null });
    expect(await refusalOf(await desk.published([mail()]), { contactId })).toEqual([409, "no_email"]);
    expect((await ask(await desk.published([call()]), { contactId })).status).toBe(201);
  });

  test("invalid_email: an address that nothing can be sent to", async () => {
    const contactId = await desk.person({ email: "dana@localhost" });
    expect(await refusalOf(await desk.published(), { contactId })).toEqual([409, "invalid_email"]);
  });

  test("suppressed: the address, or its whole domain; another workspace's list says nothing here", async () => {
    const sequenceId = await desk.published();
    const [one, two, free] = ["one@a.example", "two@b.example", "free@c.example"];
    const people = await Promise.all([one, two, free].map((email) => desk.person({ email })));
    await desk.client("suppressions.create", { body: { kind: "address", value: one } });
    await desk.client("suppressions.create", { body: { kind: "domain", value: "b.example" } });
    const other = await openDesk(desk);
    await other.client("suppressions.create", { body: { kind: "domain", value: "c.example" } });
    expect(await refusalOf(sequenceId, { contactId: people[0] })).toEqual([409, "suppressed"]);
    expect(await refusalOf(sequenceId, { contactId: people[1] })).toEqual([409, "suppressed"]);
    expect((await ask(sequenceId, { contactId: people[2] })).status).toBe(201);
  });

  test("on_hold: with the day it ends; once it is over they may be enrolled", async () => {
    const sequenceId = await desk.published();
    const contactId = await desk.person();
    const untilAt = iso(monday + dayMs);
    await desk.client("holds.place", { params: { id: contactId }, body: { untilAt } });
    const refused = await ask(sequenceId, { contactId });
    expect([refused.status, refused.body.code]).toEqual([409, "on_hold"]);
    expect(refused.body.detail).toContain(untilAt);
    desk.system.clock.advance(dayMs);
    expect((await ask(sequenceId, { contactId })).status).toBe(201);
  });

  test("already_enrolled: once per person and sequence while it lives, paused too; afterwards where again is said", async () => {
    const sequenceId = await desk.published([call()]);
    const contactId = await desk.person();
    const first = await desk.enroll(sequenceId, contactId);
    expect(await refusalOf(sequenceId, { contactId })).toEqual([409, "already_enrolled"]);
    await act(first.id, pause);
    expect(await refusalOf(sequenceId, { contactId })).toEqual([409, "already_enrolled"]);
    expect((await ask(await desk.published([call()]), { contactId })).status).toBe(201);
    await act(first.id, resume);
    await desk.pass(minuteMs);
    await desk.client("tasks.done", { params: { id: (await desk.taskOf(first.id)).id } });
    expect(await desk.get(first.id)).toMatchObject({ status: "completed", reason: "all_steps_done" });
    const second = await desk.enroll(sequenceId, { contactId, again: true });
    expect(second.id).not.toBe(first.id);
    await desk.pass(minuteMs);
    expect((await desk.taskOf(second.id)).status).toBe("open");
  });

  test("of ten requests at once exactly one wins", async () => {
    const sequenceId = await desk.published();
    const contactId = await desk.person();
    const replies = await Promise.all(Array.from({ length: 10 }, () => ask(sequenceId, { contactId })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect(new Set(replies.flatMap(({ body }) => body.code ?? []))).toEqual(new Set(["already_enrolled"]));
    const { items } = await desk.client("enrollments.list", { query: { contactId } });
    expect(items).toHaveLength(1);
    expect(await desk.events(items[0]!)).toEqual(["enrollment.created"]);
  });

  test("not_published, no_mailbox, sequence_archived: before anything about the person", async () => {
    const contactId = await desk.person({ email: null });
    expect(await refusalOf((await desk.draft([mail()])).id, { contactId })).toEqual([409, "not_published"]);
    const archived = await desk.published();
    await desk.client("sequences.archive", { params: { id: archived } });
    expect(await refusalOf(archived, { contactId })).toEqual([409, "sequence_archived"]);
    const bare = await desk.published([mail()], { mailboxId: null });
    await desk.client("mailboxes.disable", { params: { id: desk.mailboxId } });
    expect(await refusalOf(bare, { contactId })).toEqual([409, "no_mailbox"]);
  });
});

describe("a batch", () => {
  test("answers each by itself, in the order given, with a pointer to what is wrong", async () => {
    const sequenceId = await desk.published([mail()]);
    const [ok, twice, noEmail, enrolled] = await Promise.all([
      desk.person(),
      desk.person(),
      desk.person({ email: null }),
      desk.person(),
    ]);
    await desk.enroll(sequenceId, enrolled!);
    const other = await openDesk(desk);
    const email = `${unique("new")}@acme.example`;
    const reference = { system: "crm", type: "lead", id: unique() };
    const known = await desk.client("contacts.create", {
      body: { email: `${unique("k")}@acme.example`, references: [reference] },
    });
    const deal = await desk.client("deals.create", { body: { name: "Deal", contactId: known.contact.id } });
    const dealReference = { system: "crm", type: "deal", id: unique() };
    const referred = await desk.client("deals.create", {
      body: { name: "Referred", contactId: twice!, references: [dealReference] },
    });
    const { status, body } = await askMany(sequenceId, [
      { contactId: ok },
      { contactId: enrolled },
      { contactId: noEmail },
      { person: { email, firstName: "New" } },
      { person: { email: email.toUpperCase() } },
      { person: { email: "x@@y" } },
      { contactId: await other.person() },
      { contactId: "ctc_nonsense" },
      7,
      {},
      { reference: { ...reference, entity: "lead" } },
      { reference: { ...reference, id: "?" } },
      { dealId: deal.id },
      { reference: dealReference },
      { contactId: twice },
      { person: { firstName: "No address" } },
      { person: { email: "fine@acme.example", ownerId: encodeId("mbr", 0, other.workspace.adminId) } },
      { person: { email: "fine@acme.example", ownerId: "mbr_NrfcW713" } },
    ]);
    expect(status).toBe(200);
    expect([body.enrolled, body.refused]).toEqual([4, 14]);
    expect(body.items.map((item: { code: string; pointer: string }) => [item.code, item.pointer])).toEqual([
      [null, null],
      ["already_enrolled", "/items/1"],
      ["no_email", "/items/2"],
      [null, null],
      ["already_enrolled", "/items/4"],
      ["invalid_request", "/items/5/person/email"],
      ["contact_not_found", "/items/6/contactId"],
      ["contact_not_found", "/items/7/contactId"],
      ["invalid_request", "/items/8"],
      ["invalid_request", "/items/9"],
      [null, null],
      ["reference_not_found", "/items/11/reference"],
      ["already_enrolled", "/items/12"],
      [null, null],
      ["already_enrolled", "/items/14"],
      ["no_email", "/items/15"],
      ["member_not_found", "/items/16/person/ownerId"],
      ["member_not_found", "/items/17/person/ownerId"],
    ]);
    for (const item of body.items) {
      expect(item.outcome).toBe(item.code === null ? "enrolled" : "refused");
      expect(item.enrollmentId === null).toBe(item.code !== null);
    }
    expect(body.items[3].contactId).toBe(body.items[4].contactId);
    expect(await desk.get(body.items[13].enrollmentId)).toMatchObject({
      contactId: twice,
      dealId: referred.id,
    });
  });

  test("takes a thousand new people in few enough queries for one request of a Worker", async () => {
    const sequenceId = await desk.published([mail()]);
    const domain = `${unique("bulk")}.example`;
    const items = Array.from({ length: 1_000 }, (_, i) =>
      i % 10 === 3
        ? { person: { email: `bad${i}@` } }
        : { person: { email: `p${i}@${domain}`, firstName: `P${i}` } },
    );
    let queries = 0;
    const counting = new Proxy(desk.system.db, {
      get(db, name) {
        if (name === "prepare" || name === "batch") queries++;
        const value = Reflect.get(db, name) as unknown;
        return typeof value === "function" ? value.bind(db) : value;
      },
    });
    const { db } = desk.system;
    desk.system.db = counting;
    const { body } = await askMany(sequenceId, items);
    desk.system.db = db;
    expect([body.enrolled, body.refused]).toEqual([900, 100]);
    expect(body.items.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
      items.map((_, i) => (i % 10 === 3 ? "refused" : "enrolled")),
    );
    expect(body.items[993].pointer).toBe("/items/993/person/email");
    expect(queries).toBeLessThan(300);
    const again = (await askMany(sequenceId, items)).body;
    expect([again.enrolled, again.refused]).toEqual([0, 1_000]);
    const sums = await desk.run();
    expect(sums.tick.claimed).toBe(0);
  });

  test("more than a thousand, or nobody, is refused whole", async () => {
    const sequenceId = await desk.published();
    const tooMany = await askMany(
      sequenceId,
      Array.from({ length: 1_001 }, () => ({ contactId: "ctc_0000example" })),
    );
    expect([tooMany.status, pointersOf(tooMany)]).toEqual([422, ["/items"]]);
    expect((await askMany(sequenceId, [])).status).toBe(422);
  });

  test("two batches of the same people at once enroll each once", async () => {
    const sequenceId = await desk.published();
    const people = await Promise.all(Array.from({ length: 20 }, () => desk.person()));
    const items = people.map((contactId) => ({ contactId }));
    const [one, two] = await Promise.all([askMany(sequenceId, items), askMany(sequenceId, items)]);
    expect(one.body.enrolled + two.body.enrolled).toBe(20);
    for (const [i, item] of one.body.items.entries()) {
      expect([item.outcome, two.body.items[i].outcome].sort()).toEqual(["enrolled", "refused"]);
    }
  });
});

describe("pause and resume", () => {
  test("keep what was left of the wait, take the queued mail back, and say why", async () => {
    const enrolled = await oneEnrolled(desk);
    await desk.run();
    await desk.pass(dayMs);
    const paused = await act(enrolled.id, pause, { detail: "Talking at the fair" });
    expect(paused.body).toMatchObject({
      status: "paused",
      reason: "manual",
      detail: "Talking at the fair",
      waitReason: null,
      wakeAt: null,
    });
    expect(await desk.explain(enrolled.id)).toEqual({
      status: "paused",
      rule: "manual",
      value: "Talking at the fair",
      nextLookAt: null,
      stepId: 2,
      sentence: "Paused: Talking at the fair.",
    });
    await desk.pass(10 * dayMs);
    expect((await act(enrolled.id, resume)).body).toMatchObject({
      status: "active",
      reason: null,
      detail: null,
    });
    await desk.run();
    expect((await desk.get(enrolled.id)).wakeAt).toBe(iso(desk.system.clock.at + dayMs));
    await desk.pass(dayMs);
    expect(desk.system.delivered).toHaveLength(2);
    expect(await desk.events(enrolled)).toEqual([
      "enrollment.created",
      "send.queued",
      "send.sent",
      "enrollment.paused",
      "enrollment.resumed",
      "send.queued",
      "send.sent",
      "enrollment.completed",
    ]);
  });

  test("a mail that is queued when somebody pauses does not leave, and leaves once when they resume", async () => {
    const enrolled = await oneEnrolled(desk, [mail()]);
    await desk.client("workspace.stopSending");
    await desk.run();
    await desk.client("workspace.resumeSending");
    // Queued by the tick while the mailbox is full.
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 0 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    await desk.run();
    expect((await desk.sendsOf(enrolled.id))[0]).toMatchObject({ state: "queued", waitReason: "cap" });
    await act(enrolled.id, pause);
    expect((await desk.sendsOf(enrolled.id))[0]).toMatchObject({ state: "canceled", dueAt: null });
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 10 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    await desk.pass(hourMs);
    expect(desk.system.delivered).toEqual([]);
    await act(enrolled.id, resume);
    await desk.run();
    expect(desk.system.delivered).toHaveLength(1);
    expect(await desk.sendsOf(enrolled.id)).toMatchObject([{ state: "sent", cycle: 1 }]);
  });

  test("each refusal has its code", async () => {
    const enrolled = await oneEnrolled(desk, [mail()]);
    const code = async (action: readonly [string, string]) => {
      const { status, body } = await act(enrolled.id, action);
      return [status, body.code];
    };
    expect(await code(resume)).toEqual([409, "enrollment_not_paused"]);
    expect(await code(reopen)).toEqual([409, "enrollment_not_ended"]);
    await act(enrolled.id, pause);
    expect(await code(pause)).toEqual([409, "enrollment_not_active"]);
    await act(enrolled.id, resume);
    await desk.run();
    expect((await desk.get(enrolled.id)).status).toBe("completed");
    expect(await code(pause)).toEqual([409, "enrollment_not_active"]);
    expect(await code(resume)).toEqual([409, "enrollment_not_paused"]);
    expect(await code(cancel)).toEqual([409, "enrollment_ended"]);
    expect(await code(skip)).toEqual([409, "enrollment_ended"]);
    expect(await code(reopen)).toEqual([409, "enrollment_all_steps_done"]);
    expect((await act("enr_NrfcW713", pause)).body.code).toBe("enrollment_not_found");
    expect((await act("nonsense", pause)).body.code).toBe("enrollment_not_found");
  });

  test("a missing variable pauses and names it; once it is filled in, resuming sends", async () => {
    const enrolled = await oneEnrolled(
      desk,
      [mail({ body: "As {{ contact.title }} you know {{ contact.custom.plan }}." })],
      {
        title: "COO",
      },
    );
    await desk.run();
    expect(await desk.get(enrolled.id)).toMatchObject({
      status: "paused",
      reason: "missing_variable",
      detail: "contact.custom.plan",
    });
    expect(desk.system.delivered).toEqual([]);
    await act(enrolled.id, resume);
    await desk.run();
    expect((await desk.get(enrolled.id)).reason).toBe("missing_variable");
    await desk.client("contacts.update", {
      params: { id: enrolled.contactId },
      body: { custom: { plan: "pro" } },
    });
    await act(enrolled.id, resume);
    await desk.run();
    expect(desk.system.delivered.map(textOf)).toEqual([expect.stringContaining("As COO you know pro.")]);
  });

  test("a refused mail is tried again as the same mail once somebody resumes", async () => {
    desk.system.wire.answer = (): WireOutcome => ({
      kind: "not_sent",
      permanent: true,
      scope: "recipient",
      retryAfterMs: null,
      detail: "550 no such user",
    });
    const enrolled = await oneEnrolled(desk, [mail()]);
    await desk.run();
    expect(await desk.get(enrolled.id)).toMatchObject({
      status: "paused",
      reason: "send_refused",
      detail: "550 no such user",
    });
    expect(await desk.sendsOf(enrolled.id)).toMatchObject([{ state: "failed", error: "550 no such user" }]);
    desk.system.wire.answer = () => sentOutcome;
    await act(enrolled.id, resume);
    await desk.run();
    expect(await desk.sendsOf(enrolled.id)).toMatchObject([{ state: "sent", cycle: 1 }]);
    expect((await desk.get(enrolled.id)).status).toBe("completed");
  });

  test("ten people pausing and resuming at once leave it whole", async () => {
    const enrolled = await oneEnrolled(desk);
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, i) => act(enrolled.id, i % 2 ? resume : pause)),
    );
    for (const { status, body } of replies) {
      expect([200, 409]).toContain(status);
      if (status === 409)
        expect(["enrollment_not_active", "enrollment_not_paused", "busy"]).toContain(body.code);
    }
    const { status, wakeAt } = await desk.get(enrolled.id);
    expect(wakeAt === null).toBe(status === "paused");
  });
});

describe("cancel, skip and reopen", () => {
  test("cancel ends it with its reason, closes its task, and a person may be enrolled again", async () => {
    const enrolled = await oneEnrolled(desk, [call(), call()]);
    await desk.run();
    const task = await desk.taskOf(enrolled.id);
    const ended = await act(enrolled.id, cancel, { detail: "Bought elsewhere" });
    expect(ended.body).toMatchObject({
      status: "canceled",
      reason: "manual",
      detail: "Bought elsewhere",
      endedAt: iso(desk.system.clock.at),
      wakeAt: null,
    });
    expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("skipped");
    expect((await ask(enrolled.sequenceId, { contactId: enrolled.contactId })).status).toBe(201);
    expect((await act(enrolled.id, reopen)).body.code).toBe("already_enrolled");
  });

  test("skip passes over the step: the queued mail is canceled, the next delay counts from now", async () => {
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 0 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    const enrolled = await oneEnrolled(desk, [mail(), call({ delay: at(2, "hours") })]);
    await desk.run();
    expect(await desk.sendsOf(enrolled.id)).toMatchObject([{ state: "queued" }]);
    const { body } = await act(enrolled.id, skip);
    expect(body).toMatchObject({
      status: "active",
      stepId: 2,
      waitReason: "delay",
      wakeAt: iso(monday + minuteMs + 2 * hourMs),
    });
    expect(await desk.sendsOf(enrolled.id)).toMatchObject([{ state: "canceled" }]);
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 10 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    await desk.pass(2 * hourMs);
    expect(desk.system.delivered).toEqual([]);
    const task = await desk.taskOf(enrolled.id);
    expect(task).toMatchObject({ stepId: 2, status: "open" });
    expect((await act(enrolled.id, skip)).body).toMatchObject({
      status: "completed",
      reason: "all_steps_done",
    });
    expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("skipped");
    expect(await desk.events(enrolled)).toEqual([
      "enrollment.created",
      "send.queued",
      "enrollment.step_skipped",
      "task.created",
      "task.skipped",
      "enrollment.step_skipped",
      "enrollment.completed",
    ]);
  });

  test("skip while paused by a person moves on and stays paused; a pause about the step ends with it", async () => {
    const enrolled = await oneEnrolled(desk, [mail(), call({ delay: at(1, "hours") })]);
    await act(enrolled.id, pause);
    expect((await act(enrolled.id, skip)).body).toMatchObject({
      status: "paused",
      reason: "manual",
      stepId: 2,
      wakeAt: null,
    });
    await act(enrolled.id, resume);
    await desk.pass(hourMs);
    expect(await desk.taskOf(enrolled.id)).toMatchObject({ stepId: 2 });

    const parked = await oneEnrolled(desk, [
      mail({ body: "{{ contact.title }}" }),
      call({ delay: at(1, "hours") }),
    ]);
    await desk.run();
    expect((await desk.get(parked.id)).reason).toBe("missing_variable");
    expect((await act(parked.id, skip)).body).toMatchObject({
      status: "active",
      reason: null,
      detail: null,
      stepId: 2,
    });
  });

  test("a mail on the wire is neither skipped nor lost: send_in_flight", async () => {
    const enrolled = await oneEnrolled(desk);
    let skipped: { status: number; body: { code: string } } | undefined;
    desk.system.wire.answer = async () => {
      skipped = await act(enrolled.id, skip);
      expect((await desk.explain(enrolled.id)).rule).toBe("send_in_flight");
      return sentOutcome;
    };
    await desk.run();
    expect([skipped?.status, skipped?.body.code]).toEqual([409, "send_in_flight"]);
    expect(await desk.get(enrolled.id)).toMatchObject({ stepId: 2, status: "active" });
  });

  test("a pause while the mail is on the wire: it lands, is recorded, and resuming goes on from it", async () => {
    const enrolled = await oneEnrolled(desk);
    desk.system.wire.answer = async () => {
      expect((await act(enrolled.id, pause)).status).toBe(200);
      return sentOutcome;
    };
    await desk.run();
    expect(await desk.get(enrolled.id)).toMatchObject({ status: "paused", reason: "manual" });
    expect(await desk.sendsOf(enrolled.id)).toMatchObject([{ state: "sent" }]);
    const sentAt = desk.system.clock.at;
    await desk.pass(hourMs);
    await act(enrolled.id, resume);
    await desk.run();
    expect(await desk.get(enrolled.id)).toMatchObject({
      status: "active",
      stepId: 2,
      wakeAt: iso(sentAt + 2 * dayMs),
    });
    expect(desk.system.delivered).toHaveLength(1);
  });

  test("reopen puts them back where they stood when they answered: same step, same wait left, same task", async () => {
    const enrolled = await oneEnrolled(desk);
    await desk.run();
    await desk.pass(dayMs);
    const replied =
      "From: x@y.example\r\nMessage-ID: <r1@y.example>\r\nIn-Reply-To: " +
      desk.system.delivered[0]!.messageId +
      "\r\n\r\nYes";
    await desk.call("POST", "/v1/inbound", replied, { "content-type": "message/rfc822" });
    expect(await desk.get(enrolled.id)).toMatchObject({ status: "completed", reason: "replied" });
    await desk.pass(5 * dayMs);
    expect((await act(enrolled.id, reopen)).body).toMatchObject({
      status: "active",
      stepId: 2,
      endedAt: null,
      reason: null,
    });
    await desk.run();
    expect((await desk.get(enrolled.id)).wakeAt).toBe(iso(desk.system.clock.at + dayMs));
    await desk.pass(dayMs);
    expect(desk.system.delivered).toHaveLength(2);

    const calling = await oneEnrolled(desk, [call()]);
    await desk.run();
    const task = await desk.taskOf(calling.id);
    await act(calling.id, cancel);
    await act(calling.id, reopen);
    expect(await desk.taskOf(calling.id)).toMatchObject({ id: task.id, status: "open" });
    await desk.client("tasks.done", { params: { id: task.id } });
    expect((await desk.get(calling.id)).reason).toBe("all_steps_done");
  });
});

describe("a mail nobody is sure of", () => {
  const unsure = async () => {
    desk.system.wire.answer = () => ({ kind: "ambiguous", detail: "closed after DATA" });
    const enrolled = await oneEnrolled(desk);
    await desk.run();
    desk.system.wire.answer = () => sentOutcome;
    const [send] = await desk.sendsOf(enrolled.id);
    return { enrolled, send: send!, task: await desk.taskOf(enrolled.id) };
  };
  const settle = (id: string, arrived: boolean) =>
    desk.call("PUT", `/v1/sends/${id}/settlement`, { arrived });

  test("pauses, asks a person, and cannot be resumed or skipped before it is settled", async () => {
    const { enrolled, send, task } = await unsure();
    expect(await desk.get(enrolled.id)).toMatchObject({
      status: "paused",
      reason: "uncertain_send",
      detail: "closed after DATA",
    });
    expect(send).toMatchObject({ state: "uncertain", attempt: 1, error: "closed after DATA", dueAt: null });
    expect(task).toMatchObject({ purpose: "uncertain_send", type: "task", kind: "other", status: "open" });
    expect((await act(enrolled.id, resume)).body.code).toBe("send_uncertain");
    expect((await act(enrolled.id, skip)).body.code).toBe("send_uncertain");
    expect((await desk.client("sends.list", { query: { state: "uncertain" } })).items).toEqual([send]);
    expect(await desk.explain(enrolled.id)).toMatchObject({ rule: "uncertain_send", nextLookAt: null });
    await desk.pass(30 * dayMs);
    expect(desk.system.delivered).toEqual([]);
  });

  test("arrived: it counts as sent when it left, the task closes, the sequence goes on from there", async () => {
    const { enrolled, send, task } = await unsure();
    const leftAt = desk.system.clock.at;
    desk.system.clock.advance(hourMs);
    const settled = await settle(send.id, true);
    expect(settled.body).toMatchObject({ id: send.id, state: "sent", sentAt: iso(leftAt), error: null });
    expect((await desk.client("tasks.get", { params: { id: task.id } })).status).toBe("done");
    await desk.run();
    expect(await desk.get(enrolled.id)).toMatchObject({
      status: "active",
      stepId: 2,
      wakeAt: iso(leftAt + 2 * dayMs),
    });
    const again = await settle(send.id, false);
    expect([again.status, again.body.code]).toEqual([409, "send_not_uncertain"]);
    await desk.pass(2 * dayMs);
    expect(desk.system.delivered).toHaveLength(1);
    expect(headerOf(desk.system.delivered[0]!, "in-reply-to")).toMatch(/^<cdz\./);
    expect(headerOf(desk.system.delivered[0]!, "subject")).toBe("Re: Hello Dana");
  });

  test("not arrived: the step is sent again as a mail of its own, and the follow-up answers that one", async () => {
    const { enrolled, send } = await unsure();
    expect((await settle(send.id, false)).body).toMatchObject({ state: "failed", sentAt: null });
    await desk.run();
    const sends = await desk.sendsOf(enrolled.id);
    expect(sends.map(({ state, stepId, cycle }) => [state, stepId, cycle])).toEqual([
      ["failed", 1, 1],
      ["sent", 1, 2],
    ]);
    await desk.pass(2 * dayMs);
    const [again, followed] = desk.system.delivered;
    expect(headerOf(followed!, "in-reply-to")).toBe(again!.messageId);
    expect(headerOf(followed!, "references")).toBe(again!.messageId);
    expect((await desk.get(enrolled.id)).reason).toBe("all_steps_done");
  });

  test("of two people settling differently at once one is told it is settled", async () => {
    const { enrolled, send } = await unsure();
    const replies = await Promise.all([settle(send.id, true), settle(send.id, false)]);
    const after = await desk.client("sends.get", { params: { id: send.id } });
    expect(replies.map(({ status, body }) => [status, body.code ?? body.state]).sort()).toEqual([
      [200, after.state],
      [409, "send_not_uncertain"],
    ]);
    expect(["sent", "failed"]).toContain(after.state);
    await desk.run();
    await desk.pass(minuteMs);
    expect(desk.system.delivered).toHaveLength(after.state === "sent" ? 0 : 1);
    expect((await desk.events(enrolled)).filter((type) => type === "send.settled")).toHaveLength(1);
  });

  test("a send of another workspace, or none at all, is not found", async () => {
    const { send } = await unsure();
    const other = await openDesk(desk);
    for (const [method, path] of [
      ["GET", ""],
      ["PUT", "/settlement"],
    ] as const) {
      const body = method === "PUT" ? { arrived: true } : undefined;
      expect((await other.call(method, `/v1/sends/${send.id}${path}`, body)).body.code).toBe(
        "send_not_found",
      );
      expect((await desk.call(method, `/v1/sends/snd_nonsense${path}`, body)).body.code).toBe(
        "send_not_found",
      );
    }
    expect((await desk.client("sends.get", { params: { id: send.id } })).state).toBe("uncertain");
  });
});

describe("plan and explain, wherever somebody stands", () => {
  const office = async (days: number[], holidays: string[] = []) => {
    const { id } = await desk.client("schedules.create", {
      body: {
        name: unique("Office"),
        windows: [{ days, from: "09:00", to: "17:00" }],
        holidays,
        jitterMinutes: 0,
      },
    });
    return id;
  };

  test("in a delay: the delay, until when; the plan names every touch to come", async () => {
    const enrolled = await oneEnrolled(desk, [
      mail(),
      followUp(),
      call({ delay: at(1, "days") }),
      followUp(),
    ]);
    await desk.run();
    const due = monday + minuteMs + 2 * dayMs;
    expect(await desk.explain(enrolled.id)).toEqual({
      status: "active",
      rule: "delay",
      value: "2 days",
      nextLookAt: iso(due),
      stepId: 2,
      sentence: expect.stringContaining("delay"),
    });
    const touches = await planOf(enrolled.id);
    expect(touches.map(({ stepId, at: when, conditional }) => [stepId, when, conditional])).toEqual([
      [2, iso(due), false],
      [3, iso(due + dayMs), false],
      [4, iso(due + 3 * dayMs), true],
    ]);
    expect(touches[0]!.mail!.subject).toBe("Re: Hello Dana");
  });

  test("outside the window, over a holiday, at a task, at the cap, at the gap, under the brake, on hold", async () => {
    const saturday = monday + 5 * dayMs;
    const scheduleId = await office([1, 2, 3, 4, 5]);
    desk.system.clock.set(saturday);
    const windowed = await desk.enroll(await desk.published([mail()], { scheduleId }), await desk.person());
    await desk.pass(minuteMs);
    const opens = iso(monday + 7 * dayMs);
    expect(await desk.explain(windowed.id)).toMatchObject({
      rule: "window",
      value: opens,
      nextLookAt: opens,
    });
    expect((await planOf(windowed.id)).map(({ at: when, reason }) => [when, reason])).toEqual([
      [opens, "window"],
    ]);

    const tuesday = iso(monday + 8 * dayMs);
    const closed = await office([1, 2, 3, 4, 5], ["2026-11-30"]);
    desk.system.clock.set(monday + 7 * dayMs);
    const feast = await desk.enroll(
      await desk.published([mail()], { scheduleId: closed }),
      await desk.person(),
    );
    await desk.pass(minuteMs);
    expect(await desk.explain(feast.id)).toMatchObject({
      rule: "holiday",
      value: tuesday,
      nextLookAt: tuesday,
    });

    const tasked = await oneEnrolled(desk, [call()]);
    await desk.run();
    const task = await desk.taskOf(tasked.id);
    expect(await desk.explain(tasked.id)).toMatchObject({ rule: "task_open", value: task.dueAt });

    await desk.client("workspace.stopSending");
    const braked = await oneEnrolled(desk, [mail()]);
    await desk.run();
    expect(await desk.explain(braked.id)).toMatchObject({ rule: "sending_stopped" });
    expect((await planOf(braked.id)).map(({ at: when, reason }) => [when, reason])).toEqual([
      [null, "sending_stopped"],
    ]);
    await desk.client("workspace.resumeSending");
    await desk.run();
    expect((await desk.get(braked.id)).status).toBe("completed");

    const held = await oneEnrolled(desk, [mail()]);
    const untilAt = iso(desk.system.clock.at + 3 * dayMs);
    await desk.client("holds.place", { params: { id: held.contactId }, body: { untilAt } });
    await desk.run();
    expect(await desk.explain(held.id)).toMatchObject({ rule: "hold", value: untilAt, nextLookAt: untilAt });
    expect((await planOf(held.id))[0]).toMatchObject({ at: untilAt, reason: "hold" });

    const slow = encodeId("mbx", 0, await createMailbox(desk.system, desk.workspace.id, { gapMs: 600_000 }));
    const slowly = await desk.published([mail()], { mailboxId: slow });
    await desk.enroll(slowly, await desk.person());
    const second = await desk.enroll(slowly, await desk.person());
    await desk.pass(minuteMs);
    await desk.run();
    const gapEnds = iso(desk.system.clock.at + 600_000);
    expect(await desk.explain(second.id)).toMatchObject({
      rule: "gap",
      value: "600 seconds",
      nextLookAt: gapEnds,
    });

    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 1 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    const capped = await oneEnrolled(desk, [mail()]);
    await desk.run();
    const [waiting] = await desk.sendsOf(capped.id);
    expect(waiting).toMatchObject({ state: "queued", waitReason: "cap" });
    expect(await desk.explain(capped.id)).toMatchObject({
      rule: "cap",
      value: "1 a day",
      nextLookAt: waiting!.dueAt,
    });
    expect((await planOf(capped.id))[0]).toMatchObject({ at: waiting!.dueAt, reason: "cap" });
    const { items } = await desk.client("enrollments.list", { query: { contactId: capped.contactId } });
    expect(items[0]).toMatchObject({ waitReason: "cap" });
    expect((await desk.get(capped.id)).waitReason).toBe("cap");
  });

  test("due: it happens at the next tick; paused: what a person must do; ended: why, and no plan", async () => {
    const due = await oneEnrolled(desk, [mail()]);
    expect(await desk.explain(due.id)).toMatchObject({ rule: "due", nextLookAt: iso(desk.system.clock.at) });
    const missing = await oneEnrolled(desk, [mail({ body: "{{ contact.title }}" })]);
    await desk.run();
    expect(await desk.explain(missing.id)).toMatchObject({
      status: "paused",
      rule: "missing_variable",
      value: "contact.title",
      nextLookAt: null,
    });
    expect((await planOf(missing.id))[0]).toMatchObject({
      problem: { reason: "missing_variable", detail: "contact.title" },
    });
    expect(await desk.explain(due.id)).toMatchObject({
      status: "completed",
      rule: "all_steps_done",
      nextLookAt: null,
    });
    expect(await planOf(due.id)).toEqual([]);
    await act(missing.id, cancel, { detail: "Left" });
    expect(await desk.explain(missing.id)).toMatchObject({
      status: "canceled",
      rule: "manual",
      value: "Left",
    });
    expect(await planOf(missing.id)).toEqual([]);
  });

  test("a paused person's plan is the one they would have if they went on now", async () => {
    const enrolled = await oneEnrolled(desk);
    await desk.run();
    await desk.pass(dayMs);
    await act(enrolled.id, pause);
    await desk.pass(6 * dayMs);
    expect((await planOf(enrolled.id)).map(({ at: when }) => when)).toEqual([
      iso(desk.system.clock.at + dayMs),
    ]);
  });

  test("data that cannot be read is said so, and the others are not harmed", async () => {
    const broken = await oneEnrolled(desk, [mail()]);
    const fine = await oneEnrolled(desk, [mail()]);
    await desk.system.db
      .prepare(
        "UPDATE contacts SET custom = '{oops' WHERE id = (SELECT contact_id FROM enrollments WHERE id = ?1)",
      )
      .bind(keyOf(broken.id))
      .run();
    for (const question of ["plan", "explain"]) {
      const { status, body } = await desk.call("GET", `/v1/enrollments/${broken.id}/${question}`);
      expect([status, body.code]).toEqual([409, "enrollment_unreadable"]);
    }
    await desk.run();
    expect(await desk.get(broken.id)).toMatchObject({ status: "paused", reason: "parked" });
    expect(await desk.get(fine.id)).toMatchObject({ status: "completed" });
  });
});

describe("lists", () => {
  const all = async (query: Record<string, unknown>) => {
    const enrollments = await everyPage((cursor) =>
      desk.client("enrollments.list", { query: { limit: 2, ...query, ...cursor } as never }),
    );
    return enrollments.map(({ id }) => id);
  };

  test("of enrollments, newest first, filtered by status, sequence and contact, with names beside them", async () => {
    const [one, two] = [await desk.published(), await desk.published()];
    const people = await Promise.all([1, 2, 3].map((n) => desk.person({ firstName: `N${n}` })));
    const made: string[] = [];
    for (const sequenceId of [one, two])
      for (const who of people) made.push((await desk.enroll(sequenceId, who)).id);
    await act(made[0]!, cancel);
    await act(made[4]!, pause);
    expect(await all({})).toEqual([...made].reverse());
    expect(await all({ sequenceId: one })).toEqual([made[2], made[1], made[0]]);
    expect(await all({ contactId: people[1] })).toEqual([made[4], made[1]]);
    expect(await all({ status: "canceled" })).toEqual([made[0]]);
    expect(await all({ status: "paused", sequenceId: two })).toEqual([made[4]]);
    expect(await all({ status: "paused", sequenceId: one })).toEqual([]);
    const { items } = await desk.client("enrollments.list", { query: { status: "canceled" } });
    expect(items[0]).toMatchObject({
      contact: { firstName: "N1" },
      sequenceName: expect.stringMatching(/^Sequence/),
    });
    expect((await desk.call("GET", "/v1/enrollments?status=asleep")).status).toBe(422);
    expect((await desk.call("GET", "/v1/enrollments?limit=0")).status).toBe(422);
  });

  test("of mails that wait, soonest first, page by page, without one left out or doubled", async () => {
    await desk.system.db
      .prepare("UPDATE mailboxes SET daily_cap = 0 WHERE id = ?1")
      .bind(desk.mailboxKey)
      .run();
    const sequenceId = await desk.published([mail()]);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await desk.enroll(sequenceId, await desk.person())).id);
    await desk.pass(minuteMs);
    const waiting = await everyPage((cursor) =>
      desk.client("sends.list", { query: { limit: 2, ...cursor } }),
    );
    expect(waiting.map(({ enrollmentId, waitReason }) => [enrollmentId, waitReason])).toEqual(
      ids.map((id) => [id, "cap"]),
    );
  });

  test.each(["enrollments", "sequences", "tasks", "sends"])(
    "a cursor of %s that somebody made up is refused, never broken by",
    async (list) => {
      const made = (value: unknown) => btoa(JSON.stringify(value));
      for (const cursor of [
        made(["abc"]),
        made(["1; DROP TABLE sends"]),
        made([1e308, 2, 3, 4]),
        "%00",
        made({}),
        made([]),
      ]) {
        const { status } = await desk.call("GET", `/v1/${list}?cursor=${encodeURIComponent(cursor)}`);
        expect([200, 422]).toContain(status);
      }
      expect(desk.system.errors).toEqual([]);
    },
  );
});

describe("who may", () => {
  test("a key that may only read writes nothing, on any route", async () => {
    const reader = api(desk.app, await createKey(desk.system, desk.workspace.id, { scopes: ["read"] }));
    const enrolled = await oneEnrolled(desk, [call()]);
    await desk.run();
    const names = (Object.keys(routes) as (keyof typeof routes)[]).filter((name) =>
      /^(sequences|enrollments|sends|tasks|holds|inbound)\./.test(name),
    );
    const before = await snapshot();
    for (const name of names) {
      const [method, path] = routes[name];
      if (contracts[name].access === "read") continue;
      const { status, body } = await reader.call(
        method,
        path.replace(":id", enrolled.id),
        method === "GET" ? undefined : {},
      );
      expect([name, status, body.code]).toEqual([name, 403, "scope_missing"]);
    }
    expect(await snapshot()).toEqual(before);
    expect((await reader.call("GET", `/v1/enrollments/${enrolled.id}`)).status).toBe(200);
    expect((await reader.call("GET", `/v1/enrollments/${enrolled.id}/explain`)).status).toBe(200);
  });

  test("a mail answered by a colleague of another workspace is nobody's business: every enrollment route says not found", async () => {
    const enrolled = await oneEnrolled(desk);
    const other = await openDesk(desk);
    const before = await snapshot();
    for (const [method, path] of [
      pause,
      resume,
      cancel,
      reopen,
      skip,
      ["GET", "plan"],
      ["GET", "explain"],
      ["GET", "sends"],
    ] as const) {
      const { status, body } = await other.call(method, `/v1/enrollments/${enrolled.id}/${path}`);
      expect([path, status, body.code]).toEqual([path, 404, "enrollment_not_found"]);
    }
    expect(await snapshot()).toEqual(before);
  });
});

describe("holds", () => {
  const hold = (id: string, body: unknown) => desk.call("PUT", `/v1/contacts/${id}/hold`, body);

  test("stop everything a person is in, timers too, and let it go on by themselves", async () => {
    const enrolled = await oneEnrolled(desk);
    await desk.run();
    await desk.pass(dayMs);
    const untilAt = iso(desk.system.clock.at + 10 * dayMs);
    const placed = await hold(enrolled.contactId, { kind: "requested", untilAt, note: "In March" });
    expect(placed.body).toEqual({
      contactId: enrolled.contactId,
      kind: "requested",
      untilAt,
      note: "In March",
      createdAt: iso(desk.system.clock.at),
    });
    expect((await desk.call("GET", `/v1/contacts/${enrolled.contactId}/hold`)).body).toEqual(placed.body);
    await desk.pass(10 * dayMs - minuteMs);
    expect(await desk.get(enrolled.id)).toMatchObject({
      status: "active",
      waitReason: "hold",
      wakeAt: untilAt,
    });
    await desk.pass(minuteMs);
    expect((await desk.get(enrolled.id)).wakeAt).toBe(iso(desk.system.clock.at + dayMs));
    expect((await desk.call("GET", `/v1/contacts/${enrolled.contactId}/hold`)).body.code).toBe(
      "hold_not_found",
    );
    await desk.pass(dayMs);
    expect(desk.system.delivered).toHaveLength(2);
  });

  test("released early, the rest of the wait runs; released twice is told", async () => {
    const enrolled = await oneEnrolled(desk);
    await desk.run();
    await desk.pass(dayMs);
    await hold(enrolled.contactId, { untilAt: iso(monday + 60 * dayMs) });
    await desk.pass(2 * dayMs);
    const released = await desk.call("DELETE", `/v1/contacts/${enrolled.contactId}/hold`);
    expect([released.status, released.text]).toEqual([204, ""]);
    await desk.run();
    expect((await desk.get(enrolled.id)).wakeAt).toBe(iso(desk.system.clock.at + dayMs));
    expect((await desk.call("DELETE", `/v1/contacts/${enrolled.contactId}/hold`)).body.code).toBe(
      "hold_not_found",
    );
  });

  test("a longer hold replaces a shorter one, and the wait that was left stays what it was", async () => {
    const enrolled = await oneEnrolled(desk);
    await desk.run();
    await desk.pass(dayMs);
    await hold(enrolled.contactId, { untilAt: iso(desk.system.clock.at + dayMs) });
    await desk.pass(hourMs);
    const untilAt = iso(desk.system.clock.at + 5 * dayMs);
    await hold(enrolled.contactId, { untilAt });
    await desk.pass(5 * dayMs);
    expect((await desk.get(enrolled.id)).wakeAt).toBe(iso(desk.system.clock.at + dayMs));
  });

  test.each<[string, unknown, string]>([
    ["an instant that is over", { untilAt: iso(monday) }, "/untilAt"],
    ["more than two years", { untilAt: iso(monday + 800 * dayMs) }, "/untilAt"],
    ["no instant", {}, "/untilAt"],
    ["an unknown kind", { untilAt: iso(monday + dayMs), kind: "forever" }, "/kind"],
    ["a line break in the note", { untilAt: iso(monday + dayMs), note: "a\nb" }, "/note"],
  ])("refuse %s", async (_, body, pointer) => {
    const reply = await hold(await desk.person(), body);
    expect([reply.status, pointersOf(reply)]).toEqual([422, [pointer]]);
  });

  test("another workspace's person is not found, and is not held", async () => {
    const other = await openDesk(desk);
    const stranger = await other.person();
    expect((await hold(stranger, { untilAt: iso(monday + dayMs) })).body.code).toBe("contact_not_found");
    await other.client("holds.place", { params: { id: stranger }, body: { untilAt: iso(monday + dayMs) } });
    expect((await desk.call("GET", `/v1/contacts/${stranger}/hold`)).status).toBe(404);
    expect((await desk.call("DELETE", `/v1/contacts/${stranger}/hold`)).body.code).toBe("contact_not_found");
    expect((await other.call("GET", `/v1/contacts/${stranger}/hold`)).status).toBe(200);
  });
});
