/** Host apps, their tokens, and what somebody who came in through one may do: every way in that must stay shut. */
import { env } from "cloudflare:workers";
import { contracts } from "@cadenza/shared/contract/all";
import type { Contract } from "@cadenza/shared/contract/contract";
import { marks } from "@cadenza/shared/contract/fields";
import { type ProblemCode, problems } from "@cadenza/shared/problem";
import { type RouteName, routes } from "@cadenza/shared/routes";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { tidy } from "../../src/db/tidy.ts";
import { encodeId } from "../../src/http/public-id.ts";
import { rateLimits } from "../../src/http/rate-limit.ts";
import {
  api,
  createMember,
  createWorkspace,
  hourMs,
  minuteMs,
  type Reply,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";
import { exchange, registerHost, signToken, type TestHost } from "./hosts.ts";
import { addPerson, organizationOf } from "./people.ts";

const system = testSystem();
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
let workspace: TestWorkspace;
let host: TestHost;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  host = await registerHost(app, workspace);
});

const sign = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, by = host) =>
  signToken(system, by, claims, header);
const admin = (of = workspace) => api(app, of.token);
const nowS = () => Math.floor(system.wallNow() / 1_000);

/** As the page that opened the session asks. */
const ask = (token: string, origin: string | null, method = "GET", path = "/v1/workspace", body?: unknown) =>
  api(app, token).call(method, path, body, origin === null ? {} : { origin });

async function enter(claims: Record<string, unknown> = {}, by = host): Promise<string> {
  const { status, body } = await exchange(app, by.origin, await sign(claims, {}, by));
  expect(status).toBe(200);
  return body.accessToken;
}

function refused(reply: Reply, code: ProblemCode): void {
  expect([reply.body?.code, reply.status]).toEqual([code, problems[code].status]);
  if (reply.status === 401) expect(reply.headers.get("www-authenticate")).toBe("Bearer");
}

describe("a host app", () => {
  test("is made, read, listed and changed under its revision", async () => {
    const { client, call } = admin(await createWorkspace(system));
    const asked = { name: "Northwind CRM", origins: ["https://CRM.example:443", "https://bücher.example"] };
    const made = await client("embedApps.create", { body: asked });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^app_/),
      origins: ["https://crm.example", "https://xn--bcher-kva.example"],
      newMemberRole: null,
      secrets: [],
      disabledAt: null,
      rev: 1,
    });
    expect(await client("embedApps.get", { params: { id: made.id } })).toEqual(made);
    expect((await client("embedApps.list", {})).items).toEqual([made]);
    const changed = await client("embedApps.update", {
      params: { id: made.id },
      body: { name: "CRM", newMemberRole: "viewer" },
      ifMatch: 1,
    });
    expect(changed).toMatchObject({ name: "CRM", newMemberRole: "viewer", origins: made.origins, rev: 2 });
    refused(
      await call("PATCH", `/v1/embed-apps/${made.id}`, { name: "Late" }, { "if-match": '"1"' }),
      "revision_conflict",
    );
  });

  test.each([
    ["/origins/0", { origins: ["https://crm.example/"] }],
    ["/origins/1", { origins: ["https://crm.example", "https://*.example"] }],
    ["/origins/0", { origins: ["http://crm.example"] }],
    ["/origins/0", { origins: ["https://cadenza.test"] }],
    ["/origins/0", { origins: ["https://crm.example;script-src"] }],
    ["/origins", { origins: [] }],
    ["/origins", { origins: Array.from({ length: 21 }, (_, i) => `https://crm${i}.example`) }],
    ["/newMemberRole", { newMemberRole: "admin" }],
    ["/newMemberRole", { newMemberRole: "manager" }],
  ])("with %s wrong is refused, when it is made and when it is changed", async (pointer, wrong) => {
    const right = { name: "CRM", origins: ["https://crm.example"] };
    const made = await admin().call("POST", "/v1/embed-apps", { ...right, ...wrong });
    refused(made, "invalid_request");
    expect(made.body.errors[0].pointer).toBe(pointer);
    refused(await admin().call("PATCH", `/v1/embed-apps/${host.id}`, wrong), "invalid_request");
  });

  test("keeps its list of origins and the rows browsers are answered by the same, whoever wins a race", async () => {
    const own = await registerHost(app, workspace);
    const lists = ["a", "b", "c", "d"].map((name) => [`https://${name}.example`, "https://shared.example"]);
    await Promise.all(lists.map((origins) => admin().call("PATCH", `/v1/embed-apps/${own.id}`, { origins })));
    const { origins } = await admin().client("embedApps.get", { params: { id: own.id } });
    expect(lists).toContainEqual(origins);
    const { results } = await env.DB.prepare(
      `SELECT o.origin FROM embed_origins o JOIN embed_apps a ON a.id = o.app_id
       WHERE a.id = (SELECT app_id FROM embed_secrets WHERE kid = ?1) ORDER BY o.origin`,
    )
      .bind(own.kid)
      .all<{ origin: string }>();
    expect(results.map(({ origin }) => origin)).toEqual(origins.toSorted());
  });
});

