/** Every role over every page and form, what every page is, and what members do to each other on theirs. */
import { roleMay } from "@cadenza/shared/access";
import { type Role, roles } from "@cadenza/shared/vocabulary";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { type PageAccess, type PageName, pageRoutes } from "../../src/http/page-routes.ts";
import { encodeId } from "../../src/http/public-id.ts";
import { createWorkspace, type TestWorkspace, testSystem, unique } from "../world.ts";
import { type Browser, openBrowser, type Shown, wordsOf } from "./browser.ts";
import { addPerson, organizationOf, signInByLink } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], {
  serviceToken: "test-service-token",
  setupToken: "a-set-up-token-nobody-guesses",
  auth,
});
const names = Object.keys(pageRoutes) as PageName[];
const accessOf = (name: PageName): PageAccess => pageRoutes[name][2];
let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await createWorkspace(system, { name: "Northwind" });
});
beforeEach(() => {
  system.mailed.length = 0;
});

async function personAs(role: Role, in_: TestWorkspace = workspace) {
  const email = `${unique(role)}@seller.example`;
  await addPerson(system, in_, { email, role, name: `Robin ${role}` });
  const browser = openBrowser(app, { cookie: await signInByLink(auth, system, email) });
  // The first look makes their record in the workspace.
  await browser.get("/app");
  return { email, browser };
}

async function ask(browser: Browser, name: PageName, form: Record<string, string> = {}): Promise<Shown> {
  const [method, path] = pageRoutes[name];
  const target = path.replace(/:\w+/g, "x");
  return method === "GET" ? browser.get(target) : browser.post(target, form);
}

describe.each(roles)("a %s", (role) => {
  let person: Awaited<ReturnType<typeof personAs>>;
  beforeAll(async () => {
    person = await personAs(role);
  });

  // Leaving comes last: it ends the session the others need.
  test.each(names.filter((name) => name !== "signIn.leave"))("and %s", async (name) => {
    const access = accessOf(name);
    const shown = await ask(person.browser, name);
    const mayNot = access !== "public" && access !== "person" && !roleMay(role, access);
    if (mayNot) {
      expect(shown.status).toBe(403);
      expect(wordsOf(shown)).toContain("Your role may not do this");
    } else {
      expect(wordsOf(shown)).not.toContain("Your role may not do this");
      if (access !== "public") expect(shown.location ?? "").not.toMatch(/^\/sign-in/);
      expect(shown.status).not.toBe(500);
    }
  });
});

describe("nobody in particular", () => {
  test.each(names)("asks for %s: what is not for everybody leads to the sign-in page", async (name) => {
    const access = accessOf(name);
    const shown = await ask(openBrowser(app, { ip: `203.0.113.${names.indexOf(name)}` }), name);
    expect(shown.status).not.toBe(500);
    if (access === "public") return;
    expect(shown.status).toBe(303);
    const [method, path] = pageRoutes[name];
    const back = `?${new URLSearchParams({ next: path.replace(/:\w+/g, "x") })}`;
    expect(shown.location).toBe(`/sign-in${method === "GET" ? back : ""}`);
  });

  test("and an API key are the same to a page", async () => {
    const headers = { authorization: `Bearer ${workspace.token}` };
    expect((await openBrowser(app).get("/app", headers)).status).toBe(303);
  });
});

