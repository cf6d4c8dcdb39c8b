/**
 * Taking work: due enrollments for a tick, due sends for a delivery, and the one step that lets a mail on the wire.
 *
 * Invariant: time alone may undo `claimed`; nothing here ever takes a row out of `sending`.
 */
import { sql } from "drizzle-orm";
import type { ClaimedSend } from "../domain/delivery.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import type { MailboxId, SendKey } from "../domain/ids.ts";
import { bucketsInDay, hourOf, type Usage } from "../domain/quota.ts";
import { database } from "./database.ts";
import type { ErasedKeyOf } from "./erased.ts";
import { numberList, overRows } from "./few-rows.ts";
import { enrollments, sends } from "./schema.ts";

/** Claims up to `limit` enrollments that are due and not under a live lease; the partial index holds only such rows. */
export async function claimDue(
  d1: D1Database,
  claim: { token: string; now: number; wallNow: number; leaseMs: number; limit: number },
): Promise<Enrollment[]> {
  const due = sql`(SELECT id FROM enrollments WHERE wake_at <= ${claim.now}
    AND (lease_until IS NULL OR lease_until < ${claim.wallNow}) ORDER BY wake_at LIMIT ${claim.limit})`;
  return database(d1)
    .update(enrollments)
    .set({ leaseToken: claim.token, leaseUntil: claim.wallNow + claim.leaseMs })
    .where(sql`id IN ${due}`)
    .returning();
}

/** Claims up to `limit` queued sends that are due. A lost answer is harmless: the claim runs out by itself. */
export async function claimSends(
  d1: D1Database,
  claim: { token: string; now: number; wallNow: number; leaseMs: number; limit: number },
): Promise<ClaimedSend[]> {
  // A row value in IN (SELECT …) keeps the keyed table on its primary key.
  const due = sql`(SELECT enrollment_id, step_id, cycle FROM sends WHERE due_at <= ${claim.now} AND state = 'queued'
    ORDER BY due_at LIMIT ${claim.limit})`;
  const rows = await database(d1)
    .update(sends)
    .set({
      state: "claimed",
      claim: claim.token,
      fence: sql`fence + 1`,
      leaseUntil: claim.wallNow + claim.leaseMs,
    })
    .where(sql`(enrollment_id, step_id, cycle) IN ${due}`)
    .returning();
  // The database answers in the order of the keys; who has waited longest goes first.
  return (rows as unknown as ClaimedSend[]).sort(
    (a, b) => a.createdAt - b.createdAt || a.enrollmentId - b.enrollmentId,
  );
}

/** Sends under a claim that ran out before they were authorised go back; the fence makes the old claim worthless. */
export async function releaseStaleClaims(
  d1: D1Database,
  at: { now: number; wallNow: number },
): Promise<number> {
  const result = await d1
    .prepare(
      `UPDATE sends SET state = 'queued', claim = NULL, lease_until = NULL, fence = fence + 1
       WHERE due_at <= ?1 AND state = 'claimed' AND lease_until < ?2`,
    )
    .bind(at.now, at.wallNow)
    .run();
  return result.meta.changes;
}

/** Gives back sends of this claim that were not authorised, so that a commit still under way changes nothing. */
export async function giveBack(d1: D1Database, keys: SendKey[], claim: string): Promise<void> {
  await d1
    .prepare(
      `UPDATE sends SET state = 'queued', claim = NULL, lease_until = NULL, fence = fence + 1
       WHERE state = 'claimed' AND claim = ?2 AND (enrollment_id, step_id, cycle) IN
         (SELECT value ->> 'enrollmentId', value ->> 'stepId', value ->> 'cycle' FROM json_each(?1))`,
    )
    .bind(keysJson(keys), claim)
    .run();
}

/** Which of these sends are `sending` under our claim: asked when an authorisation's answer was lost. */
export async function readBack(d1: D1Database, keys: SendKey[], claim: string): Promise<SendKey[]> {
  const { results } = await d1
    .prepare(
      `SELECT s.enrollment_id AS enrollmentId, s.step_id AS stepId, s.cycle ${fromKeys}
       WHERE s.state = 'sending' AND s.claim = ?2 AND s.fence = j.value ->> 'fence'`,
    )
    .bind(keysJson(keys), claim)
    .all<SendKey>();
  return results;
}

