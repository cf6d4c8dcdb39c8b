import { env } from "cloudflare:workers";
import { permissions, scopes } from "@cadenza/shared/access";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { problems } from "@cadenza/shared/problem";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { encodeId } from "../../src/http/public-id.ts";
import {
  api,
  type Caller,
  createKey,
  createWorkspace,
  dayMs,
  hourMs,
  minuteMs,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";

const serviceToken = "test-service-token";
const system = testSystem();
const app = createApp([system], { serviceToken });
const operator = api(app, serviceToken);
let workspace: TestWorkspace;
let caller: Caller;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  caller = api(app, workspace.token);
});

const names = Object.keys(routes) as RouteName[];
const accessOf = (name: RouteName) => (contracts[name] as Contract).access;
/** The route's address with ids that name nothing. */
const pathOf = (name: RouteName) => routes[name][1].replace(":id", "ctc_NrfcW713");

describe("who asks", () => {
  const forged = (secret: string) => workspace.token.slice(0, -64) + secret;

  test.each<[string, () => string | undefined]>([
    ["no token", () => undefined],
    ["a word", () => "hello"],
    ["a key with another secret", () => forged("0".repeat(64))],
    ["a key with half its secret", () => workspace.token.slice(0, -32)],
    ["a key of a shard that is not there", () => `cdz_${encodeId("key", 7, 1 as never)}_${"0".repeat(64)}`],
    ["a key that never was", () => `cdz_${encodeId("key", 0, 999_999 as never)}_${"0".repeat(64)}`],
    ["the service token", () => serviceToken],
    ["a header that goes on forever", () => "x".repeat(5_000)],
  ])("%s is 401 on every route of a workspace", async (_, token) => {
    for (const name of names.filter((name) => !["public", "service"].includes(accessOf(name)))) {
      const { status, body, headers } = await api(app, token()).call(routes[name][0], pathOf(name));
      expect([name, status, body.code]).toEqual([name, 401, "unauthenticated"]);
      expect(headers.get("www-authenticate")).toBe("Bearer");
    }
  });

  test.each<[string, () => string | undefined]>([
    ["no token", () => undefined],
    ["a workspace's key", () => workspace.token],
    ["almost the service token", () => `${serviceToken}x`],
  ])("%s is 401 on every route of the operator", async (_, token) => {
    for (const name of names.filter((name) => accessOf(name) === "service")) {
      const { status, body } = await api(app, token()).call(routes[name][0], pathOf(name));
      expect([name, status, body.code]).toEqual([name, 401, "unauthenticated"]);
    }
  });

  test("without a service token set, nobody is the operator", async () => {
    const open = createApp([system], { serviceToken: "" });
    expect((await api(open, "").call("PUT", "/internal/sending-stop")).status).toBe(401);
    expect((await api(open).call("PUT", "/internal/sending-stop")).status).toBe(401);
  });

  test("a key does what its scopes say, on every route", async () => {
    for (const name of names) {
      const access = accessOf(name);
      if (access === "service" || access === "public") continue;
      const { scope } = permissions[access];
      const others = scopes.filter((other) => other !== scope);
      const token = await createKey(system, workspace.id, { scopes: others });
      const { status, body } = await api(app, token).call(routes[name][0], pathOf(name));
      const code = scope === null ? "member_needed" : "scope_missing";
      expect([name, status, body?.code]).toEqual([name, 403, code]);
    }
  });

  test("a new key reads and writes, and is shown this once", async () => {
    const { body, status } = await caller.call("POST", "/v1/api-keys", { name: "CRM sync" });
    expect(status).toBe(201);
    expect(body.apiKey.scopes).toEqual(["read", "write"]);
    const fresh = api(app, body.token);
    expect((await fresh.call("GET", "/v1/workspace")).status).toBe(200);
    expect((await fresh.call("GET", "/v1/api-keys")).status).toBe(403);
    const list = await caller.call("GET", "/v1/api-keys");
    expect(list.text).toContain(body.apiKey.id);
    expect(list.text).not.toContain(body.token.slice(-64));
    const { results } = await env.DB.prepare("SELECT * FROM api_keys").all();
    expect(JSON.stringify(results)).not.toContain(body.token.slice(-64));
  });

  test("a revoked key opens nothing from then on, and cannot be un-revoked", async () => {
    const { body } = await caller.call("POST", "/v1/api-keys", { name: "Old" });
    const revoked = (await caller.call("DELETE", `/v1/api-keys/${body.apiKey.id}`)).body;
    expect(revoked.revokedAt).toMatch(/^2026-/);
    const reply = await api(app, body.token).call("GET", "/v1/workspace");
    expect([reply.status, reply.body.detail]).toEqual([401, "This API key was revoked."]);
    system.clock.advance(minuteMs);
    expect((await caller.call("DELETE", `/v1/api-keys/${body.apiKey.id}`)).body).toEqual(revoked);
  });

  test("a key expires by wall time, not by the business clock", async () => {
    const world = testSystem();
    const own = createApp([world], { serviceToken });
    const expiresAt = new Date(world.wallNow() + hourMs).toISOString();
    const made = await api(own, workspace.token).call("POST", "/v1/api-keys", { name: "Short", expiresAt });
    const short = api(own, made.body.token);
    world.clock.at += 30 * dayMs;
    expect((await short.call("GET", "/v1/workspace")).status).toBe(200);
    world.clock.wallAt += hourMs;
    const late = await short.call("GET", "/v1/workspace");
    expect([late.status, late.body.detail]).toEqual([401, "This API key has expired."]);
    const past = await caller.call("POST", "/v1/api-keys", {
      name: "Past",
      expiresAt: "2020-01-01T00:00:00Z",
    });
    expect([past.status, past.body.errors[0].pointer]).toEqual([422, "/expiresAt"]);
  });

  test("a key's last use is written at most once an hour", async () => {
    const world = testSystem();
    const token = await createKey(world, workspace.id);
    const own = api(createApp([world], { serviceToken }), token);
    const lastUsed = async () =>
      (await env.DB.prepare("SELECT max(id) AS id, last_used_at AS at FROM api_keys").first<{
        at: number;
      }>())!.at;
    await own.call("GET", "/v1/workspace");
    const first = await lastUsed();
    expect(first).toBe(world.wallNow());
    world.clock.advance(hourMs - 1);
    await own.call("GET", "/v1/workspace");
    expect(await lastUsed()).toBe(first);
    world.clock.advance(1);
    await own.call("GET", "/v1/workspace");
    expect(await lastUsed()).toBe(first + hourMs);
  });
});

