/** Which pages elsewhere may read what the API answers. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { api, createWorkspace, type Reply, type TestWorkspace, testSystem, unique } from "../world.ts";
import { exchange, registerHost, signToken, type TestHost } from "./hosts.ts";
import { signIn } from "./people.ts";

const system = testSystem();
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
let workspace: TestWorkspace;
let host: TestHost;
/** Another workspace's app. */
let elsewhere: TestHost;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  host = await registerHost(app, workspace);
  elsewhere = await registerHost(app, await createWorkspace(system));
});

const allowed = ({ headers }: Pick<Reply, "headers">) => headers.get("access-control-allow-origin");
const varies = ({ headers }: Pick<Reply, "headers">) => headers.get("vary")?.split(/,\s*/) ?? [];

const preflight = (origin: string, path = "/v1/contacts", method = "POST") =>
  api(app).call("OPTIONS", path, undefined, {
    origin,
    "access-control-request-method": method,
    "access-control-request-headers": "authorization,content-type",
  });

describe("before a foreign page's request", () => {
  test("a browser is told what an app's page may send, with any method", async () => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const reply = await preflight(host.origin, "/v1/contacts/ctc_x", method);
      expect([reply.status, reply.text, allowed(reply)]).toEqual([204, "", host.origin]);
      expect(reply.headers.get("access-control-allow-methods")).toContain(method);
    }
    const { headers } = await preflight(host.origin);
    expect(headers.get("access-control-allow-headers")!.split(", ").sort()).toEqual([
      "authorization",
      "content-type",
      "idempotency-key",
      "if-match",
    ]);
    expect(Number(headers.get("access-control-max-age"))).toBeGreaterThan(0);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test.each<[string, () => string]>([
    ["is no app's", () => "https://evil.example"],
    ["is a sandbox's", () => "null"],
    ["only begins like an app's", () => `${host.origin}.evil.example`],
    ["only ends like an app's", () => host.origin.replace("https://", "https://evil-")],
    ["is below an app's", () => host.origin.replace("https://", "https://app.")],
    ["is an app's in http", () => host.origin.replace("https", "http")],
    ["is an app's on another port", () => `${host.origin}:8443`],
    ["is empty", () => ""],
    ["is a pattern", () => "%"],
    ["is a star", () => "*"],
  ])("it is told nothing where the origin %s", async (_, origin) => {
    const reply = await preflight(origin());
    expect([reply.status, allowed(reply)]).toEqual([405, null]);
    expect(reply.headers.get("access-control-allow-methods")).toBeNull();
  });

  test("nothing but the API is open", async () => {
    for (const path of [
      "/internal/workspaces",
      "/sign-in",
      "/auth/sign-in/magic-link",
      "/embed/frame.js",
      "/docs",
    ]) {
      expect([path, allowed(await preflight(host.origin, path))]).toEqual([path, null]);
    }
  });

  test("a disabled app's pages are not known, nor those it does not name any more", async () => {
    const own = await registerHost(app, workspace);
    const { call } = api(app, workspace.token);
    const [first, second] = own.origins as [string, string];
    await call("PATCH", `/v1/embed-apps/${own.id}`, { origins: [second] });
    expect([allowed(await preflight(first)), allowed(await preflight(second))]).toEqual([null, second]);
    await call("PUT", `/v1/embed-apps/${own.id}/disablement`);
    expect(allowed(await preflight(second))).toBeNull();
    await call("DELETE", `/v1/embed-apps/${own.id}/disablement`);
    expect(allowed(await preflight(second))).toBe(second);
  });
});