/** A send that is past its time in `sending`: whoever put it there died. Oldest first. */
export async function listStaleSending(
  d1: D1Database,
  at: { now: number; authorisedBefore: number; limit: number },
): Promise<ClaimedSend[]> {
  const rows = await database(d1)
    .select()
    .from(sends)
    .where(
      sql`due_at <= ${at.now} AND state = 'sending' AND authorised_at < ${at.authorisedBefore}
        AND (looked_at IS NULL OR looked_at < ${at.authorisedBefore})`,
    )
    .orderBy(sends.dueAt)
    .limit(at.limit);
  return rows as unknown as ClaimedSend[];
}

/**
 * A send was looked at and stays open. "Absent" is counted, for one look proves nothing; overlapping looks count as one.
 */
export async function noteLook(
  d1: D1Database,
  send: ClaimedSend,
  look: { wallNow: number; absent: boolean },
): Promise<void> {
  await d1
    .prepare(
      `UPDATE sends SET absent_count = absent_count + ?7, looked_at = ?5
       WHERE enrollment_id = ?1 AND step_id = ?2 AND cycle = ?3 AND state = 'sending' AND fence = ?4
         AND absent_count = ?6`,
    )
    .bind(
      send.enrollmentId,
      send.stepId,
      send.cycle,
      send.fence,
      look.wallNow,
      send.absentCount,
      look.absent ? 1 : 0,
    )
    .run();
}

/**
 * Lets a provider with idempotency keys be asked again with the same bytes: only by one of us, and only while all that
 * let the mail go the first time still holds (its slot of the cap is taken already). `overtaken`: somebody else asks.
 */
export async function reauthorise(
  d1: D1Database,
  send: ClaimedSend,
  at: { now: number; wallNow: number },
  erasedKeyOf: ErasedKeyOf,
): Promise<"granted" | "stopped" | "overtaken"> {
  const key = [send.enrollmentId, send.stepId, send.cycle, send.fence, send.authorisedAt];
  const ours = `s.enrollment_id = ?1 AND s.step_id = ?2 AND s.cycle = ?3 AND s.state = 'sending' AND s.fence = ?4
    AND s.authorised_at = ?5`;
  const result = await d1
    .prepare(
      `UPDATE sends AS s SET attempt = attempt + 1, authorised_at = ?6
       WHERE ${ours} AND ?7 < s.not_after AND ${standsStill("s", recipient, "?8")}
         AND EXISTS (SELECT 1 FROM mailboxes m WHERE m.id = s.mailbox_id AND m.disabled_at IS NULL)
         AND EXISTS (SELECT 1 FROM sequences q WHERE q.id = s.sequence_id AND q.status = 'active')
         AND EXISTS (SELECT 1 FROM workspaces w WHERE w.id = s.workspace_id AND w.sending_stopped_at IS NULL)
         AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = s.contact_id AND h.until_at > ?7)
         AND NOT EXISTS (SELECT 1 FROM shard_state b WHERE b.sending_stopped_at IS NOT NULL)`,
    )
    .bind(...key, at.wallNow, at.now, erasedKeyOf(send.workspaceId, send.snapshot.to))
    .run();
  if (result.meta.changes === 1) return "granted";
  const row = await d1
    .prepare(`SELECT 1 AS ours FROM sends s WHERE ${ours}`)
    .bind(...key)
    .first();
  return row ? "stopped" : "overtaken";
}

/** `erased`: the recipient's key among the erased. A look that finds nothing is not counted as a row read. */
const standsStill = (s: string, recipient: string, erased: string) => `
  EXISTS (SELECT 1 FROM enrollments e WHERE e.id = ${s}.enrollment_id AND e.status = 'active'
          AND e.epoch = ${s}.epoch AND e.step_id = ${s}.step_id AND e.cycle = ${s}.cycle)
  AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.workspace_id = ${s}.workspace_id AND x.value = ${recipient})
  AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.workspace_id = ${s}.workspace_id
                  AND x.value = substr(${recipient}, instr(${recipient}, '@') + 1))
  AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.workspace_id = ${s}.workspace_id AND x.value = ${erased})`;

