import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { hourOf } from "../../src/domain/quota.ts";
import { decodeId } from "../../src/http/public-id.ts";
import { unseal } from "../../src/mail/seal.ts";
import {
  api,
  type Caller,
  createContact,
  createWorkspace,
  hourMs,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";

const serviceToken = "test-service-token";
const system = testSystem();
const app = createApp([system], { serviceToken });
let workspace: TestWorkspace;
let caller: Caller;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  caller = api(app, workspace.token);
});

const at = (id: string, prefix: "mbx" | "sch" | "ctc") => decodeId(prefix, 0, id)!;

describe("the workspace", () => {
  test("is changed field by field", async () => {
    const { id } = await caller.client("schedules.create", {
      body: { name: unique("Hours"), windows: [{ days: [1], from: "09:00", to: "17:00" }] },
    });
    const body = {
      timeZone: "Europe/Lisbon",
      postalAddress: "Rua do Ouro 1\n1100 Lisboa",
      defaultScheduleId: id,
    };
    const changed = await caller.client("workspace.update", { body });
    expect(changed).toMatchObject(body);
    const blank = await caller.client("workspace.update", { body: { postalAddress: null } });
    expect(blank).toMatchObject({ timeZone: "Europe/Lisbon", postalAddress: null, defaultScheduleId: id });
  });

  test.each<[Record<string, unknown>, string]>([
    [{ name: "" }, "/name"],
    [{ name: "A\r\nB" }, "/name"],
    [{ timeZone: "CEST" }, "/timeZone"],
    [{ country: "Portugal" }, "/country"],
    [{ postalAddress: "A\u0000B" }, "/postalAddress"],
    [{ sendingStoppedAt: null }, "/sendingStoppedAt"],
  ])("refuses %j", async (body, pointer) => {
    const reply = await caller.call("PATCH", "/v1/workspace", body);
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, pointer]);
  });
});

describe("the brake", () => {
  /** An enrollment that waits for the brake, one that waits for something else, and the same for sends. */
  async function waiting(own: TestWorkspace): Promise<void> {
    const later = system.now() + hourMs;
    const contact = await createContact(system, own.id);
    for (const [i, reason] of ["sending_stopped", "window"].entries()) {
      await env.DB.batch([
        env.DB.prepare(
          `INSERT INTO enrollments (workspace_id, sequence_id, version_id, contact_id, status, wait_reason, step_id,
             cycle, epoch, rev, due_at, wake_at, lease_token, lease_until, thread_references, enrolled_at, updated_at)
           VALUES (?1, ?2, 1, ?3, 'active', ?4, 1, 1, 1, 1, ?5, ?5, 'tick', ?5, '[]', 0, 0)`,
        ).bind(own.id, 900_000 + own.id * 10 + i, contact, reason, later),
        env.DB.prepare(
          `INSERT INTO sends (enrollment_id, step_id, cycle, workspace_id, sequence_id, version_id, contact_id,
             mailbox_id, state, epoch, due_at, not_after, fence, attempt, absent_count, defer_reason, snapshot,
             content_hash, created_at)
           VALUES (last_insert_rowid(), 1, 1, ?1, 1, 1, ?2, 1, 'queued', 1, ?3, ?3, 0, 0, 0, ?4, '{}', '', 0)`,
        ).bind(own.id, contact, later, reason),
      ]);
    }
  }
  const rows = async (own: TestWorkspace) => ({
    enrollments: (
      await env.DB.prepare(
        `SELECT wait_reason AS reason, wake_at AS wakeAt, rev, lease_token AS lease FROM enrollments
         WHERE workspace_id = ?1 ORDER BY id`,
      )
        .bind(own.id)
        .all()
    ).results,
    sends: (
      await env.DB.prepare(
        "SELECT defer_reason AS reason, due_at AS dueAt FROM sends WHERE workspace_id = ?1 ORDER BY enrollment_id",
      )
        .bind(own.id)
        .all()
    ).results,
  });

  test("stops, keeps its first instant, and releasing it wakes what waited for it and nothing else", async () => {
    const own = await createWorkspace(system);
    const other = await createWorkspace(system);
    const me = api(app, own.token);
    const stopped = await me.client("workspace.stopSending");
    system.clock.advance(hourMs);
    expect(await me.client("workspace.stopSending")).toMatchObject({
      sendingStoppedAt: stopped.sendingStoppedAt,
    });
    await waiting(own);
    await waiting(other);
    const later = system.now() + hourMs;
    const untouched = await rows(other);
    expect((await me.client("workspace.resumeSending")).sendingStoppedAt).toBeNull();
    expect(await rows(own)).toEqual({
      enrollments: [
        // The tick that decided while the brake was on may not write over this.
        { reason: "sending_stopped", wakeAt: system.now(), rev: 2, lease: null },
        { reason: "window", wakeAt: later, rev: 1, lease: "tick" },
      ],
      sends: [
        { reason: null, dueAt: system.now() },
        { reason: "window", dueAt: later },
      ],
    });
    expect(await rows(other)).toEqual(untouched);
    expect(system.woken.slice(-2)).toEqual([
      { kind: "tick", shard: 0 },
      { kind: "deliver", shard: 0 },
    ]);
  });

  test("of the operator wakes everybody but those who pulled their own", async () => {
    const [free, braked] = [await createWorkspace(system), await createWorkspace(system)];
    await api(app, braked.token).client("workspace.stopSending");
    await waiting(free);
    await waiting(braked);
    const held = await rows(braked);
    await api(app, serviceToken).client("internal.resumeSending");
    expect((await rows(free)).sends[0]).toEqual({ reason: null, dueAt: system.now() });
    expect(await rows(braked)).toEqual(held);
  });
});