describe("every page", () => {
  test("is whole, has no script but home the widget's, and lets in its own style and nothing else", async () => {
    const { browser } = await personAs("admin");
    const shown = [
      ...[
        ...["/app", "/app/members", "/app/settings", "/workspaces", "/setup", "/invitations/x"],
        ...["/app/notices", "/app/api-keys", "/app/host-apps", "/app/host-apps/x", "/app/audit-log"],
      ].map((path) => browser.get(path)),
      browser.post("/app/api-keys", { name: "Seen", scopes: "read" }),
      ...["/sign-in", "/sign-in/confirm?token=x", "/nowhere"].map((path) => openBrowser(app).get(path)),
      openBrowser(app, { ip: "203.0.113.250" }).post("/sign-in/confirm", { token: "x" }),
    ];
    const widget = `<script type="module" src="/widget.js"></script>`;
    for (const [at, { text, headers }] of (await Promise.all(shown)).entries()) {
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
      const isHome = at === 0;
      expect([text.includes(widget), text.includes("<cadenza-sequences at-home>")]).toEqual([isHome, isHome]);
      const scripts = isHome ? " script-src 'self'; connect-src 'self';" : "";
      const said = headers.get("content-security-policy")!;
      expect(said).toContain(`default-src 'none';${scripts} style-src`);
      const policy = said.replace(scripts, "");
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      const [, style = ""] = /<style>(.*?)<\/style>/s.exec(text)!;
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
      expect(policy).toContain(btoa(String.fromCharCode(...new Uint8Array(digest))));
      expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(text.trim()).toMatch(/<\/html>$/);
      expect(text.match(/<h1>/g)).toHaveLength(1);
      expect(text.replace(widget, "")).not.toMatch(/<script|\son\w+=|javascript:|style=/i);
      expect(text).not.toMatch(/undefined|\[object|NaN/);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      // A form's POST must say its origin: under no-referrer browsers send `null`.
      expect(headers.get("referrer-policy")).toBe("same-origin");
    }
  });

  test("that is not there is a page for people and a problem for programs", async () => {
    const browser = openBrowser(app);
    expect(wordsOf(await browser.get("/nowhere"))).toContain("There is nothing at this address");
    for (const [path, accept] of [
      ["/nowhere", "application/json"],
      ["/v1/nowhere", "text/html"],
      ["/auth/nowhere", "text/html"],
    ] as const) {
      const answer = await browser.get(path, { accept });
      expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    }
  });

  test("answers a wrong method with the right ones", async () => {
    const answer = await openBrowser(app).post("/app/members");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  });
});

const idOf = async (browser: Browser, email: string): Promise<string> => {
  const { text } = await browser.get("/app/members");
  const line = text.split('<li class="person">').find((part) => part.includes(email))!;
  return /\/app\/members\/(mbr_\w+)\/role/.exec(line)![1]!;
};

describe("the members' page", () => {
  test("shows an admin what to do, and the others only who is there", async () => {
    const own = await createWorkspace(system);
    const admin = await personAs("admin", own);
    const viewer = await personAs("viewer", own);
    expect((await admin.browser.get("/app/members")).text).toContain('action="/app/invitations"');
    const { text } = await viewer.browser.get("/app/members");
    expect(text).toContain(admin.email);
    expect(text).not.toContain('action="/app/');
    // Whom an admin has asked is the admins' business.
    await admin.browser.post("/app/invitations", { email: "secret@buyer.example", role: "rep" });
    expect((await viewer.browser.get("/app/members")).text).not.toContain("secret@buyer.example");
    expect((await admin.browser.get("/app/members")).text).toContain("secret@buyer.example");
  });

  test("changes a role at once, and says so", async () => {
    const admin = await personAs("admin");
    const rep = await personAs("rep");
    const id = await idOf(admin.browser, rep.email);
    const changed = await admin.browser.submit(`/app/members/${id}/role`, { role: "manager" });
    expect(wordsOf(changed)).toContain("Changed.");
    expect(wordsOf(await rep.browser.get("/app"))).toContain("You are a manager");
    const refused = await admin.browser.post(`/app/members/${id}/role`, { role: "owner" });
    expect([refused.status, wordsOf(refused)]).toEqual([422, expect.stringContaining("Not done.")]);
    expect(wordsOf(await rep.browser.get("/app"))).toContain("You are a manager");
  });

  test("removes somebody, who is out at once, and hands over what they own", async () => {
    const admin = await personAs("admin");
    const rep = await personAs("rep");
    const id = await idOf(admin.browser, rep.email);
    const heir = await idOf(admin.browser, admin.email);
    const removed = await admin.browser.submit(`/app/members/${id}/removal`, { reassignTo: heir });
    expect(wordsOf(removed)).toContain("Removed.");
    expect(removed.text).not.toContain(rep.email);
    expect((await rep.browser.get("/app")).location).toBe("/workspaces");
    // Not to themselves, and not to somebody elsewhere.
    const other = await personAs("rep");
    const otherId = await idOf(admin.browser, other.email);
    for (const reassignTo of [otherId, "mbr_nobody", encodeId("mbr", 0, 999_999 as never)]) {
      const refused = await admin.browser.post(`/app/members/${otherId}/removal`, { reassignTo });
      expect([reassignTo, refused.status]).toEqual([reassignTo, 404]);
    }
    expect((await other.browser.get("/app")).status).toBe(200);
  });

  test("keeps the last admin, and says why", async () => {
    const own = await createWorkspace(system);
    await system.db.prepare("DELETE FROM members WHERE workspace_id = ?1").bind(own.id).run();
    const admin = await personAs("admin", own);
    const id = await idOf(admin.browser, admin.email);
    for (const [path, form] of [
      [`/app/members/${id}/role`, { role: "rep" }],
      [`/app/members/${id}/removal`, {}],
    ] as const) {
      const refused = await admin.browser.post(path, form);
      expect([refused.status, wordsOf(refused)]).toEqual([409, expect.stringContaining("last admin")]);
    }
    expect(wordsOf(await admin.browser.get("/app"))).toContain("You are an admin");
  });

  test("touches nobody of another workspace", async () => {
    const admin = await personAs("admin");
    const elsewhere = await createWorkspace(system);
    const foreign = await personAs("admin", elsewhere);
    const rep = await personAs("rep", elsewhere);
    const id = await idOf(foreign.browser, rep.email);
    expect((await admin.browser.post(`/app/members/${id}/role`, { role: "viewer" })).status).toBe(404);
    expect((await admin.browser.post(`/app/members/${id}/removal`)).status).toBe(404);
    await foreign.browser.post("/app/invitations", { email: "noor@buyer.example", role: "rep" });
    const [, invitation] = /\/app\/invitations\/([^/]+)\/withdrawal/.exec(
      (await foreign.browser.get("/app/members")).text,
    )!;
    await admin.browser.post(`/app/invitations/${invitation}/withdrawal`);
    expect((await foreign.browser.get("/app/members")).text).toContain("noor@buyer.example");
    expect(wordsOf(await rep.browser.get("/app"))).toContain("You are a rep");
  });

  test("shows no sentence somebody put into its address", async () => {
    const { browser } = await personAs("admin");
    for (const done of ["<b>owned</b>", "constructor", "__proto__", "toString"]) {
      const shown = await browser.get(`/app/members?${new URLSearchParams({ done, after: done })}`);
      expect(shown.status).toBe(200);
      expect(shown.text).not.toContain("owned");
      expect(shown.text).not.toContain('class="note');
    }
  });

  test("goes on where a page is full", async () => {
    const own = await createWorkspace(system);
    const rows = Array.from({ length: 120 }, (_, n) => n);
    await system.db.batch(
      rows.map((n) =>
        system.db
          .prepare(
            "INSERT INTO members (workspace_id, email, name, role, created_at) VALUES (?1, ?2, ?3, 'rep', 0)",
          )
          .bind(own.id, `rep${n}@many.example`, `Rep ${n}`),
      ),
    );
    const { browser } = await personAs("viewer", own);
    const first = await browser.get("/app/members");
    const [, more = ""] = /<a href="(\/app\/members\?after=[^"]+)">More members/.exec(first.text)!;
    const second = await browser.get(more);
    expect(first.text.match(/class="person"/g)).toHaveLength(100);
    expect(second.text).toContain("rep0@many.example");
    expect(second.text).not.toContain("More members");
  });
});

