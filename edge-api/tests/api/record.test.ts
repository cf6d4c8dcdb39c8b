/** What a panel beside a record asks: one person with everything it shows first, found by the host's own id. */
import { env } from "cloudflare:workers";
import type { AnswerOf } from "@cadenza/shared/client";
import { record } from "@cadenza/shared/contract/record";
import type { Role } from "@cadenza/shared/vocabulary";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { readRecord } from "../../src/commands/record.ts";
import { type Actor, machineActor } from "../../src/domain/actor.ts";
import { decodeId, encodeId } from "../../src/http/public-id.ts";
import { exchange, registerHost, signToken } from "../access/hosts.ts";
import { type SignedIn, signIn } from "../access/people.ts";
import { metered } from "../engine/d1.ts";
import { api, createMember, dayMs, hourMs, iso, minuteMs, type Reply, testSystem, unique } from "../world.ts";
import { at, call, type Desk, followUp, keyOf, mail, openDesk, todo } from "./desk.ts";

type Record = AnswerOf<"record.get">;

// Sessions live by the real clock.
const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk({ system, app });
});

type Query = { [name: string]: string | undefined };

const ask = (query: Query, by: Pick<Desk, "call"> = desk): Promise<Reply> =>
  by.call("GET", `/v1/record?${new URLSearchParams(query as { [name: string]: string })}`);

/** As the contract says, and nothing else. */
async function seen(query: Query, by?: Pick<Desk, "call">): Promise<Record> {
  const { status, body, text } = await ask(query, by);
  expect(status, text).toBe(200);
  expect(record.safeParse(body).error?.issues).toBeUndefined();
  return body;
}
const refusal = async (query: Query, by?: Pick<Desk, "call">) => {
  const { status, body } = await ask(query, by);
  return [status, body.code];
};

const named = async (references: { system: string; type: string; id: string }[], more = {}) =>
  (await desk.client("contacts.create", { body: { firstName: "Dana", references, ...more } })).contact.id;

