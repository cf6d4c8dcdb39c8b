/** The people of a workspace through the API: let in, changed, taken out; and whoever asks, about themselves. */
import { env } from "cloudflare:workers";
import { type Role, roles } from "@cadenza/shared/vocabulary";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { enter, removeMembership } from "../../src/db/directory.ts";
import { memberActor } from "../../src/http/auth.ts";
import { encodeId, parseId } from "../../src/http/public-id.ts";
import { memberIn, requireSession } from "../../src/http/session.ts";
import {
  api,
  type Caller,
  createContact,
  createKey,
  createMailbox,
  createMember,
  createSchedule,
  createWorkspace,
  type TestSystem,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";
import { callAs, organizationOf, type SignedIn, signIn, signInByLink } from "./people.ts";

const serviceToken = "test-service-token";
const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken, auth });
let workspace: TestWorkspace;
let key: Caller;
let admin: SignedIn;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  key = api(app, workspace.token);
  admin = await signIn({ app, auth, system }, workspace, "admin");
});

const someone = () => `${unique("person")}@seller.example`;
const person = (role: Role, of: Pick<TestWorkspace, "id"> = workspace) =>
  signIn({ app, auth, system }, of, role);
const rowAt = <Row>(sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .first<Row>();

/** A database that can be told to fail a statement, as if D1 went away in that moment. */
function fragile(d1: D1Database): { db: D1Database; breakAt(pattern: RegExp | null): void } {
  let broken: RegExp | null = null;
  const db = new Proxy(d1, {
    get(target, name) {
      if (name === "prepare") {
        return (sql: string) => {
          if (broken?.test(sql)) throw new Error("D1 went away");
          return target.prepare(sql);
        };
      }
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    db,
    breakAt: (pattern) => {
      broken = pattern;
    },
  };
}

describe("the directory", () => {
  test("lets the admin of a new workspace sign in by mail, and only once it stands whole", async () => {
    const directory = fragile(env.DB);
    const own = { ...system, db: directory.db };
    const call = () =>
      api(createApp([own], { serviceToken, auth }), serviceToken).call("POST", "/internal/workspaces", {
        name: "Northwind",
        timeZone: "Europe/Lisbon",
        admin: { email, name: "Ada" },
      });
    const email = someone();
    directory.breakAt(/INTO auth_member/);
    expect((await call()).status).toBe(500);
    expect(await rowAt("SELECT 1 FROM auth_user WHERE email = ?1", email)).toBeNull();

    directory.breakAt(null);
    const { status, body } = await call();
    expect(status).toBe(201);
    const cookie = await signInByLink(auth, system, email);
    const me = (await callAs(app, cookie, "GET", "/v1/me")).body;
    expect(me).toMatchObject({
      member: { id: body.member.id, role: "admin" },
      workspace: { id: body.workspace.id, name: "Northwind" },
    });
    expect((await callAs(app, cookie, "GET", "/v1/members")).body.items).toHaveLength(1);
  });

  test("leads to a workspace on another shard", async () => {
    const second: TestSystem = { ...system, shard: 1 };
    const shards = createApp([system, second], { serviceToken, auth });
    const lying = await createWorkspace(second);
    const token = await createKey(second, lying.id, { scopes: ["read", "admin"] });
    const email = someone();
    const made = await api(shards, token).call("POST", "/v1/members", { email, name: "Sol", role: "viewer" });
    expect(made.status).toBe(201);
    expect(
      await rowAt(
        `SELECT o.shard, o.workspace_key AS key FROM auth_organization o JOIN auth_member m
           ON m.organization_id = o.id JOIN auth_user u ON u.id = m.user_id WHERE u.email = ?1`,
        email,
      ),
    ).toEqual({ shard: 1, key: lying.id });
    const cookie = await signInByLink(auth, system, email);
    const me = (await callAs(shards, cookie, "GET", "/v1/me")).body;
    expect(me.workspace.id).toBe(encodeId("wsp", 1, lying.id));
    expect(me.workspaces).toEqual([
      { id: encodeId("wsp", 1, lying.id), name: expect.any(String), role: "viewer" },
    ]);
  });

  test("is told a workspace's new name, and again after half a renaming", async () => {
    const directory = fragile(env.DB);
    const own = createApp([{ ...system, db: directory.db }], { serviceToken, auth });
    const named = () =>
      rowAt<{ name: string }>("SELECT name FROM auth_organization WHERE id = ?1", organizationOf(workspace));
    const rename = () => api(own, workspace.token).call("PATCH", "/v1/workspace", { name: "Southwind" });
    directory.breakAt(/update "auth_organization"/);
    expect((await rename()).status).toBe(500);
    expect(await named()).toEqual({ name: "Northwind" });
    directory.breakAt(null);
    expect((await rename()).status).toBe(200);
    expect(await named()).toEqual({ name: "Southwind" });
    expect((await admin.call("GET", "/v1/me")).body.workspaces[0].name).toBe("Southwind");
  });
});

describe("somebody who is added", () => {
  test("by a key or by an admin signs in by mail, with that role", async () => {
    for (const by of [key, admin]) {
      const email = someone();
      const made = await by.call("POST", "/v1/members", { email, name: "Noor Diaz", role: "manager" });
      expect([made.status, made.body]).toEqual([
        201,
        expect.objectContaining({ email, name: "Noor Diaz", role: "manager", removedAt: null }),
      ]);
      const cookie = await signInByLink(auth, system, email);
      const me = await callAs(app, cookie, "GET", "/v1/me");
      expect(me.body).toMatchObject({ member: made.body, role: "manager" });
      const again = await by.call("POST", "/v1/members", { email, name: "Noor", role: "admin" });
      expect([again.status, again.body.code]).toEqual([409, "member_exists"]);
    }
  });

  test("half-way is added whole by the same call again", async () => {
    const fragileDb = fragile(env.DB);
    const own = api(createApp([{ ...system, db: fragileDb.db }], { serviceToken, auth }), workspace.token);
    for (const pattern of [/INTO auth_member/, /insert into "members"/]) {
      const body = { email: someone(), name: "Sol", role: "viewer" };
      fragileDb.breakAt(pattern);
      expect((await own.call("POST", "/v1/members", body)).status).toBe(500);
      expect(await rowAt("SELECT 1 FROM members WHERE email = ?1", body.email)).toBeNull();
      fragileDb.breakAt(null);
      expect((await own.call("POST", "/v1/members", body)).status).toBe(201);
      expect((await own.call("POST", "/v1/members", body)).status).toBe(409);
    }
  });

  test("to two workspaces is one person with a role in each", async () => {
    const elsewhere = await createWorkspace(system);
    const email = someone();
    await key.client("members.create", { body: { email, name: "Here", role: "rep" } });
    await api(app, elsewhere.token).client("members.create", {
      body: { email, name: "There", role: "admin" },
    });
    const cookie = await signInByLink(auth, system, email);
    const { workspaces } = (await callAs(app, cookie, "GET", "/v1/me")).body;
    expect(
      Object.fromEntries(workspaces.map((one: { id: string; role: Role }) => [one.id, one.role])),
    ).toEqual({ [organizationOf(workspace)]: "rep", [organizationOf(elsewhere)]: "admin" });
  });
});

const idOf = async ({ call }: SignedIn): Promise<string> => (await call("GET", "/v1/me")).body.member.id;

describe("a role", () => {
  test("changes at once for whoever is signed in, by an admin or a key", async () => {
    const rep = await person("rep");
    const id = await idOf(rep);
    expect((await rep.call("GET", "/v1/api-keys")).status).toBe(403);
    const made = await admin.call("PATCH", `/v1/members/${id}`, { role: "admin" });
    expect([made.status, made.body.role]).toEqual([200, "admin"]);
    expect((await rep.call("GET", "/v1/api-keys")).status).toBe(200);
    expect((await key.client("members.update", { params: { id }, body: { role: "viewer" } })).role).toBe(
      "viewer",
    );
    expect((await rep.call("GET", "/v1/api-keys")).status).toBe(403);
    const wrong = await admin.call("PATCH", `/v1/members/${id}`, { role: "owner" });
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, "/role"]);
  });

  test("of the last admin stays, whoever asks and however many at once", async () => {
    const own = await createWorkspace(system);
    const first = await person("admin", own);
    const second = await person("admin", own);
    const ids = [await idOf(first), await idOf(second)];
    const change = (by: Pick<Caller, "call">, id: string) =>
      by.call("PATCH", `/v1/members/${id}`, { role: "rep", name: "Changed" });
    const both = await Promise.all([change(first, ids[1]!), change(second, ids[0]!)]);
    expect(both.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    const left = both.findIndex(({ status }) => status === 200) === 0 ? 0 : 1;
    for (const by of [api(app, own.token), [first, second][left]!]) {
      for (const reply of [
        await change(by, ids[left]!),
        await by.call("DELETE", `/v1/members/${ids[left]}`),
      ]) {
        expect([reply.status, reply.body.code]).toEqual([409, "last_admin"]);
      }
    }
    const after = await api(app, own.token).client("members.get", { params: { id: ids[left]! } });
    expect(after).toMatchObject({ role: "admin", name: "Robin Reis", removedAt: null });
  });

  test("of an admin whom the directory does not know is guarded the same", async () => {
    const own = await createWorkspace(system);
    const by = api(app, own.token);
    const id = encodeId("mbr", 0, own.adminId);
    for (const reply of [
      await by.call("PATCH", `/v1/members/${id}`, { role: "viewer" }),
      await by.call("DELETE", `/v1/members/${id}`),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([409, "last_admin"]);
    }
    const other = await createMember(system, own.id, { role: "admin" });
    expect((await by.call("PATCH", `/v1/members/${id}`, { role: "viewer" })).body.role).toBe("viewer");
    expect((await by.call("DELETE", `/v1/members/${id}`)).status).toBe(200);
    expect((await by.call("DELETE", `/v1/members/${encodeId("mbr", 0, other)}`)).body.code).toBe(
      "last_admin",
    );
  });
});

describe("a name", () => {
  test("that an admin gives holds in that workspace, one's own also where one signs in", async () => {
    const elsewhere = await createWorkspace(system);
    const rep = await person("rep");
    const id = await idOf(rep);
    const there = { id: organizationOf(elsewhere), name: "There", shard: 0, workspaceId: elsewhere.id };
    const membership = {
      id: "",
      membershipId: unique(),
      email: rep.email,
      name: "",
      role: "viewer" as const,
    };
    await enter(system.db, there, membership, system.wallNow());
    const user = () => rowAt<{ name: string }>("SELECT name FROM auth_user WHERE email = ?1", rep.email);

    await admin.call("PATCH", `/v1/members/${id}`, { name: "Robin of Sales" });
    expect((await rep.call("GET", "/v1/me")).body).toMatchObject({
      member: { name: "Robin of Sales", role: "rep" },
      user: { name: "Robin Reis" },
    });
    const renamed = await rep.call("PATCH", "/v1/me", { name: "  Robin R.  " });
    expect([renamed.status, renamed.body.name]).toEqual([200, "Robin R."]);
    expect(await user()).toEqual({ name: "Robin R." });
    for (const name of ["", "a\r\nb", "x".repeat(121)]) {
      const reply = await rep.call("PATCH", "/v1/me", { name });
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, "/name"]);
    }
  });
});

/** A member who owns one of everything, at work and ended. */
async function owner(of: TestWorkspace) {
  const ownerId = await createMember(system, of.id);
  const contactId = await createContact(system, of.id, { ownerId });
  const mailboxId = await createMailbox(system, of.id, { ownerId });
  await createSchedule(system, of.id);
  const at = system.now();
  const insert = async (sql: string) =>
    (await env.DB.prepare(sql).bind(of.id, ownerId, at, contactId).first<{ id: number }>())!.id;
  const sequence = (name: string, status: string) =>
    insert(`INSERT INTO sequences (workspace_id, owner_id, name, status, draft, next_step_id, rev, created_at, updated_at)
      VALUES (?1, ?2, '${name}', '${status}', '[]', 1, 1, ?3, ?3 + 0 * ?4) RETURNING id`);
  const live = await sequence(unique("Live"), "active");
  const old = await sequence("Old", "archived");
  const enrollment = (sequenceId: number, status: string) =>
    insert(`INSERT INTO enrollments (workspace_id, owner_id, sequence_id, version_id, contact_id, status, step_id, cycle,
      epoch, rev, due_at, lease_token, lease_until, thread_references, enrolled_at, updated_at)
      VALUES (?1, ?2, ${sequenceId}, 1, ?4, '${status}', 1, 1, 1, 1, ?3, 'tick', ?3, '[]', ?3, ?3) RETURNING id`);
  const active = await enrollment(live, "active");
  const ended = await enrollment(old, "completed");
  const task = (enrollmentId: number, status: string) =>
    insert(`INSERT INTO tasks (workspace_id, owner_id, enrollment_id, step_id, cycle, sequence_id, version_id, contact_id,
      type, purpose, title, body, status, due_at, rev, created_at, updated_at)
      VALUES (?1, ?2, ${enrollmentId}, 1, 1, ${live}, 1, ?4, 'call', 'step', 'Call', '', '${status}', ?3, 1, ?3, ?3)
      RETURNING id`);
  const open = await task(active, "open");
  const done = await task(ended, "done");
  const deal =
    await insert(`INSERT INTO deals (workspace_id, owner_id, name, contact_id, custom, rev, created_at, updated_at)
    VALUES (?1, ?2, 'Deal', ?4, '{}', 1, ?3, ?3) RETURNING id`);
  const atWork = {
    mailboxes: mailboxId,
    sequences: live,
    enrollments: active,
    tasks: open,
    contacts: contactId,
    deals: deal,
  };
  return {
    id: encodeId("mbr", 0, ownerId),
    ownerId,
    atWork,
    ended: { sequences: old, enrollments: ended, tasks: done },
  };
}

const ownersOf = async (rows: Record<string, number>): Promise<number[]> =>
  Promise.all(
    Object.entries(rows).map(
      async ([table, id]) =>
        (await rowAt<{ o: number }>(`SELECT owner_id AS o FROM ${table} WHERE id = ?1`, id))!.o,
    ),
  );

describe("somebody who is removed", () => {
  const remove = (id: string, query = "", by: Pick<Caller, "call"> = key) =>
    by.call("DELETE", `/v1/members/${id}${query}`);

  test("is out at once, and is listed only among those who were removed", async () => {
    const rep = await person("rep");
    const id = await idOf(rep);
    const removed = await remove(id, "", admin);
    expect(removed.body).toMatchObject({
      member: { id, removedAt: new Date(system.now()).toISOString() },
      owned: { mailboxes: 0, sequences: 0, enrollments: 0, tasks: 0, contacts: 0, deals: 0 },
      reassignedTo: null,
    });
    const after = await rep.call("GET", "/v1/me");
    expect([after.status, after.body.code]).toEqual([403, "not_a_member"]);
    expect(
      await rowAt("SELECT active_organization_id AS at FROM auth_session WHERE user_id = ?1", rep.userId),
    ).toEqual({ at: null });
    const listed = async (query: string) =>
      (await key.call("GET", `/v1/members?limit=200${query}`)).body.items.map(
        (one: { id: string }) => one.id,
      );
    expect(await listed("")).not.toContain(id);
    expect(await listed("&removed=true")).toContain(id);
    expect(await listed("&removed=true")).not.toContain(await idOf(admin));
    expect((await key.call("GET", `/v1/members/${id}`)).body.removedAt).not.toBeNull();
    const changed = await key.call("PATCH", `/v1/members/${id}`, { role: "admin" });
    expect([changed.status, changed.body.code]).toEqual([409, "member_removed"]);

    system.clock.advance(60_000);
    expect((await remove(id)).body).toEqual(removed.body);
    const back = await key.client("members.create", {
      body: { email: rep.email, name: "Back", role: "viewer" },
    });
    expect(back).toMatchObject({ id, name: "Back", role: "viewer", removedAt: null });
    const cookie = await signInByLink(auth, system, rep.email);
    expect((await callAs(app, cookie, "GET", "/v1/me")).body.member).toEqual(back);
  });

  test("keeps the other workspaces, and the sessions and programs there", async () => {
    const elsewhere = await createWorkspace(system);
    const rep = await person("rep");
    const there = { id: organizationOf(elsewhere), name: "There", shard: 0, workspaceId: elsewhere.id };
    const membership = { id: "", membershipId: unique(), email: rep.email, name: "", role: "admin" as const };
    await enter(system.db, there, membership, system.wallNow());
    const other = await signInByLink(auth, system, rep.email);
    await callAs(app, rep.cookie, "PUT", "/v1/me/workspace", { workspaceId: organizationOf(workspace) });
    await callAs(app, other, "PUT", "/v1/me/workspace", { workspaceId: there.id });
    const programs = { here: unique("client"), there: unique("client") };
    for (const [where, clientId] of Object.entries(programs)) {
      const organizationId = where === "here" ? organizationOf(workspace) : there.id;
      await env.DB.batch([
        env.DB.prepare(
          `INSERT INTO auth_oauth_client (id, client_id, redirect_uris) VALUES (?1, ?1, '[]')`,
        ).bind(clientId),
        env.DB.prepare(
          `INSERT INTO connections (user_id, client_id, organization_id, connected_at) VALUES (?1, ?2, ?3, 1)`,
        ).bind(rep.userId, clientId, organizationId),
        env.DB.prepare(
          `INSERT INTO auth_oauth_refresh_token (id, token, client_id, user_id, expires_at, created_at, scopes)
           VALUES (?1, ?1, ?2, ?3, 1, 1, '[]')`,
        ).bind(unique("refresh"), clientId, rep.userId),
        env.DB.prepare(
          `INSERT INTO auth_oauth_access_token (id, token, client_id, user_id, expires_at, created_at, scopes)
           VALUES (?1, ?1, ?2, ?3, 1, 1, '[]')`,
        ).bind(unique("access"), clientId, rep.userId),
        env.DB.prepare(
          `INSERT INTO auth_oauth_consent (id, client_id, user_id, scopes, created_at, updated_at)
           VALUES (?1, ?2, ?3, '[]', 1, 1)`,
        ).bind(unique("consent"), clientId, rep.userId),
      ]);
    }
    const id = await idOf(rep);
    expect((await remove(id)).status).toBe(200);
    expect((await rep.call("GET", "/v1/me")).status).toBe(403);
    expect((await callAs(app, other, "GET", "/v1/me")).body.role).toBe("admin");
    for (const table of [
      "connections",
      "auth_oauth_refresh_token",
      "auth_oauth_access_token",
      "auth_oauth_consent",
    ]) {
      const { results } = await env.DB.prepare(`SELECT client_id AS id FROM ${table} WHERE user_id = ?1`)
        .bind(rep.userId)
        .all();
      expect([table, results]).toEqual([table, [{ id: programs.there }]]);
    }
  });

  test("stays removed, also when a request of theirs is under way", async () => {
    const rep = await person("rep");
    const id = await idOf(rep);
    const organizationId = organizationOf(workspace);
    // Their record does not agree with the directory, so the request writes it; they are removed after it has looked.
    await env.DB.prepare("UPDATE members SET role = 'viewer' WHERE id = ?1")
      .bind(parseId("mbr", id)!.key)
      .run();
    let looked = false;
    const slow = new Proxy(env.DB, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (name !== "prepare") return typeof value === "function" ? value.bind(target) : value;
        return (sql: string) => {
          const statement = target.prepare(sql);
          if (looked || !sql.includes('from "auth_member"')) return statement;
          looked = true;
          return { bind: (...values: unknown[]) => ({ raw: () => then(statement.bind(...values)) }) };
        };
      },
    });
    const then = async (statement: D1PreparedStatement) => {
      const rows = await statement.raw();
      expect((await remove(id)).status).toBe(200);
      return rows;
    };
    const user = { id: rep.userId, email: rep.email, name: "Robin" };
    expect(await memberIn(user, organizationId, [{ ...system, db: slow }])).toBeNull();
    expect(looked).toBe(true);
    expect((await key.call("GET", `/v1/members/${id}`)).body.removedAt).not.toBeNull();
  });

  test("half-way is removed by the same call again", async () => {
    const rep = await person("admin");
    const id = await idOf(rep);
    await removeMembership(system.db, organizationOf(workspace), rep.userId);
    expect((await key.call("GET", `/v1/members/${id}`)).body.removedAt).toBeNull();
    expect((await remove(id)).body.member.removedAt).not.toBeNull();
  });

  test("leaves what they own, which is said, and handed over when asked again", async () => {
    const { id, ownerId, atWork, ended } = await owner(workspace);
    const one = { mailboxes: 1, sequences: 1, enrollments: 1, tasks: 1, contacts: 1, deals: 1 };
    expect((await remove(id)).body.owned).toEqual(one);
    expect(new Set(await ownersOf(atWork))).toEqual(new Set([ownerId]));
    const heir = await createMember(system, workspace.id);
    const handed = await remove(id, `?reassignTo=${encodeId("mbr", 0, heir)}`);
    expect(handed.body).toMatchObject({ owned: one, reassignedTo: encodeId("mbr", 0, heir) });
    expect(new Set(await ownersOf(atWork))).toEqual(new Set([heir]));
    expect(new Set(await ownersOf(ended))).toEqual(new Set([ownerId]));
    // What a tick decided for the old owner in this moment is left out: the enrollment was written, its lease is over.
    expect(
      await rowAt("SELECT rev, lease_token AS lease FROM enrollments WHERE id = ?1", atWork.enrollments),
    ).toEqual({ rev: 2, lease: null });
    expect(await rowAt("SELECT rev FROM mailboxes WHERE id = ?1", atWork.mailboxes)).toEqual({ rev: 2 });
    expect((await remove(id)).body.owned).toEqual({
      ...{ mailboxes: 0, sequences: 0, enrollments: 0, tasks: 0, contacts: 0, deals: 0 },
    });
  });

  test("is followed by a member of the same workspace who is still there, and by nobody else", async () => {
    const { id, ownerId, atWork } = await owner(workspace);
    const gone = await createMember(system, workspace.id, { removedAt: 1 });
    const foreign = (await createWorkspace(system)).adminId;
    for (const heir of [gone, foreign]) {
      const reply = await remove(id, `?reassignTo=${encodeId("mbr", 0, heir)}`);
      expect([reply.status, reply.body.code]).toEqual([404, "member_not_found"]);
      expect(reply.body.errors[0]).toMatchObject({ in: "query", pointer: "/reassignTo" });
    }
    for (const wrong of [id, "robin"]) {
      const reply = await remove(id, `?reassignTo=${wrong}`);
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, "/reassignTo"]);
    }
    expect((await key.call("GET", `/v1/members/${id}`)).body.removedAt).toBeNull();
    expect(new Set(await ownersOf(atWork))).toEqual(new Set([ownerId]));
  });

  test("is given nothing more to own", async () => {
    const ownerId = encodeId("mbr", 0, await createMember(system, workspace.id, { removedAt: 1 }));
    for (const [path, body] of [
      ["/v1/contacts", { firstName: "Dana", ownerId }],
      ["/v1/deals", { name: "Deal", ownerId }],
    ] as const) {
      const reply = await key.call("POST", path, body);
      expect([reply.status, reply.body.code]).toEqual([404, "member_not_found"]);
      expect(reply.body.errors[0].pointer).toBe("/ownerId");
    }
  });

  test("hands over nothing of another workspace", async () => {
    const theirs = await owner(await createWorkspace(system));
    const mine = await owner(workspace);
    const heir = await createMember(system, workspace.id);
    // The same member key in two workspaces cannot be; a row that says so anyway is not touched.
    await env.DB.prepare("UPDATE deals SET owner_id = ?1 WHERE id = ?2")
      .bind(mine.ownerId, theirs.atWork.deals)
      .run();
    expect((await remove(mine.id, `?reassignTo=${encodeId("mbr", 0, heir)}`)).body.owned.deals).toBe(1);
    expect(await ownersOf({ deals: theirs.atWork.deals })).toEqual([mine.ownerId]);
  });
});