describe("a host app's secret", () => {
  test("is shown once, sealed at rest, and no third one holds", async () => {
    const own = await registerHost(app, workspace);
    expect(own.secret).toMatch(/^cdz_host_[0-9a-f]{64}$/);
    const second = await admin().call("POST", `/v1/embed-apps/${own.id}/secrets`);
    expect(second.status).toBe(201);
    refused(await admin().call("POST", `/v1/embed-apps/${own.id}/secrets`), "embed_secret_limit");
    const { text, body } = await admin().call("GET", `/v1/embed-apps/${own.id}`);
    expect(body.secrets.map(({ kid }: { kid: string }) => kid).sort()).toEqual(
      [own.kid, second.body.kid].sort(),
    );
    const { results } = await env.DB.prepare("SELECT * FROM embed_secrets").all();
    for (const { secret } of [own, second.body as TestHost]) {
      expect(text).not.toContain(secret);
      expect(JSON.stringify(results)).not.toContain(secret.slice(-64));
    }
  });

  test("is made only so often when many ask at once", async () => {
    const own = await registerHost(app, workspace);
    const asked = Array.from({ length: 5 }, () => admin().call("POST", `/v1/embed-apps/${own.id}/secrets`));
    const made = (await Promise.all(asked)).map(({ status }) => status).sort();
    expect(made).toEqual([201, 409, 409, 409, 409]);
  });

  test("changes over without a gap, and the old one's sessions end when it is revoked", async () => {
    const old = await registerHost(app, workspace);
    const next = { ...old, ...(await admin().client("embedApps.createSecret", { params: { id: old.id } })) };
    const sessions = [await enter({}, old), await enter({}, next)] as const;
    for (const session of sessions) expect((await ask(session, old.origin)).status).toBe(200);

    const path = `/v1/embed-apps/${old.id}/secrets/${old.kid}`;
    const { body } = await admin().call("DELETE", path);
    expect(body.secrets.map(({ kid }: { kid: string }) => kid)).toEqual([next.kid]);
    refused(await exchange(app, old.origin, await sign({}, {}, old)), "embed_kid_revoked");
    refused(await ask(sessions[0], old.origin), "embed_kid_revoked");
    expect((await ask(sessions[1], old.origin)).status).toBe(200);
    await enter({}, next);

    expect((await admin().call("DELETE", path)).body).toEqual(body);
    expect((await admin().call("POST", `/v1/embed-apps/${old.id}/secrets`)).status).toBe(201);
    refused(
      await admin().call("DELETE", `/v1/embed-apps/${old.id}/secrets/0000000000000000`),
      "embed_secret_not_found",
    );
  });

  test("is not revoked through another app", async () => {
    const own = await registerHost(app, workspace);
    const path = `/v1/embed-apps/${host.id}/secrets/${own.kid}`;
    refused(await admin().call("DELETE", path), "embed_secret_not_found");
    await enter({}, own);
  });
});

