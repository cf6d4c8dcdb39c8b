/** Forgetting what is older than a workspace keeps: in portions, for people nothing runs for, and for nobody else. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { forget } from "../../src/db/retention.ts";
import type { ContactId, WorkspaceId } from "../../src/domain/ids.ts";
import { onQueue } from "../../src/queue.ts";
import { runTidy } from "../../src/run.ts";
import { metered } from "../engine/d1.ts";
import { calm, createCrowd, stage } from "../engine/stage.ts";
import { api, createContact, createMember, createWorkspace, dayMs, minuteMs, testSystem } from "../world.ts";

const system = testSystem({ wallAt: Date.now() });
const at = { now: system.now(), wallNow: system.wallNow() };

beforeEach(async () => {
  await calm();
  await env.DB.prepare("UPDATE workspaces SET events_kept_days = NULL").run();
});

const home = (eventsKeptDays: number | null) => createWorkspace(system, { eventsKeptDays });
const count = async (sql: string, ...values: unknown[]) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${sql}`)
    .bind(...values)
    .first<number>("n"))!;

/** An event of each of these ages in days, for each person. */
async function insertEvents(workspaceId: WorkspaceId, people: ContactId[], ages: number[]) {
  await env.DB.prepare(
    `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
     SELECT p.value, ?4 - a.value * ${dayMs}, a.key, ?1, 'send.sent', 'engine', '{}'
     FROM json_each(?2) p CROSS JOIN json_each(?3) a`,
  )
    .bind(workspaceId, JSON.stringify(people), JSON.stringify(ages), at.now)
    .run();
}

const agesOf = async (contactId: ContactId): Promise<number[]> => {
  const { results } = await env.DB.prepare("SELECT at FROM events WHERE contact_id = ?1 ORDER BY at DESC")
    .bind(contactId)
    .all<{ at: number }>();
  return results.map((row) => Math.round((at.now - row.at) / dayMs));
};

describe("events", () => {
  test("older than the workspace keeps them go; without a setting none do", async () => {
    const short = await home(30);
    const never = await home(null);
    const one = await createContact(system, short.id);
    const other = await createContact(system, never.id);
    await insertEvents(short.id, [one], [1, 29, 31, 400]);
    await insertEvents(never.id, [other], [1, 4_000]);
    await runTidy(system);
    expect(await agesOf(one)).toEqual([1, 29]);
    expect(await agesOf(other)).toEqual([1, 4_000]);
    expect(system.woken).toEqual([]);
  });

  test("of whoever is still enrolled stay, also while paused, and go once they have ended", async () => {
    const here = await stage({
      people: 2,
      workspace: { eventsKeptDays: 30 },
      system: { at: at.now } as never,
    });
    const [active, paused] = here.contactIds as [ContactId, ContactId];
    await env.DB.prepare("UPDATE enrollments SET status = 'paused', reason = 'manual' WHERE contact_id = ?1")
      .bind(paused)
      .run();
    await env.DB.prepare("DELETE FROM events WHERE workspace_id = ?1").bind(here.workspaceId).run();
    await insertEvents(here.workspaceId, [active, paused], [40]);
    expect(await forget(env.DB, at)).toBe(true);
    expect([await agesOf(active), await agesOf(paused)]).toEqual([[40], [40]]);
    await env.DB.prepare("UPDATE enrollments SET status = 'completed', reason = 'replied'").run();
    expect(await forget(env.DB, at)).toBe(true);
    expect([await agesOf(active), await agesOf(paused)]).toEqual([[], []]);
  });

  test("of many people go in bounded portions, each run going on where the last one ended", async () => {
    const { id } = await home(30);
    const people = await createCrowd({ system, workspaceId: id } as never, 2_500);
    await insertEvents(id, people, [5, 50, 60]);
    const limits = { people: 100, rows: 150, statements: 25 };
    const left: number[] = [];
    let through = false;
    for (let run = 0; run < 50 && !through; run++) {
      const { system: counted, meter } = metered(system);
      through = await forget(counted.db, at, limits);
      // The place is written down once a portion.
      expect(meter.calls).toBeLessThan(2 * limits.statements);
      left.push(await count("events WHERE workspace_id = ?1 AND at < ?2", id, at.now - 30 * dayMs));
    }
    expect(through).toBe(true);
    expect(left.length).toBeGreaterThan(3);
    // Every run deletes something.
    left.slice(1).forEach((rows, run) => {
      expect(rows).toBeLessThan(left[run]!);
    });
    expect(left.at(-1)).toBe(0);
    expect(await count("events WHERE workspace_id = ?1", id)).toBe(2_500);
    expect(await count("shard_state WHERE forgetting_workspace_id IS NOT NULL")).toBe(0);
  });

  test("more than one portion holds of one person are gone through before the next person", async () => {
    const { id } = await home(30);
    const contactId = await createContact(system, id);
    await insertEvents(id, [contactId], [1, ...Array.from({ length: 900 }, (_, i) => 40 + i / 10)]);
    const limits = { people: 10, rows: 50, statements: 6 };
    let runs = 0;
    while (!(await forget(env.DB, at, limits))) runs++;
    expect(runs).toBeGreaterThan(2);
    expect(await agesOf(contactId)).toEqual([1]);
  });

  test("cost a person with nothing to forget no more than a look", async () => {
    const { id } = await home(30);
    const { system: counted, meter } = metered(system);
    // What the other workspaces of the shard cost is not this one's.
    await forget(counted.db, at);
    const others = meter.read;
    const people = await createCrowd({ system, workspaceId: id } as never, 1_000);
    await insertEvents(id, people, [1, 2, 3, 4, 5]);
    await forget(counted.db, at);
    expect((meter.read - 2 * others) / 1_000).toBeLessThan(5);
  });
});

