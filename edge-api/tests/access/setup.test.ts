/** The first run: with the token and an empty database one workspace is made, and never a second one. */
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { isTimeZone } from "../../src/domain/schedule.ts";
import { testSystem } from "../world.ts";
import { type Browser, openBrowser, origin, type Shown, wordsOf } from "./browser.ts";

const setupToken = "a-set-up-token-nobody-guesses";
/** Its own: to be empty again and again would be the ruin of every other test's rows. */
const db = env.EMPTY_DB;
await applyD1Migrations(db, env.TEST_MIGRATIONS);
const system = testSystem({ at: Date.now(), db });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", setupToken, auth });
let counter = 0;
const stranger = () => openBrowser(app, { ip: `198.51.100.${++counter}` });

const form = {
  token: setupToken,
  name: "Northwind",
  timeZone: "Europe/Lisbon",
  "admin/name": "Ada Alves",
  "admin/email": "ada@northwind.example",
};

/** As if nobody had ever been here. */
beforeEach(async () => {
  const tables = ["workspaces", "members", "auth_organization", "auth_user", "auth_member", "auth_session"];
  await db.batch(tables.map((table) => db.prepare(`DELETE FROM ${table}`)));
  system.mailed.length = 0;
  system.errors.length = 0;
});

const count = async (table: string) =>
  (await db.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())!.n;

async function followMail(browser: Browser): Promise<Shown> {
  const link = new URL(/https?:\S+/.exec(system.mailed.at(-1)!.text)![0]);
  return browser.submit("/sign-in/confirm", { token: link.searchParams.get("token")! });
}

const wrongFields = ({ text }: Shown) =>
  [...text.matchAll(/<p class="error" id="([\w-]+)-error">/g)].map(([, id]) => id);

