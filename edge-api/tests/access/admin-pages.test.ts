/** What an admin does on pages instead of through the API: keys, host apps, the audit log; and everybody's notices. */
import { type Role, roles } from "@cadenza/shared/vocabulary";
import { beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import type { ContactId, MemberId } from "../../src/domain/ids.ts";
import { type PageName, pageRoutes } from "../../src/http/page-routes.ts";
import { encodeId } from "../../src/http/public-id.ts";
import {
  api,
  createContact,
  createWorkspace,
  minuteMs,
  type TestWorkspace,
  testSystem,
  unique,
} from "../world.ts";
import { type Browser, type Form, openBrowser, type Shown, wordsOf } from "./browser.ts";
import { addPerson, signInByLink } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
const hostile = `<script>alert("x")</script>'&`;
const tokenForm = /cdz_(?:test_)?key_[0-9A-Za-z]+_[0-9a-f]{64}/;
let own: TestWorkspace;
let admin: Browser;

beforeEach(async () => {
  own = await createWorkspace(system, { name: "Northwind" });
  admin = (await personAs("admin")).browser;
});

async function personAs(role: Role, in_: TestWorkspace = own, name = `Robin ${role}`) {
  const email = `${unique(role)}@seller.example`;
  const userId = await addPerson(system, in_, { email, role, name });
  const browser = openBrowser(app, { cookie: await signInByLink(auth, system, email) });
  // The first look makes their record in the workspace.
  await browser.get("/app");
  const found = "SELECT id FROM members WHERE workspace_id = ?1 AND user_id = ?2";
  const member = await system.db.prepare(found).bind(in_.id, userId).first<{ id: MemberId }>();
  return { browser, id: member!.id };
}

const strangersIn = async () => (await personAs("admin", await createWorkspace(system))).browser;
const read = async (path: string, browser = admin) => JSON.parse((await browser.get(path)).text);
const keyForm = (more: Record<string, string> = {}): Form => [
  ...Object.entries({ name: "CRM sync", mode: "live", ...more }),
  ["scopes", "read"],
  ["scopes", "write"],
];
const tokenIn = ({ text }: Shown): string => tokenForm.exec(text)![0];
const opens = async (token: string) => (await api(app, token).call("GET", "/v1/workspace")).status;
const entries = async (in_ = own) => {
  const sql = "SELECT action, record, outcome FROM audit_entries WHERE workspace_id = ?1 ORDER BY id";
  return (await system.db.prepare(sql).bind(in_.id).all()).results;
};

describe("the way around", () => {
  test.each(roles)("shows a %s the pages they may see, and no other", async (role) => {
    const { browser } = await personAs(role);
    const { text } = await browser.get("/app");
    const nav = /<nav.*?<\/nav>/s.exec(text)![0];
    const shown = [...nav.matchAll(/href="([^"]+)"/g)].map(([, path]) => path);
    const forAdmins = ["/app/api-keys", "/app/host-apps", "/app/audit-log"];
    expect(shown).toEqual([
      ...["/app", "/app/notices", "/app/members"],
      ...(role === "admin" ? forAdmins : []),
      "/app/settings",
    ]);
    for (const path of shown) expect([path, (await browser.get(path!)).status]).toEqual([path, 200]);
  });

  test("says to a browser that keeps no cookies why nobody is signed in", async () => {
    const from = { referer: "https://cadenza.test/sign-in/confirm?token=x" };
    const turnedBack = await openBrowser(app).get("/app", from);
    expect(turnedBack.location).toBe("/sign-in?next=%2Fapp&error=no_cookie");
    expect(wordsOf(await openBrowser(app).get(turnedBack.location!))).toContain("kept no cookie");
  });
});

describe("every form of a member", () => {
  const forms = (Object.keys(pageRoutes) as PageName[]).filter(
    (name) => pageRoutes[name][0] === "POST" && pageRoutes[name][2] !== "public",
  );

  test.each(forms)("%s is taken from our own pages alone", async (name) => {
    const path = pageRoutes[name][1].replace(/:\w+/g, "x");
    for (const headers of [
      { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
      { origin: "null", "sec-fetch-site": "cross-site" },
      { origin: "https://cadenza.test", "sec-fetch-site": "same-site" },
    ]) {
      const refused = await admin.post(path, keyForm(), headers);
      expect([refused.status, wordsOf(refused)]).toEqual([
        403,
        expect.stringContaining("Another page asked in your name"),
      ]);
    }
    expect(await entries()).toEqual([]);
    expect((await read("/v1/api-keys")).items).toHaveLength(1);
  });
});

describe("an API key", () => {
  test("is made with a token that works and is shown on that one page, in no address and in no table", async () => {
    const made = await admin.post("/app/api-keys", keyForm());
    expect([made.status, made.location, made.headers.get("cache-control")]).toEqual([201, null, "no-store"]);
    const token = tokenIn(made);
    expect(await opens(token)).toBe(200);
    const [, id = "", secret = ""] = /^cdz_(key_\w+)_([0-9a-f]{64})$/.exec(token)!;
    const list = await admin.get("/app/api-keys");
    expect(wordsOf(list)).toContain(`works · cdz_${id}… · read, write`);
    expect(wordsOf(list)).toContain("Made by Robin admin");
    expect(list.text).not.toContain(secret);
    for (const table of ["api_keys", "audit_entries", "idempotency_keys"]) {
      const { results } = await system.db.prepare(`SELECT * FROM ${table}`).all();
      expect(JSON.stringify(results)).not.toContain(secret);
    }
    expect(await entries()).toEqual([{ action: "apiKeys.create", record: id, outcome: "done" }]);
    expect(system.errors).toEqual([]);
  });

  test("is made once from one form, however often it is sent, and shows its token for a minute", async () => {
    const once = crypto.randomUUID();
    const form = keyForm({ once });
    const [first, twice] = [await admin.post("/app/api-keys", form), await admin.post("/app/api-keys", form)];
    expect([first.status, twice.status, tokenIn(twice)]).toEqual([201, 200, tokenIn(first)]);
    system.clock.wallAt += 2 * minuteMs;
    const later = await admin.post("/app/api-keys", form);
    expect(wordsOf(later)).toContain("The key was made before");
    expect(later.text).not.toMatch(tokenForm);
    expect((await read("/v1/api-keys")).items).toHaveLength(2);
    expect(await entries()).toHaveLength(1);
    // Gone back to and filled in otherwise, the form is another one.
    const other = keyForm({ once, name: "Other" });
    expect((await admin.post("/app/api-keys", other)).status).toBe(201);
    // And what one admin was shown is not shown to another.
    const second = (await personAs("admin")).browser;
    expect(tokenIn(await second.post("/app/api-keys", other))).not.toBe(tokenIn(first));
  });

  test("that was sent twice at once is not shown to be anything but one", async () => {
    const form = keyForm({ once: crypto.randomUUID() });
    const answers = await Promise.all([admin.post("/app/api-keys", form), admin.post("/app/api-keys", form)]);
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    const other = answers.find(({ status }) => status !== 201)!;
    expect([200, 409]).toContain(other.status);
    if (other.status === 409) expect(wordsOf(other)).toContain("It is being done at this moment");
    expect((await read("/v1/api-keys")).items).toHaveLength(2);
  });

  test("works until the day that was chosen is over where the workspace is", async () => {
    const sql = "UPDATE workspaces SET time_zone = 'Asia/Tokyo' WHERE id = ?1";
    await system.db.prepare(sql).bind(own.id).run();
    const made = await admin.post("/app/api-keys", keyForm({ expiresOn: "2030-12-24" }));
    expect(wordsOf(made)).toContain("until the end of Tue 24 Dec 2030, Tokyo");
    const [key] = (await read("/v1/api-keys")).items;
    expect(key.expiresAt).toBe("2030-12-24T15:00:00.000Z");
  });

  test("for tests is called one", async () => {
    const made = await admin.post("/app/api-keys", keyForm({ mode: "test" }));
    expect(tokenIn(made)).toMatch(/^cdz_test_/);
    expect(wordsOf(made)).toContain("in the test twin, which mails nobody");
    expect(wordsOf(await admin.get("/app/api-keys"))).toContain("CRM sync test");
  });

  test.each([
    ["without a name", [["scopes", "read"]], "f-name-error"],
    ["without a scope", [["name", "CRM"]], "f-scopes-error"],
    [
      "with a scope there is none of",
      [
        ["name", "CRM"],
        ["scopes", "root"],
      ],
      "f-scopes-error",
    ],
    [
      "with a name of 300 characters",
      [
        ["name", "N".repeat(300)],
        ["scopes", "read"],
      ],
      "f-name-error",
    ],
    [
      "for a day that is over",
      [
        ["name", "CRM"],
        ["scopes", "read"],
        ["expiresOn", "2020-01-01"],
      ],
      "f-expiresOn-error",
    ],
    [
      "for no day at all",
      [
        ["name", "CRM"],
        ["scopes", "read"],
        ["expiresOn", "soon"],
      ],
      "f-expiresOn-error",
    ],
  ] as [string, [string, string][], string][])(
    "%s is not made, and what was typed is kept",
    async (_, form, error) => {
      const refused = await admin.post("/app/api-keys", form);
      expect(refused.status).toBe(422);
      expect(refused.text).toContain(`id="${error}"`);
      for (const [name, value] of form)
        if (name !== "scopes" && value !== "soon") expect(refused.text).toContain(`value="${value}"`);
      const ticked = [...refused.text.matchAll(/name="scopes" value="(\w+)" checked/g)].map(
        ([, scope]) => scope,
      );
      expect(ticked).toEqual(
        form.some(([name, value]) => name === "scopes" && value === "read") ? ["read"] : [],
      );
      expect((await read("/v1/api-keys")).items).toHaveLength(1);
    },
  );

  test("is rotated: the new one works, the old one for as long as was said, and only once", async () => {
    const old = tokenIn(await admin.post("/app/api-keys", keyForm()));
    const path = `/app/api-keys/${/key_[0-9A-Za-z]+/.exec(old)![0]}/rotation`;
    expect((await admin.post(path, { oldExpiresInHours: "9000" })).status).toBe(422);
    expect((await admin.post(path)).status).toBe(422);
    const rotated = await admin.post(path, { oldExpiresInHours: "1" });
    expect(rotated.status).toBe(201);
    expect([await opens(old), await opens(tokenIn(rotated))]).toEqual([200, 200]);
    expect(wordsOf(await admin.get("/app/api-keys"))).toContain("Another took its place");
    const again = await admin.post(path, { oldExpiresInHours: "0" });
    expect([again.status, wordsOf(again)]).toEqual([409, expect.stringContaining("Not done.")]);
    expect(again.text).not.toMatch(tokenForm);
    system.clock.wallAt += 61 * minuteMs;
    expect([await opens(old), await opens(tokenIn(rotated))]).toEqual([401, 200]);
  });

  test("is revoked at once, and says so", async () => {
    const token = tokenIn(await admin.post("/app/api-keys", keyForm()));
    const id = /key_[0-9A-Za-z]+/.exec(token)![0];
    const revoked = await admin.submit(`/app/api-keys/${id}/revocation`);
    expect(wordsOf(revoked)).toContain("Revoked.");
    expect(revoked.text).not.toContain(`/app/api-keys/${id}/`);
    expect(await opens(token)).toBe(401);
  });

  test("of another workspace is none", async () => {
    const token = tokenIn(await admin.post("/app/api-keys", keyForm({ name: "Ours alone" })));
    const id = /key_[0-9A-Za-z]+/.exec(token)![0];
    const stranger = await strangersIn();
    for (const deed of ["rotation", "revocation"]) {
      const refused = await stranger.post(`/app/api-keys/${id}/${deed}`, { oldExpiresInHours: "0" });
      expect([refused.status, wordsOf(refused)]).toEqual([404, expect.stringMatching(/no such API key/i)]);
    }
    expect((await stranger.get("/app/api-keys")).text).not.toContain("Ours alone");
    expect(await opens(token)).toBe(200);
  });

  test("is text whatever it is called, and older ones are on a page of their own", async () => {
    const made = await admin.post("/app/api-keys", keyForm({ name: hostile }));
    for (const { text } of [made, await admin.get("/app/api-keys")]) {
      expect(text).not.toContain("<script>");
      expect(text).toContain("&lt;script&gt;");
    }
    const insert = system.db.prepare(
      "INSERT INTO api_keys (workspace_id, name, scopes, secret_hash, created_at) VALUES (?1, ?2, '[\"read\"]', ?3, 0)",
    );
    await system.db.batch(
      Array.from({ length: 60 }, (_, n) => insert.bind(own.id, `Key ${n}`, unique("hash"))),
    );
    const first = await admin.get("/app/api-keys");
    const [, older = ""] = /<a href="([^"]+)">Older keys/.exec(first.text)!;
    const second = await admin.get(older);
    expect(first.text.match(/<li class="person/g)).toHaveLength(50);
    expect(second.text).toContain(">Key 0 ");
    expect(second.text).not.toContain("Older keys");
  });
});

describe("a host app", () => {
  const appForm = {
    name: "Northwind CRM",
    origins: "https://crm.northwind.example\r\n\r\n  https://CRM.northwind.example:8443 ",
    newMemberRole: "rep",
  };
  const added = async (browser = admin) => {
    const shown = await browser.post("/app/host-apps", appForm);
    expect(shown.location).toMatch(/^\/app\/host-apps\/app_\w+\?done=added$/);
    return shown.location!.split("?")[0]!;
  };
  const kidIn = ({ text }: Shown) => /CADENZA_KID=([0-9a-f]{16})/.exec(text)![1]!;

  test("is added with its origins one a line, and shows what goes onto its pages", async () => {
    const path = await added();
    const shown = await admin.get(`${path}?done=added`);
    const id = path.split("/").at(-1)!;
    expect(wordsOf(shown)).toContain("needs a secret");
    expect(wordsOf(shown)).toContain(
      `<script type="module" src="${system.publicUrl}/widget@1.js"></script> ` +
        `<cadenza-panel app="${id}" token="…" entity-type="lead" entity-id="4711"></cadenza-panel>`,
    );
    const kept = await read(`/v1/embed-apps/${id}`);
    expect([kept.origins, kept.newMemberRole]).toEqual([
      ["https://crm.northwind.example", "https://crm.northwind.example:8443"],
      "rep",
    ]);
    expect(await entries()).toEqual([{ action: "embedApps.create", record: id, outcome: "done" }]);
    expect(wordsOf(await admin.get("/app/host-apps"))).toContain("Northwind CRM needs a secret");
  });

  test("is added once from one form", async () => {
    const form = { ...appForm, once: crypto.randomUUID() };
    const [first, twice] = [
      await admin.post("/app/host-apps", form),
      await admin.post("/app/host-apps", form),
    ];
    expect([first.status, twice.location]).toEqual([303, first.location]);
    expect((await read("/v1/embed-apps")).items).toHaveLength(1);
  });

  test.each([
    ["no origin", "", "Name at least one origin"],
    ["one with a path", "https://a.example\nhttps://b.example/x", "https://b.example/x: Write an origin"],
    ["one without https", "http://a.example", "http://a.example: Pages have to come over https"],
    ["a wildcard", "https://*.example", "https://*.example: Name every origin"],
    ["our own", system.publicUrl, "This is Cadenza's own address"],
  ])("with %s is refused, names the line, and keeps what was typed", async (_, origins, said) => {
    const refused = await admin.post("/app/host-apps", { ...appForm, origins });
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/<textarea id="f-origins"[^>]*aria-invalid="true"/);
    expect(wordsOf(refused)).toContain(said);
    expect(refused.text).toContain(`autofocus>\n${origins}</textarea>`);
    expect((await read("/v1/embed-apps")).items).toEqual([]);
  });

  test("gets two secrets, each shown once with its name, and loses one", async () => {
    const path = await added();
    const made = await admin.post(`${path}/secrets`, { once: "a" });
    expect([made.status, made.location]).toEqual([201, null]);
    const [secret = ""] = /cdz_host_[0-9a-f]{64}/.exec(made.text)!;
    const kid = kidIn(made);
    const second = kidIn(await admin.post(`${path}/secrets`, { once: "b" }));
    const shown = await admin.get(path);
    expect(shown.text).not.toContain(secret);
    expect([shown.text.includes(kid), shown.text.includes(second)]).toEqual([true, true]);
    const third = await admin.post(`${path}/secrets`, { once: "c" });
    expect([third.status, wordsOf(third)]).toEqual([409, expect.stringContaining("Revoke one of its two")]);
    const revoked = await admin.submit(`${path}/secrets/${kid}/revocation`);
    expect(wordsOf(revoked)).toContain("Revoked.");
    expect(revoked.text).not.toContain(kid);
    expect((await admin.post(`${path}/secrets/nothing/revocation`)).status).toBe(404);
    const { secrets } = await read(`/v1/embed-apps/${path.split("/").at(-1)}`);
    expect(secrets.map((one: { kid: string }) => one.kid)).toEqual([second]);
  });

  test("is changed, and nobody's change is written over unseen", async () => {
    const path = await added();
    const id = path.split("/").at(-1);
    const changed = { name: "Back office", origins: "https://office.example", newMemberRole: "" };
    expect(wordsOf(await admin.submit(path, { ...changed, rev: "1" }))).toContain("Saved.");
    const late = await admin.post(path, { ...appForm, rev: "1" });
    expect([late.status, wordsOf(late)]).toEqual([412, expect.stringContaining("Somebody changed it")]);
    expect(late.text).toContain('value="Northwind CRM"');
    expect(await read(`/v1/embed-apps/${id}`)).toMatchObject({
      name: "Back office",
      origins: ["https://office.example"],
      newMemberRole: null,
    });
    // Sent again from the page that said so, it is meant.
    const [, rev = ""] = /name="rev" value="(\d+)"/.exec(late.text)!;
    await admin.submit(path, { ...appForm, rev });
    expect((await read(`/v1/embed-apps/${id}`)).newMemberRole).toBe("rep");
  });

  test("is disabled and enabled", async () => {
    const path = await added();
    expect(wordsOf(await admin.submit(`${path}/disablement`))).toContain("disabled · app_");
    expect(wordsOf(await admin.submit(`${path}/enablement`))).toContain("It works again as it stands.");
    expect((await read(`/v1/embed-apps/${path.split("/").at(-1)}`)).disabledAt).toBeNull();
  });

  test("of another workspace is none, whatever is asked of it", async () => {
    const path = await added();
    const kid = kidIn(await admin.post(`${path}/secrets`));
    const before = await read(`/v1/embed-apps/${path.split("/").at(-1)}`);
    const stranger = await strangersIn();
    expect((await stranger.get(path)).status).toBe(404);
    for (const deed of ["", "/disablement", "/enablement", "/secrets", `/secrets/${kid}/revocation`]) {
      const refused = await stranger.post(path + deed, { ...appForm, name: "Taken" });
      expect([deed, refused.status]).toEqual([deed, 404]);
    }
    expect((await stranger.get("/app/host-apps")).text).not.toContain("Northwind CRM");
    expect(await read(`/v1/embed-apps/${path.split("/").at(-1)}`)).toEqual(before);
  });

  test("is text whatever it is called", async () => {
    const { location } = await admin.post("/app/host-apps", { ...appForm, name: hostile });
    const secret = await admin.post(`${location!.split("?")[0]}/secrets`);
    for (const { text } of [await admin.get(location!), await admin.get("/app/host-apps"), secret]) {
      expect(text).not.toContain("<script>");
      expect(text).toContain("alert(");
    }
  });
});

describe("the audit log", () => {
  const linesIn = ({ text }: Shown) =>
    text
      .split('<ul class="list log">')
      .slice(1)
      .join("")
      .split("<li>")
      .slice(1)
      .map((line) => wordsOf({ text: line }));

  test("says who did what, from where and to which record, in words and names", async () => {
    const rep = await personAs("rep", own, hostile);
    await admin.post(`/app/members/${encodeId("mbr", 0, rep.id)}/role`, { role: "viewer" });
    const browser = {
      "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Safari/605",
      "cf-connecting-ip": "203.0.113.9",
    };
    await rep.browser.post("/app/api-keys", keyForm(), browser);
    await api(app, own.token).call(
      "POST",
      "/v1/companies",
      { name: "Contoso" },
      { "user-agent": "sync/1.2" },
    );
    const shown = await admin.get("/app/audit-log");
    const [company, refused, changed] = linesIn(shown);
    expect(company).toMatch(/Contoso .* · with an API key · sync\/1\.2/);
    expect(refused).toContain("Create an API key");
    expect(refused).toContain(
      `${hostile} · 203.0.113.9 · Safari on iPhone Refused: Your role may not do this`,
    );
    expect(changed).toContain(`Change a member ${hostile}`);
    expect(shown.text).not.toContain("<script>");
  });

  test("is filtered by who, what, which record and days where the workspace is, and refuses what is no day", async () => {
    const sql = "UPDATE workspaces SET time_zone = 'Asia/Tokyo' WHERE id = ?1";
    await system.db.prepare(sql).bind(own.id).run();
    const insert = system.db.prepare(
      `INSERT INTO audit_entries (workspace_id, at, actor, via, action, record, outcome, request_id)
       VALUES (?1, ?2, ?3, 'session', ?4, ?5, 'done', 'req_x')`,
    );
    const lastMinute = Date.parse("2026-11-24T14:59:00Z");
    await system.db.batch([
      insert.bind(own.id, lastMinute, "member:1", "deals.update", "dea_x"),
      insert.bind(own.id, lastMinute + minuteMs, "key:1", "deals.create", "dea_y"),
      insert.bind(own.id, lastMinute + 2 * minuteMs, "engine", "an.unknownDeed", null),
    ]);
    const count = async (query: Record<string, string>) => {
      const shown = await admin.get(`/app/audit-log?${new URLSearchParams(query)}`);
      expect(shown.status).toBe(200);
      return linesIn(shown).length;
    };
    expect(await count({})).toBe(3);
    expect(await count({ from: "2026-11-25" })).toBe(2);
    expect(await count({ to: "2026-11-24" })).toBe(1);
    expect(await count({ from: "2026-11-24", to: "2026-11-25" })).toBe(3);
    expect(await count({ action: "deals.create" })).toBe(1);
    expect(await count({ action: "an.unknownDeed" })).toBe(1);
    expect(await count({ record: "dea_x" })).toBe(1);
    expect(await count({ actor: encodeId("mbr", 0, 1 as MemberId) })).toBe(1);
    expect(await count({ actor: "engine" })).toBe(1);
    for (const actor of ["mbr_nobody", "constructor", hostile]) expect(await count({ actor })).toBe(0);
    const refused = await admin.get("/app/audit-log?from=yesterday");
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('id="f-from-error"')]);
    expect(refused.text).not.toContain("/v1/audit/export");
  });

  test("goes on where a page is full, and keeps its filter there", async () => {
    const insert = system.db.prepare(
      `INSERT INTO audit_entries (workspace_id, at, actor, via, action, outcome, request_id)
       VALUES (?1, ?2, 'engine', 'session', 'deals.update', 'done', 'req_x')`,
    );
    await system.db.batch(Array.from({ length: 70 }, (_, n) => insert.bind(own.id, n * minuteMs)));
    const first = await admin.get("/app/audit-log?action=deals.update");
    const [, older = ""] = /<a href="([^"]+)">Older entries/.exec(first.text)!;
    expect(linesIn(first)).toHaveLength(50);
    expect(older).toContain("action=deals.update");
    expect(linesIn(await admin.get(older.replaceAll("&amp;", "&")))).toHaveLength(20);
  });

  test("is taken along as a file with the same filter, from links that need no key", async () => {
    await admin.post("/app/api-keys", keyForm());
    await admin.post("/app/host-apps", { name: "CRM", origins: "https://crm.example" });
    const day = new Date(system.clock.wallAt).toISOString().slice(0, 10);
    const { text } = await admin.get(`/app/audit-log?action=apiKeys.create&from=${day}`);
    const links = [...text.matchAll(/href="(\/v1\/audit\/export[^"]+)"/g)].map(([, path]) =>
      path!.replaceAll("&amp;", "&"),
    );
    const [csv, lines] = await Promise.all(links.map((path) => admin.get(path)));
    expect(csv!.headers.get("content-disposition")).toBe('attachment; filename="audit.csv"');
    expect(csv!.text.trim().split("\n")).toHaveLength(2);
    expect(JSON.parse(lines!.text.trim())).toMatchObject({ action: "apiKeys.create", outcome: "done" });
    // Nobody else's session opens them.
    const rep = await personAs("rep");
    expect((await rep.browser.get(links[0]!)).status).toBe(403);
  });

  test("holds nothing of another workspace, neither entries nor names", async () => {
    const stranger = await strangersIn();
    await stranger.post("/app/host-apps", { name: "Theirs alone", origins: "https://theirs.example" });
    const { id } = (await read("/v1/embed-apps", stranger)).items[0];
    const insert = `INSERT INTO audit_entries (workspace_id, at, actor, via, action, record, outcome, request_id)
      VALUES (?1, 0, 'engine', 'session', 'embedApps.update', ?2, 'done', 'req_x')`;
    await system.db.prepare(insert).bind(own.id, id).run();
    const shown = await admin.get("/app/audit-log");
    expect(linesIn(shown)).toHaveLength(1);
    expect(shown.text).toContain(id);
    expect(shown.text).not.toContain("Theirs alone");
  });
});

