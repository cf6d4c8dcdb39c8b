/** Who did what: written for every change and every refusal for who asked, and kept as it was written. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { insertAuditEntry } from "../../src/db/audit.ts";
import {
  api,
  type Caller,
  createMember,
  createWorkspace,
  dayMs,
  minuteMs,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";
import { type SignedIn, signIn } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
let workspace: TestWorkspace;
let admin: SignedIn;
let viewer: SignedIn;
let machine: Caller;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  admin = await signIn({ app, auth, system }, workspace, "admin");
  viewer = await signIn({ app, auth, system }, workspace, "viewer");
  machine = api(app, workspace.token);
});

const entries = async (query = "") => (await admin.call("GET", `/v1/audit${query}`)).body.items;

describe("the audit log", () => {
  test("says who did what to which record, how they got in and from where", async () => {
    const headers = { "cf-connecting-ip": "203.0.113.7", "user-agent": "Firefox" };
    const made = await admin.call("POST", "/v1/contacts", { firstName: "Dana" }, headers);
    const id = made.body.contact.id;
    system.clock.advance(1);
    await admin.call("PATCH", `/v1/contacts/${id}`, { lastName: "Silva" });
    const [changed, created] = await entries();
    const me = (await admin.call("GET", "/v1/members")).body.items.find(
      ({ email }: { email: string }) => email === admin.email,
    );
    expect(created).toMatchObject({
      actor: me.id,
      via: "session",
      ip: "203.0.113.7",
      userAgent: "Firefox",
      action: "contacts.create",
      record: id,
      outcome: "done",
      requestId: made.headers.get("x-request-id"),
    });
    expect(changed).toMatchObject({ action: "contacts.update", record: id });
  });

  test("keeps what was refused for who asked, and not what was only mistyped or looked at", async () => {
    const before = (await entries()).length;
    await viewer.call("POST", "/v1/contacts", { firstName: "No" });
    await admin.call("POST", "/v1/contacts", { firstName: 7 });
    await admin.call("GET", "/v1/contacts");
    const after = await entries();
    expect(after.length).toBe(before + 1);
    expect(after[0]).toMatchObject({ action: "contacts.create", outcome: "role_missing", record: null });
  });

  test("holds a request that was sent twice under one Idempotency-Key once", async () => {
    const key = { "idempotency-key": unique("key") };
    const before = (await entries()).length;
    for (let turn = 0; turn < 2; turn++) {
      await machine.call("POST", "/v1/contacts", { firstName: "Once" }, key);
    }
    expect((await entries()).length).toBe(before + 1);
  });

  test("is found by who, what, which and when, also when much lies in between", async () => {
    const own = await createWorkspace(system);
    const reader = api(app, own.token);
    const memberId = await createMember(system, own.id);
    const at = system.wallNow();
    const row = { workspaceId: own.id, via: "session", requestId: "req_1", outcome: "done" };
    const note = (entry: { at: number; actor?: string; action?: string; record?: string }) =>
      insertAuditEntry(system.db, { actor: "key:1", action: "tasks.done", ...row, ...entry });
    await note({ at: at - 3 * dayMs, actor: `member:${memberId}`, record: "seq_1" });
    await env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5200)
       INSERT INTO audit_entries (workspace_id, at, actor, via, action, outcome, request_id)
       SELECT ?1, ?2 + i, 'key:1', 'key', 'contacts.update', 'done', 'req' FROM n`,
    )
      .bind(own.id, at - dayMs)
      .run();
    const first = (await reader.call("GET", "/v1/audit?action=tasks.done")).body;
    expect([first.items.length, typeof first.nextCursor]).toEqual([0, "string"]);
    const next = (await reader.call("GET", `/v1/audit?action=tasks.done&cursor=${first.nextCursor}`)).body;
    expect([next.items.length, next.items[0].record, next.nextCursor]).toEqual([1, "seq_1", null]);
    const who = next.items[0].actor;
    const until = new Date(at - 2 * dayMs).toISOString();
    const found = (await reader.call("GET", `/v1/audit?actor=${who}&to=${until}`)).body;
    expect(found.items.map(({ record }: { record: string }) => record)).toEqual(["seq_1"]);
    const foreign = await machine.call("GET", `/v1/audit?actor=${who.slice(0, -1)}`);
    expect([foreign.status, foreign.body.code]).toEqual([404, "member_not_found"]);
    const file = (await reader.call("GET", "/v1/audit/export?format=jsonl")).text.trim().split("\n");
    expect(file.length).toBe(5201);
  });

  test("is exported as CSV that no spreadsheet runs, and as JSON lines", async () => {
    await admin.call("POST", "/v1/contacts", { firstName: "X" }, { "user-agent": '=cmd("x"), "quoted"' });
    const csv = await admin.call("GET", "/v1/audit/export");
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(csv.headers.get("content-disposition")).toBe('attachment; filename="audit.csv"');
    expect(csv.text).toMatch(/^id,at,actor,via,ip,userAgent,action,record,outcome,requestId\n/);
    expect(csv.text).not.toMatch(/(^|,)"?=cmd/m);
    const lines = (await admin.call("GET", "/v1/audit/export?format=jsonl")).text.trim().split("\n");
    const [entry] = lines.map((line) => JSON.parse(line));
    expect(entry).toMatchObject({ action: "audit.export", actor: expect.stringMatching(/^mbr_/) });
    expect(entry).not.toHaveProperty("workspaceId");
    expect((await viewer.call("GET", "/v1/audit/export")).status).toBe(403);
  });

  test("cannot be changed, nor shortened before its time, by anybody", async () => {
    await expect(env.DB.prepare("UPDATE audit_entries SET outcome = 'nothing'").run()).rejects.toThrow(
      /append-only/,
    );
    await expect(env.DB.prepare("DELETE FROM audit_entries").run()).rejects.toThrow(/kept for a year/);
    const row = { workspaceId: workspace.id, actor: "key:1", via: "key", action: "old", outcome: "done" };
    const old = Date.now() - 366 * dayMs;
    await insertAuditEntry(system.db, { ...row, at: old, requestId: "req_old" });
    const { meta } = await env.DB.prepare("DELETE FROM audit_entries WHERE request_id = 'req_old'").run();
    expect(meta.changes).toBe(1);
  });

  test("is the workspace's own", async () => {
    const stranger = api(app, (await createWorkspace(system)).token);
    expect((await stranger.call("GET", "/v1/audit")).body.items).toEqual([]);
    expect((await stranger.call("GET", "/v1/audit/export?format=jsonl")).text).not.toContain(admin.email);
  });

  test("that cannot be written is an error of its own: what was done is done", async () => {
    const broken = testSystem({ wallAt: Date.now() });
    const db = new Proxy(env.DB, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (name !== "prepare") return typeof value === "function" ? value.bind(target) : value;
        return (text: string) => {
          if (/insert into "audit_entries"/.test(text)) throw new Error("no room");
          return target.prepare(text);
        };
      },
    });
    const own = createApp([{ ...broken, db }], { serviceToken: "test-service-token" });
    const reply = await api(own, workspace.token).call("POST", "/v1/contacts", { firstName: "Kept" });
    expect(reply.status).toBe(200);
    expect(broken.errors[0]?.message).toMatch(/^req_\w+ contacts.create is missing from the audit log$/);
  });
});

describe("limits", () => {
  test("an enrollment too many is told when there is room again, and there is", async () => {
    const own = await createWorkspace(system);
    const caller = api(app, own.token);
    const path = "/v1/sequences/x/enrollments/batch";
    const statuses: number[] = [];
    for (let i = 0; i < 31; i++) statuses.push((await caller.call("POST", path, { items: [] })).status);
    expect([...new Set(statuses.slice(0, 30))]).toEqual([404]);
    const late = await caller.call("POST", path, { items: [] });
    expect([late.status, late.body.code, late.headers.get("retry-after")]).toEqual([
      429,
      "rate_limited",
      "2",
    ]);
    expect((await api(app, workspace.token).call("POST", path, { items: [] })).status).toBe(404);
    system.clock.wallAt += 2 * 1000;
    expect((await caller.call("POST", path, { items: [] })).status).toBe(404);
    expect((await caller.call("POST", path, { items: [] })).status).toBe(429);
    system.clock.wallAt += minuteMs;
    for (let i = 0; i < 30; i++) expect((await caller.call("POST", path, {})).status).toBe(404);
    expect((await caller.call("POST", path, {})).status).toBe(429);
  });
});