describe("members", () => {
  test("are added once per address", async () => {
    const email = `${unique("robin")}@seller.example`;
    const made = await caller.client("members.create", {
      body: { email: email.toUpperCase(), name: "Robin" },
    });
    expect(made).toMatchObject({ email, role: "rep" });
    const again = await caller.call("POST", "/v1/members", { email, name: "Robin" });
    expect([again.status, again.body.code]).toEqual([409, "member_exists"]);
    expect(await caller.client("members.get", { params: { id: made.id } })).toEqual(made);
    const bad = await caller.call("POST", "/v1/members", { email, name: "Robin", role: "owner" });
    expect(bad.body.errors[0].pointer).toBe("/role");
  });
});

describe("mailboxes", () => {
  const password = "hunter2-should-never-be-seen";
  const smtp = { host: "smtp.seller.example", port: 465, security: "tls" as const, user: "robin", password };
  const mailbox = (more: Record<string, unknown> = {}) =>
    caller.client("mailboxes.create", {
      body: { address: `${unique("robin")}@seller.example`, name: "Robin", smtp, ...more },
    });
  const sealed = async (id: string) =>
    (await env.DB.prepare("SELECT sealed_secret AS s FROM mailboxes WHERE id = ?1")
      .bind(at(id, "mbx"))
      .first<{ s: string | null }>())!.s;

  test("keep the password sealed, and show only that there is one", async () => {
    const made = await mailbox();
    expect(made).toMatchObject({
      smtp: { host: "smtp.seller.example", port: 465, security: "tls", user: "robin", hasPassword: true },
      dailyCap: 50,
      gapSeconds: 60,
      usedInDay: 0,
      rev: 1,
    });
    expect(await unseal((await sealed(made.id))!, system.secret)).toBe(password);
    const changed = await caller.client("mailboxes.update", {
      params: { id: made.id },
      body: { dailyCap: 9 },
    });
    expect(changed).toMatchObject({ dailyCap: 9, smtp: { hasPassword: true }, rev: 2 });
    const without = await caller.client("mailboxes.update", {
      params: { id: made.id },
      body: { smtp: { user: null, password: null } },
    });
    expect(without.smtp).toMatchObject({ host: "smtp.seller.example", user: null, hasPassword: false });
    expect(await sealed(made.id)).toBeNull();
  });

  test("never send a kept password to another server", async () => {
    const { id } = await mailbox();
    for (const change of [
      { host: "evil.example" },
      { port: 25 },
      { security: "starttls" },
      { user: "eve" },
    ]) {
      const reply = await caller.call("PATCH", `/v1/mailboxes/${id}`, { smtp: change });
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, "/smtp/password"]);
    }
    const moved = await caller.call("PATCH", `/v1/mailboxes/${id}`, {
      smtp: { host: "new.example", password: "new" },
    });
    expect([moved.status, moved.body.smtp.host]).toEqual([200, "new.example"]);
    const plain = await caller.call("PATCH", `/v1/mailboxes/${id}`, {
      smtp: { security: "none", password: "new" },
    });
    expect(plain.body.errors[0].pointer).toBe("/smtp/security");
  });

  test("say what they used in the last rolling day", async () => {
    const { id } = await mailbox();
    const key = at(id, "mbx");
    const hour = hourOf(system.now());
    const usage = [
      [hour, 3],
      [hour - 24, 5],
      [hour - 25, 100],
    ] as const;
    for (const [at, used] of usage) {
      await env.DB.prepare("INSERT INTO mailbox_usage VALUES (?1, ?2, ?3)").bind(key, at, used).run();
    }
    const { items } = await caller.client("mailboxes.list", { query: { limit: 200 } });
    expect(items.find((item) => item.id === id)!.usedInDay).toBe(8);
  });

  test("are disabled and enabled, each as often as one likes", async () => {
    const { id } = await mailbox();
    const params = { id };
    const off = await caller.client("mailboxes.disable", { params, body: { reason: "On leave" } });
    expect(off).toMatchObject({
      disabledAt: new Date(system.now()).toISOString(),
      disabledReason: "On leave",
    });
    system.clock.advance(hourMs);
    const again = await caller.call("PUT", `/v1/mailboxes/${id}/disablement`);
    expect(again.body).toMatchObject({ disabledAt: off.disabledAt, disabledReason: "On leave" });
    const on = await caller.client("mailboxes.enable", { params });
    expect(on).toMatchObject({ disabledAt: null, disabledReason: null });
  });

  test("with If-Match tell the slower of two", async () => {
    const { id } = await mailbox();
    await caller.client("mailboxes.update", { params: { id }, body: { name: "First" }, ifMatch: 1 });
    const late = await caller.call("PATCH", `/v1/mailboxes/${id}`, { name: "Second" }, { "if-match": '"1"' });
    expect([late.status, late.body.code]).toEqual([412, "revision_conflict"]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ address: "robin" }, "/address"],
    [{ address: "robin@seller.example\r\nBcc: x@y.example" }, "/address"],
    [{ name: "Robin\nBcc: x@y.example" }, "/name"],
    [{ signature: "a\u0000b" }, "/signature"],
    [{ smtp: { ...smtp, host: "a b" } }, "/smtp/host"],
    [{ smtp: { ...smtp, port: 70_000 } }, "/smtp/port"],
    [{ smtp: { ...smtp, security: "ssl" } }, "/smtp/security"],
    [{ smtp: { ...smtp, security: "none" } }, "/smtp/security"],
    [{ smtp: { ...smtp, pass: "x" } }, "/smtp/pass"],
    [{ dailyCap: -1 }, "/dailyCap"],
    [{ gapSeconds: 1.5 }, "/gapSeconds"],
    [{ timeZone: "Nowhere" }, "/timeZone"],
  ])("refuse %j", async (fields, pointer) => {
    const reply = await caller.call("POST", "/v1/mailboxes", {
      address: "ok@seller.example",
      smtp,
      ...fields,
    });
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, pointer]);
    expect(reply.text).not.toContain(password);
  });

  test("never let the password out: no answer, no log, no table holds it", async () => {
    const body = { address: `${unique("robin")}@seller.example`, smtp };
    const key = { "idempotency-key": unique("key") };
    const replies = [
      await caller.call("POST", "/v1/mailboxes", body, key),
      await caller.call("POST", "/v1/mailboxes", body, key),
      await caller.call("POST", "/v1/mailboxes", body),
      await caller.call("POST", "/v1/mailboxes", JSON.stringify(body).slice(0, -1)),
      await caller.call("GET", "/v1/mailboxes?limit=200"),
    ];
    expect(replies.map(({ status }) => status)).toEqual([201, 201, 409, 400, 200]);
    for (const { text, headers } of replies)
      expect(text + JSON.stringify([...headers])).not.toContain(password);
    expect(JSON.stringify(system.errors)).not.toContain(password);
    for (const table of ["mailboxes", "idempotency_keys", "events"]) {
      const { results } = await env.DB.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toContain(password);
    }
  });
});

