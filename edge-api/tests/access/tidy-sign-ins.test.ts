/** What getting in leaves behind: swept once a day, a day after its time, and nothing that still opens something. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { buildAuth } from "../../src/auth/auth.ts";
import { runTidy } from "../../src/run.ts";
import { createWorkspace, dayMs, type TestWorkspace, testSystem, unique } from "../world.ts";
import { openBrowser } from "./browser.ts";
import { organizationOf, type SignedIn, signIn } from "./people.ts";

const system = testSystem({ wallAt: Date.now() });
const auth = buildAuth(system);
const app = createApp([system], { serviceToken: "test-service-token", auth });
const now = system.wallNow();
let workspace: TestWorkspace;
let person: SignedIn;

beforeAll(async () => {
  workspace = await createWorkspace(system);
  person = await signIn({ app, auth, system }, workspace, "admin");
});

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
const idsIn = async (table: string, ids: string[]): Promise<string[]> => {
  const { results } = await env.DB.prepare(
    `SELECT id FROM ${table} WHERE id IN (SELECT value FROM json_each(?1)) ORDER BY id`,
  )
    .bind(JSON.stringify(ids))
    .all<{ id: string }>();
  return results.map(({ id }) => id);
};

/** One that ended two days ago, one that ended an hour ago, one that has not. */
async function insertThree(insert: (id: string, expiresAt: number) => Promise<unknown>): Promise<string[]> {
  const ids = ["a", "b", "c"].map((name) => unique(name));
  for (const [at, expiresAt] of [now - 2 * dayMs, now - dayMs / 24, now + dayMs].entries()) {
    await insert(ids[at]!, expiresAt);
  }
  return ids;
}

const tables: Record<string, (id: string, expiresAt: number) => Promise<unknown>> = {
  auth_verification: (id, at) =>
    run(
      "INSERT INTO auth_verification (id, identifier, value, expires_at, created_at, updated_at) VALUES (?1, ?1, 'x', ?2, 0, 0)",
      id,
      at,
    ),
  auth_device_code: (id, at) =>
    run(
      "INSERT INTO auth_device_code (id, device_code, user_code, expires_at, status) VALUES (?1, ?1, ?1, ?2, 'pending')",
      id,
      at,
    ),
  auth_session: (id, at) =>
    run(
      "INSERT INTO auth_session (id, expires_at, token, created_at, updated_at, ip_address, user_id) VALUES (?1, ?2, ?1, 0, 0, '203.0.113.7', ?3)",
      id,
      at,
      person.userId,
    ),
  auth_invitation: (id, at) =>
    run(
      "INSERT INTO auth_invitation (id, organization_id, email, role, status, expires_at, created_at, inviter_id) VALUES (?1, ?2, ?1, 'rep', 'pending', ?3, 0, ?4)",
      id,
      organizationOf(workspace),
      at,
      person.userId,
    ),
};

describe("a day after its time", () => {
  test.each(Object.keys(tables))("a row of %s goes, and one that still holds stays", async (table) => {
    const ids = await insertThree(tables[table]!);
    await runTidy(system);
    expect(await idsIn(table, ids)).toEqual(ids.slice(1));
  });

  test("a refresh token goes; until then it is known, so that showing it again is noticed", async () => {
    const clientId = unique("client");
    await run(
      "INSERT INTO auth_oauth_client (id, client_id, redirect_uris, created_at) VALUES (?1, ?1, '[]', ?2)",
      clientId,
      now,
    );
    const ids = await insertThree((id, at) =>
      run(
        "INSERT INTO auth_oauth_refresh_token (id, token, client_id, user_id, expires_at, created_at, revoked, scopes) VALUES (?1, ?1, ?2, ?3, ?4, 0, 1, '[]')",
        ...[id, clientId, person.userId, at],
      ),
    );
    await runTidy(system);
    expect(await idsIn("auth_oauth_refresh_token", ids)).toEqual(ids.slice(1));
  });
});

test("a program that nobody let in within a month goes; one that is connected, or new, stays", async () => {
  const [idle, connected, fresh] = ["a", "b", "c"].map((name) => unique(name)) as [string, string, string];
  for (const [id, age] of [
    [idle, 31],
    [connected, 400],
    [fresh, 29],
  ] as const) {
    await run(
      "INSERT INTO auth_oauth_client (id, client_id, redirect_uris, created_at) VALUES (?1, ?1, '[]', ?2)",
      id,
      now - age * dayMs,
    );
  }
  await run(
    "INSERT INTO connections (user_id, client_id, organization_id, connected_at) VALUES (?1, ?2, ?3, 0)",
    ...[person.userId, connected, organizationOf(workspace)],
  );
  await runTidy(system);
  expect(await idsIn("auth_oauth_client", [idle, connected, fresh])).toEqual([connected, fresh]);
});

test("whoever is signed in, and the link somebody has just asked for, are left alone", async () => {
  const browser = openBrowser(app, { ip: "203.0.113.44" });
  await browser.post("/sign-in", { email: person.email });
  const link = new URL(/https?:\S+/.exec(system.mailed.findLast(({ to }) => to === person.email)!.text)![0]);
  await runTidy(system);
  expect((await person.call("GET", "/v1/me")).status).toBe(200);
  const entered = await browser.post("/sign-in/confirm", Object.fromEntries(link.searchParams));
  expect(entered.status).toBe(303);
});