describe("a Cadenza nobody has set up", () => {
  test("leads everybody to its set-up page", async () => {
    expect((await stranger().get("/")).location).toBe("/setup");
    const page = await stranger().get("/setup");
    expect(page.status).toBe(200);
    expect(page.text.includes('<option value="UTC" selected>')).toBe(true);
    expect(page.text.includes('<option value="Europe/Lisbon">')).toBe(true);
  });

  test("offers time zones that are all taken, by the names people look for", async () => {
    const { text } = await stranger().get("/setup");
    const zones = [...text.matchAll(/<option value="([^"]+)"/g)].map(([, zone]) => zone!);
    expect(zones.length).toBeGreaterThan(300);
    expect(zones.filter((zone) => !isTimeZone(zone))).toEqual([]);
    for (const zone of ["Asia/Kolkata", "Europe/Kyiv", "UTC"]) expect(zones).toContain(zone);
  });

  test("makes the workspace and its admin, and mails the admin a link that works", async () => {
    const browser = stranger();
    const keys = await count("api_keys");
    const made = await browser.post("/setup", form);
    expect(made.status).toBe(201);
    expect(wordsOf(made)).toContain("Northwind stands");
    expect(wordsOf(made)).toContain("on its way to ada@northwind.example");
    const home = await followMail(browser);
    expect(wordsOf(home)).toContain("You are an admin in Northwind");
    expect(wordsOf(home)).toContain("Ada Alves");
    const workspace = await db.prepare("SELECT name, time_zone AS zone FROM workspaces").first();
    expect(workspace).toEqual({ name: "Northwind", zone: "Europe/Lisbon" });
    const { results } = await db
      .prepare("SELECT action, outcome FROM audit_entries WHERE workspace_id = 1 ORDER BY id DESC LIMIT 2")
      .all();
    expect(results).toEqual([
      { action: "signIn.enter", outcome: "done" },
      { action: "setup.make", outcome: "done" },
    ]);
    // No key was made that nobody has seen.
    expect(await count("api_keys")).toBe(keys);
    expect((await stranger().get("/")).location).toBe("/sign-in");
  });

  test("takes no token but the right one, and keeps what was typed, but not the token", async () => {
    for (const token of ["", "x", setupToken.slice(1), `${setupToken} `, setupToken.toUpperCase()]) {
      const refused = await stranger().post("/setup", { ...form, token });
      expect([token, refused.status]).toEqual([token, 403]);
      expect(refused.text.includes("This is not the set-up token.")).toBe(true);
      expect(refused.text.includes('value="ada@northwind.example"')).toBe(true);
      if (token) expect(refused.text.includes(`value="${token}"`)).toBe(false);
    }
    expect(await count("workspaces")).toBe(0);
  });

  test("does not let a token be guessed for long", async () => {
    const browser = stranger();
    for (let n = 0; n < 30; n++) await browser.post("/setup", { ...form, token: `guess-${n}` });
    expect((await browser.post("/setup", form)).status).toBe(429);
    expect(await count("workspaces")).toBe(0);
  });

  test("says beside each field what is wrong with it", async () => {
    const wrong = { ...form, name: " ", "admin/name": "", "admin/email": "ada" };
    const refused = await stranger().post("/setup", wrong);
    expect([refused.status, wrongFields(refused)]).toEqual([
      422,
      ["f-name", "f-admin-name", "f-admin-email"],
    ]);
    expect(refused.text.includes('value="ada"')).toBe(true);
    const elsewhere = await stranger().post("/setup", { ...form, timeZone: "Mars/Olympus" });
    expect([elsewhere.status, wrongFields(elsewhere)]).toEqual([422, ["f-timeZone"]]);
    expect(await count("workspaces")).toBe(0);
  });

  test("shows hostile names as text", async () => {
    const name = `<script>alert(1)</script>"'&`;
    const made = await stranger().post("/setup", { ...form, name, "admin/name": name });
    expect(made.status).toBe(201);
    expect(made.text.includes("<script>")).toBe(false);
    expect(wordsOf(made)).toContain(`${name} stands`);
  });

  test("lets one of two win who do it at the same moment", async () => {
    const made = await Promise.all(
      ["ada", "eve", "mal"].map((name) =>
        stranger().post("/setup", { ...form, "admin/email": `${name}@northwind.example` }),
      ),
    );
    expect(made.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect([await count("workspaces"), await count("members"), await count("auth_member")]).toEqual([
      1, 1, 1,
    ]);
    const [{ to } = { to: "" }] = system.mailed;
    expect(system.mailed).toHaveLength(1);
    const owner = await db.prepare("SELECT email FROM members").first<{ email: string }>();
    expect(to).toBe(owner!.email);
  });

  test("is set up by nobody once there is a workspace, whoever made it", async () => {
    const headers = { authorization: "Bearer test-service-token", "content-type": "application/json" };
    const admin = { email: "op@northwind.example", name: "Op" };
    const body = JSON.stringify({ name: "Contoso", timeZone: "UTC", admin });
    const made = await app.fetch(
      new Request(`${origin}/internal/workspaces`, { method: "POST", headers, body }),
    );
    expect(made.status).toBe(201);
    expect((await stranger().get("/setup")).status).toBe(410);
    const late = await stranger().post("/setup", form);
    expect([late.status, wordsOf(late)]).toEqual([
      409,
      expect.stringContaining("There is a workspace already"),
    ]);
    expect(await count("workspaces")).toBe(1);
  });

  test("refuses the form of another site's page", async () => {
    const refused = await stranger().post("/setup", form, { origin: "https://evil.example" });
    expect(refused.status).toBe(403);
    expect(await count("workspaces")).toBe(0);
  });
});

describe("a Cadenza without a set-up token", () => {
  const bare = createApp([system], { serviceToken: "test-service-token", auth });

  test("says how to set one, and makes nothing", async () => {
    const browser = openBrowser(bare, { ip: "192.0.2.1" });
    expect(wordsOf(await browser.get("/setup"))).toContain("wrangler secret put CADENZA_SETUP_TOKEN");
    for (const token of ["", "undefined", setupToken]) {
      expect((await browser.post("/setup", { ...form, token })).status).toBe(403);
    }
    expect(await count("workspaces")).toBe(0);
  });
});

describe("the link after it", () => {
  test("is not promised where no mail can be sent: the page says what to set", async () => {
    const mute = createApp([{ ...system, sendSystemMail: null }], {
      serviceToken: "x".repeat(16),
      setupToken,
    });
    const made = await openBrowser(mute, { ip: "192.0.2.2" }).post("/setup", form);
    expect(made.status).toBe(201);
    expect(wordsOf(made)).toContain("wrangler secret put SYSTEM_MAIL_URL");
  });

  test("that the mail server does not take is said, and logged", async () => {
    const broken = { ...system, sendSystemMail: async () => Promise.reject(new Error("535 wrong password")) };
    const made = await openBrowser(createApp([broken], { serviceToken: "x".repeat(16), setupToken }), {
      ip: "192.0.2.3",
    }).post("/setup", form);
    expect(made.status).toBe(201);
    expect(wordsOf(made)).toContain("the mail server did not take the sign-in link");
    expect(made.text.includes("535")).toBe(false);
    expect(String(system.errors.at(-1)?.error)).toContain("535 wrong password");
  });
});