describe("a record is found", () => {
  test("by the host's own id in whatever system, by our id, and by one whole address", async () => {
    const id = unique("4711");
    const email = `${unique("dana")}@acme.example`;
    const contactId = await named([{ system: "hubspot", type: "lead", id }], { email });
    for (const query of [
      { entity: "lead", id },
      { entity: "lead", id, system: "hubspot" },
      { contactId },
      { email },
      { email: email.toUpperCase() },
    ]) {
      expect((await seen(query)).contact.id).toBe(contactId);
    }
  });

  test("by any of their addresses", async () => {
    const otherEmails = [`${unique("dana")}@home.example`];
    const contactId = await named([], { email: `${unique("dana")}@acme.example`, otherEmails });
    expect((await seen({ email: otherEmails[0]! })).contact.id).toBe(contactId);
  });

  test("as what the host calls it, else as what it is here: a type of the host's own fits by kind", async () => {
    const id = unique("77");
    const lead = await named([{ system: "crm", type: "lead", id }]);
    const party = await named([{ system: "erp", type: "customer", id }], { kind: "party" });
    expect((await seen({ entity: "lead", id })).contact.id).toBe(lead);
    expect((await seen({ entity: "party", id })).contact.id).toBe(party);
    // A customer by now, and the host's lead still.
    await desk.client("contacts.update", { params: { id: lead as never }, body: { kind: "party" } });
    expect((await seen({ entity: "lead", id })).contact.id).toBe(lead);
    expect((await seen({ entity: "party", id })).contact.id).toBe(party);
    expect(await refusal({ entity: "deal", id })).toEqual([404, "reference_not_found"]);
  });

  test("a deal with the person it is with", async () => {
    const id = unique("903");
    const contactId = await desk.person();
    const references = [{ system: "hubspot", type: "deal", id }];
    const body = { name: "Acme, 20 seats", stage: "proposal", contactId: contactId as never, references };
    const deal = await desk.client("deals.create", { body });
    const found = await seen({ entity: "deal", id });
    expect([found.contact.id, found.deal]).toEqual([contactId, deal]);
    expect((await seen({ contactId })).deal).toBeNull();

    const lonely = [{ system: "hubspot", type: "deal", id: unique("904") }];
    await desk.client("deals.create", { body: { name: "Nobody's", references: lonely } });
    expect(await refusal({ entity: "deal", id: lonely[0]!.id })).toEqual([404, "contact_not_found"]);
  });

  test("not at all where two records share the id, until the system is named", async () => {
    const id = unique("12");
    const here = await named([{ system: "crm-a", type: "lead", id }]);
    await named([{ system: "crm-b", type: "lead", id }]);
    const reply = await ask({ entity: "lead", id });
    expect([reply.status, reply.body.code]).toEqual([409, "reference_ambiguous"]);
    expect(reply.body.detail).toContain("Say which system's it is.");
    expect((await seen({ entity: "lead", id, system: "crm-a" })).contact.id).toBe(here);
    // One person under both names is one.
    const both = unique("13");
    const same = await named([
      { system: "crm-a", type: "lead", id: both },
      { system: "crm-b", type: "lead", id: both },
    ]);
    expect((await seen({ entity: "lead", id: both })).contact.id).toBe(same);
  });

  test("among very many types of one system, where the type is the entity's name", async () => {
    const elsewhere = await openDesk({ system, app });
    const types = Array.from({ length: 150 }, (_, i) => ({ system: "odd", type: `t${i}`, id: "x" }));
    for (let from = 0; from < types.length; from += 20) {
      await elsewhere.client("contacts.create", {
        body: { firstName: "Odd", references: types.slice(from, from + 20) },
      });
    }
    const references = [
      { system: "odd", type: "zlead", id: "5" },
      { system: "odd", type: "lead", id: "5" },
    ];
    const { contact } = await elsewhere.client("contacts.create", { body: { firstName: "L", references } });
    expect((await seen({ entity: "lead", id: "5", system: "odd" }, elsewhere)).contact.id).toBe(contact.id);
  });

  test.each<[string, { [name: string]: string }]>([
    ["nobody", {}],
    ["an entity without an id", { entity: "lead" }],
    ["an id without an entity", { id: "4711" }],
    ["a system alone", { system: "hubspot" }],
    ["a system beside an address", { email: "dana@acme.example", system: "hubspot" }],
    ["two ways at once", { entity: "lead", id: "4711", email: "dana@acme.example" }],
    ["an entity nobody has", { entity: "company", id: "1" }],
    ["too long an id", { entity: "lead", id: "x".repeat(201) }],
    ["half an address", { email: "dana" }],
    ["another field", { entity: "lead", id: "1", limit: "5" }],
  ])("never by %s", async (_title, query) => {
    expect(await refusal(query)).toEqual([422, "invalid_request"]);
  });

  test("never in another workspace, nor where there is none", async () => {
    const stranger = await openDesk({ system, app });
    const id = unique("4712");
    const email = `${unique("dana")}@acme.example`;
    const contactId = await named([{ system: "hubspot", type: "lead", id }], { email });
    for (const [query, code] of [
      [{ entity: "lead", id }, "reference_not_found"],
      [{ entity: "lead", id, system: "hubspot" }, "reference_not_found"],
      [{ contactId }, "contact_not_found"],
      [{ email }, "contact_not_found"],
    ] as const) {
      expect(await refusal(query, stranger)).toEqual([404, code]);
    }
    expect(await refusal({ entity: "lead", id: "' OR 1=1 --" })).toEqual([404, "reference_not_found"]);
  });

  test("not once the person was erased", async () => {
    const id = unique("4713");
    const contactId = await named([{ system: "hubspot", type: "lead", id }]);
    await desk.client("contacts.erase", { params: { id: contactId as never } });
    expect(await refusal({ contactId })).toEqual([404, "contact_not_found"]);
    expect(await refusal({ entity: "lead", id })).toEqual([404, "reference_not_found"]);
  });
});

