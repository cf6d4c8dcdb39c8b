/** Whose: every route that names a record, for whoever may see it, change it, or neither; and what lists leave out. */
import { env } from "cloudflare:workers";
import { type Permission, roleMay } from "@cadenza/shared/access";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { exampleIds, type IdPrefix, marks } from "@cadenza/shared/contract/fields";
import { type RouteName, routes } from "@cadenza/shared/routes";
import type { Role, SequenceVisibility } from "@cadenza/shared/vocabulary";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { listTimeline } from "../../src/db/contacts.ts";
import { listEnrollments } from "../../src/db/enrollments.ts";
import { loadHealth } from "../../src/db/health.ts";
import { listMailboxes } from "../../src/db/mailboxes.ts";
import { listOutbox } from "../../src/db/sends.ts";
import { listSequences } from "../../src/db/sequences.ts";
import { listTasks } from "../../src/db/tasks.ts";
import { type Actor, machineActor } from "../../src/domain/actor.ts";
import type * as Id from "../../src/domain/ids.ts";
import { decodeId, encodeId } from "../../src/http/public-id.ts";
import { call, type Desk, mail, openDesk, pointersOf } from "../api/desk.ts";
import { explain, recorded } from "../engine/d1.ts";
import { createContact, createMailbox, dayMs, minuteMs, type Reply, testSystem, unique } from "../world.ts";
import { type SignedIn, signIn } from "./people.ts";

// Sessions live by the real clock.
const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });

type Person = SignedIn & { id: string; role: Role };
type Records = Record<"seq" | "enr" | "tsk" | "snd" | "mbx" | "ctc", string>;
type Noun = "seq" | "enr" | "tsk" | "snd" | "mbx";

let desk: Desk;
/** `a` owns what the others ask about. */
let a: Person;
let b: Person;
let viewer: Person;
let manager: Person;

beforeAll(async () => {
  desk = await openDesk({ system, app });
  [a, b, viewer, manager] = await Promise.all([
    person("rep"),
    person("rep"),
    person("viewer"),
    person("manager"),
  ]);
});

async function person(role: Role): Promise<Person> {
  const signedIn = await signIn({ app, auth, system }, desk.workspace, role);
  await signedIn.call("GET", "/v1/workspace");
  const { items } = await desk.client("members.list", { query: { limit: 200 } });
  return { ...signedIn, role, id: items.find(({ email }) => email === signedIn.email)!.id };
}

const ok = async (reply: Promise<Reply>): Promise<Reply["body"]> => {
  const { status, body, text } = await reply;
  expect(status, text).toBeLessThan(300);
  return body;
};

const server = { host: "127.0.0.1", port: 2525, security: "none" };
const addMailbox = (whose: Person): Promise<{ id: string; ownerId: string | null }> =>
  ok(whose.call("POST", "/v1/mailboxes", { address: `${unique("box")}@seller.example`, smtp: server }));

/** A mail that went out and a call that is open, of somebody `by` enrolled in a sequence of theirs. */
async function records(visibility: SequenceVisibility, by: Person | null): Promise<Records> {
  const mbx = by ? (await addMailbox(by)).id : desk.mailboxId;
  const own = { visibility, mailboxId: mbx as never, ownerId: (by?.id ?? null) as never };
  const seq = await desk.published([mail(), call()], own);
  const ctc = await desk.person();
  const asked = { contactId: ctc };
  const { id: enr } = by
    ? await ok(by.call("POST", `/v1/sequences/${seq}/enrollments`, asked))
    : await desk.enroll(seq, ctc);
  await desk.pass(minuteMs);
  await desk.pass(minuteMs);
  const [send] = await desk.sendsOf(enr);
  const task = await desk.taskOf(enr);
  expect([task.ownerId, (await desk.get(enr)).ownerId]).toEqual([by?.id ?? null, by?.id ?? null]);
  return { seq, enr, tsk: task.id, snd: send!.id, mbx, ctc };
}

// --- every route with an id

const nounOf = (name: RouteName): Noun | null => {
  const field = (contracts[name] as Contract).params?.shape.id;
  const mark = field && marks.get(field);
  const prefix = mark?.kind === "id" ? mark.prefix : null;
  return prefix && (["seq", "enr", "tsk", "snd", "mbx"] as IdPrefix[]).includes(prefix)
    ? (prefix as Noun)
    : null;
};
const names = (Object.keys(routes) as RouteName[]).filter(nounOf);

