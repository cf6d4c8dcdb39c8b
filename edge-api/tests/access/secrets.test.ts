/**
 * Secrets are planted in everything that takes one, in requests that succeed, that are refused, and that break because
 * the database does. Then whatever was logged, every refusal and every table are searched for them.
 */

import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import type { Env } from "../../src/env.ts";
import { buildSystems } from "../../src/system.ts";
import { type Gate, gatedD1 } from "../engine/d1.ts";
import type { TakenMail } from "../mail/smtp-server.ts";
import { replyOf, unique } from "../world.ts";
import { openBrowser, origin } from "./browser.ts";
import { signToken } from "./hosts.ts";

const { port, inbox } = inject("smtp");
const random = () => crypto.randomUUID().replaceAll("-", "");

/** What nobody may find anywhere. */
const planted = {
  "the Worker's secret": `planted-worker-secret-${random()}`,
  "the service token": `planted-service-token-${random()}`,
  "the set-up token": `planted-setup-token-${random()}`,
  "the system mail's password": `right-system-${random()}`,
  "a mailbox's password": `right-mailbox-${random()}`,
  "a wrong mailbox password": `wrong-mailbox-${random()}`,
} as Record<string, string>;
/** What may lie in the tables, for they are about it or it opens nothing by itself, and nowhere else. */
const kept = {
  "an admin's address": `ada.${random()}@seller.example`,
  "a person's address": `ok.${random()}@buyer.example`,
  "an address that is refused": `refuse550.${random()}@seller.example`,
} as Record<string, string>;

// --- a database that breaks on demand

let fails: ((call: number) => boolean) | null = null;
let calls = 0;
const gate: Gate = (_call, run) => {
  calls += 1;
  if (fails?.(calls)) throw new Error("D1_ERROR: Network connection lost.");
  return run();
};

// A database of its own: the first workspace is made here, and its signing key is sealed with a secret nobody else has.
await applyD1Migrations(env.EMPTY_DB, env.TEST_MIGRATIONS);
const emptied = [
  "workspaces",
  "members",
  "auth_organization",
  "auth_user",
  "auth_member",
  "auth_session",
  "auth_jwks",
];
await env.EMPTY_DB.batch(emptied.map((table) => env.EMPTY_DB.prepare(`DELETE FROM ${table}`)));

const settings = {
  ...env,
  DB: gatedD1(env.EMPTY_DB, gate),
  PUBLIC_URL: origin,
  CADENZA_SECRET: planted["the Worker's secret"],
  CADENZA_SERVICE_TOKEN: planted["the service token"],
  CADENZA_SETUP_TOKEN: planted["the set-up token"],
  SYSTEM_MAIL_URL: `smtp://robin:${planted["the system mail's password"]}@127.0.0.1:${port}`,
  SYSTEM_MAIL_FROM: "cadenza@seller.example",
} as unknown as Env;
let later = 0;
const [system] = buildSystems(settings, { wireTimeoutMs: 2_000, now: () => Date.now() + later });
const auth = buildAuth(system!);
const app = createApp([system!], {
  serviceToken: settings.CADENZA_SERVICE_TOKEN,
  setupToken: settings.CADENZA_SETUP_TOKEN,
  auth,
});

// --- everything that is said

const logged: string[] = [];
/** What went to the console otherwise than as a line of our own log. */
const printed: string[] = [];
const refusals: { asked: string; status: number; type: string; text: string }[] = [];
const levels = ["log", "info", "warn", "error", "debug", "trace"] as const;
beforeAll(() => {
  for (const level of levels) {
    vi.spyOn(console, level).mockImplementation((...said) => {
      const line = said.map((one) => inspect(one, { depth: null, showHidden: true })).join(" ");
      logged.push(line);
      if (level !== "error" || said.length !== 1 || !isLogLine(said[0])) printed.push(`${level}: ${line}`);
    });
  }
});
afterAll(() => vi.restoreAllMocks());

