/**
 * Another program acts for a person: authorization code with PKCE, refresh with reuse detection, the device grant,
 * and how it ends. Through the Worker's own addresses, as a program and a browser ask.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { removeMembership, setRole } from "../../src/db/directory.ts";
import { api, createWorkspace, type TestWorkspace, testSystem } from "../world.ts";
import { organizationOf, type SignedIn, signIn } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
const origin = "https://cadenza.test";
const redirectUri = "https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/";
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const verifier = "v".repeat(64);
let workspace: TestWorkspace;
let rep: SignedIn;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  rep = await signIn({ app, auth, system }, workspace, "rep");
});

const base64Url = (bytes: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

let asks = 0;

/** What a program sends: no cookie, no origin. */
async function ask(method: string, path: string, body?: Record<string, unknown> | URLSearchParams) {
  const isForm = body instanceof URLSearchParams;
  const response = await app.fetch(
    new Request(origin + path, {
      method,
      redirect: "manual",
      headers: {
        // Each from elsewhere: how often one address may ask is not what is tried here.
        "cf-connecting-ip": `203.0.113.${++asks % 250}`,
        ...(body && { "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json" }),
      },
      body: body ? (isForm ? body.toString() : JSON.stringify(body)) : null,
    }),
  );
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: whatever the protocol answers
  return { status: response.status, body: (text.startsWith("{") ? JSON.parse(text) : null) as any, text };
}

async function register(name = "Cadenza in Chrome"): Promise<string> {
  const { status, body } = await ask("POST", "/auth/oauth2/register", {
    client_name: name,
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token", deviceGrant],
    response_types: ["code"],
    scope: "read write offline_access",
  });
  expect(status).toBe(201);
  return body.client_id;
}

async function authorizePath(clientId: string, asked: Record<string, string> = {}): Promise<string> {
  const challenge = base64Url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "read write offline_access",
    code_challenge: challenge,
    code_challenge_method: "S256",
    state: "s1",
    resource: origin,
    ...asked,
  });
  return `/auth/oauth2/authorize?${query}`;
}

const form = (fields: Record<string, string>) => ({
  body: new URLSearchParams(fields).toString(),
  headers: { "content-type": "application/x-www-form-urlencoded" },
});
const submit = (who: SignedIn, path: string, fields: Record<string, string>, headers = {}) =>
  who.call("POST", path, form(fields).body, { ...form(fields).headers, ...headers });

/** The person says yes. @returns the code. */
async function consent(who: SignedIn, clientId: string): Promise<string> {
  const asked = await who.call("GET", await authorizePath(clientId));
  const question = new URL(asked.headers.get("location")!, origin);
  expect(question.pathname).toBe("/oauth/consent");
  const shown = await who.call("GET", question.pathname + question.search);
  expect([shown.status, shown.text]).toEqual([200, expect.stringContaining("chromiumapp.org")]);
  const answered = await submit(who, "/oauth/consent", { query: question.search.slice(1), answer: "yes" });
  const back = new URL(answered.headers.get("location")!);
  expect([back.origin, back.searchParams.get("state")]).toEqual([new URL(redirectUri).origin, "s1"]);
  return back.searchParams.get("code")!;
}

const exchange = (clientId: string, code: string, fields: Record<string, string> = {}) =>
  ask(
    "POST",
    "/auth/oauth2/token",
    new URLSearchParams({
      grant_type: "authorization_code",
      code,
      code_verifier: verifier,
      redirect_uri: redirectUri,
      client_id: clientId,
      resource: origin,
      ...fields,
    }),
  );

const refresh = (clientId: string, token: string) =>
  ask(
    "POST",
    "/auth/oauth2/token",
    new URLSearchParams({
      grant_type: "refresh_token",
      refresh_token: token,
      client_id: clientId,
      resource: origin,
    }),
  );

async function connected(who = rep) {
  const clientId = await register();
  const { body } = await exchange(clientId, await consent(who, clientId));
  return { clientId, access: body.access_token as string, refresh: body.refresh_token as string, body };
}

