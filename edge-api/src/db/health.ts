/**
 * How the engine of one shard, and one workspace in it, is doing: each number from an index made for it. What waits for
 * a person is counted as far as who asks can see it, for they are to find it.
 */
import type { Mode, SendState } from "@cadenza/shared/vocabulary";
import { sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import { erasedContent } from "../domain/erasure.ts";
import { database } from "./database.ts";
import { visibleEnrollment, visibleSend } from "./reach.ts";

export type Health = {
  lastTickAt: number | null;
  /** The longest-overdue enrollment and send: business time. */
  oldestDueAt: number | null;
  oldestSendDueAt: number | null;
  dueEnrollments: number;
  queuedSends: number;
  claimedSends: number;
  sendingSends: number;
  nextWakeAt: number | null;
  nextSendAt: number | null;
  uncertain: number;
  parked: number;
  deadLetters: number;
  /** Of this workspace: mails that wait, due or not; those a server did not take and that are tried again. */
  waitingMails: number;
  retryingMails: number;
  /** When the oldest of those was first tried: business time; and what the last try was told. */
  failingSince: number | null;
  lastError: string | null;
  postalAddress: string | null;
  mode: Mode;
  /** The operator's brake, else the workspace's own. */
  sendingStoppedAt: number | null;
};

/** Counts stop here: beyond it the exact number changes nothing. */
const countMax = 10_000;

export async function loadHealth(d1: D1Database, actor: Actor, now: number): Promise<Health> {
  const queued = (state: SendState) =>
    sql`(SELECT count(*) FROM (SELECT 1 FROM sends WHERE due_at <= ${now} AND state = ${state} LIMIT ${countMax}))`;
  const open = sql`FROM sends WHERE ${visibleSend(actor)} AND due_at IS NOT NULL AND state = 'queued'`;
  const retrying = sql`${open} AND error IS NOT NULL`;
  return database(d1).get<Health>(
    sql`SELECT
      (SELECT last_tick_at FROM shard_state WHERE id = 1) AS lastTickAt,
      coalesce((SELECT sending_stopped_at FROM shard_state WHERE id = 1),
               (SELECT sending_stopped_at FROM workspaces WHERE id = ${actor.workspaceId})) AS sendingStoppedAt,
      (SELECT min(wake_at) FROM enrollments WHERE wake_at <= ${now}) AS oldestDueAt,
      (SELECT min(due_at) FROM sends WHERE due_at <= ${now}) AS oldestSendDueAt,
      (SELECT count(*) FROM (SELECT 1 FROM enrollments WHERE wake_at <= ${now} LIMIT ${countMax})) AS dueEnrollments,
      ${queued("queued")} AS queuedSends,
      ${queued("claimed")} AS claimedSends,
      ${queued("sending")} AS sendingSends,
      (SELECT min(wake_at) FROM enrollments WHERE wake_at IS NOT NULL) AS nextWakeAt,
      (SELECT min(due_at) FROM sends WHERE due_at IS NOT NULL) AS nextSendAt,
      (SELECT count(*) FROM sends WHERE ${visibleSend(actor)} AND state = 'uncertain'
         AND content_hash <> ${erasedContent}) AS uncertain,
      (SELECT count(*) FROM enrollments
       WHERE ${visibleEnrollment(actor)} AND +status = 'paused' AND reason = 'parked') AS parked,
      (SELECT count(*) FROM (SELECT 1 ${open} LIMIT ${countMax})) AS waitingMails,
      (SELECT count(*) FROM (SELECT 1 ${retrying} LIMIT ${countMax})) AS retryingMails,
      (SELECT min(first_authorised_at) ${retrying}) AS failingSince,
      (SELECT error ${retrying} ORDER BY authorised_at DESC LIMIT 1) AS lastError,
      (SELECT postal_address FROM workspaces WHERE id = ${actor.workspaceId}) AS postalAddress,
      (SELECT iif(test_of IS NULL, 'live', 'test') FROM workspaces WHERE id = ${actor.workspaceId}) AS mode,
      (SELECT count(*) FROM dead_letters) AS deadLetters`,
  );
}

/** Newest first, before an instant. */
export async function listDeadLetters(d1: D1Database, page: { before: number; limit: number }) {
  const { results } = await d1
    .prepare(
      `SELECT id, body, failed_at AS failedAt FROM dead_letters WHERE failed_at < ?1 ORDER BY id DESC LIMIT ?2`,
    )
    .bind(page.before, page.limit)
    .all<{ id: number; body: string; failedAt: number }>();
  return results.map((row) => ({ ...row, shard: (JSON.parse(row.body) as { shard: number }).shard }));
}