describe("what is asked", () => {
  const problem = (reply: { status: number; headers: Headers; body: { code: keyof typeof problems } }) => {
    expect(reply.headers.get("content-type")).toBe("application/problem+json");
    expect(reply.status).toBe(problems[reply.body.code].status);
    expect(reply.body).toMatchObject({
      type: `/docs#${reply.body.code}`,
      requestId: reply.headers.get("x-request-id"),
    });
    return reply.body.code;
  };

  test.each(["{", "{'name':'x'}", '{"name":"x",}', "\u0000", "NaN", '{"name":"\\ud83d', "[".repeat(100_000)])(
    "JSON that is none is 400: %j",
    async (body) => {
      expect(problem(await caller.call("POST", "/v1/companies", body))).toBe("malformed_json");
    },
  );

  test.each(["null", "7", '"x"', "[]", "true", "{}"])("JSON that is no company is 422: %s", async (body) => {
    expect(problem(await caller.call("POST", "/v1/companies", body))).toBe("invalid_request");
  });

  test("text that is not UTF-8 is 400", async () => {
    const request = new Request("https://cadenza.test/v1/companies", {
      method: "POST",
      headers: { authorization: `Bearer ${workspace.token}`, "content-type": "application/json" },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect((await app.fetch(request)).status).toBe(400);
  });

  test("a body that is not called JSON is 415, an empty one says which fields are missing", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ]) {
      const reply = await caller.call("POST", "/v1/companies", '{"name":"x"}', { "content-type": type });
      expect(problem(reply)).toBe("unsupported_media_type");
    }
    for (const type of ["application/json; charset=utf-8", "application/vnd.api+json", "APPLICATION/JSON"]) {
      const reply = await caller.call("POST", "/v1/companies", { name: unique() }, { "content-type": type });
      expect(reply.status).toBe(201);
    }
    expect(problem(await caller.call("POST", "/v1/companies"))).toBe("invalid_request");
  });

  test("10 MB are refused, whether announced or sent in chunks", async () => {
    const megabyte = new TextEncoder().encode("x".repeat(1_048_576));
    const headers = { authorization: `Bearer ${workspace.token}`, "content-type": "application/json" };
    const announced = await caller.call(
      "POST",
      "/v1/companies",
      JSON.stringify({ name: "x".repeat(10_485_760) }),
    );
    expect(problem(announced)).toBe("body_too_large");
    let pulled = 0;
    const stream = new ReadableStream({
      pull(controller) {
        pulled += 1;
        if (pulled > 10) controller.close();
        else controller.enqueue(megabyte);
      },
    });
    const chunked = new Request("https://cadenza.test/v1/companies", {
      method: "POST",
      headers,
      body: stream,
    });
    expect((await app.fetch(chunked)).status).toBe(413);
    expect(pulled).toBeLessThan(6);
  });

  test("a body of just under 1 MB is read", async () => {
    const reply = await caller.call("POST", "/v1/contacts/batch", {
      items: Array.from({ length: 400 }, (_, i) => ({
        email: `big${i}@${unique("big")}.example`,
        custom: { note: "x".repeat(1_990) },
      })),
    });
    expect(reply.status).toBe(200);
  });

  test("an address that is none is 404, a method that is not taken 405 with those that are", async () => {
    for (const path of [
      "/v1",
      "/v1/contact",
      "/v1/contacts/",
      "/v1/contacts/x/y/z",
      "/v2/contacts",
      "/%00",
    ]) {
      expect(problem(await caller.call("GET", path))).toBe("route_not_found");
    }
    const reply = await caller.call("PUT", "/v1/contacts");
    expect(problem(reply)).toBe("method_not_allowed");
    expect(reply.headers.get("allow")).toBe("GET, HEAD, POST");
    expect((await caller.call("OPTIONS", "/v1/workspace/sending-stop")).headers.get("allow")).toBe(
      "DELETE, PUT",
    );
  });

  test("a field nobody knows is pointed at, in the body and in the query", async () => {
    const body = await caller.call("POST", "/v1/companies", { name: "x", nmae: 1, Domain: "a.example" });
    expect(body.body.errors).toEqual([
      { in: "body", pointer: "/nmae", detail: "This field is not known here." },
      { in: "body", pointer: "/Domain", detail: "This field is not known here." },
    ]);
    const query = await caller.call("GET", "/v1/companies?limt=5");
    expect(query.body.errors).toEqual([
      { in: "query", pointer: "/limt", detail: "This field is not known here." },
    ]);
    const twice = await caller.call("GET", "/v1/companies?limit=5&limit=6");
    expect(twice.body.errors[0]).toMatchObject({ in: "query", pointer: "/limit" });
  });

  test.each(["0", "201", "-1", "1.5", "x", "", "1e9"])("a page of %j rows is refused", async (limit) => {
    expect(problem(await caller.call("GET", `/v1/contacts?limit=${limit}`))).toBe("invalid_request");
  });

  test.each(["x", "e30", btoa('{"a":1}'), btoa("[]"), btoa("[[1]]"), btoa("[null]"), "%00", "\u{1f600}"])(
    "a cursor we never gave is refused: %s",
    async (cursor) => {
      const reply = await caller.call("GET", `/v1/contacts?cursor=${encodeURIComponent(cursor)}`);
      expect(problem(reply)).toBe("invalid_request");
      expect(reply.body.errors[0]).toMatchObject({ in: "query", pointer: "/cursor" });
    },
  );

  test("a cursor of strange numbers gives a page and no error", async () => {
    for (const key of ['["x"]', "[1e308]", "[-1,2,3]", '["1; DROP TABLE contacts"]']) {
      const reply = await caller.call("GET", `/v1/contacts?cursor=${btoa(key).replace(/=+$/, "")}`);
      expect([200, 422]).toContain(reply.status);
    }
  });

  test("every answer carries its id and lets nothing be sniffed, framed or cached", async () => {
    for (const path of ["/v1/workspace", "/v1/nowhere", "/openapi.json", "/docs"]) {
      const { headers } = await caller.call("GET", path);
      expect(headers.get("x-request-id")).toMatch(/^req_[0-9a-f]{32}$/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      const readable = path === "/openapi.json" ? "*" : null;
      expect(headers.get("access-control-allow-origin")).toBe(readable);
    }
    expect((await caller.call("GET", "/v1/workspace")).headers.get("cache-control")).toBe("no-store");
  });

  test("a bug is 500 with the request's id and nothing else; the log has the rest", async () => {
    const broken = new Proxy(env.DB, {
      get(db, key) {
        if (key === "prepare") {
          return (text: string) => {
            if (/from "?companies/i.test(text)) throw new Error("the disk said hunter2");
            return db.prepare(text);
          };
        }
        const value = Reflect.get(db, key);
        return typeof value === "function" ? value.bind(db) : value;
      },
    });
    const world = testSystem({ db: broken });
    const reply = await api(createApp([world], { serviceToken }), workspace.token).call(
      "GET",
      "/v1/companies",
    );
    expect(problem(reply)).toBe("internal");
    expect(reply.text).not.toContain("hunter2");
    expect(reply.text).toContain(reply.headers.get("x-request-id"));
    expect(world.errors).toHaveLength(1);
    expect(world.errors[0]!.message).toContain(reply.headers.get("x-request-id"));
    expect(String((world.errors[0]!.error as Error).message)).toContain("hunter2");
  });
});

describe("a POST under an Idempotency-Key", () => {
  const post = (key: string, body: unknown, as = caller) =>
    as.call("POST", "/v1/deals", body, { "idempotency-key": key });

  test("happens once, and is answered alike", async () => {
    const key = unique("key");
    const body = { name: unique("Deal") };
    const first = await post(key, body);
    const second = await post(key, body);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    expect([first, second].map(({ headers }) => headers.get("idempotency-replayed"))).toEqual([null, "true"]);
    expect((await post(unique("key"), body)).body.id).not.toBe(first.body.id);
  });

  test("ten at once make one; the others are told to wait, or get its answer", async () => {
    const key = unique("key");
    const body = { name: unique("Deal") };
    const replies = await Promise.all(Array.from({ length: 10 }, () => post(key, body)));
    const made = replies.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    for (const reply of replies.filter(({ status }) => status !== 201)) {
      expect([reply.status, reply.body.code]).toEqual([409, "idempotency_in_progress"]);
      expect(reply.headers.get("retry-after")).toBe("1");
    }
    const { items } = await caller.client("deals.list", { query: { limit: 200 } });
    expect(items.filter(({ name }) => name === body.name)).toHaveLength(1);
  });

  test("with another body, or at another address, is refused", async () => {
    const key = unique("key");
    await post(key, { name: "One" });
    for (const reply of [
      await post(key, { name: "Two" }),
      await caller.call("POST", "/v1/companies", { name: "One" }, { "idempotency-key": key }),
    ]) {
      expect([reply.status, reply.body.code]).toEqual([422, "idempotency_key_reused"]);
    }
  });

  test("keeps a refusal, too", async () => {
    const key = unique("key");
    const first = await post(key, { nmae: 1 });
    const second = await post(key, { nmae: 1 });
    expect([second.status, second.text]).toEqual([422, first.text]);
    expect(second.headers.get("content-type")).toBe("application/problem+json");
  });

  test("belongs to its workspace", async () => {
    const key = unique("key");
    const other = api(app, (await createWorkspace(system)).token);
    const body = { name: "Same" };
    const [mine, theirs] = [await post(key, body), await post(key, body, other)];
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.headers.get("idempotency-replayed")).toBeNull();
  });

  test("is kept for 24 hours of wall time", async () => {
    const world = testSystem();
    const own = api(createApp([world], { serviceToken }), workspace.token);
    const key = unique("key");
    const first = await post(key, { name: "Day" }, own);
    world.clock.at += 10 * dayMs;
    world.clock.wallAt += dayMs;
    expect((await post(key, { name: "Day" }, own)).text).toBe(first.text);
    world.clock.wallAt += 1;
    const next = await post(key, { name: "Day" }, own);
    expect(next.status).toBe(201);
    expect(next.body.id).not.toBe(first.body.id);
  });

  test("whose first request died unanswered is free again after two minutes", async () => {
    const world = testSystem();
    const own = api(createApp([world], { serviceToken }), workspace.token);
    const key = unique("key");
    await post(key, { name: "Dead" }, own);
    await env.DB.prepare("UPDATE idempotency_keys SET status = NULL, body = NULL WHERE key = ?1")
      .bind(key)
      .run();
    expect((await post(key, { name: "Dead" }, own)).body.code).toBe("idempotency_in_progress");
    world.clock.advance(2 * minuteMs + 1);
    expect((await post(key, { name: "Dead" }, own)).status).toBe(201);
  });

  test("after a bug of ours can be tried again", async () => {
    let fails = true;
    const flaky = new Proxy(env.DB, {
      get(db, key) {
        if (key === "batch" && fails) return () => Promise.reject(new Error("down"));
        const value = Reflect.get(db, key);
        return typeof value === "function" ? value.bind(db) : value;
      },
    });
    const own = api(createApp([testSystem({ db: flaky })], { serviceToken }), workspace.token);
    const key = unique("key");
    expect((await post(key, { name: "Flaky" }, own)).status).toBe(500);
    fails = false;
    expect((await post(key, { name: "Flaky" }, own)).status).toBe(201);
  });

  test.each(["", " ", "x".repeat(256), "a b", "a\tb"])("refuses %j for a key", async (key) => {
    const reply = await post(key, { name: "x" });
    expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, "/idempotency-key"]);
  });

  test("gives a new key's token again, and keeps it sealed meanwhile", async () => {
    const key = unique("key");
    const make = () => caller.call("POST", "/v1/api-keys", { name: "Once" }, { "idempotency-key": key });
    const first = await make();
    expect((await make()).text).toBe(first.text);
    const { results } = await env.DB.prepare("SELECT * FROM idempotency_keys").all();
    expect(JSON.stringify(results)).not.toContain(first.body.token.slice(-64));
  });
});