describe("a program", () => {
  test("finds where to ask, from the API's own address", async () => {
    const resource = (await ask("GET", "/.well-known/oauth-protected-resource")).body;
    expect(resource).toMatchObject({ resource: origin, authorization_servers: [`${origin}/auth`] });
    for (const path of [
      "/.well-known/oauth-authorization-server/auth",
      "/auth/.well-known/oauth-authorization-server",
    ]) {
      expect((await ask("GET", path)).body).toMatchObject({
        issuer: `${origin}/auth`,
        code_challenge_methods_supported: ["S256"],
      });
    }
    const { headers, status } = await api(app, "aaaa.bbbb.cccc").call("GET", "/v1/workspace");
    expect([status, headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringContaining("resource_metadata"),
    ]);
  });

  test("acts for the person who said yes, as far as their role and its scopes go, for minutes", async () => {
    const { access, body } = await connected();
    expect([body.token_type, body.expires_in, body.scope]).toEqual([
      "Bearer",
      300,
      "read write offline_access",
    ]);
    const caller = api(app, access);
    expect((await caller.call("GET", "/v1/workspace")).body.id).toBe(organizationOf(workspace));
    const made = await caller.call("POST", "/v1/contacts", { firstName: "Dana" });
    expect(made.status).toBe(200);
    const denied = await caller.call("POST", "/v1/sequences", {});
    expect([denied.status, denied.body.code]).toEqual([403, "role_missing"]);
    system.clock.wallAt += 301_000;
    expect((await caller.call("GET", "/v1/workspace")).status).toBe(401);
    system.clock.wallAt -= 301_000;
  });

  test("of an admin still has no admin's reach", async () => {
    const admin = await signIn({ app, auth, system }, workspace, "admin");
    const { access } = await connected(admin);
    const reply = await api(app, access).call("GET", "/v1/api-keys");
    expect([reply.status, reply.body.code]).toEqual([403, "scope_missing"]);
    const sessions = await api(app, access).call("GET", "/v1/me/connections");
    expect([sessions.status, sessions.body.code]).toEqual([403, "session_needed"]);
  });

  test("gets nothing without PKCE, with another verifier, for another address, or twice for one code", async () => {
    const clientId = await register();
    const bare = await rep.call("GET", await authorizePath(clientId, { code_challenge: "" }));
    expect(bare.headers.get("location") ?? "").not.toContain("/oauth/consent");
    const elsewhere = await rep.call(
      "GET",
      await authorizePath(clientId, { redirect_uri: "https://evil.example/" }),
    );
    expect(elsewhere.headers.get("location") ?? "").not.toContain("evil.example");
    const wrong = await exchange(clientId, await consent(rep, clientId), { code_verifier: "w".repeat(64) });
    expect([wrong.status, wrong.body.access_token]).toEqual([expect.any(Number), undefined]);
    const other = await register("Another");
    const code = await consent(rep, other);
    const stolen = await exchange(clientId, code);
    expect(stolen.body.access_token).toBeUndefined();
    const once = await register("Once");
    const fresh = await consent(rep, once);
    expect((await exchange(once, fresh)).status).toBe(200);
    expect((await exchange(once, fresh)).body.access_token).toBeUndefined();
  });

  test("refreshes; a refresh token shown again after its time ends the family", async () => {
    const { clientId, refresh: first } = await connected();
    const next = await refresh(clientId, first);
    expect(next.body).toMatchObject({ access_token: expect.any(String), refresh_token: expect.any(String) });
    // The library counts by the real clock: make the reuse late.
    await env.DB.prepare(
      "UPDATE auth_oauth_refresh_token SET rotated_at = rotated_at - 60000, rotation_replay_expires_at = 0 WHERE client_id = ?1 AND rotated_at IS NOT NULL",
    )
      .bind(clientId)
      .run();
    expect((await refresh(clientId, first)).body.access_token).toBeUndefined();
    expect((await refresh(clientId, next.body.refresh_token)).body.access_token).toBeUndefined();
  });

  test("whose token is forged, of another issuer, for another audience or unsigned opens nothing", async () => {
    const { access } = await connected();
    const [head = "", claims = "", signature = ""] = access.split(".");
    const decode = (part: string) => JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/")));
    const encode = (value: unknown) =>
      base64Url(new TextEncoder().encode(JSON.stringify(value)).buffer as ArrayBuffer);
    for (const token of [
      `${head}.${encode({ ...decode(claims), sub: "somebody" })}.${signature}`,
      `${encode({ ...decode(head), alg: "none" })}.${claims}.`,
      `${encode({ ...decode(head), alg: "HS256" })}.${claims}.${signature}`,
      `${encode({ ...decode(head), typ: "JWT" })}.${claims}.${signature}`,
      `${head}.${claims}.${signature.slice(0, -4)}AAAA`,
    ]) {
      expect((await api(app, token).call("GET", "/v1/workspace")).status).toBe(401);
    }
  });
});

