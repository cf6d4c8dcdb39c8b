/** Getting in by a mailed link, and everything somebody could try who should not get in. */
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { removeMembership } from "../../src/db/directory.ts";
import { createWorkspace, type TestWorkspace, testSystem, unique } from "../world.ts";
import { type Browser, openBrowser, origin, wordsOf } from "./browser.ts";
import { addPerson, organizationOf, signInByLink } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
let workspace: TestWorkspace;
let counter = 0;
/** Limits count by network address: every test has its own. */
const stranger = () => openBrowser(app, { ip: `198.51.100.${++counter}` });

beforeAll(async () => {
  workspace = await createWorkspace(system, { name: "Northwind" });
});
beforeEach(() => {
  system.mailed.length = 0;
  system.errors.length = 0;
});

async function somebody(): Promise<string> {
  const email = `${unique("robin")}@seller.example`;
  await addPerson(system, workspace, { email, role: "rep" });
  return email;
}

/** The path the mailed link leads to. */
function linkIn(email: string): string {
  const mail = system.mailed.findLast(({ to }) => to === email)!;
  const url = new URL(/https?:\S+/.exec(mail.text)![0]);
  expect(url.origin).toBe(origin);
  return url.pathname + url.search;
}

const tokenOf = (path: string) => new URL(path, origin).searchParams.get("token")!;

async function mailedLink(browser: Browser, email: string, next = ""): Promise<string> {
  const asked = await browser.post("/sign-in", { email, next });
  expect(asked.status).toBe(200);
  return linkIn(email);
}

async function signedInWith(browser: Browser, path: string) {
  const { searchParams } = new URL(path, origin);
  return browser.post("/sign-in/confirm", Object.fromEntries(searchParams));
}

const isIn = async (browser: Browser) => (await browser.get("/app")).status === 200;

describe("a link by mail", () => {
  test("leads to a page with one button; the button, and nothing before it, signs in", async () => {
    const browser = stranger();
    const email = await somebody();
    const path = await mailedLink(browser, email);
    // Scanners follow links, by GET and HEAD, as often as they like.
    for (let n = 0; n < 3; n++) {
      const shown = await stranger().get(path);
      expect([shown.status, shown.headers.getSetCookie()]).toEqual([200, []]);
    }
    const page = await browser.get(path);
    expect(page.text).toContain('<form method="post" action="/sign-in/confirm">');
    expect(await isIn(browser)).toBe(false);
    const entered = await signedInWith(browser, path);
    expect([entered.status, entered.location]).toEqual([303, "/app"]);
    expect(wordsOf(await browser.get("/app"))).toContain("You are a rep in Northwind");
  });

  test("sets a cookie no script can read and no other site's form can use", async () => {
    const browser = stranger();
    const entered = await signedInWith(browser, await mailedLink(browser, await somebody()));
    const [cookie = ""] = entered.headers.getSetCookie();
    // A browser takes a cookie of this name from this very host alone: a page on a neighbouring name cannot plant one.
    expect(cookie).toMatch(/^__Host-cadenza\.session_token=/);
    expect(cookie).not.toMatch(/; Domain=/i);
    const described = JSON.parse((await browser.get("/openapi.json")).text).components.securitySchemes;
    expect(cookie.startsWith(`${described.session.name}=`)).toBe(true);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) {
      expect(cookie).toMatch(new RegExp(`; ${attribute}(;|$)`, "i"));
    }
  });

  test("works once, also when it is used twice at the same moment", async () => {
    const path = await mailedLink(stranger(), await somebody());
    const browsers = [stranger(), stranger()];
    const entered = await Promise.all(browsers.map((browser) => signedInWith(browser, path)));
    expect(entered.map(({ status }) => status).sort()).toEqual([303, 410]);
    const late = await signedInWith(stranger(), path);
    expect(late.status).toBe(410);
    expect(wordsOf(late)).toContain("This link no longer works");
    // A new one is one field away, and still leads where the old one did.
    expect(late.text).toContain('<form method="post" action="/sign-in"');
  });

  test("that is too old, cut or made up opens nothing and says so", async () => {
    const email = await somebody();
    const path = await mailedLink(stranger(), email, "/app/members");
    const token = tokenOf(path);
    for (const wrong of [
      "",
      "x",
      token.slice(0, -1),
      `${token}x`,
      token.toLowerCase(),
      "'; DROP TABLE--",
      "\u0000",
    ]) {
      const browser = stranger();
      const entered = await browser.post("/sign-in/confirm", { token: wrong, next: "/app/members" });
      expect([wrong, entered.status]).toEqual([wrong, 410]);
      expect(entered.text).toContain('name="next" value="/app/members"');
      expect(await isIn(browser)).toBe(false);
    }
    await system.db
      .prepare("UPDATE auth_verification SET expires_at = ?1")
      .bind(Date.now() - 1000)
      .run();
    expect((await signedInWith(stranger(), path)).status).toBe(410);
  });

  test("for somebody whose invitation was withdrawn since then lets nobody in", async () => {
    const email = `${unique("noor")}@buyer.example`;
    const admin = `${unique("ada")}@seller.example`;
    await addPerson(system, workspace, { email: admin, role: "admin" });
    const cookie = await signInByLink(auth, system, admin);
    const boss = openBrowser(app, { cookie });
    expect((await boss.post("/app/invitations", { email, role: "rep" })).location).toBe(
      "/app/members?done=invited",
    );
    const browser = stranger();
    const path = await mailedLink(browser, email);
    const [, id] = /\/app\/invitations\/([^/]+)\/withdrawal/.exec((await boss.get("/app/members")).text)!;
    await boss.post(`/app/invitations/${id}/withdrawal`);
    const entered = await signedInWith(browser, path);
    expect([entered.status, entered.headers.getSetCookie()]).toEqual([403, []]);
    expect(wordsOf(entered)).toContain("Nobody expects you here");
  });
});