function isLogLine(said: unknown): boolean {
  try {
    return Object.keys(JSON.parse(said as string)).join() === "message,error";
  } catch {
    return false;
  }
}

/** The same Worker, whose answers are kept where they refuse. */
const watched = {
  async fetch(request: Request): Promise<Response> {
    const asked = `${request.method} ${new URL(request.url).pathname.slice(0, 40)}`;
    const response = await app.fetch(request);
    if (response.status >= 400) {
      const said = JSON.stringify([...response.headers]);
      const text = `${said}\n${await response.clone().text()}`;
      refusals.push({
        asked,
        status: response.status,
        type: response.headers.get("content-type") ?? "",
        text,
      });
    }
    return response;
  },
};

type Asked = { method: string; path: string; headers?: Record<string, string>; body?: string };
/** Each from an address of its own, for addresses are limited. */
const send = async ({ method, path, headers = {}, body }: Asked) =>
  replyOf(
    await watched.fetch(
      new Request(origin + path, {
        ...{ method, redirect: "manual", body: body ?? null },
        headers: { "cf-connecting-ip": unique("address"), ...headers },
      }),
    ),
  );
const json = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Asked => ({
  ...{ method, path },
  ...(body !== undefined && { body: JSON.stringify(body) }),
  headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
});
const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Asked => ({
  ...{ method: "POST", path, body: new URLSearchParams(fields).toString() },
  headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
});
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const asPage = (cookie: string) => ({ cookie, origin, "sec-fetch-site": "same-origin" });

async function linkMailedTo(to: string): Promise<URL> {
  const { mails } = (await (await fetch(`${inbox}/?to=${encodeURIComponent(to)}`)).json()) as {
    mails: TakenMail[];
  };
  const text = mails.at(-1)!.raw.replaceAll("=\r\n", "").replaceAll("=3D", "=");
  return new URL(/https:\/\/cadenza\.test\S+/.exec(text)![0]);
}

const base64Url = (bytes: ArrayBuffer) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const redirectUri = "https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/";
const verifier = random() + random();
let clientId = "";
let cookie = "";
let host = { id: "", origin: "https://crm.example", origins: ["https://crm.example"], kid: "", secret: "" };

async function mailLink(): Promise<string> {
  const address = kept["an admin's address"]!;
  const sent = await send(form("/sign-in", { email: address }, asPage("")));
  expect(sent.status).toBe(200);
  return (await linkMailedTo(address)).searchParams.get("token")!;
}

async function code(): Promise<string> {
  const challenge = base64Url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const query = new URLSearchParams({
    ...{ client_id: clientId, response_type: "code", redirect_uri: redirectUri, resource: origin },
    ...{ scope: "read write offline_access", code_challenge: challenge, code_challenge_method: "S256" },
    state: "s1",
  });
  const path = `/auth/oauth2/authorize?${query}`;
  const asked = await send({ method: "GET", path, headers: { cookie } });
  const question = new URL(asked.headers.get("location")!, origin);
  // Asked a second time, the program is known already.
  if (question.origin !== origin) return question.searchParams.get("code")!;
  const said = { query: question.search.slice(1), answer: "yes" };
  const answered = await send(form("/oauth/consent", said, asPage(cookie)));
  return new URL(answered.headers.get("location")!).searchParams.get("code")!;
}

const tokenAsk = (fields: Record<string, string>) =>
  form("/auth/oauth2/token", { client_id: clientId, resource: origin, ...fields });
const exchangeOf = (given: string) =>
  tokenAsk({
    ...{ grant_type: "authorization_code", code: given, code_verifier: verifier },
    redirect_uri: redirectUri,
  });
const hostToken = () =>
  signToken({ ...system!, publicUrl: origin } as never, host, { email: kept["an admin's address"] });