export type Blocked = SendKey & {
  stands: 0 | 1;
  suppressed: 0 | 1;
  holdUntil: number | null;
  sequenceActive: 0 | 1;
  sendingStopped: 0 | 1;
  mailboxId: MailboxId;
  disabledReason: string | null;
  disabled: 0 | 1;
  notAfter: number;
  gapMs: number;
  nextFreeAt: number;
};

/**
 * The only way to `sending`, in one batch. A mail goes on the wire only if, in this very transaction, it is still
 * ours, its enrollment active on that step under that epoch, its person neither suppressed nor on hold, its sequence
 * and workspace sending, its mailbox open with a free slot, its window open. D1's single writer orders this against
 * every stop. Slots are granted per mailbox inside the WHERE, by the mail's place among its mailbox's in this group: a
 * full mailbox keeps back only its own rows. A place before it that is not taken leaves a slot for a later group.
 * Whoever waits longer for a slot of this mailbox has a place before it too: a newcomer never takes the last slots.
 *
 * @returns the keys that may go, and for each other one still under our claim what stands in its way.
 */
export async function authorise(
  d1: D1Database,
  group: ClaimedSend[],
  claim: string,
  at: { now: number; wallNow: number },
  erasedKeyOf: ErasedKeyOf,
): Promise<{ granted: SendKey[]; blocked: Blocked[] }> {
  const hour = hourOf(at.now);
  const ours = `s.state = 'sending' AND s.claim = ?2 AND s.fence = j.value ->> 'fence'`;
  const sequences = numberList(group.map(({ sequenceId }) => sequenceId));
  const workspaces = numberList(group.map(({ workspaceId }) => workspaceId));
  const keyOfMail = (mail: ClaimedSend) => ({
    ...keyOf(mail),
    erased: erasedKeyOf(mail.workspaceId, mail.snapshot.to),
  });
  const mailboxes = [...Map.groupBy(group, ({ mailboxId }) => mailboxId)];
  // What holds for the whole statement (the room in the mailbox, the brakes) stands in subqueries that name no row of
  // it: SQLite asks those once, not once for every mail.
  const results = await d1.batch<SendKey>(
    mailboxes.flatMap(([mailboxId, mails]) => {
      const keys = mails.map((mail, place) => ({ ...keyOfMail(mail), place: place + 1 }));
      return [
        overRows(
          d1,
          `UPDATE sends AS s SET state = 'sending', attempt = s.attempt + 1, authorised_at = ?3,
             first_authorised_at = coalesce(s.first_authorised_at, ?2), usage_hour = ?4, defer_reason = NULL
           FROM json_each(?1) j
           WHERE ${isKey} AND s.state = 'claimed' AND s.claim = ?5 AND s.fence = j.value ->> 'fence'
             AND s.mailbox_id = ?6 AND s.lease_until >= ?3 AND ?2 < s.not_after AND ${standsStill("s", recipient, "j.value ->> 'erased'")}
             AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = s.contact_id AND h.until_at > ?2)
             AND (SELECT count(*) FROM shard_state b WHERE b.sending_stopped_at IS NOT NULL) = 0
             AND s.sequence_id IN (SELECT q.id FROM sequences q
               WHERE q.id IN ${sequences} AND q.status = 'active')
             AND s.workspace_id IN (SELECT w.id FROM workspaces w
               WHERE w.id IN ${workspaces} AND w.sending_stopped_at IS NULL)
             AND j.value ->> 'place' <= (
               SELECT CASE WHEN gap_ms = 0 THEN free WHEN ?2 >= next_free_at THEN min(1, free) ELSE 0 END FROM (
                 SELECT m.gap_ms, m.next_free_at, ${free} AS free
                 FROM mailboxes m WHERE m.id = ?6 AND m.disabled_at IS NULL))
             AND CASE (SELECT count(*) FROM (SELECT 1 ${others} LIMIT 1)) WHEN 0 THEN 1 ELSE
                 j.value ->> 'place' + (SELECT count(*) FROM (SELECT 1 ${others} AND ${isSenior} LIMIT ${seniorsMax}))
                   <= (SELECT ${free} FROM mailboxes m WHERE m.id = ?6) END
           RETURNING enrollment_id AS enrollmentId, step_id AS stepId, cycle`,
          keys,
          at.now,
          at.wallNow,
          hour,
          claim,
          mailboxId,
        ),
        overRows(
          d1,
          `INSERT INTO mailbox_usage (mailbox_id, hour, used)
           SELECT ?3, ?4, count(*) ${fromKeys} WHERE ${ours} HAVING count(*) > 0
           ON CONFLICT (mailbox_id, hour) DO UPDATE SET used = used + excluded.used`,
          keys,
          claim,
          mailboxId,
          hour,
        ),
        overRows(
          d1,
          `UPDATE mailboxes SET next_free_at = ?3 + gap_ms
           WHERE id = ?4 AND gap_ms > 0 AND EXISTS (SELECT 1 ${fromKeys} WHERE ${ours})`,
          keys,
          claim,
          at.now,
          mailboxId,
        ),
      ];
    }),
  );
  const granted = results.flatMap((result) => result.results);
  const blocked =
    granted.length === group.length ? [] : await listBlocked(d1, group.map(keyOfMail), claim, at);
  return { granted, blocked };
}