const notFound: Record<Noun, string> = {
  seq: "sequence_not_found",
  enr: "enrollment_not_found",
  tsk: "task_not_found",
  snd: "send_not_found",
  mbx: "mailbox_not_found",
};

/** A right body, so that nothing but whose the record is can be in the way. */
function bodyFor(name: RouteName, of: Records, by: Person): unknown {
  const { body, example }: Contract = contracts[name];
  if (name === "tasks.snooze") return { untilAt: new Date(system.now() + dayMs).toISOString() };
  if (!body) return undefined;
  const text = JSON.stringify(example?.body ?? {});
  return JSON.parse(text.replaceAll(exampleIds.ctc, of.ctc).replaceAll(exampleIds.mbr, by.id));
}

function ask(by: Person, name: RouteName, of: Records): Promise<Reply> {
  const [method, path] = routes[name];
  const headers: Record<string, string> = (contracts[name] as Contract).ifMatch ? { "if-match": "*" } : {};
  return by.call(method, path.replace(":id", of[nounOf(name)!]), bodyFor(name, of, by), headers);
}

const told = [
  "sequences",
  "sequence_versions",
  "enrollments",
  "sends",
  "tasks",
  "mailboxes",
  "events",
  "contacts",
];
async function snapshot(): Promise<string> {
  const rows = await env.DB.batch(told.map((table) => env.DB.prepare(`SELECT * FROM ${table}`)));
  return JSON.stringify(rows.map(({ results }) => results));
}

type Sight = "reached" | "seen" | "hidden";

/** What becomes of a request, by how far the record is reached. */
function expected(name: RouteName, role: Role, sight: Sight): [number, string] | "reached" {
  const permission = (contracts[name] as Contract).access as Permission;
  if (!roleMay(role, permission)) return [403, "role_missing"];
  if (sight === "hidden") return [404, notFound[nounOf(name)!]];
  // Enrolling in a sequence changes nothing that is somebody else's.
  if (sight === "reached" || permission === "read" || nounOf(name) === "seq") return "reached";
  return [403, "not_yours"];
}

const others = ["enr", "tsk", "snd", "seq"] as const;
const all = (sight: Sight, mbx: Sight = sight) =>
  ({ ...Object.fromEntries(others.map((noun) => [noun, sight])), mbx }) as Record<Noun, Sight>;

describe.each<[string, SequenceVisibility, () => Person | null, () => Person, Record<Noun, Sight>]>([
  ["their own, in a private sequence, is reached by its owner", "private", () => a, () => a, all("reached")],
  [
    "of another rep, in a private sequence, is not found by a rep",
    "private",
    () => a,
    () => b,
    all("hidden"),
  ],
  [
    "of a rep, in a private sequence, is not found by a viewer",
    "private",
    () => a,
    () => viewer,
    all("hidden"),
  ],
  [
    "of a rep, in a private sequence, is reached by a manager",
    "private",
    () => a,
    () => manager,
    all("reached"),
  ],
  ["their own, in a shared sequence, is reached by its owner", "shared", () => a, () => a, all("reached")],
  [
    "of another rep, in a shared sequence, is seen by a rep",
    "shared",
    () => a,
    () => b,
    all("seen", "hidden"),
  ],
  [
    "of a rep, in a shared sequence, is seen by a viewer",
    "shared",
    () => a,
    () => viewer,
    all("seen", "hidden"),
  ],
  [
    "of a rep, in a shared sequence, is reached by a manager",
    "shared",
    () => a,
    () => manager,
    all("reached"),
  ],
  [
    "that nobody owns, in a shared sequence, is reached by a rep",
    "shared",
    () => null,
    () => b,
    all("reached", "seen"),
  ],
  [
    "that nobody owns, in a private sequence, is not found by a rep",
    "private",
    () => null,
    () => b,
    all("hidden", "seen"),
  ],
])("a record %s", (_, visibility, owner, asker, sights) => {
  let of: Records;
  beforeAll(async () => {
    of = await records(visibility, owner());
  });

  test.each(names)("%s", async (name) => {
    const who = asker();
    const wanted = expected(name, who.role, sights[nounOf(name)!]);
    const before = await snapshot();
    const { status, body } = await ask(who, name, of);
    if (wanted === "reached") {
      expect([status, body?.code]).not.toEqual([403, expect.anything()]);
      expect([status, body?.code]).not.toEqual([404, expect.anything()]);
      if (routes[name][0] === "GET") expect(status).toBe(200);
    } else {
      expect([status, body?.code]).toEqual(wanted);
      expect(await snapshot()).toBe(before);
    }
  });
});