describe("what was done on a page", () => {
  test("is in the audit log under the API's name for it, what was refused for who asked, too", async () => {
    const own = await createWorkspace(system);
    const admin = await personAs("admin", own);
    const rep = await personAs("rep", own);
    const id = await idOf(admin.browser, rep.email);
    await admin.browser.post(`/app/members/${id}/role`, { role: "viewer" });
    await admin.browser.post(`/app/members/${id}/role`, { role: "owner" });
    await rep.browser.post(`/app/members/${id}/role`, { role: "admin" });
    await rep.browser.post("/sign-out");
    const { results } = await system.db
      .prepare("SELECT action, outcome, record, via FROM audit_entries WHERE workspace_id = ?1 ORDER BY id")
      .bind(own.id)
      .all();
    expect(results).toEqual([
      { action: "members.update", outcome: "done", record: id, via: "session" },
      { action: "members.update", outcome: "role_missing", record: id, via: "session" },
      { action: "signIn.leave", outcome: "done", record: null, via: "session" },
    ]);
  });
});

describe("an invitation", () => {
  async function invited(email = `${unique("noor")}@buyer.example`) {
    const admin = await personAs("admin");
    const asked = await admin.browser.submit("/app/invitations", { email, role: "manager" });
    expect(wordsOf(asked)).toContain("Invited.");
    const mail = system.mailed.findLast(({ to }) => to === email)!;
    const { pathname } = new URL(/https?:\S+/.exec(mail.text)![0]);
    return { admin, email, path: pathname };
  }
  const signedIn = async (email: string) =>
    openBrowser(app, { cookie: await signInByLink(auth, system, email) });

  test("is shown to whoever has its link, and accepted by whom it is for, once", async () => {
    const { email, path } = await invited();
    const shown = await openBrowser(app).get(path);
    expect(wordsOf(shown)).toContain("Robin admin invites you to Northwind");
    expect(shown.text).not.toContain(email);
    expect(shown.text).toContain(`/sign-in?next=${encodeURIComponent(path)}`);

    const browser = await signedIn(email);
    expect((await browser.get("/app")).location).toBe("/workspaces");
    expect((await browser.get("/workspaces")).text).toContain(`href="${path}"`);
    const nameless = await browser.post(`${path}/acceptance`, { name: " " });
    expect(nameless.status).toBe(422);
    expect(nameless.text).toContain('id="f-name-error"');
    const joined = await browser.submit(`${path}/acceptance`, { name: "Noor Haddad" });
    expect(wordsOf(joined)).toContain("You are a manager in");
    expect(wordsOf(joined)).toContain("Noor Haddad");
    expect((await browser.post(`${path}/acceptance`)).status).toBe(410);
    expect((await browser.get(path)).status).toBe(410);
  });

  test("is nobody else's, whoever has the link", async () => {
    const { path } = await invited();
    const other = await personAs("viewer");
    expect(wordsOf(await other.browser.get(path))).toContain("It was sent to another address");
    expect((await other.browser.post(`${path}/acceptance`, { name: "Eve" })).status).toBe(403);
    await other.browser.post(`${path}/refusal`);
    expect((await openBrowser(app).get(path)).status).toBe(200);
    expect(wordsOf(await other.browser.get("/app"))).toContain("You are a viewer");
  });

  test("that is declined or withdrawn opens nothing any more", async () => {
    const declined = await invited();
    const browser = await signedIn(declined.email);
    expect(wordsOf(await browser.post(`${declined.path}/refusal`))).toContain("You declined");
    expect((await browser.post(`${declined.path}/acceptance`, { name: "Noor" })).status).toBe(410);

    const withdrawn = await invited();
    const guest = await signedIn(withdrawn.email);
    const id = withdrawn.path.split("/").at(-1);
    expect(wordsOf(await withdrawn.admin.browser.submit(`/app/invitations/${id}/withdrawal`))).toContain(
      "Withdrawn.",
    );
    expect((await guest.post(`${withdrawn.path}/acceptance`, { name: "Noor" })).status).toBe(410);
    expect((await guest.get("/app")).location).toBe("/workspaces");
  });

  test("that is over says so", async () => {
    const { email, path } = await invited();
    const browser = await signedIn(email);
    await system.db
      .prepare("UPDATE auth_invitation SET expires_at = ?1 WHERE email = ?2")
      .bind(system.wallNow() - 1000, email)
      .run();
    expect(wordsOf(await browser.get(path))).toContain("This invitation is over");
    expect((await browser.post(`${path}/acceptance`, { name: "Noor" })).status).toBe(410);
  });

  test("that is refused keeps what was typed, beside its field", async () => {
    const admin = await personAs("admin");
    const wrong = await admin.browser.post("/app/invitations", { email: "noor@", role: "viewer" });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('id="f-email-error"');
    expect(wrong.text).toContain('value="noor@"');
    expect(wrong.text).toMatch(/<select id="f-role".*<option value="viewer" selected>/s);
    const taken = await admin.browser.post("/app/invitations", { email: admin.email, role: "rep" });
    expect([taken.status, wordsOf(taken)]).toEqual([
      409,
      expect.stringContaining("Somebody has this address already"),
    ]);
  });
});