describe("what a program sends", () => {
  test("is refused where it makes no sense, and breaks nothing", async () => {
    const clientId = await register();
    const header = (value: unknown) => btoa(JSON.stringify(value)).replace(/=+$/, "");
    const values = [
      ...["", "\u0000", "x".repeat(5_000), "{}", "' OR 1=1 --", "__proto__", "https://evil.example/"],
      `${header({ alg: "none" })}.${header({})}.`,
      `${header({ alg: "HS256" })}.${header({ iss: origin })}.AAAA`,
      `${header({ alg: "ES256" })}.${header({ iss: `${origin}/auth` })}.AAAA`,
      ...["a.b.c", "%%%", "😀"],
    ];
    const grants = ["authorization_code", "refresh_token", deviceGrant, "client_credentials", "password"];
    const known = { client_id: clientId, code: "x", refresh_token: "x", device_code: "x", token: "x" };
    system.errors.length = 0;
    for (const path of ["/auth/oauth2/token", "/auth/oauth2/revoke", "/auth/device/code"]) {
      for (const [at, value] of values.entries()) {
        for (const field of [...Object.keys(known), "redirect_uri", "code_verifier", "resource", "scope"]) {
          const fields = { ...known, grant_type: grants[at % grants.length]!, [field]: value };
          const { status, text } = await ask("POST", path, asks % 2 ? fields : new URLSearchParams(fields));
          expect([path, fields, status < 500]).toEqual([path, fields, true]);
          expect(text).not.toMatch(/access_token"|refresh_token"/);
        }
      }
    }
    for (const field of [
      "client_name",
      "redirect_uris",
      "token_endpoint_auth_method",
      "grant_types",
      "scope",
    ]) {
      for (const value of [
        ...values,
        1,
        null,
        [],
        {},
        [1],
        [null],
        ["javascript:alert(1)"],
        "admin",
        "inbound",
      ]) {
        const asked = { client_name: "X", redirect_uris: [redirectUri], grant_types: ["authorization_code"] };
        const { status, body } = await ask("POST", "/auth/oauth2/register", { ...asked, [field]: value });
        expect([field, value, status < 500]).toEqual([field, value, true]);
        if (status < 300) {
          expect(body.redirect_uris).toEqual([redirectUri]);
          expect(body.scope ?? "").not.toMatch(/admin|inbound/);
        }
      }
    }
    expect(system.errors).toEqual([]);
  });

  test("is as good as revoked where it is no token of ours, or no longer one (RFC 7009)", async () => {
    const { clientId, access } = await connected();
    const [head = "", claims = ""] = access.split(".");
    for (const token of [
      `${head}.${claims}.AAAA`,
      `${btoa('{"alg":"HS256"}').replace(/=+$/, "")}.${claims}.AAAA`,
    ]) {
      const asked = new URLSearchParams({ client_id: clientId, token });
      expect((await ask("POST", "/auth/oauth2/revoke", asked)).status).toBe(200);
    }
    expect((await api(app, access).call("GET", "/v1/workspace")).status).toBe(200);
  });
});