// --- what is not asked for by its id

describe("what is private", () => {
  let hidden: Records;
  let open: Records;

  beforeAll(async () => {
    hidden = await records("private", a);
    open = await records("shared", a);
  });

  /** Every list there is, and each narrowed down to what is hidden. */
  const lists = () => [
    ...(Object.keys(routes) as RouteName[])
      .filter((name) => routes[name][0] === "GET" && !routes[name][1].includes(":"))
      .filter((name) => (contracts[name] as Contract).access === "read" && name !== "lookup.get")
      .map((name) => routes[name][1]),
    "/v1/sequences?status=active",
    `/v1/enrollments?sequenceId=${hidden.seq}`,
    `/v1/enrollments?contactId=${hidden.ctc}`,
    "/v1/enrollments?status=active",
    `/v1/tasks?enrollmentId=${hidden.enr}`,
    `/v1/tasks?contactId=${hidden.ctc}`,
    `/v1/tasks?ownerId=${a.id}`,
    "/v1/sends?state=uncertain",
    `/v1/contacts/${hidden.ctc}`,
    `/v1/contacts/${hidden.ctc}/timeline`,
    "/v1/lookup?system=crm&type=lead&id=4711",
  ];
  const idsOf = ({ seq, enr, tsk, snd, mbx }: Records) => [seq, enr, tsk, snd, mbx];

  test("is in nobody's list who may not see it", async () => {
    const references = [{ system: "crm", type: "lead", id: "4711" }];
    await ok(desk.call("PATCH", `/v1/contacts/${hidden.ctc}`, { references }));
    const { name } = await desk.client("sequences.get", { params: { id: hidden.seq as never } });
    for (const who of [b, viewer]) {
      for (const path of lists()) {
        const { text } = await who.call("GET", path);
        for (const id of [...idsOf(hidden), `"${name}"`])
          expect([path, text.includes(id)]).toEqual([path, false]);
      }
    }
  });

  test("is in the lists of its owner and of managers, beside what is shared", async () => {
    for (const who of [a, manager]) {
      const [sequences, enrollments, tasks, mailboxes] = await Promise.all(
        ["sequences", "enrollments", "tasks", "mailboxes"].map((noun) =>
          who.call("GET", `/v1/${noun}?limit=200`),
        ),
      );
      for (const { seq, enr, tsk, mbx } of [hidden, open]) {
        expect(sequences!.text).toContain(seq);
        expect(enrollments!.text).toContain(enr);
        expect(tasks!.text).toContain(tsk);
        expect(mailboxes!.text).toContain(mbx);
      }
    }
    for (const who of [b, viewer]) {
      expect((await who.call("GET", "/v1/sequences?limit=200")).text).toContain(open.seq);
      expect((await who.call("GET", "/v1/enrollments?limit=200")).text).toContain(open.enr);
      expect((await who.call("GET", "/v1/tasks?limit=200")).text).toContain(open.tsk);
      expect((await who.call("GET", "/v1/mailboxes?limit=200")).text).toContain(desk.mailboxId);
    }
  });

  test("fills no page: a list that leaves rows out still goes on to its end", async () => {
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await b.call("GET", `/v1/enrollments?limit=1${cursor && `&cursor=${cursor}`}`);
      expect(body.items).toHaveLength(1);
      seen.push(body.items[0].id);
      cursor = body.nextCursor ?? "";
    } while (cursor);
    expect(seen).toContain(open.enr);
    expect(seen).not.toContain(hidden.enr);
  });

  test("is left out of a person's timeline, and what happened in the open is not", async () => {
    const { enr } = open;
    const { id } = await ok(
      manager.call("POST", `/v1/sequences/${hidden.seq}/enrollments`, { contactId: open.ctc }),
    );
    const enrollmentsIn = async (who: Pick<Person, "call">) => {
      const { items } = await ok(who.call("GET", `/v1/contacts/${open.ctc}/timeline?limit=200`));
      return new Set(items.map(({ enrollmentId }: { enrollmentId: string }) => enrollmentId).filter(Boolean));
    };
    for (const who of [b, viewer]) expect(await enrollmentsIn(who)).toEqual(new Set([enr]));
    for (const who of [a, manager, desk]) expect(await enrollmentsIn(who)).toEqual(new Set([enr, id]));
    await desk.client("holds.place", {
      params: { id: open.ctc as never },
      body: { untilAt: new Date(system.now() + dayMs).toISOString() as never },
    });
    const { items } = await ok(b.call("GET", `/v1/contacts/${open.ctc}/timeline?limit=1`));
    expect(items[0].type).toBe("hold.placed");
  });

  test("is not counted in the health of who could not find it", async () => {
    const uncertain = async (who: Person) => (await ok(who.call("GET", "/v1/health"))).uncertain;
    const people = [a, b, viewer, manager];
    const before = await Promise.all(people.map(uncertain));
    system.wire.answer = () => ({ kind: "ambiguous", detail: "The connection broke." });
    for (const { seq } of [hidden, open]) {
      await ok(a.call("POST", `/v1/sequences/${seq}/enrollments`, { contactId: await desk.person() }));
    }
    await desk.pass(minuteMs);
    system.wire.answer = () => ({ kind: "sent", providerMessageId: null, response: "250 OK" });
    const after = await Promise.all(people.map(uncertain));
    expect(after.map((count, i) => count - before[i])).toEqual([2, 1, 1, 2]);
    const outbox = async (who: Person) =>
      (await ok(who.call("GET", "/v1/sends?state=uncertain"))).items.length;
    expect(await Promise.all(people.map(outbox))).toEqual(after);
  });

  test("becomes everybody's to see when it is shared, and stops being so", async () => {
    const { seq, enr } = await records("private", a);
    for (const [visibility, status] of [
      ["shared", 200],
      ["private", 404],
    ] as const) {
      await ok(manager.call("PATCH", `/v1/sequences/${seq}`, { visibility }));
      expect((await b.call("GET", `/v1/sequences/${seq}`)).status).toBe(status);
      expect((await viewer.call("GET", `/v1/enrollments/${enr}`)).status).toBe(status);
    }
    await ok(manager.call("PATCH", `/v1/sequences/${seq}`, { ownerId: b.id }));
    expect((await b.call("GET", `/v1/sequences/${seq}`)).body.visibility).toBe("private");
    expect((await a.call("GET", `/v1/sequences/${seq}`)).status).toBe(404);
    // What they own in it stays theirs.
    expect((await a.call("GET", `/v1/enrollments/${enr}`)).status).toBe(200);
  });
});