describe("settings", () => {
  test("change the name one is shown by", async () => {
    const { browser } = await personAs("viewer");
    const saved = await browser.submit("/app/settings", { name: "Dana <Silva>" });
    expect(wordsOf(saved)).toContain("Saved.");
    expect(saved.text).toContain('value="Dana &lt;Silva&gt;"');
    expect(wordsOf(await browser.get("/app/members"))).toContain("Dana <Silva> you");
    const refused = await browser.post("/app/settings", { name: "" });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('id="f-name-error"')]);
  });

  test("choose what one is told by mail, as the API has it", async () => {
    const { browser } = await personAs("rep");
    const api = async () => JSON.parse((await browser.get("/v1/me/notice-choice")).text);
    const before = await api();
    const saved = await browser.submit("/app/settings/notices", { reply: "never", bounce: "now" });
    expect(wordsOf(saved)).toContain("You are told like this from now on.");
    expect(await api()).toEqual({ ...before, reply: "never", bounce: "now" });
    expect(saved.text).toMatch(/<select id="f-reply".*?<option value="never" selected>/s);
    expect((await browser.post("/app/settings/notices", { reply: "hourly" })).status).toBe(422);
    expect(await api()).toEqual({ ...before, reply: "never", bounce: "now" });
  });

  test("lead to a workspace one belongs to, and to no other", async () => {
    const { browser } = await personAs("viewer");
    const foreign = await createWorkspace(system);
    expect((await browser.post("/workspaces", { workspaceId: organizationOf(foreign) })).status).toBe(404);
    expect((await browser.post("/workspaces", { workspaceId: "x" })).status).toBe(404);
  });
});
