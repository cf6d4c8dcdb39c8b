/** The cron and the queue: what wakes the loops, what is parked, and what is forgotten once a day. */
import { describe, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { onCron } from "../../src/cron.ts";
import type { Wake } from "../../src/domain/system.ts";
import type { Env } from "../../src/env.ts";
import { deadQueue, onQueue } from "../../src/queue.ts";
import { runTidy } from "../../src/run.ts";
import { api, createWorkspace, dayMs, testSystem, unique } from "../world.ts";

/** A batch as the platform hands it over, and what became of each message. */
function batchOf(queue: string, ...bodies: Wake[]) {
  const fates: string[] = [];
  const messages = bodies.map((body, place) => ({
    body,
    ack: () => {
      fates[place] = "done";
    },
    retry: () => {
      fates[place] = "again";
    },
  }));
  return { batch: { queue, messages } as unknown as MessageBatch<Wake>, fates };
}

describe("the cron", () => {
  test("wakes a tick on every shard each minute, and the tidying once a day", async () => {
    const sent: Wake[] = [];
    const WAKE = {
      sendBatch: async (rows: { body: Wake }[]) => void sent.push(...rows.map(({ body }) => body)),
    };
    const env = { DB: {}, DB_1: {}, WAKE } as unknown as Env;
    await onCron(env, "* * * * *");
    await onCron(env, "17 3 * * *");
    expect(sent).toEqual([
      { kind: "tick", shard: 0 },
      { kind: "tick", shard: 1 },
      { kind: "tidy", shard: 0 },
      { kind: "tidy", shard: 1 },
    ]);
  });
});

describe("the queue", () => {
  test("acknowledges what its loop did; one shard's trouble is tried again and holds back no other", async () => {
    const system = testSystem();
    const { batch, fates } = batchOf(
      "cadenza-wake",
      { kind: "tick", shard: 7 },
      { kind: "tick", shard: 0 },
      { kind: "tick", shard: 0 },
      { kind: "deliver", shard: 0 },
    );
    await onQueue(batch, [system]);
    expect(fates).toEqual(["again", "done", "done", "done"]);
    expect(system.errors.map(({ message }) => message)).toEqual(["the wake-up tick.7 failed"]);
  });

  test("parks what failed every retry where the operator sees it, and nobody else", async () => {
    const system = testSystem();
    const workspace = await createWorkspace(system);
    const app = createApp([system], { serviceToken: "service-token-for-tests" });
    const operator = api(app, "service-token-for-tests");
    const { items: before } = await operator.client("internal.deadLetters");
    const dead = batchOf(deadQueue, { kind: "deliver", shard: 0 });
    await onQueue(dead.batch, [system]);
    expect(dead.fates).toEqual(["done"]);
    const { items } = await operator.client("internal.deadLetters");
    expect(items.length).toBe(before.length + 1);
    expect(items[0]).toEqual({
      shard: 0,
      body: '{"kind":"deliver","shard":0}',
      failedAt: new Date(system.wallNow()).toISOString(),
    });
    const health = await api(app, workspace.token).client("health.get");
    expect(health.queue.dead).toBe(items.length);
    expect((await api(app, workspace.token).call("GET", "/internal/dead-letters")).status).toBe(401);
  });
});

describe("the tidying", () => {
  test("forgets what is past its time and nothing else", async () => {
    const system = testSystem();
    const { id } = await createWorkspace(system);
    const mailboxId = 900_000 + Number(unique("9").split("-")[1]);
    const hour = Math.floor(system.now() / 3_600_000);
    await system.db.batch([
      system.db
        .prepare(
          `INSERT INTO idempotency_keys (workspace_id, key, request_hash, created_at) VALUES (?1, 'old', '', ?2), (?1, 'new', '', ?3)`,
        )
        .bind(id, system.wallNow() - 3 * dayMs, system.wallNow() - dayMs),
      system.db
        .prepare(`INSERT INTO mailbox_usage (mailbox_id, hour, used) VALUES (?1, ?2, 1), (?1, ?3, 1)`)
        .bind(mailboxId, hour - 80, hour - 24),
    ]);
    await runTidy(system);
    const left = (sql: string, ...values: unknown[]) =>
      system.db
        .prepare(sql)
        .bind(...values)
        .all();
    expect((await left("SELECT key FROM idempotency_keys WHERE workspace_id = ?1", id)).results).toEqual([
      { key: "new" },
    ]);
    expect((await left("SELECT hour FROM mailbox_usage WHERE mailbox_id = ?1", mailboxId)).results).toEqual([
      { hour: hour - 24 },
    ]);
  });
});