describe("a connection", () => {
  test("ends at once, with whatever it could be renewed with", async () => {
    const { clientId, access, refresh: token } = await connected();
    const listed = (await rep.call("GET", "/v1/me/connections")).body.items;
    expect(listed).toContainEqual(
      expect.objectContaining({ id: clientId, kind: "app", name: "Cadenza in Chrome" }),
    );
    const stranger = await signIn({ app, auth, system }, workspace, "admin");
    expect((await stranger.call("DELETE", `/v1/me/connections/${clientId}`)).body.code).toBe(
      "connection_not_found",
    );
    expect((await api(app, access).call("GET", "/v1/workspace")).status).toBe(200);
    expect((await rep.call("DELETE", `/v1/me/connections/${clientId}`)).status).toBe(204);
    expect((await api(app, access).call("GET", "/v1/workspace")).status).toBe(401);
    expect((await refresh(clientId, token)).body.access_token).toBeUndefined();
  });

  test("of a browser is its session", async () => {
    const desk = await signIn({ app, auth, system }, workspace, "rep");
    const [mine] = (await desk.call("GET", "/v1/me/connections")).body.items;
    expect(mine).toMatchObject({ kind: "browser", isThisOne: true });
    expect(JSON.stringify(mine)).not.toContain(desk.cookie.split("=")[1]!.slice(0, 16));
    await submit(desk, `/app/connections/${mine.id}/end`, {});
    expect((await desk.call("GET", "/v1/workspace")).status).toBe(401);
  });

  test("goes with the membership, and follows the role", async () => {
    const person = await signIn({ app, auth, system }, workspace, "rep");
    const { access } = await connected(person);
    await setRole(system.db, organizationOf(workspace), person.userId, "viewer");
    expect((await api(app, access).call("POST", "/v1/contacts", { firstName: "X" })).body.code).toBe(
      "role_missing",
    );
    await removeMembership(system.db, organizationOf(workspace), person.userId);
    expect([401, 403]).toContain((await api(app, access).call("GET", "/v1/workspace")).status);
  });
});

describe("the question", () => {
  test("sends who is not signed in to sign in, and back", async () => {
    const asked = await app.fetch(
      new Request(origin + (await authorizePath(await register())), { redirect: "manual" }),
    );
    const door = new URL(asked.headers.get("location")!, origin);
    expect(door.pathname).toBe("/oauth/sign-in");
    const { headers } = await app.fetch(new Request(door, { redirect: "manual" }));
    const next = new URL(headers.get("location")!, origin).searchParams.get("next")!;
    expect(next).toMatch(/^\/auth\/oauth2\/authorize\?/);
    const resumed = await rep.call("GET", next);
    expect(resumed.headers.get("location")).toContain("/oauth/consent");
  });

  test("is answered by its own page only, once, as it was asked", async () => {
    const clientId = await register();
    const asked = await rep.call("GET", await authorizePath(clientId));
    const query = new URL(asked.headers.get("location")!, origin).search.slice(1);
    const foreign = await submit(
      rep,
      "/oauth/consent",
      { query, answer: "yes" },
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    );
    expect(foreign.status).toBe(403);
    const widened = new URLSearchParams(query);
    widened.set("redirect_uri", "https://evil.example/");
    expect((await submit(rep, "/oauth/consent", { query: widened.toString(), answer: "yes" })).status).toBe(
      422,
    );
    const refused = await submit(rep, "/oauth/consent", { query, answer: "no" });
    expect(new URL(refused.headers.get("location")!).searchParams.get("error")).toBe("access_denied");
  });

  test("shows what a program calls itself as text, and where its answer goes", async () => {
    const clientId = await register('<img src=x onerror="alert(1)">');
    const asked = await rep.call("GET", await authorizePath(clientId));
    const shown = await rep.call("GET", asked.headers.get("location")!.replace(origin, ""));
    expect(shown.text).not.toContain("<img");
    expect(shown.text).toContain(`It gets its answer at <b>${new URL(redirectUri).host}</b>`);
    expect(shown.headers.get("content-security-policy")).toContain(
      `form-action 'self' ${new URL(redirectUri).origin}`,
    );
  });

  test("has room for an answer, however long a program calls itself", async () => {
    const clientId = await register(`Cadenza\u202e\n${"m".repeat(40_000)}`);
    const asked = await rep.call("GET", await authorizePath(clientId));
    const shown = await rep.call("GET", asked.headers.get("location")!.replace(origin, ""));
    expect(shown.text).toContain(`Cadenza ${"m".repeat(72)}`);
    expect(shown.text).not.toContain("m".repeat(73));
    await consent(rep, clientId);
    const { items } = (await rep.call("GET", "/v1/me/connections")).body;
    expect(items).toContainEqual(expect.objectContaining({ name: `Cadenza ${"m".repeat(72)}` }));
  });

  test("lets its page lead to no more places than the one, whatever its address says", async () => {
    const clientId = await register();
    for (const uri of [
      "https://a;sandbox",
      "https://a,b.example",
      "https://a'b.example",
      "https://*.example",
    ]) {
      const query = new URLSearchParams({ client_id: clientId, scope: "read", redirect_uri: uri });
      const shown = await rep.call("GET", `/oauth/consent?${query}`);
      expect([uri, shown.headers.get("content-security-policy")]).toEqual([
        uri,
        expect.stringContaining("form-action 'self';"),
      ]);
    }
  });
});