/** Every secret there is, made by requests that succeed. */
async function plant(): Promise<void> {
  const admin = kept["an admin's address"]!;
  const setup = { token: planted["the set-up token"]!, name: "First", timeZone: "Europe/Lisbon" };
  const first = await send(
    form("/setup", { ...setup, "admin/email": "first@seller.example", "admin/name": "First" }, asPage("")),
  );
  expect(first.status).toBe(201);

  const operator = bearer(planted["the service token"]!);
  const made = await send(
    json(
      "POST",
      "/internal/workspaces",
      { name: "Northwind", timeZone: "Europe/Lisbon", admin: { email: admin, name: "Ada" } },
      operator,
    ),
  );
  planted["an API key"] = made.body.token;
  const key = bearer(made.body.token);
  const trial = await send(json("POST", "/v1/api-keys", { name: "Trial", mode: "test" }, key));
  planted["a test key"] = trial.body.token;
  const rotated = await send(
    json("POST", `/v1/api-keys/${trial.body.apiKey.id}/rotation`, {}, { ...key, "idempotency-key": "r1" }),
  );
  planted["a rotated key"] = rotated.body.token;

  const browser = openBrowser(watched, { ip: unique("address") });
  planted["a used sign-in link's token"] = await mailLink();
  await browser.post("/sign-in/confirm", { token: planted["a used sign-in link's token"]! });
  cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const session = decodeURIComponent([...browser.cookies.values()][0]!);
  planted["a session's cookie"] = session;
  kept["a session's token"] = session.slice(0, session.indexOf("."));
  planted["what signs a session's cookie"] = session.slice(session.indexOf(".") + 1);
  planted["an open sign-in link's token"] = await mailLink();

  const newHost = { name: "CRM", origins: host.origins, newMemberRole: "rep" };
  host = { ...host, ...(await send(json("POST", "/v1/embed-apps", newHost, key))).body };
  host = { ...host, ...(await send(json("POST", `/v1/embed-apps/${host.id}/secrets`, {}, key))).body };
  host.origin = "https://crm.example";
  planted["a host's secret"] = host.secret;
  planted["a host's token"] = await hostToken();
  const exchanged = await send(
    json("POST", "/v1/embed/session", { token: planted["a host's token"] }, { origin: host.origin }),
  );
  planted["a host's session"] = exchanged.body.accessToken;

  const registered = await send(
    json("POST", "/auth/oauth2/register", {
      client_name: "Cadenza in Chrome",
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
      response_types: ["code"],
      scope: "read write offline_access",
    }),
  );
  clientId = registered.body.client_id;
  planted["a used authorization code"] = await code();
  const tokens = (await send(exchangeOf(planted["a used authorization code"]!))).body;
  planted["an access token"] = tokens.access_token;
  planted["a rotated refresh token"] = tokens.refresh_token;
  const next = await send(
    tokenAsk({ grant_type: "refresh_token", refresh_token: planted["a rotated refresh token"]! }),
  );
  planted["a refresh token"] = next.body.refresh_token;
  planted["a refreshed access token"] = next.body.access_token;
  planted["an open authorization code"] = await code();
  const device = await send(
    json("POST", "/auth/device/code", {
      client_id: clientId,
      scope: "read offline_access",
      resource: origin,
    }),
  );
  planted["a device's code"] = device.body.device_code;

  for (const [address, password] of [
    ["robin@seller.example", planted["a mailbox's password"]!],
    ["wrong@seller.example", planted["a wrong mailbox password"]!],
  ] as const) {
    await mail(address, password, key);
  }
  // Somebody known, whose own mail server takes nothing.
  const refused = kept["an address that is refused"]!;
  await send(json("POST", "/v1/members", { email: refused, name: "Refused" }, key));
  await send(form("/sign-in", { email: refused }, asPage("")));
  await send(
    json(
      "POST",
      "/v1/invitations",
      { email: `refuse550.${random()}@x.example`, role: "rep" },
      asPage(cookie),
    ),
  );
}

