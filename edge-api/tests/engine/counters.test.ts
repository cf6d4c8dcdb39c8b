/** What a step costs in rows, exactly as D1 bills it, and the query plans that keep it so. */

import { env } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { cancelEnrollment } from "../../src/commands/enrollments.ts";
import { claimDue, claimSends } from "../../src/db/claims.ts";
import { runEngine } from "../../src/run.ts";
import { dayMs, hourMs, minuteMs, monday } from "../world.ts";
import { explain, type Meter, metered, recorded } from "./d1.ts";
import { after, calm, delivered, email, runUntil, stage, statesOf, ticked } from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });
beforeEach(calm);

const many = 500;
const twoMails = [email(), email({ delay: after(2, "days"), subject: null, body: "Did you see it?" })];

function say(title: string, meter: Meter, steps: number) {
  const each = (rows: number) => (rows / steps).toFixed(2);
  console.log(
    `${title}: ${each(meter.written)} written, ${each(meter.read)} read a step; ${meter.calls} round trips\n${[
      ...meter.statements,
    ]
      .map(
        ([sql, { times, read, written }]) =>
          `  ${each(written).padStart(7)}w ${each(read).padStart(8)}r ×${times}  ${sql}`,
      )
      .join("\n")}`,
  );
}

test("an email step costs no more than its rows: ticked, delivered, recorded and scheduled on", async () => {
  const { system, ids } = await stage({ steps: twoMails, people: many, mailbox: { dailyCap: 10_000 } });
  await delivered(system); // Warms the caches.
  const tick = metered(system);
  expect(await ticked(tick.system)).toMatchObject({ claimed: many, sends: many });
  say(`tick of ${many}`, tick.meter, many);
  const delivery = metered(system);
  expect(await delivered(delivery.system)).toMatchObject({ sent: many });
  say(`delivery of ${many}`, delivery.meter, many);
  expect(await statesOf(system, ids)).toEqual({ sent: many });

  expect.soft(tick.meter.written / many).toBeLessThanOrEqual(7);
  expect.soft(tick.meter.read / many).toBeLessThanOrEqual(20);
  expect.soft(tick.meter.calls).toBeLessThanOrEqual(6);
  expect.soft((tick.meter.written + delivery.meter.written) / many).toBeLessThanOrEqual(14);
  expect.soft((tick.meter.read + delivery.meter.read) / many).toBeLessThanOrEqual(45);
});