describe("a device without a browser", () => {
  const start = async () => {
    const clientId = await register("A terminal");
    const { body } = await ask("POST", "/auth/device/code", {
      client_id: clientId,
      scope: "read offline_access",
      resource: origin,
    });
    return { clientId, code: body.user_code as string, device: body.device_code as string };
  };
  const poll = async ({ clientId, device }: { clientId: string; device: string }) => {
    // The library counts the polling interval by the real clock.
    await env.DB.prepare("UPDATE auth_device_code SET last_polled_at = NULL").run();
    return ask(
      "POST",
      "/auth/oauth2/token",
      new URLSearchParams({
        grant_type: deviceGrant,
        device_code: device,
        client_id: clientId,
        resource: origin,
      }),
    );
  };

  test("is connected by a code somebody types who is signed in", async () => {
    const started = await start();
    expect((await poll(started)).body.error).toBe("authorization_pending");
    const shown = await rep.call("GET", `/device?user_code=${started.code}`);
    expect([shown.status, shown.text]).toEqual([200, expect.stringContaining("A terminal")]);
    const done = await submit(rep, "/device", { user_code: started.code, answer: "yes" });
    expect(done.text).toContain("Connected");
    const { body } = await poll(started);
    const caller = api(app, body.access_token);
    expect((await caller.call("GET", "/v1/workspace")).status).toBe(200);
    expect((await caller.call("POST", "/v1/contacts", { firstName: "X" })).body.code).toBe("scope_missing");
    // What is the person's own needs no scope to be read, and is no less theirs to change.
    expect((await caller.call("GET", "/v1/me/notice-choice")).status).toBe(200);
    for (const path of ["/v1/me/notice-choice", "/v1/notices/ntc_x/read"]) {
      expect([path, (await caller.call("PUT", path, {})).body.code]).toEqual([path, "scope_missing"]);
    }
    expect((await poll(started)).body.access_token).toBeUndefined();
  });

  test("gets nothing after a no, and a code cannot be guessed forever", async () => {
    const started = await start();
    await rep.call("GET", `/device?user_code=${started.code}`);
    await submit(rep, "/device", { user_code: started.code, answer: "no" });
    expect((await poll(started)).body.access_token).toBeUndefined();
    const guesser = await signIn({ app, auth, system }, workspace, "viewer");
    const statuses = new Set<number>();
    for (let i = 0; i < 31; i++)
      statuses.add((await guesser.call("GET", `/device?user_code=AAAA${i}`)).status);
    expect([...statuses].sort()).toEqual([422, 429]);
  });
});

test("what is not on the list of open addresses is not there", async () => {
  for (const [method, path] of [
    ["POST", "/auth/organization/create"],
    ["POST", "/auth/organization/invite-member"],
    ["POST", "/auth/oauth2/create-client"],
    ["POST", "/auth/oauth2/consent"],
    ["POST", "/auth/device/approve"],
    ["POST", "/auth/sign-up/email"],
    ["POST", "/auth/update-user"],
    ["POST", "/auth/delete-user"],
    ["GET", "/auth/token"],
    ["GET", "/auth/list-sessions"],
    ["POST", "/auth/admin/oauth2/create-client"],
  ] as const) {
    const { status } = await rep.call(method, path, method === "POST" ? {} : undefined);
    expect([path, status]).toEqual([path, 404]);
  }
});
