/** Signing in with Google: a stand-in answers its token endpoint as Google documents it, and checks what it is asked. */
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { createWorkspace, type TestWorkspace, testSystem, unique } from "../world.ts";
import { type Browser, openBrowser, origin, wordsOf } from "./browser.ts";
import { addPerson, signInByLink } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system, { google: { clientId: "our-client", clientSecret: "our-secret" } });
const app = createApp([system], { serviceToken: "test-service-token", auth });
let workspace: TestWorkspace;
let counter = 0;
const stranger = () => openBrowser(app, { ip: `203.0.113.${++counter}` });

const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
const sha256 = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

/** Whom Google knows by which code, and what it was promised for it (PKCE). */
const codes = new Map<string, { claims: Record<string, unknown>; challenge: string }>();

beforeAll(async () => {
  workspace = await createWorkspace(system);
});
beforeEach(() => {
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    expect(request.url).toBe("https://oauth2.googleapis.com/token");
    const asked = new URLSearchParams(await request.text());
    const known = codes.get(asked.get("code") ?? "");
    const proof = base64url(await sha256(asked.get("code_verifier") ?? ""));
    const basic = request.headers.get("authorization") === `Basic ${btoa("our-client:our-secret")}`;
    const isUs =
      basic || (asked.get("client_id") === "our-client" && asked.get("client_secret") === "our-secret");
    if (!known || !isUs || proof !== known.challenge)
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    codes.delete(asked.get("code")!);
    const part = (value: unknown) => base64url(new TextEncoder().encode(JSON.stringify(value)));
    const id_token = `${part({ alg: "RS256", kid: "1" })}.${part({ iss: "https://accounts.google.com", aud: "our-client", ...known.claims })}.c2ln`;
    return Response.json({
      access_token: "at",
      token_type: "Bearer",
      expires_in: 3599,
      scope: "openid email profile",
      id_token,
    });
  });
});
afterEach(() => vi.unstubAllGlobals());

type Claims = { sub: string; email: string; email_verified: boolean; name: string };
const claimsOf = (email: string, email_verified = true): Claims => ({
  sub: `sub-${email}`,
  email,
  email_verified,
  name: "Robin at Google",
});

/** Presses the button; what Google was asked. */
async function askGoogle(browser: Browser, next = ""): Promise<URL> {
  const sent = await browser.post("/sign-in/google", { next });
  expect(sent.status).toBe(303);
  return new URL(sent.location!);
}

/** The person says yes at Google. */
function callbackOf(asked: URL, claims: Claims): string {
  const code = unique("code");
  codes.set(code, { claims, challenge: asked.searchParams.get("code_challenge")! });
  return `/auth/callback/google?${new URLSearchParams({ code, state: asked.searchParams.get("state")! })}`;
}

async function viaGoogle(browser: Browser, claims: Claims, next = "") {
  return browser.get(callbackOf(await askGoogle(browser, next), claims));
}