// --- who owns what is made

describe("what a member makes", () => {
  test("is theirs: contacts, deals, mailboxes, enrollments; and a manager's sequences, which are shared", async () => {
    const { seq } = await records("shared", a);
    const { contact } = await ok(b.call("POST", "/v1/contacts", { email: `${unique("x")}@acme.example` }));
    const deal = await ok(b.call("POST", "/v1/deals", { name: "Seats", contactId: contact.id }));
    const mailbox = await addMailbox(b);
    const enrolled = await ok(b.call("POST", `/v1/sequences/${seq}/enrollments`, { dealId: deal.id }));
    const met = { person: { email: `${unique("x")}@acme.example`, firstName: "Dana" } };
    const { contactId } = await ok(b.call("POST", `/v1/sequences/${seq}/enrollments`, met));
    const person = await ok(b.call("GET", `/v1/contacts/${contactId}`));
    for (const { ownerId } of [contact, deal, mailbox, enrolled, person]) expect(ownerId).toBe(b.id);
    const sequence = await ok(manager.call("POST", "/v1/sequences", { name: unique("Sequence") }));
    expect([sequence.ownerId, sequence.visibility]).toEqual([manager.id, "shared"]);
  });

  test("is nobody's where they say so, and where a key makes it", async () => {
    const address = `${unique("box")}@seller.example`;
    const mailbox = await ok(b.call("POST", "/v1/mailboxes", { address, smtp: server, ownerId: null }));
    const deal = await desk.client("deals.create", { body: { name: "Seats" } });
    const contact = await desk.client("contacts.create", { body: { firstName: "Dana" } });
    const sequence = await desk.draft([]);
    for (const { ownerId } of [mailbox, deal, contact.contact, sequence]) expect(ownerId).toBeNull();
  });

  test("does not take over a person who is known already", async () => {
    const email = `${unique("x")}@acme.example`;
    await ok(a.call("POST", "/v1/contacts", { email }));
    const { outcome, contact } = await ok(b.call("POST", "/v1/contacts", { email, firstName: "Dana" }));
    expect([outcome, contact.ownerId]).toEqual(["merged", a.id]);
  });

  test("is given to somebody else by a manager alone", async () => {
    const { seq } = await records("shared", null);
    const { contact } = await ok(b.call("POST", "/v1/contacts", { email: `${unique("x")}@acme.example` }));
    const deal = await ok(b.call("POST", "/v1/deals", { name: "Seats" }));
    const { id: mailboxId } = await addMailbox(b);
    const ownerId = a.id;
    const email = () => `${unique("x")}@acme.example`;
    const asked = (): [string, string, Record<string, unknown>][] => [
      ["POST", `/v1/sequences/${seq}/enrollments`, { ownerId, person: { email: email() } }],
      [
        "POST",
        `/v1/sequences/${seq}/enrollments/batch`,
        { ownerId, items: [{ person: { email: email() } }] },
      ],
      ["POST", "/v1/contacts", { ownerId, email: email() }],
      ["PATCH", `/v1/contacts/${contact.id}`, { ownerId }],
      ["POST", "/v1/deals", { ownerId, name: "Seats" }],
      ["PATCH", `/v1/deals/${deal.id}`, { ownerId }],
      ["POST", "/v1/mailboxes", { ownerId, address: email(), smtp: server }],
      ["PATCH", `/v1/mailboxes/${mailboxId}`, { ownerId }],
    ];
    const before = await snapshot();
    for (const [method, path, body] of asked()) {
      const reply = await b.call(method, path, body);
      expect([path, reply.status, reply.body.code, pointersOf(reply)]).toEqual([
        path,
        403,
        "not_yours",
        ["/ownerId"],
      ]);
    }
    const { items } = await ok(
      b.call("POST", "/v1/contacts/batch", { items: [{ email: email(), ownerId }] }),
    );
    expect(items).toMatchObject([{ outcome: "refused", errors: [{ pointer: "/items/0/ownerId" }] }]);
    expect(await snapshot()).toBe(before);
    // What has this owner already is not given.
    const theirs = await ok(a.call("POST", "/v1/contacts", { email: email() }));
    await ok(b.call("PATCH", `/v1/contacts/${theirs.contact.id}`, { ownerId, title: "COO" }));
    await ok(b.call("POST", "/v1/contacts", { ownerId, email: theirs.contact.email }));
    for (const [method, path, body] of asked()) await ok(manager.call(method, path, body));
  });
});