/** A sequence's one mail, from a mailbox with this password. */
async function mail(address: string, password: string, key: Record<string, string>): Promise<void> {
  const smtp = { host: "127.0.0.1", port, security: "none", user: "robin", password };
  const mailbox = (await send(json("POST", "/v1/mailboxes", { address, smtp, gapSeconds: 0 }, key))).body;
  const windows = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }];
  const schedule = (await send(json("POST", "/v1/schedules", { name: unique("Always"), windows }, key))).body;
  const delay = { amount: 0, unit: "minutes" };
  const steps = [{ name: "Mail", type: "email_auto", subject: "Hi", body: "{{ contact.email }}", delay }];
  const asked = { name: unique("Intro"), mailboxId: mailbox.id, scheduleId: schedule.id, steps };
  const sequence = (await send(json("POST", "/v1/sequences", asked, key))).body;
  const match = { ...key, "if-match": `"${sequence.rev}"` };
  await send(json("POST", `/v1/sequences/${sequence.id}/versions`, {}, match));
  const person = { email: kept["a person's address"], firstName: "Dana" };
  await send(json("POST", `/v1/sequences/${sequence.id}/enrollments`, { person }, key));
  for (let turn = 0; turn < 3; turn++) {
    await send(json("POST", "/internal/sequences/run", {}, bearer(planted["the service token"]!)));
    later += 3_600_000;
  }
}

/** A request with each secret in the place it is for. */
async function inPlace(): Promise<[string, Asked][]> {
  const key = bearer(planted["an API key"]!);
  const email = kept["a person's address"]!;
  const password = planted["a mailbox's password"]!;
  const smtp = { host: "127.0.0.1", port, security: "none", user: "robin", password };
  const page = asPage(cookie);
  const raw = `From: ${email}\r\nTo: robin@seller.example\r\nMessage-ID: <${random()}@x.example>\r\n\r\nYes\r\n`;
  return [
    ["a key reads", json("GET", "/v1/contacts", undefined, key)],
    ["a test key writes", json("POST", "/v1/contacts", { email }, bearer(planted["a test key"]!))],
    ["a key makes a key", json("POST", "/v1/api-keys", { name: "Another", mode: "test" }, key)],
    [
      "a key names a person",
      json("POST", "/v1/contacts", { email, firstName: "Dana" }, { ...key, "idempotency-key": random() }),
    ],
    ["a key adds a mailbox", json("POST", "/v1/mailboxes", { address: `${random()}@s.example`, smtp }, key)],
    ["a key adds a member", json("POST", "/v1/members", { email: `${random()}@s.example`, name: "A" }, key)],
    ["a key suppresses", json("POST", "/v1/suppressions", { kind: "address", value: email }, key)],
    [
      "mail arrives",
      {
        method: "POST",
        path: "/v1/inbound",
        body: raw,
        headers: { ...key, "content-type": "message/rfc822" },
      },
    ],
    ["a person reads", json("GET", "/v1/me", undefined, page)],
    ["a person sees a page", { method: "GET", path: "/app", headers: page }],
    ["a person saves a form", form("/app/settings", { name: "Ada" }, page)],
    [
      "a person invites",
      json("POST", "/v1/invitations", { email: `${random()}@s.example`, role: "rep" }, page),
    ],
    ["a link is asked for", form("/sign-in", { email: kept["an admin's address"]! }, asPage(""))],
    [
      "a link is followed",
      { method: "GET", path: `/sign-in/confirm?token=${planted["an open sign-in link's token"]}` },
    ],
    [
      "a link is used",
      form("/sign-in/confirm", { token: planted["an open sign-in link's token"]! }, asPage("")),
    ],
    [
      "a host's token is exchanged",
      json("POST", "/v1/embed/session", { token: await hostToken() }, { origin: host.origin }),
    ],
    [
      "a host's page reads",
      json("GET", "/v1/contacts", undefined, {
        ...bearer(planted["a host's session"]!),
        origin: host.origin,
      }),
    ],
    [
      "a program asks",
      {
        method: "GET",
        path: `/auth/oauth2/authorize?client_id=${clientId}&response_type=code`,
        headers: { cookie },
      },
    ],
    ["a code is exchanged", exchangeOf(planted["an open authorization code"]!)],
    [
      "a token is refreshed",
      tokenAsk({ grant_type: "refresh_token", refresh_token: planted["a refresh token"]! }),
    ],
    ["a program reads", json("GET", "/v1/contacts", undefined, bearer(planted["a refreshed access token"]!))],
    [
      "a token is revoked",
      form("/auth/oauth2/revoke", { client_id: clientId, token: planted["a rotated refresh token"]! }),
    ],
    [
      "a device polls",
      tokenAsk({
        grant_type: "urn:ietf:params:oauth:grant-type:device_code",
        device_code: planted["a device's code"]!,
      }),
    ],
    [
      "the operator runs the engine",
      json("POST", "/internal/sequences/run", {}, bearer(planted["the service token"]!)),
    ],
    [
      "the set-up is asked again",
      form("/setup", { token: planted["the set-up token"]!, name: "X" }, asPage("")),
    ],
  ];
}