describe("whoever asks", () => {
  test.each(roles)("a %s is told who they are and what they may", async (role) => {
    const one = await person(role);
    const { status, body } = await one.call("GET", "/v1/me");
    expect([status, body]).toEqual([
      200,
      {
        member: expect.objectContaining({ email: one.email, role }),
        user: { email: one.email, name: "Robin Reis" },
        workspace: { id: organizationOf(workspace), name: expect.any(String), mode: "live", timeZone: "UTC" },
        role,
        permissions: {
          admin: ["read", "work", "connect", "build", "administer", "self"],
          manager: ["read", "work", "connect", "build", "self"],
          rep: ["read", "work", "connect", "self"],
          viewer: ["read", "self"],
        }[role],
        workspaces: [{ id: organizationOf(workspace), name: expect.any(String), role }],
      },
    ]);
  });

  test("switches to a workspace of theirs, and to no other", async () => {
    const elsewhere = await createWorkspace(system);
    const foreign = await createWorkspace(system);
    await person("admin", foreign);
    const rep = await person("rep");
    const there = { id: organizationOf(elsewhere), name: "Zebra", shard: 0, workspaceId: elsewhere.id };
    const membership = { id: "", membershipId: unique(), email: rep.email, name: "", role: "admin" as const };
    await enter(system.db, there, membership, system.wallNow());
    const switchTo = (workspaceId: unknown) => rep.call("PUT", "/v1/me/workspace", { workspaceId });
    for (const id of [
      organizationOf(foreign),
      encodeId("wsp", 0, 999_999 as never),
      encodeId("wsp", 7, 1 as never),
    ]) {
      const reply = await switchTo(id);
      expect([reply.status, reply.body.code, reply.body.errors[0].pointer]).toEqual([
        ...[404, "workspace_not_found", "/workspaceId"],
      ]);
    }
    for (const id of ["Northwind", "mbr_x", 7, null]) {
      const reply = await switchTo(id);
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, "/workspaceId"]);
    }
    expect((await rep.call("GET", "/v1/me")).body.workspace.id).toBe(organizationOf(workspace));
    expect((await switchTo(there.id)).body).toEqual({ id: there.id, name: "Zebra", role: "admin" });
    expect((await rep.call("GET", "/v1/me")).body).toMatchObject({
      workspace: { id: there.id },
      role: "admin",
    });
    // Another session of the same person stays where it is.
    const other = await signInByLink(auth, system, rep.email);
    await switchTo(organizationOf(workspace));
    const before = (await callAs(app, other, "GET", "/v1/me")).body.workspace.id;
    await switchTo(there.id);
    expect((await callAs(app, other, "GET", "/v1/me")).body.workspace.id).toBe(before);
  });

  test("is a person: a key has no self, and a program that acts for one neither renames nor switches them", async () => {
    for (const [method, path] of [
      ["GET", "/v1/me"],
      ["PATCH", "/v1/me"],
      ["PUT", "/v1/me/workspace"],
    ] as const) {
      const reply = await key.call(method, path, method === "GET" ? undefined : {});
      expect([reply.status, reply.body.code]).toEqual([403, "member_needed"]);
    }
    const actor = memberActor(workspace.id, { id: workspace.adminId, role: "admin" });
    expect(() => requireSession({ actor })).toThrow(expect.objectContaining({ code: "session_needed" }));
  });
});