describe("whether somebody has an account", () => {
  test("is not told: the answer is the same, and no mail goes to who is not expected", async () => {
    const known = await somebody();
    const unknown = known.replace("robin", "nobody");
    const answers = [];
    for (const email of [known, unknown]) answers.push(await stranger().post("/sign-in", { email }));
    const [one, other] = answers.map(({ text, status, headers }) => ({
      status,
      text: text.replaceAll(known, "…").replaceAll(unknown, "…"),
      headers: [...headers].filter(([name]) => name !== "x-request-id"),
    }));
    expect(other).toEqual(one);
    expect(system.mailed.map(({ to }) => to)).toEqual([known]);
  });

  test("is not told by a mail server that fails either; the log has it", async () => {
    const broken = { ...system, sendSystemMail: async () => Promise.reject(new Error("550 no")) };
    const email = await somebody();
    const answered = await openBrowser(createApp([broken], { serviceToken: "test-service-token" })).post(
      "/sign-in",
      { email },
    );
    expect([answered.status, wordsOf(answered)]).toEqual([
      200,
      expect.stringContaining("Look into your inbox"),
    ]);
    expect(system.errors.map(({ error }) => String(error))).toEqual(["Error: 550 no"]);
  });

  test("is not told by the time it takes: the answer waits for neither the look-up nor the mail", async () => {
    const email = await somebody();
    const left: Promise<unknown>[] = [];
    const ctx = { waitUntil: (work: Promise<unknown>) => left.push(work), passThroughOnException() {} };
    const asked: (() => void)[] = [];
    const sendSystemMail = () => new Promise<void>((taken) => asked.push(taken));
    const slow = { ...system, sendSystemMail };
    const post = new Request(`${origin}/sign-in`, {
      method: "POST",
      headers: { origin, "sec-fetch-site": "same-origin" },
      body: new URLSearchParams({ email }),
    });
    const answered = await createApp([slow], { serviceToken: "test-service-token" }).fetch(
      post,
      undefined,
      ctx as unknown as ExecutionContext,
    );
    expect([answered.status, left.length]).toEqual([200, 1]);
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    asked[0]!();
    await Promise.all(left);
  });

  test("is not answered without end", async () => {
    const email = await somebody();
    const browser = stranger();
    for (let n = 0; n < 5; n++) expect((await browser.post("/sign-in", { email })).status).toBe(200);
    const refused = await browser.post("/sign-in", { email });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([
      429,
      expect.stringMatching(/^\d+$/),
    ]);
    expect(wordsOf(refused)).toContain("That was too often.");
  });
});