/** The same where it does not belong, cut, doubled, in a broken body. */
function outOfPlace(secret: string): Asked[] {
  const cut = secret.slice(0, -1);
  const key = bearer(planted["an API key"]!);
  const path = encodeURIComponent(secret);
  return [
    ...[secret, cut, `${secret}x`, `${secret} ${secret}`, `${secret}.${secret}.${secret}`].map((token) =>
      json("GET", "/v1/contacts", undefined, bearer(token)),
    ),
    json("GET", "/v1/workspace", undefined, { authorization: secret }),
    json("POST", "/internal/sequences/run", {}, bearer(cut)),
    { method: "GET", path: "/app", headers: { cookie: `__Host-cadenza.session_token=${path}; x=${path}` } },
    { method: "GET", path: `/v1/contacts/${path}`, headers: key },
    { method: "DELETE", path: `/v1/api-keys/${path}`, headers: asPage(cookie) },
    { method: "DELETE", path: `/v1/api-keys/${path}`, headers: bearer(planted["an access token"]!) },
    { method: "GET", path: `/u/${path}` },
    { method: "GET", path: `/nowhere/${path}?token=${path}`, headers: { accept: "text/html" } },
    { method: "GET", path: `/v1/contacts?cursor=${path}`, headers: key },
    { method: "GET", path: `/v1/tasks?status=${path}`, headers: key },
    json("POST", "/v1/embed/session", { token: cut }, { origin: host.origin }),
    json("POST", "/v1/api-keys", { name: "x", expiresAt: secret }, key),
    json("POST", "/v1/api-keys", { name: "x", scopes: [secret] }, key),
    json("POST", "/v1/mailboxes", { address: "a@s.example", smtp: { password: secret, port: secret } }, key),
    json("POST", "/v1/mailboxes", { address: secret, smtp: secret, timeZone: secret }, key),
    { ...json("POST", "/v1/contacts", {}, key), body: `{"email": "${secret}", "firstName": ${secret}}` },
    { ...json("POST", "/v1/contacts", {}, key), body: `email=${secret}` },
    { ...json("POST", "/v1/contacts", { email: secret }, key), headers: { ...key, "content-type": secret } },
    json("POST", "/v1/contacts", { firstName: "A" }, { ...key, "idempotency-key": `${secret} ${secret}` }),
    json("PATCH", "/v1/workspace", { timeZone: secret }, key),
    form("/sign-in/confirm", { token: cut }, asPage("")),
    form("/setup", { token: cut, name: "x", timeZone: "UTC" }, asPage("")),
    form("/sign-in", { email: kept["an admin's address"]! }, { origin: "https://evil.example" }),
    exchangeOf(cut),
    tokenAsk({ grant_type: "refresh_token", refresh_token: cut }),
    tokenAsk({ grant_type: "refresh_token", refresh_token: secret, client_id: secret }),
    form("/auth/oauth2/revoke", { client_id: clientId, token: cut }),
    form("/device", { user_code: secret, answer: "yes" }, asPage(cookie)),
    form("/oauth/consent", { query: secret, answer: "yes" }, asPage(cookie)),
  ];
}

