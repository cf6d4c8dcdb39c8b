/** API keys as their workspace keeps them: made, rotated, ended; and test keys, from whose twin no mail leaves. */
import { env } from "cloudflare:workers";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { loadMailbox } from "../../src/db/mailbox-wire.ts";
import type { MailboxId, WorkspaceId } from "../../src/domain/ids.ts";
import { onEmail } from "../../src/email.ts";
import { parseToken } from "../../src/http/api-token.ts";
import { encodeId, parseId } from "../../src/http/public-id.ts";
import { openTransport } from "../../src/mail/open-transport.ts";
import { runEngine, runNotify } from "../../src/run.ts";
import type { TakenMail } from "../mail/smtp-server.ts";
import {
  api,
  type Caller,
  createKey,
  createMember,
  createWorkspace,
  dayMs,
  hourMs,
  iso,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";
import { type SignedIn, signIn } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
let workspace: TestWorkspace;
let caller: Caller;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  caller = api(app, workspace.token);
});

type Made = { apiKey: Record<string, unknown> & { id: string }; token: string };
const create = async (asked: Record<string, unknown> = {}, who: Pick<Caller, "call"> = caller) => {
  const reply = await who.call("POST", "/v1/api-keys", { name: unique("Key"), ...asked });
  expect([reply.status, reply.body]).toEqual([201, expect.objectContaining({ token: expect.any(String) })]);
  return reply.body as Made;
};
const rotate = (id: string, body?: unknown, who: Pick<Caller, "call"> = caller) =>
  who.call("POST", `/v1/api-keys/${id}/rotation`, body);
const statusOf = async (token: string) => (await api(app, token).call("GET", "/v1/workspace")).status;
const shownOf = async (id: string) =>
  (await caller.call("GET", "/v1/api-keys?limit=100")).body.items.find(
    (key: { id: string }) => key.id === id,
  );

describe("a key in the list", () => {
  test("shows what its token starts with, who made it, its end and its last use, and no secret", async () => {
    const admin = await signIn({ app, auth, system }, workspace, "admin");
    const member = (await admin.call("GET", "/v1/me")).body.member.id;
    const expiresAt = iso(system.wallNow() + dayMs);
    const { apiKey, token } = await create({ name: "Sync", expiresAt }, admin);
    expect(await statusOf(token)).toBe(200);
    const shown = await shownOf(apiKey.id);
    expect(shown).toMatchObject({ name: "Sync", mode: "live", createdBy: member, expiresAt });
    expect(Date.parse(shown.lastUsedAt)).toBe(system.wallNow());
    expect(token).toBe(`${shown.prefix}_${token.slice(-64)}`);
    expect(token.startsWith("cdz_key_")).toBe(true);
    const { text } = await caller.call("GET", "/v1/api-keys?limit=100");
    expect(text).not.toContain(token.slice(-64));
    expect(text).not.toMatch(/[0-9a-f]{64}/);
  });

  test("made by a key names that key", async () => {
    const { apiKey, token } = await create({ scopes: ["admin"] });
    const child = await create({}, api(app, token));
    expect((await shownOf(child.apiKey.id)).createdBy).toBe(apiKey.id);
  });
});