describe("a host's token", () => {
  test("is exchanged for a session of minutes that says who it is", async () => {
    const token = await sign({ sub: "u-1", email: "Dana.Reis@Seller.example", name: "Dana Reis" });
    const { status, body } = await exchange(app, host.origin, token);
    expect(status).toBe(200);
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^cdz_embed_/),
      expiresAt: new Date(system.wallNow() + 10 * minuteMs).toISOString(),
      member: { id: expect.stringMatching(/^mbr_/), name: "Dana Reis", role: "rep" },
      workspace: { id: organizationOf(workspace), name: expect.any(String), test: false },
    });
    expect((await ask(body.accessToken, host.origin)).body.id).toBe(organizationOf(workspace));
    const { body: member } = await admin().call("GET", `/v1/members/${body.member.id}`);
    expect(member).toMatchObject({ email: "dana.reis@seller.example", role: "rep" });
  });

  test("is exchanged as often as the same origin asks, until it expires", async () => {
    const token = await sign({ exp: nowS() + 1_800 });
    const first = await exchange(app, host.origin, token);
    const second = await exchange(app, host.origin, token);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.member).toEqual(first.body.member);
  });

  test("never opens a session that outlives it by more than the clocks may differ", async () => {
    const { body } = await exchange(app, host.origin, await sign({ exp: nowS() + 120 }));
    expect(Date.parse(body.expiresAt)).toBe((nowS() + 180) * 1_000);
  });

  const encode = (part: unknown) => btoa(JSON.stringify(part)).replace(/[=]/g, "").replace(/\//g, "_");
  const unsigned = async (header: Record<string, unknown>) => {
    const [, claims = ""] = (await sign()).split(".");
    return `${encode({ kid: host.kid, ...header })}.${claims}.`;
  };

  test.each<[ProblemCode, string, () => Promise<string> | string]>([
    ["embed_token_malformed", "a word", () => "hello"],
    ["embed_token_malformed", "two parts", async () => (await sign()).split(".").slice(0, 2).join(".")],
    ["embed_token_malformed", "no JSON", () => "aGVsbG8.aGVsbG8.aGVsbG8"],
    ["embed_token_malformed", "claims that are a list", async () => `${(await sign()).split(".")[0]}.W10.x`],
    [
      "embed_token_malformed",
      "a header with a critical extension",
      () => unsigned({ alg: "HS256", crit: ["x"], x: 1 }),
    ],
    ["embed_algorithm_refused", "`alg: none`", () => unsigned({ alg: "none" })],
    ["embed_algorithm_refused", "`alg: None`", () => unsigned({ alg: "None" })],
    ["embed_algorithm_refused", "no alg", () => unsigned({})],
    ["embed_algorithm_refused", "HS512", () => sign({}, { alg: "HS512" })],
    ["embed_algorithm_refused", "RS256 in name only", () => unsigned({ alg: "RS256" })],
    ["embed_kid_unknown", "no kid", () => sign({}, { kid: undefined })],
    ["embed_kid_unknown", "a kid nobody has", () => sign({}, { kid: "0000000000000000" })],
    ["embed_kid_unknown", "SQL for a kid", () => sign({}, { kid: "' OR 1=1 --" })],
    ["embed_issuer_wrong", "no iss", () => sign({ iss: undefined })],
    ["embed_issuer_wrong", "an iss that is no app", () => sign({ iss: "https://crm.example" })],
    [
      "embed_issuer_wrong",
      "an app of a shard that is not there",
      () => sign({ iss: encodeId("app", 7, 1 as never) }),
    ],
    [
      "embed_issuer_wrong",
      "an app that is not there",
      () => sign({ iss: encodeId("app", 0, 999_999 as never) }),
    ],
    ["embed_signature_wrong", "another secret", () => sign({}, {}, { ...host, secret: `${host.secret}x` })],
    ["embed_signature_wrong", "no signature", () => unsigned({ alg: "HS256" })],
    ["embed_audience_wrong", "another aud", () => sign({ aud: "https://elsewhere.example" })],
    ["embed_audience_wrong", "our name with more", () => sign({ aud: "https://cadenza.test.evil.example" })],
    [
      "embed_token_expired",
      "an exp a minute and a second ago",
      () => sign({ iat: nowS() - 300, exp: nowS() - 61 }),
    ],
    ["embed_token_not_yet_valid", "an nbf to come", () => sign({ nbf: nowS() + 61 })],
    ["embed_token_not_yet_valid", "an iat to come", () => sign({ iat: nowS() + 62, exp: nowS() + 600 })],
    ["embed_token_too_long_lived", "an hour and a second", () => sign({ exp: nowS() + 3_601 })],
    ["embed_token_too_long_lived", "an exp beyond all numbers", () => sign({ exp: 1e300 })],
    ["embed_claim_wrong", "no sub", () => sign({ sub: undefined })],
    ["embed_claim_wrong", "no email", () => sign({ email: undefined })],
    ["embed_claim_wrong", "no name", () => sign({ name: undefined })],
    ["embed_claim_wrong", "no iat", () => sign({ iat: undefined })],
    ["embed_claim_wrong", "no exp", () => sign({ exp: undefined })],
    ["embed_claim_wrong", "no aud", () => sign({ aud: undefined })],
    ["embed_claim_wrong", "an empty sub", () => sign({ sub: "" })],
    ["embed_claim_wrong", "an email that is none", () => sign({ email: "robin" })],
    ["embed_claim_wrong", "an email with a line break", () => sign({ email: "a@b.example\r\nbcc: c" })],
    ["embed_claim_wrong", "a name of 200 characters", () => sign({ name: "x".repeat(200) })],
  ])("is refused with %s for %s", async (code, _, made) => {
    const before = await countMembers();
    refused(await exchange(app, host.origin, await made()), code);
    expect(await countMembers()).toBe(before);
  });

  const countMembers = async () =>
    (await env.DB.prepare("SELECT count(*) AS n FROM members").first<{ n: number }>())!.n;

  test("may be a minute early or late: clocks differ", async () => {
    const late = await exchange(app, host.origin, await sign({ iat: nowS() - 600, exp: nowS() - 59 }));
    expect(late.status).toBe(200);
    expect(Date.parse(late.body.expiresAt)).toBeGreaterThan(system.wallNow());
    expect((await exchange(app, host.origin, await sign({ iat: nowS() + 60 }))).status).toBe(200);
  });

  test("lives by wall time, not by the business clock", async () => {
    const world = testSystem();
    const own = createApp([world], { serviceToken: "test-service-token", auth });
    const token = await signToken(world, host, {});
    world.clock.at += 30 * 24 * hourMs;
    expect((await exchange(own, host.origin, token)).status).toBe(200);
    world.clock.wallAt += hourMs + 2 * minuteMs;
    refused(await exchange(own, host.origin, token), "embed_token_expired");
  });

  test("signed with another app's secret opens neither app", async () => {
    const other = await createWorkspace(system);
    const evil = await registerHost(app, other);
    const theirs = { iss: host.id };
    refused(await exchange(app, host.origin, await sign(theirs, {}, evil)), "embed_issuer_wrong");
    refused(await exchange(app, evil.origin, await sign(theirs, {}, evil)), "embed_issuer_wrong");
    const forged = await sign({}, {}, { ...host, secret: evil.secret });
    refused(await exchange(app, host.origin, forged), "embed_signature_wrong");
  });

  test("whose claims were changed on the way is refused", async () => {
    const [header, claims = "", signature] = (await sign()).split(".");
    const changed = encode({ ...JSON.parse(atob(claims)), email: "admin@seller.example" });
    refused(await exchange(app, host.origin, `${header}.${changed}.${signature}`), "embed_signature_wrong");
  });

  test("says nothing of an app to who cannot sign for it: disabled, revoked and alive look the same", async () => {
    const [alive, disabled, revoked] = await Promise.all([1, 2, 3].map(() => registerHost(app, workspace)));
    await admin().call("PUT", `/v1/embed-apps/${disabled!.id}/disablement`);
    await admin().call("DELETE", `/v1/embed-apps/${revoked!.id}/secrets/${revoked!.kid}`);
    const forge = async (target: TestHost) => {
      const token = await sign({ sub: "x", email: "x@seller.example" }, {}, { ...target, secret: "guessed" });
      const { body } = await exchange(app, "https://evil.example", token);
      return { ...body, requestId: null };
    };
    expect(await forge(disabled!)).toEqual(await forge(alive!));
    expect(await forge(revoked!)).toEqual(await forge(alive!));
    const made = [encodeId("app", 0, 999_999 as never), host.id].map(async (iss) => {
      const token = await sign({ iss, sub: "x" }, { kid: "0000000000000000" });
      return { ...(await exchange(app, host.origin, token)).body, requestId: null };
    });
    expect(await made[0]).toEqual(await made[1]);
  });

  test("is tried only so often from one network address, right or wrong", async () => {
    const from = { "cf-connecting-ip": "203.0.113.7", origin: host.origin };
    const tried = () => api(app).call("POST", "/v1/embed/session", { token: "x" }, from);
    const { count } = rateLimits.embed;
    for (let i = 0; i < count; i++) refused(await tried(), "embed_token_malformed");
    const late = await tried();
    refused(late, "rate_limited");
    expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(late.headers.get("access-control-allow-origin")).toBe(host.origin);
  });

  test("and what is wrong with it is never repeated in the answer", async () => {
    const { text } = await exchange(app, host.origin, await sign({ email: "hunter2-is-no-address" }));
    expect(text).not.toContain("hunter2");
    expect(system.errors).toEqual([]);
  });
});