describe("a rep's mail", () => {
  const steps = [mail()];

  test("leaves from their own mailbox, else from one nobody owns, and never from a colleague's", async () => {
    const home = await openDesk({ system, app });
    const [one, other] = await Promise.all([
      signIn({ app, auth, system }, home.workspace, "rep"),
      signIn({ app, auth, system }, home.workspace, "rep"),
    ]);
    const seq = await home.published(steps, { mailboxId: null });
    const enroll = async (more = {}) =>
      one.call("POST", `/v1/sequences/${seq}/enrollments`, { contactId: await home.person(), ...more });
    const box = async (who: SignedIn): Promise<string> =>
      (
        await ok(
          who.call("POST", "/v1/mailboxes", { address: `${unique("box")}@seller.example`, smtp: server }),
        )
      ).id;

    expect((await ok(enroll())).mailboxId).toBe(home.mailboxId);
    await ok(home.call("PUT", `/v1/mailboxes/${home.mailboxId}/disablement`));
    const theirs = await box(other);
    const without = await enroll();
    expect([without.status, without.body.code]).toEqual([409, "no_mailbox"]);
    const mine = await box(one);
    expect((await ok(enroll())).mailboxId).toBe(mine);

    const before = await snapshot();
    const chosen = await enroll({ mailboxId: theirs });
    expect([chosen.status, chosen.body.code, pointersOf(chosen)]).toEqual([403, "not_yours", ["/mailboxId"]]);
    const items = [{ person: { email: `${unique("x")}@acme.example` } }];
    const many = await one.call("POST", `/v1/sequences/${seq}/enrollments/batch`, {
      items,
      mailboxId: theirs,
    });
    expect([many.status, pointersOf(many)]).toEqual([403, ["/mailboxId"]]);
    const contactId = await home.person();
    const preview = await one.call("POST", `/v1/sequences/${seq}/preview`, { contactId, mailboxId: theirs });
    expect([preview.status, pointersOf(preview)]).toEqual([403, ["/mailboxId"]]);
    expect(JSON.parse(await snapshot()).slice(0, 7)).toEqual(JSON.parse(before).slice(0, 7));

    const chief = await signIn({ app, auth, system }, home.workspace, "manager");
    const nobodys = encodeId("mbx", 0, await createMailbox(system, home.workspace.id));
    const cold = { contactId: await home.person() };
    expect((await ok(chief.call("POST", `/v1/sequences/${seq}/enrollments`, cold))).mailboxId).toBe(nobodys);

    // A manager who names it in the sequence has decided that.
    const named = await home.published(steps, { mailboxId: theirs as never });
    const { mailboxId } = await ok(one.call("POST", `/v1/sequences/${named}/enrollments`, { contactId }));
    expect(mailboxId).toBe(theirs);
  });
});