describe("an address", () => {
  test.each([
    "",
    "robin",
    "robin@",
    "a@b@c.example",
    "robin@seller.example\r\nbcc: x@y.example",
    '"><script>alert(1)</script>@x.example',
  ])("%j is refused beside its field, and kept as it was typed", async (email) => {
    const refused = await stranger().post("/sign-in", { email, next: "/app/members" });
    expect(refused.status).toBe(422);
    expect(refused.text).toMatch(/<input id="f-email"[^>]* aria-invalid="true"/s);
    expect(refused.text).toContain('<p class="error" id="f-email-error">');
    expect(refused.text).toContain('name="next" value="/app/members"');
    expect(refused.text).not.toContain("<script>");
    expect(system.mailed).toEqual([]);
  });

  test("is the same however it is written", async () => {
    const email = await somebody();
    await stranger().post("/sign-in", { email: `  ${email.toUpperCase()} ` });
    expect(system.mailed.map(({ to }) => to)).toEqual([email]);
  });
});

describe("where it leads afterwards", () => {
  test("is the page one came for", async () => {
    const browser = stranger();
    const turned = await browser.get("/app/members?after=x");
    expect([turned.status, turned.location]).toEqual([303, "/sign-in?next=%2Fapp%2Fmembers%3Fafter%3Dx"]);
    const asked = await browser.get(turned.location!);
    expect(asked.text).toContain('name="next" value="/app/members?after=x"');
    const path = await mailedLink(browser, await somebody(), "/app/members?after=x");
    expect((await signedInWith(browser, path)).location).toBe("/app/members?after=x");
  });

  test.each([
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "/\t/evil.example",
    "/.//evil.example",
    "%2F%2Fevil.example",
    "javascript:alert(1)",
    "/\r\nset-cookie: a=b",
  ])("is never %j", async (next) => {
    const query = new URLSearchParams({ next });
    expect((await stranger().get(`/sign-in?${query}`)).text).toContain('name="next" value=""');
    const path = await mailedLink(stranger(), await somebody(), next);
    expect(path).not.toContain("next");
    const confirm = await stranger().get(`${path}&${query}`);
    expect(confirm.text).toContain('name="next" value=""');
    const browser = stranger();
    const entered = await browser.post("/sign-in/confirm", { token: tokenOf(path), next });
    expect(entered.location).toBe("/app");
    expect((await browser.get(`/sign-in?${query}`)).location).toBe("/app");
  });

  test("is the choice of a workspace for whoever has several", async () => {
    const email = await somebody();
    const other = await createWorkspace(system, { name: "Contoso" });
    await addPerson(system, other, { email, role: "viewer" });
    const browser = stranger();
    expect((await signedInWith(browser, await mailedLink(browser, email))).location).toBe("/workspaces");
    const choice = await browser.get("/workspaces");
    expect(choice.text.match(/name="workspaceId" value="wsp_\w+"/g)).toHaveLength(2);
    const into = await browser.submit("/workspaces", { workspaceId: organizationOf(other) });
    expect(wordsOf(into)).toContain("You are a viewer in");
    // Not into one they do not belong to.
    const foreign = await createWorkspace(system);
    const refused = await browser.post("/workspaces", { workspaceId: organizationOf(foreign) });
    expect(refused.status).toBe(404);
    expect(wordsOf(await browser.get("/app"))).toContain("You are a viewer in");
  });
});