/** Everything in the database, by table. */
async function tables(): Promise<Record<string, string>> {
  const { results } = await env.EMPTY_DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%'",
  ).all<{ name: string }>();
  const rows = await env.EMPTY_DB.batch(
    results.map(({ name }) => env.EMPTY_DB.prepare(`SELECT * FROM "${name}"`)),
  );
  return Object.fromEntries(results.map(({ name }, at) => [name, JSON.stringify(rows[at]!.results)]));
}

const found = (text: string, secrets: Record<string, string>) =>
  Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = [secret, encodeURIComponent(secret), btoa(secret), JSON.stringify(secret).slice(1, -1)];
    return forms.some((one) => text.includes(one)) ? [name] : [];
  });

describe("a secret", () => {
  beforeAll(async () => {
    await plant();
    for (const secret of Object.values(planted)) {
      for (const asked of outOfPlace(secret)) await send(asked);
    }
    for (const [, asked] of await inPlace()) await send(asked);
  }, 120_000);

  test("was really planted: what takes one took it, and what is sent wrongly was refused", async () => {
    expect(Object.keys(planted).length).toBeGreaterThan(20);
    for (const [name, secret] of Object.entries(planted)) {
      expect([name, secret?.length > 20]).toEqual([name, true]);
    }
    expect(refusals.filter(({ status }) => status === 500)).toEqual([]);
    const statuses = new Set(refusals.map(({ status }) => status));
    for (const status of [400, 401, 403, 404, 410, 415, 422, 502]) expect(statuses).toContain(status);
    const sends = await env.EMPTY_DB.prepare("SELECT state FROM sends ORDER BY enrollment_id").all();
    expect(sends.results[0]).toEqual({ state: "sent" });
    const { results } = await env.EMPTY_DB.prepare("SELECT disabled_reason FROM mailboxes").all();
    expect(JSON.stringify(results)).toContain("535");
  });

  test("stands in the log of nothing that broke, whichever of its reads and writes does", async () => {
    const silent: string[] = [];
    for (const [name, asked] of await inPlace()) {
      for (const isBroken of [
        (call: number, k: number) => call === k,
        (call: number, k: number) => call >= k,
      ]) {
        for (let k = 1; k <= 40; k++) {
          calls = 0;
          fails = (call) => isBroken(call, k);
          const { status, headers } = await send(asked);
          fails = null;
          if (calls < k) break;
          const requestId = headers.get("x-request-id")!;
          if (status === 500 && !logged.some((line) => line.includes(requestId))) {
            silent.push(`${name}, call ${k}`);
          }
        }
      }
    }
    expect(silent).toEqual([]);
    expect(logged.filter((line) => line.includes("Network connection lost")).length).toBeGreaterThan(100);
    expect(refusals.filter(({ status }) => status === 500).length).toBeGreaterThan(100);
    for (const line of logged) expect([line, found(line, { ...planted, ...kept })]).toEqual([line, []]);
  }, 300_000);

  test("could not get past the log: nothing else writes to the console, whatever broke", () => {
    expect(logged.length).toBeGreaterThan(100);
    expect([...new Set(printed)]).toEqual([]);
    // The library hands on what an error said, and no error: its log line is nothing without that.
    const said = logged.filter((line) => line.includes("Introspection error:"));
    expect(said.length).toBeGreaterThan(0);
    for (const line of said) expect(line).toContain("Failed query: select");
  });

  test("stands in no refusal; and a person's address in none that is a problem", () => {
    for (const { asked, status, type, text } of refusals) {
      const hidden = type.includes("json") ? { ...planted, ...kept } : planted;
      expect([asked, status, text, found(text, hidden)]).toEqual([asked, status, text, []]);
    }
  });

  test("lies in no table but hashed or sealed; a session's without what signs it", async () => {
    for (const [name, text] of Object.entries(await tables())) {
      expect([name, found(text, planted)]).toEqual([name, []]);
    }
  });
});