describe("handing an enrollment on", () => {
  test("takes its open tasks along, is remembered, and shows it to whoever has it now", async () => {
    const { seq, enr, tsk, snd, ctc } = await records("private", a);
    const own = { ownerId: b.id };
    expect((await b.call("PATCH", `/v1/enrollments/${enr}`, own)).status).toBe(404);
    const given = await a.call("PATCH", `/v1/enrollments/${enr}`, own);
    expect([given.status, given.body.code, pointersOf(given)]).toEqual([403, "not_yours", ["/ownerId"]]);
    expect((await ok(manager.call("PATCH", `/v1/enrollments/${enr}`, own))).ownerId).toBe(b.id);

    for (const path of [
      `enrollments/${enr}`,
      `enrollments/${enr}/plan`,
      `enrollments/${enr}/explain`,
      `sends/${snd}`,
    ]) {
      expect([path, (await b.call("GET", `/v1/${path}`)).status]).toEqual([path, 200]);
    }
    expect((await b.call("GET", `/v1/sequences/${seq}`)).status).toBe(404);
    expect((await ok(b.call("GET", `/v1/tasks?ownerId=${b.id}&limit=200`))).items).toContainEqual(
      expect.objectContaining({ id: tsk }),
    );
    const { items } = await ok(b.call("GET", `/v1/contacts/${ctc}/timeline`));
    expect(items[0]).toMatchObject({ type: "enrollment.reassigned", enrollmentId: enr });
    expect((await a.call("PUT", `/v1/tasks/${tsk}/done`)).body.code).toBe("not_yours");
    expect((await ok(b.call("PUT", `/v1/tasks/${tsk}/done`))).status).toBe("done");
  });

  test("is also letting go and taking what nobody owns, not what somebody does", async () => {
    const { enr, tsk } = await records("shared", a);
    const owner = (ownerId: string | null) => ({ ownerId });
    expect((await b.call("PATCH", `/v1/enrollments/${enr}`, owner(b.id))).body.code).toBe("not_yours");
    expect((await ok(a.call("PATCH", `/v1/enrollments/${enr}`, owner(null)))).ownerId).toBeNull();
    expect((await ok(b.call("PATCH", `/v1/enrollments/${enr}`, owner(b.id)))).ownerId).toBe(b.id);
    expect((await ok(b.call("GET", `/v1/tasks/${tsk}`))).ownerId).toBe(b.id);
    const nobody = encodeId("mbr", 0, 987_654 as Id.MemberId);
    const absent = await manager.call("PATCH", `/v1/enrollments/${enr}`, owner(nobody));
    expect([absent.status, absent.body.code, pointersOf(absent)]).toEqual([
      404,
      "member_not_found",
      ["/ownerId"],
    ]);
    const hidden = await records("private", null);
    await ok(manager.call("PATCH", `/v1/enrollments/${hidden.enr}`, owner(b.id)));
    expect((await ok(b.call("PATCH", `/v1/enrollments/${hidden.enr}`, owner(null)))).ownerId).toBeNull();
    expect((await b.call("GET", `/v1/enrollments/${hidden.enr}`)).status).toBe(404);
  });

  test("leaves what was done to be seen by whoever did it and by whoever has the enrollment now", async () => {
    const { enr, tsk } = await records("private", null);
    await ok(manager.call("PATCH", `/v1/enrollments/${enr}`, { ownerId: a.id }));
    await ok(a.call("PUT", `/v1/tasks/${tsk}/done`));
    await ok(manager.call("PATCH", `/v1/enrollments/${enr}`, { ownerId: b.id }));
    expect((await ok(b.call("GET", `/v1/tasks/${tsk}`))).ownerId).toBe(a.id);
    expect((await a.call("GET", `/v1/enrollments/${enr}`)).status).toBe(404);
    expect((await ok(a.call("GET", `/v1/tasks/${tsk}`))).status).toBe("done");
    expect((await a.call("PUT", `/v1/tasks/${tsk}/done`)).body.code).toBe("task_not_open");
    expect((await b.call("PUT", `/v1/tasks/${tsk}/done`)).body.code).toBe("not_yours");
  });

  test("overtakes a tick at work on it: the task is made for whoever has it now", async () => {
    const seq = await desk.published([call()], {});
    const { id } = await ok(
      a.call("POST", `/v1/sequences/${seq}/enrollments`, { contactId: await desk.person() }),
    );
    await env.DB.prepare(`UPDATE enrollments SET lease_token = 'tick', lease_until = ?2 WHERE id = ?1`)
      .bind(decodeId("enr", 0, id), system.wallNow() + dayMs)
      .run();
    await ok(manager.call("PATCH", `/v1/enrollments/${id}`, { ownerId: b.id }));
    await desk.pass(minuteMs);
    expect((await desk.taskOf(id)).ownerId).toBe(b.id);
  });
});