/** In the words of the index sends_waiting. */
const waits = (w: string, mailbox: string) =>
  `${w}.mailbox_id = ${mailbox} AND ${w}.due_at IS NOT NULL AND ${w}.defer_reason IN ('cap', 'gap')`;

/** Slots of the rolling day a mailbox `m` has free. */
const free = `m.daily_cap - coalesce((SELECT sum(u.used) FROM mailbox_usage u
  WHERE u.mailbox_id = ?6 AND u.hour > ?4 - ${bucketsInDay}), 0)`;

/** Who waits for a slot; of the same claim, their place says enough. */
const others = `FROM sends w WHERE ${waits("w", "?6")} AND w.claim IS NOT ?5`;
const isSenior = "(w.created_at, w.enrollment_id) < (s.created_at, s.enrollment_id)";

/** More wait before it than any mailbox has slots: how many more makes no difference. */
const seniorsMax = 1_000;

/** Who waits for a slot of this mailbox longer than this send, whoever works on them; the longest first. */
export async function listSeniors(
  d1: D1Database,
  send: Pick<ClaimedSend, "mailboxId" | "createdAt" | "enrollmentId" | "claim">,
  at: { now: number; limit: number },
): Promise<(SendKey & { dueAt: number; isPutOff: boolean })[]> {
  const { results } = await d1
    .prepare(
      `SELECT w.enrollment_id AS enrollmentId, w.step_id AS stepId, w.cycle, w.due_at AS dueAt,
         w.state = 'queued' AND w.due_at > ?4 AS isPutOff FROM sends w
       WHERE ${waits("w", "?1")} AND w.claim IS NOT ?6 AND (w.created_at, w.enrollment_id) < (?2, ?3)
       ORDER BY w.created_at, w.enrollment_id LIMIT ?5`,
    )
    .bind(send.mailboxId, send.createdAt, send.enrollmentId, at.now, at.limit, send.claim)
    .all<SendKey & { dueAt: number; isPutOff: 0 | 1 }>();
  return results.map((row) => ({ ...row, isPutOff: row.isPutOff === 1 }));
}

/** Their slot is now. Whoever came meanwhile for one of them is left alone. */
export async function pullForward(d1: D1Database, keys: SendKey[], now: number): Promise<void> {
  await d1
    .prepare(
      `UPDATE sends SET due_at = ?2 WHERE state = 'queued' AND due_at > ?2 AND (enrollment_id, step_id, cycle) IN
         (SELECT value ->> 'enrollmentId', value ->> 'stepId', value ->> 'cycle' FROM json_each(?1))`,
    )
    .bind(keysJson(keys), now)
    .run();
}