describe("it shows", () => {
  test("who it is, the zone they are planned in, and nothing where there is nothing", async () => {
    const contactId = await desk.person({ timeZone: "Asia/Kathmandu" });
    const found = await seen({ contactId });
    expect(found.contact).toEqual(await desk.client("contacts.get", { params: { id: contactId as never } }));
    expect(found).toMatchObject({
      zone: "Asia/Kathmandu",
      deal: null,
      hold: null,
      suppression: null,
      enrollments: [],
      tasks: [],
      timeline: { items: [], nextCursor: null },
      may: { enroll: true, suppress: true, build: true },
    });
  });

  test("the zone the mailbox brings where the person has none", async () => {
    const zoned = await openDesk({ system, app }, { timeZone: "America/New_York" });
    const contactId = await zoned.person();
    expect((await seen({ contactId }, zoned)).zone).toBe("UTC");
    await zoned.enroll(await zoned.published(), contactId);
    expect((await seen({ contactId }, zoned)).zone).toBe("America/New_York");
  });

  test("each enrollment with where it stands, why, what comes next and what then, as plan and explain say it", async () => {
    const contactId = await desk.person();
    const steps = [mail({ delay: at(2, "days") }), call({ delay: at(1, "days") }), followUp()];
    const enrolled = await desk.enroll(await desk.published(steps), contactId);
    const [one, ...others] = (await seen({ contactId })).enrollments;
    expect(others).toEqual([]);
    const params = { id: enrolled.id };
    const listed = await desk.get(enrolled.id);
    const { rule, value, nextLookAt } = await desk.client("enrollments.explain", { params });
    const { touches } = await desk.client("enrollments.plan", { params });
    const [first, ...later] = touches;
    const { contact: _, ...standing } = listed;
    expect(one).toMatchObject({ ...standing, rule, value, nextLookAt, canWrite: true });
    expect(one!.rule).toBe("delay");
    expect(one!.mailboxAddress).toMatch(/@seller\.example$/);
    expect(one!.steps).toEqual([
      { id: 1, name: "Intro", type: "email_auto" },
      { id: 2, name: "Call", type: "call" },
      { id: 3, name: "Follow-up", type: "email_auto" },
    ]);
    const { subject, text } = first!.mail!;
    expect(subject).toBe("Hello Dana");
    expect(one!.next).toEqual({ ...first, mail: { subject, text } });
    expect(one!.then).toEqual(
      later.map(({ stepId, stepName, type, at: when, conditional, reason }) => {
        return { stepId, stepName, type, at: when, conditional, reason };
      }),
    );
    expect(one!.then.map(({ conditional }) => conditional)).toEqual([false, true]);
  });

  test("ten touches after the next, however long the sequence is", async () => {
    const contactId = await desk.person();
    const steps = Array.from({ length: 30 }, (_, i) => mail({ name: `Mail ${i}`, delay: at(1, "days") }));
    await desk.enroll(await desk.published(steps), contactId);
    const [one] = (await seen({ contactId })).enrollments;
    expect([one!.next?.stepName, one!.then.map(({ stepName }) => stepName)]).toEqual([
      "Mail 0",
      Array.from({ length: 10 }, (_, i) => `Mail ${i + 1}`),
    ]);
    expect(one!.steps).toHaveLength(30);
  });

  test("five that run and three that ended, the newest of each first", async () => {
    const contactId = await desk.person();
    const ids: string[] = [];
    for (let i = 0; i < 11; i++) ids.push((await desk.enroll(await desk.published(), contactId)).id);
    for (const id of [ids[0], ids[2], ids[4], ids[6]]) {
      await desk.client("enrollments.cancel", { params: { id: id as never }, body: { detail: "Enough" } });
    }
    await desk.client("enrollments.pause", { params: { id: ids[10] as never } });
    const { enrollments } = await seen({ contactId });
    expect(enrollments.map(({ id }) => ids.indexOf(id))).toEqual([10, 9, 8, 7, 5, 6, 4, 2]);
    expect(enrollments[0]).toMatchObject({ status: "paused", reason: "manual", rule: "manual" });
    expect(enrollments[0]!.next).toMatchObject({ stepName: "Intro" });
    expect(enrollments[5]).toMatchObject({
      status: "canceled",
      reason: "manual",
      detail: "Enough",
      rule: "manual",
      value: "Enough",
      nextLookAt: null,
      next: null,
      // biome-ignore lint/suspicious/noThenProperty: the contract's word
      then: [],
    });
  });

  test("what lacks a value, with the touch it will stop at", async () => {
    const contactId = await desk.person({ title: null });
    await desk.enroll(
      await desk.published([mail({ delay: at(1, "days"), body: "As {{ contact.title }}, hello" })]),
      contactId,
    );
    const [one] = (await seen({ contactId })).enrollments;
    expect(one!.next).toMatchObject({ problem: { reason: "missing_variable", detail: "contact.title" } });
    await desk.pass(2 * dayMs);
    const [paused] = (await seen({ contactId })).enrollments;
    expect(paused).toMatchObject({ status: "paused", rule: "missing_variable", value: "contact.title" });
  });

  test("an enrollment that cannot be read without what nobody can say of it, beside those that can", async () => {
    const contactId = await desk.person();
    const bad = await desk.enroll(await desk.published(), contactId);
    const good = await desk.enroll(await desk.published(), contactId);
    await env.DB.prepare("UPDATE enrollments SET version_id = 999999999 WHERE id = ?1")
      .bind(keyOf(bad.id))
      .run();
    const { enrollments } = await seen({ contactId });
    expect(enrollments.map(({ id, rule }) => [id, rule])).toEqual([
      [good.id, "delay"],
      [bad.id, null],
    ]);
    expect(enrollments[1]).toMatchObject({ steps: [], value: null, nextLookAt: null, next: null });
    await env.DB.prepare("DELETE FROM enrollments WHERE id = ?1").bind(keyOf(bad.id)).run();
  });

  test("a hold until it is over, and what it does to their enrollments", async () => {
    const contactId = await desk.person();
    await desk.enroll(await desk.published(), contactId);
    const untilAt = iso(system.now() + 3 * dayMs);
    const hold = await desk.client("holds.place", {
      params: { id: contactId as never },
      body: { kind: "requested", untilAt, note: "In March" },
    });
    const held = await seen({ contactId });
    expect(held.hold).toEqual(hold);
    expect(held.enrollments[0]).toMatchObject({ waitReason: "hold", rule: "hold", nextLookAt: untilAt });
    system.clock.advance(4 * dayMs);
    expect((await seen({ contactId })).hold).toBeNull();
  });

  test("the suppression that keeps mail away: the address's own before its domain's", async () => {
    const domain = `${unique("never")}.example`;
    const contactId = await desk.person({ email: `dana@${domain}` });
    const suppress = (kind: "address" | "domain", value: string, reason: "manual" | "opted_out") =>
      desk.client("suppressions.create", { body: { kind, value, reason } });
    const whole = await suppress("domain", domain, "manual");
    const shown = async () => (await seen({ contactId })).suppression;
    expect(await shown()).toEqual({ kind: "domain", reason: "manual", createdAt: whole.createdAt });
    const own = await suppress("address", `dana@${domain}`, "opted_out");
    expect(await shown()).toEqual({ kind: "address", reason: "opted_out", createdAt: own.createdAt });
    await desk.client("suppressions.delete", { params: { id: own.id } });
    await desk.client("suppressions.delete", { params: { id: whole.id } });
    expect(await shown()).toBeNull();
    expect((await seen({ contactId: await desk.person({ email: null }) })).suppression).toBeNull();
  });

  test("their open tasks by due date, twenty at most, as the list of tasks shows them", async () => {
    const contactId = await desk.person();
    const later = await desk.enroll(await desk.published([call({ name: "Later" })]), contactId);
    await desk.pass(2 * minuteMs);
    const sooner = await desk.enroll(await desk.published([todo({ name: "Sooner" })]), contactId);
    await desk.pass(2 * minuteMs);
    const task = await desk.taskOf(later.id);
    const untilAt = iso(system.now() + hourMs);
    await desk.client("tasks.snooze", { params: { id: task.id }, body: { untilAt } });
    const { tasks } = await seen({ contactId });
    expect(tasks.map(({ enrollmentId }) => enrollmentId)).toEqual([sooner.id, later.id]);
    expect(tasks[1]).toEqual(await desk.client("tasks.get", { params: { id: task.id } }));
    await desk.client("tasks.done", { params: { id: task.id } });
    expect((await seen({ contactId })).tasks).toHaveLength(1);

    await env.DB.batch(
      Array.from({ length: 30 }, (_, i) =>
        env.DB.prepare(
          `INSERT INTO tasks (workspace_id, enrollment_id, step_id, cycle, sequence_id, version_id, contact_id, type,
             purpose, title, body, status, due_at, rev, created_at, updated_at)
           SELECT workspace_id, id, ?2, 1, sequence_id, version_id, contact_id, 'call', 'step', 'Call', '', 'open', ?3,
             1, ?3, ?3 FROM enrollments WHERE id = ?1`,
        ).bind(keyOf(sooner.id), 100 + i, system.now() + i),
      ),
    );
    expect((await seen({ contactId })).tasks).toHaveLength(20);
    await env.DB.prepare("DELETE FROM tasks WHERE step_id >= 100").run();
  });

  test("a timeline that the person's own goes on with", async () => {
    const contactId = await desk.person();
    const params = { id: contactId as never };
    for (let i = 0; i < 30; i++) {
      await desk.client("contacts.update", { params, body: { title: `Title ${i}` } });
    }
    const { items, nextCursor } = (await seen({ contactId })).timeline;
    expect(items).toHaveLength(20);
    const rest = await desk.client("contacts.timeline", { params, query: { cursor: nextCursor! } });
    const all = await desk.client("contacts.timeline", { params, query: { limit: 200 } });
    expect([...items, ...rest.items]).toEqual(all.items);
  });
});