// --- what it costs

test("asking whose it is takes no list off its index, and sorts nothing more", async () => {
  const workspaceId = desk.workspace.id;
  const contactId = await createContact(system, workspaceId);
  const sequenceId = decodeId("seq", 0, await desk.published())!;
  const ownerId = decodeId("mbr", 0, b.id)!;
  const plansFor = async (actor: Actor) => {
    const { system: watched, statements } = recorded(system);
    const { db } = watched;
    await listEnrollments(db, actor, { limit: 50 });
    await listEnrollments(db, actor, { limit: 50, status: "active" });
    await listEnrollments(db, actor, { limit: 50, sequenceId });
    await listEnrollments(db, actor, { limit: 50, sequenceId, status: "active" });
    await listEnrollments(db, actor, { limit: 50, contactId });
    await listTasks(db, actor, { limit: 50, status: "open", ownerId });
    await listTasks(db, actor, { limit: 50, status: "open" });
    await listOutbox(db, actor, { limit: 50, state: "queued" });
    await listOutbox(db, actor, { limit: 50, state: "uncertain" });
    await listSequences(db, actor, { limit: 50 });
    await listMailboxes(db, actor, system.now(), { limit: 50 });
    await listTimeline(db, actor, contactId, { limit: 50 });
    await loadHealth(db, actor, system.now());
    const plans = await Promise.all([...statements].map(([sql, params]) => explain(sql, params)));
    const asked = /SUBQUERY|BLOOM FILTER|^SEARCH [eoq] USING/;
    return plans.map((steps) =>
      // What SQLite numbers its subqueries with says nothing of them.
      steps
        .filter((step) => !asked.test(step))
        .map((step) => step.replace(" COVERING", "").replace(/subquery-\d+/, "subquery")),
    );
  };
  const whole = await plansFor(machineActor(workspaceId, "key:1"));
  expect(whole).toHaveLength(13);
  expect(whole.at(-1)).toContain("SEARCH enrollments USING INDEX enrollments_parked (workspace_id=?)");
  const me = { workspaceId, name: "member:1", memberId: ownerId, role: null };
  expect(await plansFor({ ...me, reach: "own" })).toEqual(whole);
  expect(await plansFor({ ...me, reach: "shared" })).toEqual(whole);
});