describe("the page that asks", () => {
  test.each<[string, () => string | null]>([
    ["no page at all", () => null],
    ["a page of an origin nobody registered", () => "https://evil.example"],
    ["a sandboxed page", () => "null"],
    ["the right host in http", () => host.origin.replace("https", "http")],
    ["the right host on another port", () => `${host.origin}:8443`],
    ["a subdomain of the host", () => host.origin.replace("https://", "https://app.")],
    ["a page whose name begins like the host's", () => `${host.origin}.evil.example`],
    ["the host's name in capitals, as no browser sends it", () => host.origin.toUpperCase()],
    ["two origins at once", () => `${host.origin}, https://evil.example`],
  ])("is refused when it is %s", async (_, origin) => {
    refused(await exchange(app, origin(), await sign()), "embed_origin_refused");
  });

  test("is refused when only another host app registered it", async () => {
    const evil = await registerHost(app, await createWorkspace(system));
    refused(await exchange(app, evil.origin, await sign()), "embed_origin_refused");
  });

  test("has the token to itself: another origin of the same app cannot use it again", async () => {
    const token = await sign();
    const [first, second] = host.origins as [string, string];
    refused(await exchange(app, "https://evil.example", token), "embed_origin_refused");
    expect((await exchange(app, second, token)).status).toBe(200);
    refused(await exchange(app, first, token), "embed_token_elsewhere");
    expect((await exchange(app, second, token)).status).toBe(200);
  });

  test("has it to itself however the signature is spelled, and when two ask at once", async () => {
    const [first, second] = host.origins as [string, string];
    const token = await sign();
    expect((await exchange(app, first, token)).status).toBe(200);
    // 32 bytes leave two bits of the last character unused.
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(token.at(-1)!);
    for (let bits = 0; bits < 4; bits++) {
      const spelled = token.slice(0, -1) + alphabet[last - (last % 4) + bits];
      const { status } = await exchange(app, second, spelled);
      expect([401, 403]).toContain(status);
    }
    const raced = await sign();
    const statuses = (await Promise.all([first, second].map((origin) => exchange(app, origin, raced)))).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 403]);
  });

  test("is forgotten once the token is dead, and not before", async () => {
    const world = testSystem();
    const own = createApp([world], { serviceToken: "test-service-token", auth });
    const [first, second] = host.origins as [string, string];
    const token = await signToken(world, host, {});
    expect((await exchange(own, first, token)).status).toBe(200);
    world.clock.wallAt += hourMs;
    await tidy(env.DB, { now: world.now(), wallNow: world.wallNow() });
    refused(await exchange(own, second, token), "embed_token_elsewhere");
    world.clock.wallAt += 2 * minuteMs;
    await tidy(env.DB, { now: world.now(), wallNow: world.wallNow() });
    refused(await exchange(own, second, token), "embed_token_expired");
    const { n } = (await env.DB.prepare("SELECT count(*) AS n FROM embed_exchanges WHERE expires_at < ?1")
      .bind(world.wallNow())
      .first<{ n: number }>())!;
    expect(n).toBe(0);
  });

  test("cannot have another's answer by the Idempotency-Key of its request", async () => {
    const [first, second] = host.origins as [string, string];
    const body = { token: await sign() };
    const post = (origin: string) =>
      api(app).call("POST", "/v1/embed/session", body, { origin, "idempotency-key": "same" });
    expect((await post(first)).status).toBe(200);
    refused(await post(second), "embed_token_elsewhere");
  });
});