describe("another program that asks wrongly", () => {
  test("leaves the person with a page that says so, whoever they are", async () => {
    const browser = stranger();
    const turned = await browser.get("/auth/oauth2/authorize?client_id=nobody&response_type=code");
    const shown = await browser.get(new URL(turned.location!, origin).href);
    expect(shown.status).toBe(400);
    expect(wordsOf(shown)).toContain("the reason is invalid_client");
    const made = await browser.get(`/sign-in/failed?${new URLSearchParams({ error: "Call 555 now" })}`);
    expect(wordsOf(made)).not.toContain("555");
  });
});

describe("another program that wants somebody to sign in anew", () => {
  test("gets that once, and then goes on with the rest of what it asked", async () => {
    const browser = stranger();
    await signedInWith(browser, await mailedLink(browser, await somebody()));
    const asked = new URLSearchParams({ client_id: "x", state: "s", sig: "y", exp: "1", ba_iat: "2" });
    const plain = await browser.get(`/oauth/sign-in?${asked}`);
    const authorize = "/auth/oauth2/authorize?client_id=x&state=s";
    expect((await browser.get(plain.location!)).location).toBe(authorize);
    for (const [name, value, kept] of [
      ["prompt", "login", ""],
      ["prompt", "login consent", "&prompt=consent"],
      ["max_age", "0", ""],
    ] as const) {
      const turned = await browser.get(`/oauth/sign-in?${asked}&${new URLSearchParams({ [name]: value })}`);
      const shown = await browser.get(turned.location!);
      expect(shown.status).toBe(200);
      expect(shown.text).toContain(`name="next" value="${authorize}${kept}"`.replaceAll("&", "&amp;"));
    }
  });
});