describe("an answer", () => {
  test("to a key or a host's session is read by pages of their own workspace's apps alone", async () => {
    const { body } = await exchange(app, host.origin, await signToken(system, host));
    for (const token of [workspace.token, body.accessToken]) {
      const own = await api(app, token).call("GET", "/v1/workspace", undefined, { origin: host.origin });
      expect([own.status, allowed(own)]).toEqual([200, host.origin]);
      for (const name of ["etag", "x-request-id", "retry-after", "ratelimit"]) {
        expect(own.headers.get("access-control-expose-headers")!.split(", ")).toContain(name);
      }
    }
    for (const origin of [elsewhere.origin, "https://evil.example", "null"]) {
      const foreign = await api(app, workspace.token).call("GET", "/v1/workspace", undefined, { origin });
      expect([foreign.status, allowed(foreign)]).toEqual([200, null]);
    }
    const other = { origin: host.origins[1]! };
    expect(allowed(await api(app, workspace.token).call("GET", "/v1/workspace", undefined, other))).toBe(
      other.origin,
    );
  });

  test("to a person's session is read by no page elsewhere: its cookie comes along by itself", async () => {
    const person = await signIn({ app, auth, system }, workspace, "admin");
    const reply = await person.call("GET", "/v1/workspace", undefined, { origin: host.origin });
    expect([reply.status, allowed(reply)]).toEqual([200, null]);
    const post = await person.call("POST", "/v1/companies", { name: "Acme" }, { origin: host.origin });
    expect([post.status, post.body.code]).toEqual([403, "foreign_page"]);
  });

  test("that refuses is readable too, where the origin is an app's, so that its developer sees why", async () => {
    const { call } = api(app, workspace.token);
    const at = { origin: host.origin };
    const refusals: [number, Reply][] = [
      [401, await api(app).call("GET", "/v1/workspace", undefined, at)],
      [401, await api(app, "cdz_embed_x.y.z").call("GET", "/v1/workspace", undefined, at)],
      [401, await exchange(app, host.origin, "hello")],
      [404, await call("GET", "/v1/nowhere", undefined, at)],
      [404, await call("GET", "/v1/contacts/ctc_x", undefined, at)],
      [405, await call("PUT", "/v1/contacts", undefined, at)],
      [422, await call("POST", "/v1/companies", {}, at)],
    ];
    for (const [status, reply] of refusals) {
      expect([reply.status, allowed(reply)]).toEqual([status, host.origin]);
      expect(varies(reply)).toContain("Origin");
    }
    const evil = { origin: "https://evil.example" };
    expect(allowed(await api(app).call("GET", "/v1/workspace", undefined, evil))).toBeNull();
    expect(allowed(await exchange(app, evil.origin, "hello"))).toBeNull();
  });

  test("always varies by origin, for caches, and never comes with credentials or a star", async () => {
    const { call } = api(app, workspace.token);
    const sent: Record<string, string>[] = [{}, { origin: host.origin }, { origin: "https://evil.example" }];
    for (const headers of sent) {
      for (const path of ["/v1/workspace", "/v1/nowhere", "/v1/contacts?limit=x"]) {
        const reply = await call("GET", path, undefined, headers);
        expect(varies(reply)).toContain("Origin");
        expect(reply.headers.get("access-control-allow-credentials")).toBeNull();
        expect(allowed(reply)).not.toBe("*");
      }
    }
  });

  test("that is public is every page's", async () => {
    const sent: Record<string, string>[] = [{}, { origin: "https://anybody.example" }];
    for (const headers of sent) {
      const reply = await api(app).call("GET", "/openapi.json", undefined, headers);
      expect([reply.status, allowed(reply)]).toEqual([200, "*"]);
    }
  });

  test("of the operator's is read by no page", async () => {
    const { client } = api(app, workspace.token);
    expect((await client("workspace.get")).id).toMatch(/^wsp_/);
    const reply = await api(app, "test-service-token").call("GET", "/internal/dead-letters", undefined, {
      origin: host.origin,
    });
    expect([reply.status, allowed(reply)]).toEqual([200, null]);
  });

  test("of a second shard is read by that shard's apps", async () => {
    const second = testSystem({ shard: 1 });
    const both = createApp([system, second], { serviceToken: "test-service-token", auth });
    const there = await createWorkspace(second);
    const own = await registerHost(both, there);
    const { status, body, headers } = await exchange(both, own.origin, await signToken(second, own));
    expect([status, headers.get("access-control-allow-origin")]).toEqual([200, own.origin]);
    const at = { origin: own.origin };
    const workspaceThere = await api(both, body.accessToken).call("GET", "/v1/workspace", undefined, at);
    expect([workspaceThere.status, workspaceThere.body.id]).toEqual([200, body.workspace.id]);
    const member = await api(both, there.token).call("GET", `/v1/members/${body.member.id}`);
    expect(member.body.name).toBe(body.member.name);
  });

  test("goes out as it is when whose page asks cannot be looked up: what was done is done", async () => {
    const broken = new Proxy(env.DB, {
      get(db, key) {
        if (key === "prepare") {
          return (text: string) => {
            if (/FROM embed_origins/.test(text)) throw new Error("the disk is gone");
            return db.prepare(text);
          };
        }
        const value = Reflect.get(db, key);
        return typeof value === "function" ? value.bind(db) : value;
      },
    });
    const world = testSystem({ db: broken });
    const { call } = api(createApp([world], { serviceToken: "x" }), workspace.token);
    const reply = await call("POST", "/v1/companies", { name: unique("Acme") }, { origin: host.origin });
    expect([reply.status, allowed(reply)]).toEqual([201, null]);
    expect(world.errors).toHaveLength(1);
  });
});