describe("a rotation", () => {
  test("makes the like of the old key, which goes on for a day", async () => {
    const old = await create({ name: "CRM", scopes: ["read", "inbound"] });
    const reply = await rotate(old.apiKey.id);
    expect(reply.status).toBe(201);
    expect(reply.body.apiKey).toMatchObject({
      name: "CRM",
      mode: "live",
      scopes: ["read", "inbound"],
      expiresAt: null,
      replacedBy: null,
    });
    const shown = await shownOf(old.apiKey.id);
    expect(shown.replacedBy).toBe(reply.body.apiKey.id);
    expect(Date.parse(shown.expiresAt)).toBe(system.wallNow() + dayMs);
    expect([await statusOf(old.token), await statusOf(reply.body.token)]).toEqual([200, 200]);
    const later = testSystem({ at: system.wallNow() + dayMs });
    const then = createApp([later], { serviceToken: "x" });
    const after = async (token: string) => (await api(then, token).call("GET", "/v1/workspace")).status;
    expect([await after(old.token), await after(reply.body.token)]).toEqual([401, 200]);
  });

  test("ends the old key at once where it says so, and never later than it would have ended", async () => {
    const now = await create();
    const { body } = await rotate(now.apiKey.id, { oldExpiresInHours: 0 });
    expect([await statusOf(now.token), await statusOf(body.token)]).toEqual([401, 200]);
    const expiresAt = iso(system.wallNow() + hourMs);
    const short = await create({ expiresAt });
    await rotate(short.apiKey.id, { oldExpiresInHours: 168 });
    expect((await shownOf(short.apiKey.id)).expiresAt).toBe(expiresAt);
  });

  test("of a key for a month makes one for a month", async () => {
    const old = await create({ expiresAt: iso(system.wallNow() + 30 * dayMs) });
    system.clock.advance(10 * dayMs);
    const { body } = await rotate(old.apiKey.id);
    expect(Date.parse(body.apiKey.expiresAt)).toBe(system.wallNow() + 30 * dayMs);
  });

  test("two at once make one key", async () => {
    const { apiKey } = await create();
    const replies = await Promise.all([rotate(apiKey.id), rotate(apiKey.id)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const made = replies.find(({ status }) => status === 201)!.body.apiKey.id;
    expect((await shownOf(apiKey.id)).replacedBy).toBe(made);
    expect(replies.find(({ status }) => status === 409)!.body.code).toBe("api_key_over");
  });

  test("is refused for what was replaced, was revoked, has expired, or is asked in other words", async () => {
    const replaced = await create();
    await rotate(replaced.apiKey.id);
    const revoked = await create();
    await caller.call("DELETE", `/v1/api-keys/${revoked.apiKey.id}`);
    const expired = await create({ expiresAt: iso(system.wallNow() + hourMs) });
    system.clock.advance(hourMs);
    for (const [{ apiKey }, why] of [
      [replaced, /replacedBy/],
      [revoked, /revoked/],
      [expired, /expired/],
    ] as const) {
      const { status, body } = await rotate(apiKey.id);
      expect([status, body.code, body.detail]).toEqual([409, "api_key_over", expect.stringMatching(why)]);
    }
    const { apiKey } = await create();
    for (const oldExpiresInHours of [-1, 169, 1.5, "24", null]) {
      const { status, body } = await rotate(apiKey.id, { oldExpiresInHours });
      expect([status, body.errors[0].pointer]).toEqual([422, "/oldExpiresInHours"]);
    }
    expect((await shownOf(apiKey.id)).replacedBy).toBeNull();
  });

  test("sent twice under one Idempotency-Key shows one token, which is kept sealed", async () => {
    const { apiKey } = await create();
    const path = `/v1/api-keys/${apiKey.id}/rotation`;
    const headers = { "idempotency-key": unique("rotation") };
    const first = await caller.call("POST", path, {}, headers);
    const second = await caller.call("POST", path, {}, headers);
    expect([second.status, second.body.token]).toEqual([201, first.body.token]);
    const { results } = await env.DB.prepare("SELECT * FROM idempotency_keys").all();
    expect(JSON.stringify(results)).not.toContain(first.body.token.slice(-64));
  });

  test("is written down as what it is", async () => {
    const { apiKey } = await create();
    await rotate(apiKey.id);
    const { body } = await caller.call("GET", "/v1/audit?limit=1");
    expect(body.items[0]).toMatchObject({ action: "apiKeys.rotate", record: apiKey.id, outcome: "done" });
  });
});

describe("a key that expires", () => {
  test("makes and rotates none that holds longer; a person may", async () => {
    const endsAt = system.wallNow() + dayMs;
    const short = await create({ scopes: ["admin"], expiresAt: iso(endsAt) });
    const holder = api(app, short.token);
    for (const expiresAt of [null, iso(endsAt + 1)]) {
      const { status, body } = await holder.call("POST", "/v1/api-keys", { name: "Longer", expiresAt });
      expect([status, body.code, body.errors[0].pointer]).toEqual([
        403,
        "api_key_would_outlive",
        "/expiresAt",
      ]);
    }
    expect((await create({}, holder)).apiKey.expiresAt).toBe(iso(endsAt));
    expect((await create({ expiresAt: iso(endsAt - 1) }, holder)).apiKey.expiresAt).toBe(iso(endsAt - 1));
    const lasting = await create();
    system.clock.advance(1);
    for (const id of [lasting.apiKey.id, short.apiKey.id]) {
      const { status, body } = await rotate(id, {}, holder);
      expect([status, body.code]).toEqual([403, "api_key_would_outlive"]);
    }
    expect(await statusOf(lasting.token)).toBe(200);
    const admin = await signIn({ app, auth, system }, workspace, "admin");
    expect((await rotate(short.apiKey.id, {}, admin)).status).toBe(201);
  });
});

// --- test mode

const twinOf = async ({ id }: Pick<TestWorkspace, "id">) =>
  (await env.DB.prepare("SELECT id FROM workspaces WHERE test_of = ?1").bind(id).all<{ id: WorkspaceId }>())
    .results;

const everything = ["read", "write", "admin", "inbound"];
const testKeyOf = async (live: Caller) => (await create({ mode: "test", scopes: everything }, live)).token;

describe("a test twin", () => {
  test("is made with the first test key, once, like the live one and empty", async () => {
    const own = await createWorkspace(system, {
      ...{ name: "Northwind", timeZone: "Europe/Lisbon", country: "PT" },
      ...{ postalAddress: "Rua do Ouro 1", eventsKeptDays: 90, sendingStoppedAt: 1 },
    });
    const live = api(app, own.token);
    await live.client("schedules.create", {
      body: { name: "Always", windows: [{ days: [1], from: "09:00", to: "10:00" }] },
    });
    await live.client("contacts.create", { body: { firstName: "Real" } });
    expect(await twinOf(own)).toEqual([]);
    const keys = await Promise.all(Array.from({ length: 4 }, () => create({ mode: "test" }, live)));
    expect(await twinOf(own)).toHaveLength(1);
    const { body } = await api(app, keys[0]!.token).call("GET", "/v1/workspace");
    expect(body).toMatchObject({
      ...{ mode: "test", name: "Northwind (test)", timeZone: "Europe/Lisbon", country: "PT" },
      ...{ postalAddress: "Rua do Ouro 1", eventsKeptDays: 90, sendingStoppedAt: null },
    });
    expect((await live.call("GET", "/v1/workspace")).body).toMatchObject({ mode: "live", name: "Northwind" });
    for (const path of ["schedules", "contacts", "members", "mailboxes", "sequences"]) {
      const list = await api(app, keys[1]!.token).call("GET", `/v1/${path}`);
      expect([path, list.status, list.body.items]).toEqual([path, 200, []]);
    }
  });

  test("is seen to be one: by the token, on every answer, by the workspace and by its health", async () => {
    const token = await testKeyOf(caller);
    expect(token).toMatch(/^cdz_test_key_[0-9A-Za-z]+_[0-9a-f]{64}$/);
    const held = api(app, token);
    for (const [method, path, body, status] of [
      ["GET", "/v1/contacts", undefined, 200],
      ["POST", "/v1/contacts", { firstName: "Dana" }, 200],
      ["POST", "/v1/contacts", { firstName: 1 }, 422],
      ["GET", "/v1/contacts/ctc_NrfcW713", undefined, 404],
      ["GET", "/v1/me", undefined, 403],
      ["POST", "/v1/api-keys", { name: "x" }, 403],
    ] as const) {
      const reply = await held.call(method, path, body);
      expect([path, reply.status, reply.headers.get("cadenza-mode")]).toEqual([path, status, "test"]);
    }
    expect((await held.call("GET", "/v1/health")).body.mode).toBe("test");
    const live = await caller.call("GET", "/v1/health");
    expect([live.body.mode, live.headers.get("cadenza-mode")]).toEqual(["live", null]);
  });

  test("opens to no token that says it is live, and a live key's to none that says test", async () => {
    const token = await testKeyOf(caller);
    for (const forged of [token.replace("cdz_test_", "cdz_"), workspace.token.replace("cdz_", "cdz_test_")]) {
      expect(await statusOf(forged)).toBe(401);
    }
    const narrow = await create({ mode: "test", scopes: ["read"] });
    expect((await api(app, narrow.token).call("POST", "/v1/contacts", {})).body.code).toBe("scope_missing");
  });

  test("and the live workspace know nothing of each other's ids", async () => {
    const own = await createWorkspace(system);
    const live = api(app, own.token);
    const held = api(app, await testKeyOf(live));
    for (const [mine, other] of [
      [live, held],
      [held, live],
    ] as const) {
      const { contact } = await mine.client("contacts.create", { body: { email: "dana@buyer.example" } });
      const company = await mine.client("companies.create", { body: { name: unique("Acme") } });
      const sequence = await mine.client("sequences.create", { body: { name: "Intro", steps: [] } });
      for (const path of [`contacts/${contact.id}`, `companies/${company.id}`, `sequences/${sequence.id}`]) {
        expect((await mine.call("GET", `/v1/${path}`)).status).toBe(200);
        expect((await other.call("GET", `/v1/${path}`)).status).toBe(404);
      }
      const pointed = await other.call("POST", "/v1/deals", { name: "Deal", contactId: contact.id });
      expect([pointed.status, pointed.body.code]).toEqual([404, "contact_not_found"]);
    }
  });
});

describe("a test key", () => {
  let live: Caller;
  let held: Caller;
  let admin: SignedIn;
  beforeAll(async () => {
    const own = await createWorkspace(system);
    live = api(app, own.token);
    held = api(app, await testKeyOf(live));
    admin = await signIn({ app, auth, system }, own, "admin");
  });

  test("is listed, rotated and revoked from the live side, by key or person", async () => {
    const made = await create({ mode: "test", name: "CI" }, live);
    for (const who of [live, admin]) {
      const { items } = (await who.call("GET", "/v1/api-keys")).body;
      const modes = items.map(({ mode }: { mode: string }) => mode);
      expect(new Set(modes)).toEqual(new Set(["live", "test"]));
      expect(items).toContainEqual(expect.objectContaining({ id: made.apiKey.id, mode: "test", name: "CI" }));
    }
    const { body } = await rotate(made.apiKey.id, { oldExpiresInHours: 0 }, admin);
    expect([body.apiKey.mode, body.token]).toEqual(["test", expect.stringMatching(/^cdz_test_key_/)]);
    expect([await statusOf(made.token), await statusOf(body.token)]).toEqual([401, 200]);
    const revoked = await live.call("DELETE", `/v1/api-keys/${body.apiKey.id}`);
    expect([revoked.status, revoked.body.mode]).toEqual([200, "test"]);
    expect(await statusOf(body.token)).toBe(401);
  });

  test("of another workspace is not found", async () => {
    const made = await create({ mode: "test" }, live);
    expect((await rotate(made.apiKey.id)).body.code).toBe("api_key_not_found");
    expect((await caller.call("DELETE", `/v1/api-keys/${made.apiKey.id}`)).status).toBe(404);
    expect(await statusOf(made.token)).toBe(200);
  });

  const liveOnly = (Object.keys(routes) as RouteName[]).filter(
    (name) => (contracts[name] as Contract).liveOnly,
  );

  test.each(liveOnly)("is refused by %s, and nothing is made", async (name) => {
    const [method, path] = routes[name];
    const { items } = (await live.call("GET", "/v1/api-keys?limit=100")).body;
    const rows = async () =>
      JSON.stringify(
        (
          await env.DB.batch(
            ["api_keys", "members", "embed_apps", "auth_user", "auth_member", "workspaces"].map((table) =>
              env.DB.prepare(`SELECT * FROM ${table}`),
            ),
          )
        ).map(({ results }) => results.map((row) => ({ ...(row as object), last_used_at: 0 }))),
      );
    const before = await rows();
    const body = (contracts[name] as Contract).example?.body;
    const reply = await held.call(method, path.replace(":id", items[0].id), body);
    expect([reply.status, reply.body.code]).toEqual([403, "live_mode_needed"]);
    expect(await rows()).toBe(before);
  });

  test("sees nothing of the live workspace's keys, members, host apps, invitations and log", async () => {
    await live.client("embedApps.create", { body: { name: "CRM", origins: ["https://crm.example"] } });
    for (const path of ["members", "embed-apps", "invitations"]) {
      expect([path, (await held.call("GET", `/v1/${path}`)).body.items]).toEqual([path, []]);
    }
    const keys = (await held.call("GET", "/v1/api-keys?limit=100")).body.items;
    expect(keys.filter(({ mode }: { mode: string }) => mode === "live")).toEqual([]);
    await held.call("PATCH", "/v1/workspace", { country: "PT" });
    const deedsOf = async (who: Caller) => {
      const { items } = (await who.call("GET", "/v1/audit?limit=100")).body;
      return items.map(({ action, outcome }: Record<string, string>) => `${action} ${outcome}`);
    };
    const [own, theirs] = [await deedsOf(held), await deedsOf(live)];
    expect(own).toEqual(expect.arrayContaining(["workspace.update done", "apiKeys.create live_mode_needed"]));
    expect(own).not.toContain("embedApps.create done");
    expect(theirs).toContain("embedApps.create done");
    expect(theirs).not.toContain("workspace.update done");
  });
});

describe("mail of a test twin", () => {
  const { port, inbox } = inject("smtp");
  const world = testSystem({ wallAt: Date.now() });
  world.openTransport = (mailbox) => openTransport(mailbox, { secret: world.secret, wireTimeoutMs: 1_500 });
  const own = createApp([world], { serviceToken: "test-service-token" });
  const smtp = {
    ...{ host: "127.0.0.1", port, security: "none" as const },
    ...{ user: "robin", password: "right" },
  };
  const arrived = async (to: string) =>
    (await (await fetch(`${inbox}/?to=${encodeURIComponent(to)}`)).json()) as {
      mails: TakenMail[];
      tries: number;
    };

  /** A mailbox, a person, and a mail on its way to them. */
  async function writing({ client }: Caller) {
    const address = `${unique("robin")}@seller.example`;
    const mailbox = await client("mailboxes.create", { body: { address, smtp, gapSeconds: 0 } });
    const windows = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }];
    const schedule = await client("schedules.create", { body: { name: "Always", windows } });
    const email = `ok.${crypto.randomUUID()}@buyer.example`;
    const { contact } = await client("contacts.create", { body: { email, firstName: "Dana" } });
    const sequence = await client("sequences.create", {
      body: {
        ...{ name: "Intro", mailboxId: mailbox.id, scheduleId: schedule.id },
        steps: [
          {
            ...{ name: "Mail", type: "email_auto", subject: "Hello", body: "Hi {{ contact.first_name }}" },
            delay: { amount: 0, unit: "minutes" },
          },
        ],
      },
    });
    await client("sequences.publish", { params: { id: sequence.id }, ifMatch: sequence.rev });
    const enrollment = await client("enrollments.create", {
      params: { id: sequence.id },
      body: { contactId: contact.id },
    });
    return { address, email, mailbox, enrollment };
  }
  const turns = async () => {
    for (let turn = 0; turn < 3; turn++) {
      await runEngine(world);
      world.clock.advance(hourMs);
    }
  };
  const keyOf = (id: string) => parseId("mbx", id)!.key;

  test("counts as sent and goes nowhere, where the live workspace's, set up alike, arrives", async () => {
    const home = await createWorkspace(world);
    const live = api(own, home.token);
    const held = api(own, await testKeyOf(live));
    const [real, trial] = [await writing(live), await writing(held)];
    await turns();
    expect((await arrived(real.email)).mails).toHaveLength(1);
    expect(await arrived(trial.email)).toEqual({ mails: [], tries: 0 });
    for (const [who, { enrollment }] of [
      [live, real],
      [held, trial],
    ] as const) {
      const { items } = await who.client("enrollments.sends", { params: { id: enrollment.id } });
      expect(items.map(({ state }) => state)).toEqual(["sent"]);
    }
    const [twin] = await twinOf(home);
    expect((await held.call("GET", "/v1/mailboxes")).body.items[0]).toMatchObject({
      transport: "test",
      smtp: null,
      usedInDay: 1,
    });
    const kept = await env.DB.prepare("SELECT * FROM mailboxes WHERE workspace_id = ?1").bind(twin!.id).all();
    expect(kept.results).toMatchObject([{ transport: "test", settings: "{}", sealed_secret: null }]);
  });

  test("goes nowhere either when its row says that it has a server", async () => {
    const home = await createWorkspace(world);
    const held = api(own, await testKeyOf(api(own, home.token)));
    const { email, mailbox } = await writing(held);
    const { password, ...settings } = smtp;
    await env.DB.prepare(
      "UPDATE mailboxes SET transport = 'smtp', settings = ?2, sealed_secret = ?3 WHERE id = ?1",
    )
      .bind(keyOf(mailbox.id), JSON.stringify(settings), await world.seal(password))
      .run();
    expect(await loadMailbox(env.DB, keyOf(mailbox.id) as MailboxId)).toEqual({
      id: keyOf(mailbox.id),
      transport: "test",
    });
    await turns();
    expect(await arrived(email)).toEqual({ mails: [], tries: 0 });
  });

  test("has its settings checked as they are live, and none of them kept", async () => {
    const home = await createWorkspace(world);
    const held = api(own, await testKeyOf(api(own, home.token)));
    const open = { ...smtp, host: "smtp.seller.example" };
    for (const wrong of [{ ...smtp, port: 0 }, { host: "h.example" }, open]) {
      const body = { address: `${unique("a")}@seller.example`, smtp: wrong };
      expect((await held.call("POST", "/v1/mailboxes", body)).status).toBe(422);
    }
    const { mailbox } = await writing(held);
    const path = `/v1/mailboxes/${mailbox.id}`;
    const { host, security, user } = open;
    expect((await held.call("PATCH", path, { smtp: { host, security, user } })).status).toBe(422);
    const changed = await held.call("PATCH", path, { dailyCap: 7, smtp: { ...smtp, password: "hunter2" } });
    expect([changed.status, changed.body.smtp, changed.body.dailyCap]).toEqual([200, null, 7]);
    const row = await env.DB.prepare("SELECT settings, sealed_secret FROM mailboxes WHERE id = ?1")
      .bind(keyOf(mailbox.id))
      .first();
    expect(row).toEqual({ settings: "{}", sealed_secret: null });
  });

  test("that was on its way when the Worker died is settled without asking anybody", async () => {
    const home = await createWorkspace(world);
    const held = api(own, await testKeyOf(api(own, home.token)));
    const { enrollment } = await writing(held);
    await runEngine(world);
    await env.DB.prepare("UPDATE sends SET state = 'sending', due_at = ?2 WHERE enrollment_id = ?1")
      .bind(parseId("enr", enrollment.id)!.key, world.now())
      .run();
    world.clock.advance(hourMs);
    await runEngine(world);
    const { items } = await held.client("enrollments.sends", { params: { id: enrollment.id } });
    expect(items.map(({ state }) => state)).toEqual(["sent"]);
    expect((await held.call("GET", "/v1/tasks")).body.items).toEqual([]);
  });

  test("tells no member anything either", async () => {
    const home = await createWorkspace(world);
    const live = api(own, home.token);
    await testKeyOf(live);
    const [twin] = await twinOf(home);
    for (const workspaceId of [home.id, twin!.id]) {
      const memberId = await createMember(world, workspaceId, { email: `${unique("told")}@seller.example` });
      await env.DB.prepare(
        `INSERT INTO notices (workspace_id, member_id, kind, data, at, mail_due_at)
         VALUES (?1, ?2, 'reply', '{"class":"human","subject":"Hi"}', ?3, ?3)`,
      )
        .bind(workspaceId, memberId, world.now())
        .run();
    }
    const before = world.mailed.length;
    expect(await runNotify(world)).toBe(1);
    expect(world.mailed.slice(before)).toMatchObject([{ subject: expect.not.stringContaining("(test)") }]);
    expect(await runNotify(world)).toBe(0);
    const waiting = await env.DB.prepare("SELECT count(*) AS n FROM notices WHERE mail_due_at IS NOT NULL");
    expect(await waiting.first("n")).toBe(0);
  });

  test("is not what a mail that arrives for its address is about", async () => {
    const home = await createWorkspace(world);
    const held = api(own, await testKeyOf(api(own, home.token)));
    const { address, email, enrollment } = await writing(held);
    await runEngine(world);
    const lines = [`From: ${email}`, `To: ${address}`, `Message-ID: <${unique()}@b.example>`, "Subject: Hi"];
    const raw = new TextEncoder().encode([...lines, "", "Tell me more", ""].join("\r\n"));
    const rejected: string[] = [];
    const message = {
      ...{ from: email, to: address, raw: new Blob([raw]).stream(), rawSize: raw.length },
      setReject: (reason: string) => rejected.push(reason),
    } as unknown as ForwardableEmailMessage;
    await onEmail(message, [world]);
    expect(rejected).toEqual(["550 5.1.1 No such mailbox here"]);
    const replied = await fetchRaw(held, raw);
    expect(replied.status).toBe(200);
    const { body } = await held.call("GET", `/v1/enrollments/${enrollment.id}`);
    expect([body.status, body.reason]).toEqual(["completed", "replied"]);
  });

  const fetchRaw = (held: Caller, raw: Uint8Array) =>
    held.call("POST", "/v1/inbound", new TextDecoder().decode(raw), { "content-type": "message/rfc822" });
});

test("a token is read as what it is, and as nothing else", () => {
  const secret = "0".repeat(64);
  const key = `${encodeId("key", 0, 1 as never)}_${secret}`;
  expect(parseToken(`cdz_${key}`)?.mode).toBe("live");
  expect(parseToken(`cdz_test_${key}`)?.mode).toBe("test");
  for (const token of [
    `cdz_live_${key}`,
    `cdz_test_test_${key}`,
    `cdz_TEST_${key}`,
    ` cdz_${key}`,
    `cdz_${key}\n`,
  ]) {
    expect(parseToken(token)).toBeNull();
  }
});

test("a key made before modes were known is live", async () => {
  const token = await createKey(system, workspace.id);
  expect((await api(app, token).call("GET", "/v1/workspace")).body.mode).toBe("live");
});