describe("our own frame", () => {
  const own = "https://cadenza.test";

  test("says whose page it stands in, and the session is that page's", async () => {
    const { status, body } = await exchange(app, own, await sign(), { parentOrigin: host.origin });
    expect(status).toBe(200);
    const session = body.accessToken;
    // Same-origin: a browser names no origin for a GET, and ours for the rest.
    const inFrame = { "sec-fetch-site": "same-origin" };
    expect((await api(app, session).call("GET", "/v1/workspace", undefined, inFrame)).status).toBe(200);
    expect((await ask(session, own)).status).toBe(200);
    refused(await ask(session, host.origin), "embed_origin_refused");
    refused(await ask(session, null), "embed_origin_refused");
    for (const site of ["cross-site", "same-site", "none"]) {
      const reply = await api(app, session).call("GET", "/v1/workspace", undefined, {
        "sec-fetch-site": site,
      });
      refused(reply, "embed_origin_refused");
    }
  });

  test("shares the token with its page, and with no other", async () => {
    const [first, second] = host.origins as [string, string];
    const token = await sign();
    expect((await exchange(app, own, token, { parentOrigin: first })).status).toBe(200);
    expect((await exchange(app, first, token)).status).toBe(200);
    refused(await exchange(app, own, token, { parentOrigin: second }), "embed_token_elsewhere");
    refused(await exchange(app, second, token), "embed_token_elsewhere");
  });

  test("has to say it, and to say one of the app's", async () => {
    refused(await exchange(app, own, await sign()), "embed_origin_refused");
    for (const parentOrigin of ["https://evil.example", "null", "", own, `${host.origin}/`]) {
      refused(await exchange(app, own, await sign(), { parentOrigin }), "embed_origin_refused");
    }
  });

  test("is the only one that may: a page elsewhere, registered or not, names no parent", async () => {
    const evil = await registerHost(app, await createWorkspace(system));
    for (const origin of [evil.origin, host.origins[1]!, "https://evil.example", "null", null]) {
      const reply = await exchange(app, origin, await sign(), { parentOrigin: host.origin });
      refused(reply, "embed_origin_refused");
    }
  });

  test("is served to be framed by the app's pages and nobody else, with one script of ours", async () => {
    const { status, headers, text } = await api(app).call("GET", `/embed/${host.id}/frame`);
    expect(status).toBe(200);
    const policy = headers.get("content-security-policy")!;
    const ancestors = /frame-ancestors ([^;]*)/.exec(policy)![1]!.split(" ");
    expect(ancestors.sort()).toEqual(host.origins.toSorted());
    expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'sha256-[\w+/=]+'; /);
    expect(policy).not.toContain("unsafe");
    expect(text.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="/embed/frame.js">']);
    expect(text).not.toMatch(/\son\w+=|javascript:/);
  });

  test("runs what the panel's build made for it, and nothing where none was made", async () => {
    const versions = { version: "1.0.0", entry: "widget.js", frame: "widget/frame-BrJyLAyV.js" };
    const assets = { fetch: async () => Response.json(versions) };
    const served = createApp([system], { serviceToken: "test-service-token", auth, assets });
    const script = await api(served).call("GET", "/embed/frame.js");
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect([script.status, script.text]).toEqual([200, 'import "/widget/frame-BrJyLAyV.js";\n']);
    expect((await api(app).call("GET", "/embed/frame.js")).status).toBe(404);
  });

  test("is not there for an app that is disabled, unknown, or none", async () => {
    const disabled = await registerHost(app, workspace);
    await admin().call("PUT", `/v1/embed-apps/${disabled.id}/disablement`);
    const unknown = encodeId("app", 0, 999_999 as never);
    const elsewhere = encodeId("app", 7, 1 as never);
    for (const id of [disabled.id, unknown, elsewhere, "x", host.id.replace("app", "mbr")]) {
      const { status, headers } = await api(app).call("GET", `/embed/${id}/frame`);
      expect([id, status]).toEqual([id, 404]);
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    }
  });
});