describe("schedules", () => {
  const windows = [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }];

  test("are made, changed and named once", async () => {
    const name = unique("Hours");
    const made = await caller.client("schedules.create", {
      body: { name, windows, country: "DE", region: "BY" },
    });
    expect(made).toMatchObject({
      name,
      windows,
      country: "DE",
      region: "BY",
      holidays: [],
      jitterMinutes: 10,
      rev: 1,
    });
    const params = { id: made.id };
    const body = { holidays: ["2026-12-24"] };
    expect(await caller.client("schedules.update", { params, body, ifMatch: 1 })).toMatchObject({
      ...body,
      windows,
      rev: 2,
    });
    expect(await caller.client("schedules.get", { params })).toMatchObject({ ...body, rev: 2 });
    const twice = await caller.call("POST", "/v1/schedules", { name, windows });
    expect([twice.status, twice.body.code]).toEqual([409, "schedule_exists"]);
    const other = await caller.client("schedules.create", { body: { name: unique("Hours"), windows } });
    const renamed = await caller.call("PATCH", `/v1/schedules/${other.id}`, { name });
    expect([renamed.status, renamed.body.code]).toEqual([409, "schedule_exists"]);
  });

  test("say everything that is wrong with them at once", async () => {
    const { status, body } = await caller.call("POST", "/v1/schedules", {
      name: "Odd",
      windows: [...windows, { days: [8], from: "25:00", to: "9" }],
      country: "XX",
    });
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      "/windows/1/days",
      "/windows/1/from",
      "/windows/1/to",
      "/country",
    ]);
    const empty = await caller.call("POST", "/v1/schedules", { name: "Never", windows: [] });
    expect(empty.body.errors[0].pointer).toBe("/windows");
  });

  test("are checked as they would be, not only in what is named", async () => {
    const { id } = await caller.client("schedules.create", {
      body: { name: unique("Hours"), windows, country: "DE", region: "BY" },
    });
    const reply = await caller.call("PATCH", `/v1/schedules/${id}`, { country: "PT" });
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, "/region"]);
  });
});