/** What stands in the way of those still under this claim. One whose claim ran out is nobody's to put off. */
async function listBlocked(
  d1: D1Database,
  keys: (SendKey & { fence: number; erased: string })[],
  claim: string,
  at: { now: number; wallNow: number },
): Promise<Blocked[]> {
  const { results } = await overRows(
    d1,
    `SELECT s.enrollment_id AS enrollmentId, s.step_id AS stepId, s.cycle, s.mailbox_id AS mailboxId,
           s.not_after AS notAfter,
           e.status = 'active' AND e.epoch = s.epoch AND e.step_id = s.step_id AND e.cycle = s.cycle AS stands,
           EXISTS (SELECT 1 FROM suppressions x WHERE x.workspace_id = s.workspace_id
                   AND x.value IN (${recipient}, substr(${recipient}, instr(${recipient}, '@') + 1),
                                   j.value ->> 'erased')) AS suppressed,
           (SELECT h.until_at FROM holds h WHERE h.contact_id = s.contact_id AND h.until_at > ?3) AS holdUntil,
           q.status = 'active' AS sequenceActive,
           w.sending_stopped_at IS NOT NULL
             OR EXISTS (SELECT 1 FROM shard_state b WHERE b.sending_stopped_at IS NOT NULL) AS sendingStopped,
           m.disabled_at IS NOT NULL AS disabled, m.disabled_reason AS disabledReason, m.gap_ms AS gapMs,
           m.next_free_at AS nextFreeAt
         ${fromKeys}
         CROSS JOIN enrollments e ON e.id = s.enrollment_id
         CROSS JOIN mailboxes m ON m.id = s.mailbox_id
         CROSS JOIN sequences q ON q.id = s.sequence_id
         CROSS JOIN workspaces w ON w.id = s.workspace_id
         WHERE s.state = 'claimed' AND s.claim = ?2 AND s.fence = j.value ->> 'fence' AND s.lease_until >= ?4`,
    keys,
    claim,
    at.now,
    at.wallNow,
  ).all<Blocked>();
  return results;
}

const recipient = `(s.snapshot ->> 'to')`;

/** The mailbox's usage over the last rolling day. */
export async function listUsage(d1: D1Database, mailboxId: MailboxId, now: number): Promise<Usage[]> {
  const { results } = await d1
    .prepare(`SELECT hour, used FROM mailbox_usage WHERE mailbox_id = ?1 AND hour > ?2`)
    .bind(mailboxId, hourOf(now) - bucketsInDay)
    .all<Usage>();
  return results;
}

/**
 * Promises `count` later slots of a mailbox, `spacingMs` apart and none before `from`, behind those already promised:
 * so a backlog spreads instead of knocking together at the next free moment. Promises nobody waits for any more (the
 * backlog was stopped) are forgotten.
 *
 * @returns the first of them.
 */
export async function reserveSlots(
  d1: D1Database,
  mailboxId: MailboxId,
  slots: { now: number; from: number; count: number; spacingMs: number },
): Promise<number> {
  const row = await d1
    .prepare(
      `UPDATE mailboxes SET slot_at = ?3 * (?4 - 1) + max(?2, iif(
         EXISTS (SELECT 1 FROM sends s WHERE s.due_at > ?5 AND s.mailbox_id = ?1 AND s.defer_reason IN ('cap', 'gap')),
         slot_at + ?3, 0))
       WHERE id = ?1 RETURNING slot_at AS slotAt`,
    )
    .bind(mailboxId, slots.from, slots.spacingMs, slots.count, slots.now)
    .first<{ slotAt: number }>();
  return (row?.slotAt ?? slots.from) - slots.spacingMs * (slots.count - 1);
}

/** Whether any send is due and waiting: the cron's reason to wake the delivery, whatever became of earlier wake-ups. */
export async function hasDueSends(d1: D1Database, now: number): Promise<boolean> {
  const row = await d1
    .prepare(`SELECT 1 AS due FROM sends WHERE due_at <= ?1 AND state = 'queued' LIMIT 1`)
    .bind(now)
    .first();
  return row !== null;
}

const isKey = `s.enrollment_id = j.value ->> 'enrollmentId' AND s.step_id = j.value ->> 'stepId'
  AND s.cycle = j.value ->> 'cycle'`;
const fromKeys = `FROM json_each(?1) j CROSS JOIN sends s ON ${isKey}`;

const keyOf = ({ enrollmentId, stepId, cycle, fence }: ClaimedSend) => ({
  enrollmentId,
  stepId,
  cycle,
  fence,
});

const keysJson = (keys: (SendKey & { fence?: number })[]): string =>
  JSON.stringify(
    keys.map(({ enrollmentId, stepId, cycle, fence }) => ({ enrollmentId, stepId, cycle, fence })),
  );