describe("whoever asks", () => {
  type Person = SignedIn & { id: string };
  const people = {} as { [role in Role]: Person };
  beforeAll(async () => {
    for (const role of ["manager", "rep", "viewer"] as const) {
      const person = await signIn({ app, auth, system }, desk.workspace, role);
      const { body } = await person.call("GET", "/v1/me");
      people[role] = { ...person, id: body.member.id };
    }
  });

  test("is told what their role lets them do", async () => {
    const contactId = await desk.person();
    const may = async (role: Role) => (await seen({ contactId }, people[role])).may;
    expect(await may("manager")).toEqual({ enroll: true, suppress: true, build: true });
    expect(await may("rep")).toEqual({ enroll: true, suppress: false, build: false });
    expect(await may("viewer")).toEqual({ enroll: false, suppress: false, build: false });
  });

  test("may write to what is their own or nobody's, a manager to all, a viewer to nothing", async () => {
    const contactId = await desk.person();
    const owners = [people.rep.id, encodeId("mbr", 0, await createMember(system, desk.workspace.id)), null];
    for (const ownerId of owners) {
      const { id } = await desk.enroll(await desk.published(), contactId);
      await env.DB.prepare("UPDATE enrollments SET owner_id = ?2 WHERE id = ?1")
        .bind(keyOf(id), ownerId && decodeId("mbr", 0, ownerId))
        .run();
    }
    const writable = async (role: Role) =>
      (await seen({ contactId }, people[role])).enrollments.map(({ ownerId, canWrite }) => [
        owners.indexOf(ownerId),
        canWrite,
      ]);
    expect(await writable("rep")).toEqual([
      [2, true],
      [1, false],
      [0, true],
    ]);
    expect(await writable("manager")).toEqual([
      [2, true],
      [1, true],
      [0, true],
    ]);
    expect(await writable("viewer")).toEqual([
      [2, false],
      [1, false],
      [0, false],
    ]);
    // What it says is what then happens.
    const [, others] = (await seen({ contactId }, people.rep)).enrollments;
    const tried = await people.rep.call("PUT", `/v1/enrollments/${others!.id}/pause`);
    expect([tried.status, tried.body.code]).toEqual([403, "not_yours"]);
  });

  test("sees nothing of a private sequence that is not theirs: no enrollment, no task, no event", async () => {
    const contactId = await desk.person();
    const secret = await desk.published([call({ name: "Secret" })], { visibility: "private" });
    const { id } = await desk.enroll(secret, contactId);
    await desk.pass(2 * minuteMs);
    const by = async (role: Role) => {
      const found = await seen({ contactId }, people[role]);
      return [found.enrollments.length, found.tasks.length, found.timeline.items.length > 0];
    };
    expect(await by("manager")).toEqual([1, 1, true]);
    expect(await by("rep")).toEqual([0, 0, false]);
    expect(await by("viewer")).toEqual([0, 0, false]);
    expect((await ask({ contactId }, people.rep)).text).not.toContain(id);
  });

  test("may be a host's page: the record and who they are here, in two questions", async () => {
    const host = await registerHost(app, desk.workspace);
    const session = await exchange(app, host.origin, await signToken(system, host));
    const page = api(app, session.body.accessToken);
    const as = { origin: host.origin };
    const id = unique("4714");
    await named([{ system: "crm", type: "lead", id }]);
    const shown = await page.call("GET", `/v1/record?entity=lead&id=${id}`, undefined, as);
    expect([shown.status, shown.body.may]).toEqual([200, { enroll: true, suppress: false, build: false }]);
    expect(shown.headers.get("access-control-allow-origin")).toBe(host.origin);
    const me = await page.call("GET", "/v1/me", undefined, as);
    expect([me.status, me.body]).toMatchObject([
      200,
      {
        member: { id: session.body.member.id, name: "Robin Reis", role: "rep" },
        workspace: { mode: "live", timeZone: "UTC" },
        role: "rep",
        workspaces: [],
      },
    ]);
  });
});