describe("companies and deals", () => {
  test("a company is named once, and a contact's company is the same one", async () => {
    const name = unique("Acme");
    const made = await caller.client("companies.create", {
      body: { name, domain: "ACME.example", custom: { tier: 1 } },
    });
    expect(made).toMatchObject({ name, domain: "acme.example", custom: { tier: 1 }, references: [] });
    const twice = await caller.call("POST", "/v1/companies", { name });
    expect([twice.status, twice.body.code]).toEqual([409, "company_exists"]);
    const { contact } = await caller.client("contacts.create", {
      body: { firstName: "A", companyName: name },
    });
    expect(contact.company).toEqual({ id: made.id, name });
    const changed = await caller.client("companies.update", {
      params: { id: made.id },
      body: { custom: { tier: null, vip: true }, references: [{ system: "crm", type: "account", id: name }] },
    });
    expect(changed).toMatchObject({ name, custom: { vip: true }, references: [{ id: name }] });
    expect(Object.keys(changed.custom)).toEqual(["vip"]);
    const found = await caller.client("lookup.get", { query: { system: "crm", type: "account", id: name } });
    expect(found).toMatchObject({ entity: "company", companyId: made.id });
  });

  test("a deal names its person, its stage and its amount in cents", async () => {
    const { contact } = await caller.client("contacts.create", { body: { firstName: "Dana" } });
    const reference = { system: "crm", type: "deal", id: unique() };
    const made = await caller.client("deals.create", {
      body: {
        name: "20 seats",
        stage: "proposal",
        amount: 480_000,
        currency: "EUR",
        contactId: contact.id,
        references: [reference],
      },
    });
    expect(made).toMatchObject({
      stage: "proposal",
      amount: 480_000,
      currency: "EUR",
      contactId: contact.id,
      rev: 1,
    });
    const params = { id: made.id };
    const won = await caller.client("deals.update", {
      params,
      body: { stage: "won", custom: { size: "L" } },
      ifMatch: 1,
    });
    expect(won).toMatchObject({
      stage: "won",
      amount: 480_000,
      custom: { size: "L" },
      references: [reference],
      rev: 2,
    });
    const late = await caller.call("PATCH", `/v1/deals/${made.id}`, { stage: "lost" }, { "if-match": '"1"' });
    expect(late.status).toBe(412);
    const { items } = await caller.client("deals.list", { query: { contactId: contact.id } });
    expect(items.map(({ id }) => id)).toEqual([made.id]);
    const taken = await caller.call("POST", "/v1/deals", { name: "Copy", references: [reference] });
    expect([taken.status, taken.body.code]).toEqual([409, "reference_taken"]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ amount: 1.5, currency: "EUR" }, "/amount"],
    [{ amount: -1, currency: "EUR" }, "/amount"],
    [{ amount: 1e300, currency: "EUR" }, "/amount"],
    [{ amount: 5 }, "/currency"],
    [{ currency: "euro" }, "/currency"],
    [{ name: "A\nB" }, "/name"],
    [{ contactId: "4711" }, "/contactId"],
  ])("a deal is refused with %j", async (fields, pointer) => {
    const reply = await caller.call("POST", "/v1/deals", { name: "D", ...fields });
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, pointer]);
  });

  test("five changes at once each find their reference list whole", async () => {
    const { id } = await caller.client("deals.create", { body: { name: "D" } });
    const replies = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        caller.call("PATCH", `/v1/deals/${id}`, {
          references: [{ system: id, type: "deal", id: String(i) }],
        }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await caller.client("deals.get", { params: { id } })).references).toHaveLength(1);
  });

  test("what nobody calls by that name is not found", async () => {
    const reply = await caller.call("GET", "/v1/lookup?system=a&type=b&id=c");
    expect([reply.status, reply.body.code]).toEqual([404, "reference_not_found"]);
    expect((await caller.call("GET", "/v1/lookup?system=a")).body.errors).toHaveLength(2);
  });
});