test("a mailbox that sent in every hour of its day costs a few rows more, not its whole day for every mail", async () => {
  const { system, mailboxId } = await stage({ people: 60, mailbox: { dailyCap: 10_000 } });
  const hour = Math.floor(system.now() / hourMs);
  await env.DB.prepare(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 24)
                        INSERT INTO mailbox_usage SELECT ?1, ?2 - i, 1 FROM n`)
    .bind(mailboxId, hour)
    .run();
  await ticked(system);
  const { system: counted, meter } = metered(system);
  expect(await delivered(counted)).toMatchObject({ sent: 60 });
  say("delivery beside a full day of usage", meter, 60);
  expect(meter.read / 60).toBeLessThanOrEqual(35);
});

test("taking work costs the same among a thousand people as among two hundred thousand", async () => {
  const { system } = await stage({ steps: twoMails, people: 40 });
  const costs = async () => {
    await env.DB.prepare("UPDATE enrollments SET lease_until = NULL").run();
    const poll = metered(system);
    await claimDue(poll.system.db, {
      token: "a",
      now: monday - 30 * dayMs,
      wallNow: 1,
      leaseMs: 1,
      limit: 500,
    });
    const claim = metered(system);
    const rows = await claimDue(claim.system.db, {
      token: "b",
      now: system.now(),
      wallNow: 1,
      leaseMs: 1,
      limit: 500,
    });
    expect(rows.length).toBe(40);
    const sends = metered(system);
    await claimSends(sends.system.db, { token: "c", now: system.now(), wallNow: 1, leaseMs: 1, limit: 90 });
    return { poll: poll.meter.read, claim: claim.meter.read, sends: sends.meter.read };
  };
  await insertWaiting(system, 1_000);
  const few = await costs();
  await insertWaiting(system, 199_000);
  const lots = await costs();
  console.log("rows read at 1,000 and at 200,000 enrollments", few, lots);
  expect(lots).toEqual(few);
  expect(few.poll).toBeLessThanOrEqual(4);
  expect(few.claim / 40).toBeLessThanOrEqual(6.1);
});

/** People in the middle of a long wait, and their sent mails: what a workspace in use is full of. */
async function insertWaiting(system: { now(): number }, people: number): Promise<void> {
  const numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)";
  await env.DB.batch([
    env.DB.prepare(`${numbers} INSERT INTO enrollments (workspace_id, sequence_id, version_id, contact_id, status, wait_reason,
        step_id, cycle, epoch, rev, due_at, wake_at, thread_references, enrolled_at, updated_at)
      SELECT 1 + i % 50, 1000000 + i % 500, 1000000, 10000000 + i + ?2, 'active', 'delay', 2, 1, 1, 1, ?3 + i, ?3 + i, '[]', 1, 1
      FROM n`).bind(people, people, system.now() + dayMs),
    env.DB.prepare(`${numbers} INSERT INTO sends (enrollment_id, step_id, cycle, workspace_id, sequence_id, version_id,
        contact_id, mailbox_id, state, epoch, not_after, fence, attempt, absent_count, snapshot, content_hash, created_at)
      SELECT 10000000 + i + ?2, 1, 1, 1, 1, 1, 1, 1, 'sent', 1, 1, 1, 1, 0, '{}', '', 1 FROM n`).bind(
      people,
      people,
    ),
  ]);
}

test("the plans stay as they were measured: from the rows we name outwards, each by its key", async () => {
  const { system, actor, ids } = await stage({ steps: twoMails, people: 3 });
  const { system: watched, statements } = recorded(system);
  await runEngine(watched);
  await runUntil(watched, system.clock.at + 2 * minuteMs);
  await cancelEnrollment(watched, actor, ids[0]!, null);
  let seen = 0;
  for (const [sql, params] of statements) {
    const steps = await explain(sql, params);
    const scans = steps.filter(
      (step) =>
        /^SCAN /.test(step) &&
        !/VIRTUAL TABLE|VALUES CLAUSE|CONSTANT ROW|^SCAN (\(|d$|b$|j$|shard_state)/.test(step),
    );
    expect.soft(scans, `${sql}\n${steps.join("\n")}`).toEqual([]);
    if (!/json_each\(\?1?\) j|column1 AS/.test(sql)) continue;
    seen++;
    // A few rows travel as values, which the planner may fold away: then the searches alone tell.
    const first = steps.find((step) => /^(SCAN|SEARCH) (?!u |json_each|mailboxes )/.test(step)) ?? "none";
    const few = /column1 AS/.test(sql);
    expect
      .soft(first, sql)
      .toMatch(few ? /^(none|SCAN (j$|.*VALUES CLAUSE|.*CONSTANT ROW)|SEARCH)/ : /^SCAN j VIRTUAL TABLE/);
    for (const step of steps.filter((step) => /^SEARCH (e|enrollments)\b/.test(step))) {
      expect.soft(step, sql).toMatch(/USING INTEGER PRIMARY KEY/);
    }
    for (const step of steps.filter((step) => /^SEARCH (s|g|sends)\b/.test(step))) {
      expect.soft(step, sql).toMatch(/USING PRIMARY KEY \(enrollment_id=\?/);
    }
  }
  expect(seen).toBeGreaterThan(10);
});

test("a claim finds due rows by the partial index alone", async () => {
  const plan = await explain(
    `SELECT id FROM enrollments WHERE wake_at <= ? AND (lease_until IS NULL OR lease_until < ?) ORDER BY wake_at LIMIT ?`,
    [1, 1, 1],
  );
  expect(plan).toEqual(["SEARCH enrollments USING INDEX enrollments_wake (wake_at<?)"]);
});