test("the queue is woken again until everything is forgotten", async () => {
  const { id } = await home(30);
  const people = await createCrowd({ system, workspaceId: id } as never, 45_000);
  await insertEvents(id, people.slice(-1), [50]);
  const worker = testSystem({ at: at.now });
  const messages = [{ body: { kind: "tidy", shard: 0 }, ack() {}, retry: () => expect.fail("it failed") }];
  let wakes = 0;
  do {
    worker.woken.length = 0;
    await onQueue({ queue: "cadenza-wake", messages } as never, [worker]);
    wakes++;
  } while (worker.woken.length);
  expect(wakes).toBeGreaterThan(1);
  expect(wakes).toBeLessThan(10);
  expect(await count("events WHERE workspace_id = ?1", id)).toBe(0);
  await env.DB.batch(
    ["contact_addresses", "contacts"].map((table) =>
      env.DB.prepare(`DELETE FROM ${table} WHERE workspace_id = ?1`).bind(id),
    ),
  );
});

test("mails that came in, notices and audit entries go by the same age, audit entries after a year at the least", async () => {
  const short = await home(30);
  const never = await home(null);
  const insert = async (workspaceId: WorkspaceId, age: number) => {
    const contactId = await createContact(system, workspaceId);
    const memberId = await createMember(system, workspaceId);
    const then = at.now - age * dayMs;
    await env.DB.batch([
      env.DB.prepare(
        `INSERT INTO inbound_messages (workspace_id, message_id, reply_class, contact_id, received_at) VALUES (?1, ?2, 'human', ?3, ?4)`,
      ).bind(workspaceId, `<${age}@x>`, contactId, then),
      env.DB.prepare(
        `INSERT INTO notices (workspace_id, member_id, kind, contact_id, data, at) VALUES (?1, ?2, 'reply', ?3, '{}', ?4)`,
      ).bind(workspaceId, memberId, contactId, then),
      env.DB.prepare(
        `INSERT INTO audit_entries (workspace_id, at, actor, via, action, outcome, request_id) VALUES (?1, ?2, 'key:1', 'key', 'tried', 'done', 'r')`,
      ).bind(workspaceId, then),
    ]);
  };
  for (const { id } of [short, never]) for (const age of [10, 60, 500]) await insert(id, age);
  await runTidy(system);
  const left = (id: WorkspaceId) =>
    Promise.all(
      ["inbound_messages WHERE", "notices WHERE", "audit_entries WHERE action = 'tried' AND"].map((rows) =>
        count(`${rows} workspace_id = ?1`, id),
      ),
    );
  expect(await left(short.id)).toEqual([1, 1, 2]);
  expect(await left(never.id)).toEqual([3, 3, 3]);
});

describe("the setting", () => {
  test("is 30 to 3,650 days, or null, and an admin's", async () => {
    const workspace = await home(null);
    const app = createApp([system], { serviceToken: "test-service-token" });
    const { client, call } = api(app, workspace.token);
    expect((await client("workspace.get", {})).eventsKeptDays).toBeNull();
    expect((await client("workspace.update", { body: { eventsKeptDays: 30 } })).eventsKeptDays).toBe(30);
    expect((await client("workspace.update", { body: { name: "Other" } })).eventsKeptDays).toBe(30);
    for (const eventsKeptDays of [29, 3_651, 0, -1, 30.5, "30"]) {
      const reply = await call("PATCH", "/v1/workspace", { eventsKeptDays });
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([422, "/eventsKeptDays"]);
    }
    expect((await client("workspace.update", { body: { eventsKeptDays: null } })).eventsKeptDays).toBeNull();
  });

  test("that is taken back in the middle ends the forgetting there", async () => {
    const { id } = await home(30);
    const people = await createCrowd({ system, workspaceId: id } as never, 500);
    await insertEvents(id, people, [50]);
    expect(await forget(env.DB, at, { people: 50, rows: 100, statements: 10 })).toBe(false);
    await env.DB.prepare("UPDATE workspaces SET events_kept_days = NULL").run();
    const left = await count("events WHERE workspace_id = ?1", id);
    expect(await forget(env.DB, at)).toBe(true);
    expect(await count("events WHERE workspace_id = ?1", id)).toBe(left);
    await env.DB.prepare("UPDATE workspaces SET events_kept_days = 30 WHERE id = ?1").bind(id).run();
    system.clock.advance(minuteMs);
    expect(await forget(env.DB, at)).toBe(true);
    expect(await count("events WHERE workspace_id = ?1", id)).toBe(0);
  });
});
