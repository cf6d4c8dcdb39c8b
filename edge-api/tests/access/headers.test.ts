/** What every answer carries, page or API, and what is too large to be looked at. */
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { beforeAll, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { pageRoutes } from "../../src/http/page-routes.ts";
import { api, createWorkspace, type TestWorkspace, testSystem } from "../world.ts";
import { callAs, type SignedIn, signIn } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
let workspace: TestWorkspace;
let admin: SignedIn;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  admin = await signIn({ app, auth, system }, workspace, "admin");
});

const addresses: [string, string][] = [
  ...(Object.keys(routes) as RouteName[]).map((name): [string, string] => [routes[name][0], routes[name][1]]),
  ...Object.entries(pageRoutes)
    .filter(([name]) => name !== "signIn.leave")
    .map(([, [method, path]]): [string, string] => [method, path]),
  ["GET", "/docs"],
  ["GET", "/openapi.json"],
  ["GET", "/u/nobody"],
  ["GET", "/embed/nothing/frame"],
  ["GET", "/nothing-here"],
  ["GET", "/auth/jwks"],
  ["GET", "/.well-known/oauth-protected-resource"],
];

function checkHeaders(headers: Headers): string[] {
  const policy = headers.get("content-security-policy") ?? "";
  const wrong: [string, boolean][] = [
    ["nosniff", headers.get("x-content-type-options") !== "nosniff"],
    ["a referrer policy", !/^(no-referrer|same-origin)$/.test(headers.get("referrer-policy") ?? "")],
    ["a policy that begins with nothing", !policy.startsWith("default-src 'none'")],
    ["no frame around it", !policy.includes("frame-ancestors 'none'")],
    ["no code of its page's own words", /unsafe-|\*/.test(policy)],
    ["HTTPS from now on", !headers.get("strict-transport-security")],
    ["no word about the server", headers.has("server") || headers.has("x-powered-by")],
  ];
  return wrong.filter(([, isWrong]) => isWrong).map(([what]) => what);
}

test.each(addresses)("%s %s says who may frame, run and guess what it is", async (method, path) => {
  const filled = path.replace(/:\w+/g, "x");
  const body = method === "GET" ? undefined : "{}";
  for (const reply of [
    await admin.call(method, filled, body),
    await api(app, workspace.token).call(method, filled, body),
    await api(app).call(method, filled, body),
  ]) {
    expect([path, reply.status, checkHeaders(reply.headers)]).toEqual([path, reply.status, []]);
  }
});

test("what is somebody's is kept by no cache", async () => {
  for (const path of [
    "/v1/workspace",
    "/v1/contacts",
    "/app",
    "/app/members",
    "/app/connections",
    "/sign-in",
  ]) {
    expect([path, (await admin.call("GET", path)).headers.get("cache-control")]).toEqual([path, "no-store"]);
  }
});

test("a cookie is out of reach of scripts and of other sites' forms", async () => {
  await auth.api.signInMagicLink({ body: { email: admin.email }, headers: new Headers() });
  const mail = system.mailed.findLast(({ to }) => to === admin.email)!;
  const token = new URL(/https?:\S+/.exec(mail.text)![0]).searchParams.get("token")!;
  const entered = await callAs(
    app,
    "",
    "POST",
    "/sign-in/confirm",
    new URLSearchParams({ token }).toString(),
    {
      "content-type": "application/x-www-form-urlencoded",
    },
  );
  const cookies = entered.headers.getSetCookie();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; Secure/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
  }
});

test("a body of ten megabytes is refused on every route that takes one", async () => {
  const huge = `{"name":"${"x".repeat(10_000_000)}"}`;
  for (const name of (Object.keys(routes) as RouteName[]).filter(
    (name) => (contracts[name] as Contract).body,
  )) {
    const { access } = contracts[name] as Contract;
    if (access === "service" || access === "self") continue;
    const path = routes[name][1].replace(/:\w+/g, "x");
    const { status, body } = await api(app, workspace.token).call(routes[name][0], path, huge);
    expect([name, status, body?.code]).toEqual([
      name,
      expect.any(Number),
      expect.stringMatching(/too_large|limited|needed/),
    ]);
    expect([403, 413, 429]).toContain(status);
  }
  for (const path of ["/sign-in", "/setup", "/oauth/consent"]) {
    const reply = await admin.call("POST", path, `email=${"x".repeat(10_000_000)}`, {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect([path, reply.status]).toEqual([path, 413]);
  }
  for (const path of [
    "/auth/oauth2/token",
    "/auth/oauth2/revoke",
    "/auth/oauth2/register",
    "/auth/device/code",
  ]) {
    const { status, body } = await api(app).call("POST", path, huge);
    expect([path, status, body?.code]).toEqual([path, 413, "body_too_large"]);
  }
});

test("headers of 64 kB open nothing and break nothing", async () => {
  const long = "x".repeat(65_536);
  const tried: Record<string, string>[] = [
    { authorization: `Bearer ${long}` },
    { authorization: `Bearer cdz_key_${long}` },
    { authorization: `Bearer ${long}.${long}.${long}` },
    { cookie: `__Host-cadenza.session_token=${long}` },
    { cookie: Array.from({ length: 2_000 }, (_, at) => `c${at}=${"y".repeat(28)}`).join("; ") },
  ];
  for (const headers of tried) {
    const { status } = await api(app).call("GET", "/v1/workspace", undefined, headers);
    expect(status).toBe(401);
  }
  const key = { "idempotency-key": long };
  expect((await api(app, workspace.token).call("POST", "/v1/contacts", {}, key)).status).toBe(422);
  const match = { "if-match": `"${long}"` };
  expect((await api(app, workspace.token).call("PATCH", "/v1/contacts/x", {}, match)).status).toBe(404);
  expect(system.errors).toEqual([]);
});