describe("the operator", () => {
  const asked = () => ({
    name: "Northwind",
    timeZone: "Europe/Lisbon",
    admin: { email: `${unique("ADA")}@Northwind.Example`, name: "Ada" },
  });

  test("creates a workspace with its admin and a key that works", async () => {
    const { status, body } = await operator.call("POST", "/internal/workspaces", asked());
    expect(status).toBe(201);
    expect(body.member).toMatchObject({
      role: "admin",
      email: expect.stringMatching(/^ada-\d+@northwind\.example$/),
    });
    const own = api(app, body.token);
    expect((await own.client("workspace.get")).id).toBe(body.workspace.id);
    expect((await own.client("members.list", {})).items).toEqual([body.member]);
    expect((await own.client("apiKeys.list", {})).items[0]).toMatchObject({ id: body.apiKey.id });
  });

  test("twenty workspaces at once each get their own admin and key", async () => {
    const made = await Promise.all(
      Array.from({ length: 20 }, () => operator.call("POST", "/internal/workspaces", asked())),
    );
    for (const { body } of made) {
      const own = api(app, body.token);
      expect((await own.client("workspace.get")).id).toBe(body.workspace.id);
      expect((await own.client("members.list", {})).items.map(({ id }) => id)).toEqual([body.member.id]);
    }
  });

  test("is told what is wrong with a workspace", async () => {
    const zone = await operator.call("POST", "/internal/workspaces", { ...asked(), timeZone: "Lisbon" });
    expect(zone.body.errors[0].pointer).toBe("/timeZone");
    const admin = await operator.call("POST", "/internal/workspaces", {
      ...asked(),
      admin: { email: "x@y", name: "A" },
    });
    expect(admin.body.errors[0].pointer).toBe("/admin/email");
  });

  test("stops every shard, and lets go again", async () => {
    const stopped = (await operator.call("PUT", "/internal/sending-stop")).body.sendingStoppedAt;
    system.clock.advance(minuteMs);
    expect((await operator.call("PUT", "/internal/sending-stop")).body.sendingStoppedAt).toBe(stopped);
    const row = () =>
      env.DB.prepare("SELECT sending_stopped_at AS at FROM shard_state").first<{ at: number | null }>();
    expect((await row())!.at).toBe(Date.parse(stopped));
    expect((await operator.call("DELETE", "/internal/sending-stop")).body).toEqual({
      sendingStoppedAt: null,
    });
    expect((await row())!.at).toBeNull();
  });
});

describe("the API's own description", () => {
  test("is served to machines and to people, without a script", async () => {
    const document = (await api(app).call("GET", "/openapi.json")).body;
    expect(document).toMatchObject({ openapi: "3.1.0", servers: [{ url: "https://cadenza.test" }] });
    const docs = await api(app).call("GET", "/docs");
    expect(docs.headers.get("content-security-policy")).toMatch(/style-src 'sha256-[\w+/=]+'/);
    expect(docs.text).not.toMatch(
      /<script|javascript:|\son\w+=|https?:\/\/(?!cadenza\.test)[\w.-]*(?<!\.example)\//i,
    );
    for (const name of names) expect(docs.text).toContain(`id="${name}"`);
    for (const code of Object.keys(problems)) expect(docs.text).toContain(`id="${code}"`);
  });

  test("HEAD is answered like GET, without the body", async () => {
    const head = await caller.call("HEAD", "/v1/workspace");
    expect([head.status, head.text]).toEqual([200, ""]);
  });
});