describe("a session", () => {
  test("is a new one at every sign-in, and the one before has ended", async () => {
    const browser = stranger();
    await signedInWith(browser, await mailedLink(browser, await somebody()));
    const planted = new Map(browser.cookies);
    // Somebody else signs in where the first session's cookie lies (session fixation).
    const victim = await somebody();
    await signedInWith(browser, await mailedLink(stranger(), victim));
    const [[name, before] = []] = planted;
    expect(browser.cookies.get(name!)).not.toBe(before);
    expect(wordsOf(await browser.get("/app"))).toContain(victim);
    const attacker = openBrowser(app, { cookie: `${name}=${before}` });
    expect(await isIn(attacker)).toBe(false);
  });

  describe("in use", () => {
    const dayMs = 86_400_000;
    const expiresAt = async (browser: Browser) => {
      const [token = ""] = decodeURIComponent([...browser.cookies.values()][0]!).split(".");
      const session = await system.db
        .prepare("SELECT expires_at AS at FROM auth_session WHERE token = ?1")
        .bind(token)
        .first<{ at: number }>();
      return { token, at: session!.at };
    };
    /** As two days after the sign-in, or the last renewal. */
    const age = async (browser: Browser) => {
      const { token, at } = await expiresAt(browser);
      await system.db
        .prepare("UPDATE auth_session SET expires_at = ?2 WHERE token = ?1")
        .bind(token, at - 2 * dayMs)
        .run();
    };
    const signedIn = async () => {
      const browser = stranger();
      await signedInWith(browser, await mailedLink(browser, await somebody()));
      return browser;
    };

    test("goes on: its cookie is renewed with it, once a day, whatever is asked for and answered", async () => {
      const browser = await signedIn();
      const [[name, value] = []] = browser.cookies;
      for (const [path, status] of [
        ["/app", 200],
        ["/", 303],
        ["/app/nowhere", 404],
        ["/v1/me", 200],
        ["/v1/audit", 403],
        ["/v1/contacts/ctc_nobody", 404],
      ] as const) {
        await age(browser);
        const { status: answered, headers } = await browser.get(path);
        const again = await browser.get(path);
        const renewed = path === "/app/nowhere" ? 0 : 1;
        expect([path, answered, headers.getSetCookie().length]).toEqual([path, status, renewed]);
        expect([path, again.headers.getSetCookie()]).toEqual([path, []]);
        if (!renewed) continue;
        const [cookie = ""] = headers.getSetCookie();
        expect(cookie.startsWith(`${name}=${value};`)).toBe(true);
        for (const attribute of ["Max-Age=2592000", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) {
          expect(cookie).toMatch(new RegExp(`; ${attribute}(;|$)`, "i"));
        }
        expect((await expiresAt(browser)).at).toBeGreaterThan(Date.now() + 29.9 * dayMs);
      }
    });

    test("is not renewed by the request that ends it, nor for a key that comes with its cookie", async () => {
      const browser = await signedIn();
      await age(browser);
      const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
      const headers = { cookie, authorization: "Bearer cdz_key_x" };
      const keyed = await app.fetch(new Request(`${origin}/v1/me`, { headers }));
      expect([keyed.status, keyed.headers.getSetCookie()]).toEqual([401, []]);
      const out = await browser.post("/sign-out");
      expect(out.headers.getSetCookie().filter((line) => !/=; Max-Age=0/i.test(line))).toEqual([]);
      expect(browser.cookies.size).toBe(0);
      // What came too late to be signed in takes no cookie away: by now it may be another sign-in's.
      const late = await app.fetch(new Request(`${origin}/v1/me`, { headers: { cookie } }));
      expect([late.status, late.headers.getSetCookie()]).toEqual([401, []]);
    });
  });

  test("needs no key that another secret has sealed: after a change of secret people sign in again", async () => {
    const other = { ...system, secret: "another-secret-another-secret-another!" };
    const renewed = buildAuth(other);
    const email = await somebody();
    await auth.api.getJwks();
    const browser = openBrowser(createApp([other], { serviceToken: "test-service-token", auth: renewed }), {
      cookie: await signInByLink(renewed, system, email),
    });
    expect(await isIn(browser)).toBe(true);
    // The sessions of before are nobody's.
    const old = openBrowser(createApp([other], { serviceToken: "test-service-token", auth: renewed }), {
      cookie: await signInByLink(auth, system, email),
    });
    expect(await isIn(old)).toBe(false);
  });

  test("ends at sign-out, for whoever kept its cookie, too", async () => {
    const browser = stranger();
    await signedInWith(browser, await mailedLink(browser, await somebody()));
    const kept = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
    const out = await browser.post("/sign-out");
    expect([out.status, out.location]).toEqual([303, "/sign-in"]);
    expect(browser.cookies.size).toBe(0);
    expect(await isIn(openBrowser(app, { cookie: kept }))).toBe(false);
    // Twice is no mistake.
    expect((await browser.post("/sign-out")).status).toBe(303);
  });

  test("of somebody who was removed leads to their workspaces, of which there is none", async () => {
    const email = await somebody();
    const browser = stranger();
    await signedInWith(browser, await mailedLink(browser, email));
    const user = await system.db
      .prepare("SELECT id FROM auth_user WHERE email = ?1")
      .bind(email)
      .first<{ id: string }>();
    await removeMembership(system.db, organizationOf(workspace), user!.id);
    const turned = await browser.get("/app");
    expect([turned.status, turned.location]).toEqual([303, "/workspaces"]);
    expect(wordsOf(await browser.get("/workspaces"))).toContain("You belong to no workspace");
  });
});

describe("a form of somebody else's page", () => {
  const foreign = [
    { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    { origin: "null", "sec-fetch-site": "cross-site" },
    { origin: "https://evil.cadenza.test", "sec-fetch-site": "same-site" },
    { origin: "https://evil.example", "sec-fetch-site": "same-origin" },
  ];

  test("neither signs anybody in (login CSRF) nor out, nor mails a link", async () => {
    const email = await somebody();
    const path = await mailedLink(stranger(), email);
    system.mailed.length = 0;
    const victim = stranger();
    await signedInWith(victim, await mailedLink(victim, await somebody()));
    for (const headers of foreign) {
      const attempts: [string, Record<string, string>][] = [
        ["/sign-in", { email }],
        ["/sign-in/confirm", { token: tokenOf(path) }],
        ["/sign-in/google", {}],
        ["/sign-out", {}],
        ["/workspaces", { workspaceId: organizationOf(workspace) }],
      ];
      for (const [target, form] of attempts) {
        const refused = await victim.post(target, form, headers);
        expect([target, refused.status, refused.headers.getSetCookie()]).toEqual([target, 403, []]);
        expect(wordsOf(refused)).toMatch(/Another page asked in your name|Open Cadenza at its own address/);
      }
    }
    expect(system.mailed.filter(({ to }) => to === email)).toEqual([]);
    expect(await isIn(victim)).toBe(true);
    // The link was not used up.
    expect((await signedInWith(stranger(), path)).status).toBe(303);
  });

  test("of ours under another name of the machine is refused, too, and told the right one", async () => {
    const headers = { origin: "http://localhost:8787", "sec-fetch-site": "same-origin" };
    const refused = await stranger().post("/sign-in", { email: await somebody() }, headers);
    expect([refused.status, system.mailed]).toEqual([403, []]);
    expect(wordsOf(refused)).toContain("https://cadenza.test/sign-in");
  });

  test("is refused without an origin, too, and in any other dress than a form's", async () => {
    const email = await somebody();
    const bare = await app.fetch(
      new Request(`${origin}/sign-in`, { method: "POST", body: new URLSearchParams({ email }) }),
    );
    expect(bare.status).toBe(403);
    const dressed = await stranger().post("/sign-in", { email }, { "content-type": "text/plain" });
    expect(dressed.status).toBe(415);
    const large = await stranger().post("/sign-in", { email, more: "x".repeat(70_000) });
    expect(large.status).toBe(413);
    expect(system.mailed).toEqual([]);
  });
});

describe("without a way to send mail", () => {
  test("the page says so and what to set, and a form for it does nothing", async () => {
    const mute = createApp([{ ...system, sendSystemMail: null }], { serviceToken: "test-service-token" });
    const browser = openBrowser(mute, { ip: "192.0.2.77" });
    const shown = await browser.get("/sign-in");
    expect(wordsOf(shown)).toContain("this Cadenza can neither send mail nor ask Google");
    expect(shown.text).toContain("SYSTEM_MAIL_URL");
    expect(shown.text).not.toContain("<form");
    expect((await browser.post("/sign-in", { email: await somebody() })).location).toBe("/sign-in");
  });
});

describe("what the sign-in library answers by itself", () => {
  test("is shut but for what is on the list", async () => {
    for (const [method, path] of [
      ["POST", "/auth/sign-in/magic-link"],
      ["GET", "/auth/magic-link/verify?token=x"],
      ["POST", "/auth/sign-in/social"],
      ["POST", "/auth/sign-up/email"],
      ["POST", "/auth/organization/create"],
      ["POST", "/auth/organization/invite-member"],
      ["POST", "/auth/organization/update-member-role"],
      ["POST", "/auth/update-user"],
      ["POST", "/auth/change-email"],
      ["GET", "/auth/list-sessions"],
      ["GET", "/auth/get-session"],
      ["GET", "/auth/ok"],
      ["GET", "/auth/error"],
      ["GET", "/auth"],
      ["GET", "/auth/callback/github"],
      ["GET", "/auth/callback/google/../../get-session"],
    ] as const) {
      const browser = stranger();
      const answered = method === "GET" ? await browser.get(path) : await browser.post(path);
      expect([path, answered.status]).toEqual([path, 404]);
      expect([path, JSON.parse(answered.text).code]).toEqual([path, "route_not_found"]);
    }
  });
});