describe("notices", () => {
  const insert = (memberId: MemberId, contactId: ContactId, data = {}) =>
    system.db
      .prepare(
        `INSERT INTO notices (workspace_id, member_id, kind, contact_id, data, at)
         VALUES (?1, ?2, 'reply', ?3, ?4, 0) RETURNING id`,
      )
      .bind(own.id, memberId, contactId, JSON.stringify({ class: "human", ...data }))
      .first<{ id: number }>();

  test("are one's own, unread by a word and a number in the way around, until they are marked", async () => {
    const [rep, other] = [await personAs("rep"), await personAs("rep")];
    const contact = await createContact(system, own.id, { firstName: "Dana", lastName: "Silva" });
    const first = await insert(rep.id, contact, { subject: hostile });
    await insert(rep.id, contact, { subject: "Second" });
    const shown = await rep.browser.get("/app/notices");
    expect(wordsOf(shown)).toMatch(/Notices 2 unread/);
    expect(wordsOf(shown)).toContain(`Dana Silva answered, "${hostile}". unread`);
    expect(shown.text).not.toContain("<script>");
    expect(wordsOf(await other.browser.get("/app/notices"))).toContain("Nothing yet.");

    const path = (id: number) => `/app/notices/${encodeId("ntc", 0, id as never)}/read`;
    expect((await other.browser.post(path(first!.id))).status).toBe(404);
    expect(wordsOf(await rep.browser.get("/app/notices?unread=true"))).toContain("Second");
    // The button marks the newest that was on the page; what comes meanwhile stays unread.
    const [, button = ""] = /action="(\/app\/notices\/ntc_\w+\/read)"/.exec(shown.text)!;
    await insert(rep.id, contact, { subject: "Meanwhile" });
    const after = await rep.browser.submit(button);
    expect(wordsOf(after)).toMatch(/Notices 1 unread .*Read\./);
    const unread = wordsOf(await rep.browser.get("/app/notices?unread=true"));
    expect([unread.includes("Meanwhile"), unread.includes("Second")]).toEqual([true, false]);
  });

  test("go on where a page is full", async () => {
    const rep = await personAs("rep");
    const contact = await createContact(system, own.id);
    for (let n = 0; n < 60; n++) await insert(rep.id, contact, { subject: `No. ${n}.` });
    const first = await rep.browser.get("/app/notices?unread=true");
    const [, older = ""] = /<a href="([^"]+)">Older notices/.exec(first.text)!;
    const second = await rep.browser.get(older.replaceAll("&amp;", "&"));
    expect(wordsOf(second)).toContain("No. 0.");
    expect(wordsOf(second)).toContain("Mark these and older ones as read");
    expect(second.text).not.toContain("Older notices");
  });
});