describe("the member behind a host's user", () => {
  const memberOf = async (claims: Record<string, unknown>, by = host) =>
    (await exchange(app, by.origin, await sign(claims, {}, by))).body.member;

  test("is who has the address, and stays so when the address changes there", async () => {
    const email = `${unique("known")}@seller.example`;
    const id = encodeId("mbr", 0, await createMember(system, workspace.id, { email, role: "viewer" }));
    const sub = unique("sub");
    expect(await memberOf({ sub, email, name: "Somebody" })).toMatchObject({ id, role: "viewer" });
    const other = `${unique("married")}@seller.example`;
    await createMember(system, workspace.id, { email: other, role: "rep" });
    expect(await memberOf({ sub, email: other })).toMatchObject({ id });
  });

  test("is the same in two tabs that open at once, and made once", async () => {
    const claims = { sub: unique("sub"), email: `${unique("new")}@seller.example` };
    const made = await Promise.all([1, 2, 3].map(() => memberOf(claims)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const { body } = await admin().call("GET", "/v1/audit?action=embed.session");
    const entries = body.items.filter(({ record }: { record: string }) => record === made[0].id);
    expect(entries).toEqual([expect.objectContaining({ actor: "host", via: `embed:${host.id}` })]);
  });

  test("made by one app is known to another by the address, each with its own names", async () => {
    const second = await registerHost(app, workspace, { newMemberRole: null });
    const email = `${unique("both")}@seller.example`;
    const here = await memberOf({ sub: "7", email });
    const stranger = { sub: "7", email: `${unique("else")}@seller.example` };
    refused(await exchange(app, second.origin, await sign(stranger, {}, second)), "embed_member_unknown");
    expect(await memberOf({ sub: "8", email }, second)).toMatchObject({ id: here.id });
  });

  test("is refused where the app makes none, and found where an invitation was accepted", async () => {
    const strict = await registerHost(app, workspace, { newMemberRole: null });
    const email = `${unique("invited")}@seller.example`;
    refused(await exchange(app, strict.origin, await sign({ email }, {}, strict)), "embed_member_unknown");
    await addPerson(system, workspace, { email, role: "manager", name: "Ines Lima" });
    expect(await memberOf({ email }, strict)).toMatchObject({ role: "manager", name: "Ines Lima" });
  });

  test("is made as the app says, and can then sign in as such", async () => {
    const viewers = await registerHost(app, workspace, { newMemberRole: "viewer" });
    const email = `${unique("fresh")}@seller.example`;
    expect(await memberOf({ email }, viewers)).toMatchObject({ role: "viewer" });
    const row = await env.DB.prepare(
      `SELECT m.role FROM auth_member m JOIN auth_user u ON u.id = m.user_id
       WHERE u.email = ?1 AND m.organization_id = ?2`,
    )
      .bind(email, organizationOf(workspace))
      .first();
    expect(row).toEqual({ role: "viewer" });
  });

  test("who was removed is not let back in, by the address or by their name there", async () => {
    const claims = { sub: unique("sub"), email: `${unique("gone")}@seller.example` };
    const session = await enter(claims);
    const { id } = await memberOf(claims);
    await env.DB.prepare("UPDATE members SET removed_at = ?2 WHERE email = ?1").bind(claims.email, 1).run();
    refused(await ask(session, host.origin), "not_a_member");
    refused(await exchange(app, host.origin, await sign(claims)), "embed_member_unknown");
    const renamed = { ...claims, sub: unique("sub") };
    refused(await exchange(app, host.origin, await sign(renamed)), "embed_member_unknown");
    expect(id).toMatch(/^mbr_/);
  });

  test("of another workspace with the same address is somebody else", async () => {
    const other = await createWorkspace(system);
    const there = await registerHost(app, other);
    const claims = { sub: "1", email: `${unique("two")}@seller.example` };
    const [here, elsewhere] = [await memberOf(claims), await memberOf(claims, there)];
    expect(elsewhere.id).not.toBe(here.id);
  });
});

describe("a session", () => {
  test("does what its role may, up to a manager: an admin administers nothing from a host's page", async () => {
    const names = (Object.keys(routes) as RouteName[]).filter((name) => {
      const { access } = contracts[name] as Contract;
      return access === "administer" || access === "connect" || access === "inbound";
    });
    for (const role of ["admin", "manager", "rep", "viewer"] as const) {
      const email = `${unique(role)}@seller.example`;
      await createMember(system, workspace.id, { email, role });
      const session = await enter({ email });
      for (const name of names) {
        const [method, path] = routes[name];
        const reply = await ask(session, host.origin, method, path.replace(/:\w+/g, "x"), undefined);
        expect([role, name, reply.status, reply.body?.code]).toEqual([
          role,
          name,
          403,
          expect.stringMatching(/^(role|scope)_missing$/),
        ]);
      }
      const company = await ask(session, host.origin, "POST", "/v1/companies", { name: unique("Acme") });
      expect([role, company.status]).toEqual([role, role === "viewer" ? 403 : 201]);
    }
  });

  test("sees nothing of another workspace, whatever id it names", async () => {
    const theirs = admin(await createWorkspace(system)).client;
    const { contact } = await theirs("contacts.create", { body: { firstName: "Theirs" } });
    const company = await theirs("companies.create", { body: { name: unique("Theirs") } });
    const deal = await theirs("deals.create", { body: { name: "Theirs" } });
    const { items: members } = await theirs("members.list", {});
    const ids = { ctc: contact.id, cmp: company.id, dea: deal.id, mbr: members[0]!.id };
    const session = await enter();
    const withId = (Object.keys(routes) as RouteName[]).filter((name) => {
      const { params, access } = contracts[name] as Contract;
      const mark = params?.shape.id && marks.get(params.shape.id);
      return mark?.kind === "id" && mark.prefix in ids && (access === "read" || access === "work");
    });
    expect(withId.length).toBeGreaterThan(8);
    for (const name of withId) {
      const [method, path] = routes[name];
      const { params, body, example } = contracts[name] as Contract;
      const mark = marks.get(params!.shape.id!) as { prefix: keyof typeof ids };
      const asked = path.replace(":id", ids[mark.prefix]);
      const reply = await ask(session, host.origin, method, asked, body && (example?.body ?? {}));
      expect([name, reply.status, reply.body?.code]).toEqual([
        name,
        404,
        expect.stringMatching(/_not_found$/),
      ]);
    }
    for (const path of ["/v1/contacts", "/v1/companies", "/v1/deals", "/v1/members"]) {
      const { status, text } = await ask(session, host.origin, "GET", path);
      expect(status).toBe(200);
      for (const id of Object.values(ids)) expect(text).not.toContain(id);
    }
  });

  test("shows an admin as the manager they are there", async () => {
    const email = `${unique("boss")}@seller.example`;
    await createMember(system, workspace.id, { email, role: "admin" });
    expect((await exchange(app, host.origin, await sign({ email }))).body.member.role).toBe("manager");
  });

  test("follows the role as it is now", async () => {
    const email = `${unique("change")}@seller.example`;
    await createMember(system, workspace.id, { email, role: "rep" });
    const session = await enter({ email });
    const add = () => ask(session, host.origin, "POST", "/v1/companies", { name: unique("Acme") });
    expect((await add()).status).toBe(201);
    await env.DB.prepare("UPDATE members SET role = 'viewer' WHERE email = ?1").bind(email).run();
    refused(await add(), "role_missing");
  });

  test("is its page's alone", async () => {
    const session = await enter();
    for (const origin of [
      null,
      "https://evil.example",
      host.origins[1]!,
      "null",
      "https://cadenza.test",
      `${host.origin}/`,
    ]) {
      refused(await ask(session, origin), "embed_origin_refused");
    }
    const framed = { "sec-fetch-site": "same-origin" };
    refused(await api(app, session).call("GET", "/v1/workspace", undefined, framed), "embed_origin_refused");
    expect((await ask(session, host.origin)).status).toBe(200);
  });

  test("ends at once when its app is disabled, and goes on when it is enabled again", async () => {
    const own = await registerHost(app, workspace);
    const session = await enter({}, own);
    const path = `/v1/embed-apps/${own.id}/disablement`;
    const disabled = await admin().call("PUT", path);
    expect(disabled.body.disabledAt).toMatch(/Z$/);
    refused(await ask(session, own.origin), "embed_app_disabled");
    refused(await exchange(app, own.origin, await sign({}, {}, own)), "embed_app_disabled");
    system.clock.advance(minuteMs);
    expect((await admin().call("PUT", path)).body.disabledAt).toBe(disabled.body.disabledAt);
    await admin().call("DELETE", path);
    expect((await ask(session, own.origin)).status).toBe(200);
  });

  test("ends at once when its origin is taken from the list", async () => {
    const own = await registerHost(app, workspace);
    const session = await enter({}, own);
    await admin().call("PATCH", `/v1/embed-apps/${own.id}`, { origins: [own.origins[1]] });
    refused(await ask(session, own.origin), "embed_origin_refused");
    await admin().call("PATCH", `/v1/embed-apps/${own.id}`, { origins: own.origins });
    expect((await ask(session, own.origin)).status).toBe(200);
  });

  test("is over after ten minutes", async () => {
    const world = testSystem();
    const own = createApp([world], { serviceToken: "test-service-token", auth });
    const { body } = await exchange(own, host.origin, await signToken(world, host, {}));
    const read = () =>
      api(own, body.accessToken).call("GET", "/v1/workspace", undefined, { origin: host.origin });
    world.clock.wallAt += 10 * minuteMs - 1_000;
    expect((await read()).status).toBe(200);
    world.clock.wallAt += 1_000;
    refused(await read(), "unauthenticated");
  });

  test("that was made up, changed or signed by somebody else is nobody's", async () => {
    const session = await enter();
    const [header, claims = "", signature] = session.slice("cdz_embed_".length).split(".");
    const changed = btoa(
      JSON.stringify({ ...JSON.parse(atob(claims)), sub: encodeId("mbr", 0, workspace.adminId) }),
    );
    const none = btoa('{"alg":"none"}').replaceAll("=", "");
    for (const token of [
      "cdz_embed_",
      "cdz_embed_x.y.z",
      session.slice(0, -3),
      `cdz_embed_${header}.${changed.replaceAll("=", "")}.${signature}`,
      `cdz_embed_${none}.${claims}.`,
      // What a host signs is no session, and the other way around.
      `cdz_embed_${await sign()}`,
    ]) {
      refused(await ask(token, host.origin), "unauthenticated");
    }
    refused(await exchange(app, host.origin, session), "embed_token_malformed");
    refused(await exchange(app, host.origin, `${header}.${claims}.${signature}`), "embed_kid_unknown");
  });

  test("says nothing of what rows are called inside", async () => {
    const session = await enter();
    const claims = JSON.parse(atob(session.slice("cdz_embed_".length).split(".")[1]!));
    expect(Object.keys(claims).sort()).toEqual(["app", "exp", "framed", "kid", "origin", "sub", "wsp"]);
    for (const name of ["app", "sub", "wsp"]) expect(claims[name]).toMatch(/^(app|mbr|wsp)_/);
  });

  test("writes under its member's name, and the audit log says through which app", async () => {
    const { body } = await exchange(app, host.origin, await sign());
    const made = await ask(body.accessToken, host.origin, "POST", "/v1/companies", { name: unique("Acme") });
    const { body: log } = await admin().call("GET", `/v1/audit?record=${made.body.id}`);
    expect(log.items).toEqual([
      expect.objectContaining({ actor: body.member.id, via: `embed:${host.id}`, action: "companies.create" }),
    ]);
  });
});
