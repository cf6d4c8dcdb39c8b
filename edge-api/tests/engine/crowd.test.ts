/** Pausing, resuming and archiving a sequence touch everybody in it in one statement: what that costs for a crowd. */
import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { archiveSequence, pauseSequence, resumeSequence } from "../../src/commands/sequences.ts";
import { dayMs } from "../world.ts";
import { metered } from "./d1.ts";
import { calm, stage } from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });
beforeEach(calm);

const crowd = 20_000;
/** D1 ends a statement, and a batch, after 30 s: a third of it leaves room for a slower machine and a larger crowd. */
const mostMs = 10_000;

test("20,000 people stand still, go on and leave with a sequence well within one statement's time", async () => {
  const here = await stage();
  const { system, actor, sequenceId, workspaceId, ids } = here;
  const row = await env.DB.prepare("SELECT version_id AS v FROM enrollments WHERE id = ?1")
    .bind(ids[0]!)
    .first();
  const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)";
  await env.DB.batch([
    env.DB.prepare(
      `${numbers} INSERT INTO enrollments (workspace_id, sequence_id, version_id, contact_id, status, wait_reason, step_id,
         cycle, epoch, rev, due_at, wake_at, thread_references, enrolled_at, updated_at)
       SELECT ?2, ?3, ?4, 50000000 + i, 'active', 'delay', 1, 1, 1, 1, ?5 + i, ?5 + i, '[]', 1, 1 FROM n`,
    ).bind(crowd, workspaceId, sequenceId, row!.v, system.now() + dayMs),
    // Half of them have a mail that waits for the sequence.
    env.DB.prepare(
      `INSERT INTO sends (enrollment_id, step_id, cycle, workspace_id, sequence_id, version_id, contact_id, mailbox_id, state,
         epoch, due_at, not_after, fence, attempt, absent_count, defer_reason, snapshot, content_hash, created_at)
       SELECT id, 1, 1, workspace_id, sequence_id, version_id, contact_id, 1, 'queued', 1, ?2, ?2, 0, 0, 0, 'sequence_paused',
         '{}', '', 1 FROM enrollments WHERE sequence_id = ?1 AND id % 2 = 0`,
    ).bind(sequenceId, system.now() + dayMs),
  ]);
  const took: Record<string, { ms: number; read: number; written: number }> = {};
  for (const [name, act] of Object.entries({ pauseSequence, resumeSequence, archiveSequence })) {
    const { system: counted, meter } = metered(system);
    const startedAt = performance.now();
    await act(counted, actor, sequenceId);
    took[name] = { ms: Math.round(performance.now() - startedAt), read: meter.read, written: meter.written };
  }
  console.log(`${crowd} people in one sequence`, JSON.stringify(took));
  for (const [name, { ms, read }] of Object.entries(took)) {
    expect(ms, name).toBeLessThan(mostMs);
    // Nobody else's rows are read.
    expect(read / crowd, name).toBeLessThan(8);
  }
  const left = await env.DB.prepare(
    "SELECT count(*) AS n FROM enrollments WHERE sequence_id = ?1 AND wake_at > ?2",
  ).bind(sequenceId, system.now());
  expect(await left.first("n")).toBe(0);
});