test("it is read in few rounds and few rows, however much the workspace holds", async () => {
  const crowded = await openDesk({ system, app });
  const { id: workspaceId } = crowded.workspace;
  const references = [{ system: "crm", type: "lead", id: "1" }];
  const email = `${unique("dana")}@acme.example`;
  const body = { firstName: "Dana", email, references };
  const { contact } = await crowded.client("contacts.create", { body });
  await crowded.enroll(await crowded.published([mail(), call(), followUp()]), contact.id);
  const sequenceId = await crowded.published([call()]);
  // Five hundred others, each known by a reference, enrolled, and with an open task.
  for (let i = 0; i < 500; i += 250) {
    const items = Array.from({ length: 250 }, (_, n) => ({
      email: `${unique("other")}@buyer.example`,
      firstName: "Other",
      references: [{ system: "crm", type: "lead", id: `other-${i + n}` }],
    }));
    await crowded.client("enrollments.createMany", {
      params: { id: sequenceId },
      body: { items: items.map((person) => ({ person })) },
    });
  }
  await crowded.pass(2 * minuteMs);
  const actor = machineActor(workspaceId, "key:1");
  const warm = { entity: "lead", id: "1" } as const;
  await readRecord(system, actor, warm);

  const memberId = await createMember(system, workspaceId);
  const rep: Actor = { workspaceId, name: `member:${memberId}`, memberId, role: "rep", reach: "own" };
  for (const [by, ask] of [
    [actor, warm],
    [rep, { ...warm, system: "crm" }],
    [rep, { email }],
  ] as const) {
    const { system: counted, meter } = metered(system);
    const found = await readRecord(counted, by, ask);
    expect(found.enrollments).toHaveLength(1);
    const each = [...meter.statements].map(([sql, { read }]) => `  ${String(read).padStart(4)}  ${sql}`);
    console.log(`record.get: ${meter.read} rows read in ${meter.calls} calls\n${each.join("\n")}`);
    expect(meter.calls).toBeLessThanOrEqual(10);
    expect(meter.read).toBeLessThanOrEqual(80);
    expect(meter.written).toBe(0);
  }
});