describe("suppressions", () => {
  async function enrolled(email: string) {
    const { contact } = await caller.client("contacts.create", { body: { email, firstName: "Dana" } });
    await env.DB.prepare(
      `INSERT INTO enrollments (workspace_id, sequence_id, version_id, contact_id, status, wait_reason, step_id, cycle,
         epoch, rev, due_at, wake_at, lease_token, lease_until, thread_references, enrolled_at, updated_at)
       VALUES (?1, ?2, 1, ?3, 'active', 'delay', 1, 1, 1, 1, ?4, ?4, 'tick', ?4, '[]', 0, 0)`,
    )
      .bind(
        workspace.id,
        800_000 + Number(at(contact.id, "ctc")),
        at(contact.id, "ctc"),
        system.now() + 9 * hourMs,
      )
      .run();
    const row = () =>
      env.DB.prepare(
        "SELECT wake_at AS wakeAt, rev, lease_token AS lease FROM enrollments WHERE contact_id = ?1",
      )
        .bind(at(contact.id, "ctc"))
        .first();
    const timeline = async () =>
      (await caller.client("contacts.timeline", { params: { id: contact.id } })).items.map(
        ({ type }) => type,
      );
    return { row, timeline };
  }

  test("of an address wake that person's enrollments at once, once, and are on their timeline", async () => {
    const email = `${unique("dana")}@supp.example`;
    const person = await enrolled(email);
    const other = await enrolled(`${unique("ada")}@supp.example`);
    const untouched = await other.row();
    const body = { kind: "address" as const, value: ` ${email.toUpperCase()} `, note: "By phone" };
    const made = await caller.client("suppressions.create", { body });
    expect(made).toMatchObject({ kind: "address", value: email, reason: "manual", note: "By phone" });
    expect(await person.row()).toEqual({ wakeAt: system.now(), rev: 2, lease: null });
    expect(await other.row()).toEqual(untouched);
    expect(system.woken.at(-1)).toEqual({ kind: "tick", shard: 0 });
    const again = await caller.client("suppressions.create", { body: { ...body, note: "Again" } });
    expect(again).toEqual(made);
    expect(await person.timeline()).toEqual(["suppression.added", "contact.created"]);
  });

  test("of a domain mean everybody there, and nobody at one that only ends alike", async () => {
    const domain = `${unique("gone")}.example`;
    const there = await enrolled(`dana@${domain}`);
    const elsewhere = await enrolled(`dana@not${domain}`);
    const untouched = await elsewhere.row();
    const made = await caller.client("suppressions.create", {
      body: { kind: "domain", value: domain.toUpperCase() },
    });
    expect(made.value).toBe(domain);
    expect(await there.row()).toMatchObject({ wakeAt: system.now() });
    expect(await elsewhere.row()).toEqual(untouched);
    expect((await caller.client("suppressions.list", { query: { value: domain } })).items).toEqual([made]);
  });

  test("are lifted, which is on the timeline too", async () => {
    const email = `${unique("dana")}@supp.example`;
    const person = await enrolled(email);
    const { id } = await caller.client("suppressions.create", { body: { kind: "address", value: email } });
    system.clock.advance(1_000);
    const gone = await caller.call("DELETE", `/v1/suppressions/${id}`);
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expect((await caller.call("DELETE", `/v1/suppressions/${id}`)).body.code).toBe("suppression_not_found");
    expect(await person.timeline()).toEqual(["suppression.removed", "suppression.added", "contact.created"]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ kind: "address", value: "acme.example" }, "/value"],
    [{ kind: "domain", value: "dana@acme.example" }, "/value"],
    [{ kind: "domain", value: "com" }, "/value"],
    [{ kind: "everybody", value: "x" }, "/kind"],
    [{ kind: "address", value: "dana@acme.example", note: "a\u0007b" }, "/note"],
  ])("are refused with %j", async (body, pointer) => {
    const reply = await caller.call("POST", "/v1/suppressions", body);
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, pointer]);
  });
});