describe("with Google set up", () => {
  test("the page offers it, and lets its form lead there and nowhere else", async () => {
    const { text, headers } = await stranger().get("/sign-in");
    expect(text.includes("Continue with Google")).toBe(true);
    expect(headers.get("content-security-policy")).toContain(
      "form-action 'self' https://accounts.google.com;",
    );
    const asked = await askGoogle(stranger());
    expect(asked.origin + asked.pathname).toBe("https://accounts.google.com/o/oauth2/v2/auth");
    expect(asked.searchParams.get("redirect_uri")).toBe(`${origin}/auth/callback/google`);
    expect(asked.searchParams.get("code_challenge_method")).toBe("S256");
  });

  test("a member gets in where they wanted to go, also before their first link by mail", async () => {
    const email = `${unique("robin")}@seller.example`;
    await addPerson(system, workspace, { email, role: "rep", name: "Robin Reis" });
    const browser = stranger();
    const back = await viaGoogle(browser, claimsOf(email), "/app/members");
    expect([back.status, back.location]).toEqual([302, "/app/members"]);
    expect(wordsOf(await browser.get("/app"))).toContain("You are a rep");
    // And again: by the account now, not by the address.
    expect((await viaGoogle(stranger(), claimsOf(email))).location).toBe("/app");
  });

  test("what Google hands over is not kept: it said who it is, and nothing else is ever asked of it", async () => {
    const email = `${unique("robin")}@seller.example`;
    const userId = await addPerson(system, workspace, { email, role: "rep" });
    for (let turn = 0; turn < 2; turn++) {
      expect((await viaGoogle(stranger(), claimsOf(email))).location).toBe("/app");
      const { results } = await system.db
        .prepare("SELECT * FROM auth_account WHERE user_id = ?1")
        .bind(userId)
        .all();
      expect(results).toEqual([
        expect.objectContaining({
          ...{ provider_id: "google", account_id: `sub-${email}` },
          ...{ access_token: null, refresh_token: null, id_token: null },
        }),
      ]);
    }
  });

  test("the session that was there before ends", async () => {
    const email = `${unique("robin")}@seller.example`;
    const before = `${unique("noor")}@seller.example`;
    for (const one of [email, before]) await addPerson(system, workspace, { email: one, role: "rep" });
    const cookie = await signInByLink(auth, system, before);
    const browser = openBrowser(app, { cookie, ip: "203.0.113.200" });
    await viaGoogle(browser, claimsOf(email));
    expect(wordsOf(await browser.get("/app"))).toContain(email);
    expect((await openBrowser(app, { cookie }).get("/app")).status).toBe(303);
  });

  test("whom nobody invited stays out, and is told", async () => {
    const browser = stranger();
    const back = await viaGoogle(browser, claimsOf("stranger@elsewhere.example"));
    expect(back.headers.getSetCookie().filter((cookie) => /session_token=[^;]/.test(cookie))).toEqual([]);
    const shown = await browser.get(new URL(back.location!, origin).href);
    expect(wordsOf(shown)).toContain("Nobody has invited this address.");
    const known = await system.db
      .prepare("SELECT count(*) AS n FROM auth_user WHERE email LIKE 'stranger@%'")
      .first();
    expect(known).toEqual({ n: 0 });
  });

  test("an address Google has not confirmed opens nothing, a member's and an invited one's alike", async () => {
    const email = `${unique("ada")}@seller.example`;
    await addPerson(system, workspace, { email, role: "admin" });
    const boss = openBrowser(app, { cookie: await signInByLink(auth, system, email) });
    await boss.get("/app");
    await boss.post("/app/invitations", { email: "invited@buyer.example", role: "admin" });
    for (const claimed of [email, "invited@buyer.example"]) {
      const browser = stranger();
      const back = await viaGoogle(browser, claimsOf(claimed, false));
      const shown = await browser.get(new URL(back.location!, origin).href);
      expect(wordsOf(shown)).toContain("Google has not confirmed this address");
      expect((await browser.get("/app")).status).toBe(303);
    }
  });

  test("an answer that was made up, comes twice or belongs to another browser opens nothing", async () => {
    const email = `${unique("robin")}@seller.example`;
    await addPerson(system, workspace, { email, role: "rep" });
    const attacker = stranger();
    const path = callbackOf(await askGoogle(attacker), claimsOf(email));
    // Login CSRF: the attacker's answer, opened by a victim.
    const victim = stranger();
    for (const wrong of [
      path,
      path.replace(/state=\w+/, "state=x"),
      "/auth/callback/google?error=access_denied",
      "/auth/callback/google",
    ]) {
      const back = await victim.get(wrong);
      expect(wordsOf(await victim.get(new URL(back.location!, origin).href))).toMatch(
        /That took too long|That did not work\./,
      );
      expect((await victim.get("/app")).status).toBe(303);
    }
    expect((await attacker.get(path)).location).toBe("/app");
    const again = await attacker.get(path);
    expect(again.headers.getSetCookie().filter((cookie) => /session_token=[^;]/.test(cookie))).toEqual([]);
  });

  test("it never leads to another site", async () => {
    const email = `${unique("robin")}@seller.example`;
    await addPerson(system, workspace, { email, role: "rep" });
    for (const next of ["//evil.example", "/\\evil.example", "https://evil.example"]) {
      expect((await viaGoogle(stranger(), claimsOf(email), next)).location).toBe("/app");
    }
  });

  test("and nothing to mail with, it is the one way in", async () => {
    const mute = createApp([{ ...system, sendSystemMail: null }], {
      serviceToken: "test-service-token",
      auth,
    });
    const { text } = await openBrowser(mute).get("/sign-in");
    expect([text.includes("Continue with Google"), text.includes('name="email"')]).toEqual([true, false]);
  });
});

describe("without Google set up", () => {
  test("nothing speaks of it, and its form leads back", async () => {
    const plain = openBrowser(createApp([system], { serviceToken: "test-service-token" }), {
      ip: "203.0.113.201",
    });
    expect(wordsOf(await plain.get("/sign-in"))).not.toContain("Google");
    expect((await plain.post("/sign-in/google")).location).toBe("/sign-in");
  });
});
