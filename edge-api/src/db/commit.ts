/**
 * The one way a change becomes true: any number of Decisions, in one D1 batch (a transaction), set-wise. Rows travel
 * as one JSON parameter a statement, and every statement asks the guard again, so that a decision whose ground has
 * shifted is left out whole — no event, no send, no task — while the others land.
 *
 * Invariant: what the guard looks at (the enrollment's rev and lease, the send's claim and fence) is written last.
 * Invariant: FROM json_each(…) CROSS JOIN table keeps the planner on the rows we name (CROSS JOIN is not reordered).
 */
import type { Decision } from "../domain/decision.ts";
import { erasedContent } from "../domain/erasure.ts";
import type { NewEvent } from "../domain/events.ts";
import type { EnrollmentId } from "../domain/ids.ts";
import { isErased } from "./erased.ts";
import { overRows } from "./few-rows.ts";
import { listeners } from "./notices.ts";

/** D1 refuses strings over 2 MB; a statement's rows stay well below, whatever people's names and mails hold. */
const parameterBytesMax = 800_000;

export type CommitPort = {
  db: D1Database;
  now: number;
  /** Time-ordered and unique: the order of events that share an instant. */
  nextEventId: () => number;
};

/**
 * @returns the enrollments whose decision landed; the rest were overtaken and changed nothing. Decisions about a send
 * are not told: whoever records what the wire said has nothing else to do.
 */
export async function commit(
  port: CommitPort,
  decisions: Decision[],
  /** What else has to be true with them, or not at all: it goes first in the first batch. */
  first: D1PreparedStatement[] = [],
): Promise<Set<EnrollmentId>> {
  const landed = new Set<EnrollmentId>();
  for (const [place, part] of partsOf(decisions).entries()) {
    const statements = [
      ...(place === 0 ? first : []),
      ...statementsFor(
        port,
        part.filter((decision) => decision.guard !== "send"),
        enrollmentGuard,
      ),
      ...statementsFor(
        port,
        part.filter((decision) => decision.guard === "send"),
        sendGuard,
      ),
    ];
    const results = await port.db.batch<{ landed_id?: EnrollmentId }>(statements);
    for (const { results: rows } of results) {
      for (const row of rows) if (row.landed_id !== undefined) landed.add(row.landed_id);
    }
  }
  return landed;
}

function partsOf(decisions: Decision[]): Decision[][] {
  const parts: Decision[][] = [];
  let bytes = 0;
  for (const decision of decisions) {
    const size = sizeOf(decision);
    if (!parts.length || bytes + size > parameterBytesMax) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(decision);
    bytes += size;
  }
  return parts;
}

const sizeOf = (decision: Decision): number =>
  decision.sends.length + decision.tasks.length ? JSON.stringify(decision).length : 500;

/** True in a row `j` whose enrollment `e` nobody has written since it was read, and whose lease (if any) is still ours. */
const enrollmentGuard = {
  name: "enrollment" as const,
  where: `e.rev = j.value ->> 'rev' AND (j.value ->> 'lease' IS NULL OR e.lease_token = j.value ->> 'lease')
    AND (j.value ->> 'quiet' IS NULL OR NOT EXISTS (
      SELECT 1 FROM sends w WHERE w.enrollment_id = e.id AND w.state = 'sending'))`,
};

/** True in a row `j` whose send `g` is still under the claim and fence it was decided for. */
const sameClaim = `g.enrollment_id = j.value ->> 'id' AND g.step_id = j.value ->> 'step' AND g.cycle = j.value ->> 'cycle'
  AND g.claim = j.value ->> 'claim' AND g.fence = j.value ->> 'fence'`;
// Invariant: an uncertain send is settled under the enrollment's rev alone. Whoever settles it otherwise, unseen by the
// rev, lets a person's "it did not arrive" order again what has just proved to have arrived.
const heldSend = `${sameClaim} AND g.state IN ('claimed', 'sending')`;
const unsettledSend = `${sameClaim} AND g.state = 'uncertain'`;

const sendGuard = { name: "send" as const, where: `EXISTS (SELECT 1 FROM sends g WHERE ${heldSend})` };

type Guard = typeof enrollmentGuard | typeof sendGuard;

function statementsFor({ db, now, nextEventId }: CommitPort, decisions: Decision[], guard: Guard) {
  const statements: D1PreparedStatement[] = [];
  const add = (rows: unknown[], text: string, ...more: unknown[]) => {
    if (rows.length) statements.push(overRows(db, text, rows, ...more));
  };
  const guardOf = ({ enrollmentId: id, guard: ground, sendChange }: Decision) => ({
    id,
    ...(ground !== "send" && { rev: ground.rev, lease: ground.lease, ...(ground.quiet && { quiet: 1 }) }),
    ...(sendChange && {
      step: sendChange.stepId,
      cycle: sendChange.cycle,
      claim: sendChange.claim,
      fence: sendChange.fence,
      state: sendChange.state,
    }),
  });
  const from = `FROM json_each(?1) j CROSS JOIN enrollments e ON e.id = j.value ->> 'id'`;
  // Whom it is about and under which version: the send's own row knows that as well as the enrollment's.
  const about =
    guard.name === "send"
      ? `FROM json_each(?1) j CROSS JOIN sends g ON ${heldSend}`
      : `${from} AND ${guard.where}`;
  const of = guard.name === "send" ? "g" : "e";
  // A mail that was on the wire when its person was erased is recorded like any other, without a word about them. What
  // is decided on an enrollment needs none of this: erasing raises its rev.
  const unlessErased = (value: string, blank: string) =>
    `iif(g.content_hash = '${erasedContent}', ${blank}, ${value})`;

  add(
    decisions.flatMap((decision) => decision.sends.map((send) => ({ ...guardOf(decision), s: send }))),
    `INSERT INTO sends (enrollment_id, step_id, cycle, workspace_id, sequence_id, version_id, contact_id, mailbox_id,
       state, epoch, due_at, not_after, fence, attempt, absent_count, snapshot, content_hash, created_at)
     SELECT e.id, j.value ->> '$.s.stepId', j.value ->> '$.s.cycle', e.workspace_id, e.sequence_id, e.version_id,
       e.contact_id, j.value ->> '$.s.mailboxId', 'queued', j.value ->> '$.s.epoch', j.value ->> '$.s.dueAt',
       j.value ->> '$.s.notAfter', 0, 0, 0, j.value -> '$.s.snapshot',
       j.value ->> '$.s.contentHash', ?2
     ${from} WHERE ${guard.where}
     ON CONFLICT (enrollment_id, step_id, cycle) DO UPDATE SET state = 'queued', epoch = excluded.epoch,
       due_at = excluded.due_at, not_after = excluded.not_after, fence = sends.fence + 1, claim = NULL,
       lease_until = NULL, attempt = 0, first_authorised_at = NULL, absent_count = 0, looked_at = NULL,
       defer_reason = NULL, error = NULL, mailbox_id = excluded.mailbox_id,
       snapshot = excluded.snapshot, content_hash = excluded.content_hash
     WHERE sends.state = 'canceled'`,
    now,
  );
  add(
    decisions
      .filter(({ cancelSends }) => cancelSends.length)
      .map((d) => ({ ...guardOf(d), states: d.cancelSends })),
    `UPDATE sends SET state = 'canceled', due_at = NULL, claim = NULL, lease_until = NULL, fence = sends.fence + 1
     FROM (SELECT e.id, e.step_id, e.cycle, j.value -> 'states' AS states ${from} WHERE ${guard.where}) g
     WHERE sends.enrollment_id = g.id AND EXISTS (SELECT 1 FROM json_each(g.states) t WHERE t.value = sends.state)
       AND (sends.state <> 'failed' OR (sends.step_id = g.step_id AND sends.cycle = g.cycle))`,
  );
  add(
    decisions.flatMap((decision) => decision.tasks.map((task) => ({ ...guardOf(decision), t: task }))),
    `INSERT INTO tasks (workspace_id, enrollment_id, step_id, cycle, sequence_id, version_id, contact_id, owner_id,
       type, kind, purpose, title, body, subject, status, due_at, rev, created_at, updated_at)
     SELECT e.workspace_id, e.id, j.value ->> '$.t.stepId', j.value ->> '$.t.cycle', e.sequence_id, e.version_id,
       e.contact_id, j.value ->> '$.t.ownerId', j.value ->> '$.t.type', j.value ->> '$.t.kind',
       j.value ->> '$.t.purpose', j.value ->> '$.t.title', j.value ->> '$.t.body', j.value ->> '$.t.subject', 'open',
       j.value ->> '$.t.dueAt', 1, ?2, ?2
     ${from} WHERE ${guard.where} ${guard.name === "send" ? `AND NOT ${isErased("e.contact_id")}` : ""}
     ON CONFLICT DO NOTHING`,
    now,
  );
  add(
    decisions.flatMap((d) => (d.taskChange ? [{ ...guardOf(d), t: d.taskChange }] : [])),
    `UPDATE tasks SET status = g.status, outcome = g.outcome, note = coalesce(g.note, tasks.note), due_at = g.due_at,
       done_at = g.done_at, rev = tasks.rev + 1, updated_at = ?2
     FROM (SELECT j.value ->> '$.t.id' AS id, j.value ->> '$.t.status' AS status, j.value ->> '$.t.outcome' AS outcome,
             j.value ->> '$.t.note' AS note, j.value ->> '$.t.dueAt' AS due_at, j.value ->> '$.t.doneAt' AS done_at
           ${from} WHERE ${guard.where}) g
     WHERE tasks.id = g.id`,
    now,
  );
  // Before they are closed: a person's list must not lose a task without a word of why.
  add(
    decisions.flatMap((d) =>
      d.closeTasks === "step" && d.next?.endedAt
        ? [{ ...guardOf(d), v: { id: nextEventId(), actor: d.events.at(-1)?.actor, why: d.next.reason } }]
        : [],
    ),
    `INSERT INTO events (contact_id, at, id, workspace_id, type, enrollment_id, step_id, actor, data)
     SELECT e.contact_id, ?2, j.value ->> '$.v.id', e.workspace_id, 'task.skipped', e.id, t.step_id,
       coalesce(j.value ->> '$.v.actor', 'engine'), json_object('title', t.title, 'why', j.value ->> '$.v.why')
     ${from} CROSS JOIN tasks t ON t.enrollment_id = e.id AND t.status = 'open' AND t.purpose = 'step'
     WHERE ${guard.where}`,
    now,
  );
  add(
    decisions.filter(({ closeTasks }) => closeTasks).map((d) => ({ ...guardOf(d), purpose: d.closeTasks })),
    `UPDATE tasks SET status = iif(g.purpose = 'step', 'skipped', 'done'), done_at = iif(g.purpose = 'step', NULL, ?2),
       rev = tasks.rev + 1, updated_at = ?2
     FROM (SELECT e.id, j.value ->> 'purpose' AS purpose ${from} WHERE ${guard.where}) g
     WHERE tasks.enrollment_id = g.id AND tasks.status = 'open' AND tasks.purpose = g.purpose`,
    now,
  );
  add(
    decisions.filter(({ reopenTasks }) => reopenTasks).map(guardOf),
    `UPDATE tasks SET status = 'open', note = NULL, rev = tasks.rev + 1, updated_at = ?2
     FROM (SELECT e.id, e.step_id, e.cycle ${from} WHERE ${guard.where}) g
     WHERE tasks.enrollment_id = g.id AND tasks.step_id = g.step_id AND tasks.cycle = g.cycle
       AND tasks.status = 'skipped' AND tasks.done_at IS NULL AND tasks.purpose = 'step'`,
    now,
  );
  // A mail that was recorded advances its enrollment only where that still stands on the mail's step.
  const stands =
    guard.name === "send"
      ? `AND e.status = 'active' AND e.step_id = j.value ->> 'step' AND e.cycle = j.value ->> 'cycle'`
      : "";
  const addEvents = (decided: Decision[], which: (event: NewEvent) => boolean, row: string, source: string) =>
    add(
      decided.flatMap((d) =>
        d.events.filter(which).map((event) => ({ ...guardOf(d), v: { ...event, id: nextEventId() } })),
      ),
      `INSERT INTO events (contact_id, at, id, workspace_id, type, enrollment_id, step_id, actor, data)
       SELECT ${row}.contact_id, j.value ->> '$.v.at', j.value ->> '$.v.id', ${row}.workspace_id, j.value ->> '$.v.type',
         j.value ->> 'id', j.value ->> '$.v.stepId', j.value ->> '$.v.actor',
         ${row === "g" ? unlessErased("j.value -> '$.v.data'", "'{}'") : "j.value -> '$.v.data'"}
       ${source}`,
    );
  // What a mail's outcome would do to an enrollment that was stopped meanwhile, it does not do, nor say.
  const ifStands = ({ type }: NewEvent) => guard.name === "send" && type.startsWith("enrollment.");
  addEvents(decisions, (event) => !ifStands(event), of, about);
  addEvents(decisions, ifStands, "e", `${from} WHERE ${guard.where} ${stands}`);
  add(
    decisions.flatMap((d) =>
      d.counts.map(({ stepId, count }) => ({ ...guardOf(d), of: stepId, [count]: 1 })),
    ),
    `INSERT INTO step_rollups (sequence_id, version_id, step_id, day, ${countColumns.join(", ")})
     SELECT ${of}.sequence_id, ${of}.version_id, j.value ->> 'of', ?2,
       ${countNames.map((name) => `sum(coalesce(j.value ->> '${name}', 0))`).join(", ")}
     ${about} WHERE true GROUP BY 1, 2, 3
     ON CONFLICT (sequence_id, version_id, step_id, day)
     DO UPDATE SET ${countColumns.map((column) => `${column} = ${column} + excluded.${column}`).join(", ")}`,
    new Date(now).toISOString().slice(0, 10),
  );
  add(
    decisions.filter(({ sendChange }) => sendChange?.giveBack).map(guardOf),
    `UPDATE mailbox_usage SET used = max(0, used - g.unsent)
     FROM (SELECT s.mailbox_id, s.usage_hour, count(*) AS unsent ${from}
           CROSS JOIN sends s ON s.enrollment_id = e.id AND s.step_id = j.value ->> 'step' AND s.cycle = j.value ->> 'cycle'
           WHERE s.state = 'sending' AND ${guard.where} GROUP BY 1, 2) g
     WHERE mailbox_usage.mailbox_id = g.mailbox_id AND mailbox_usage.hour = g.usage_hour`,
  );
  // Before the mailbox is switched off: whoever switches it off says so once.
  add(
    decisions.flatMap((d) => (d.disableMailbox ? [{ ...guardOf(d), m: d.disableMailbox }] : [])),
    `INSERT INTO notices (workspace_id, member_id, kind, mailbox_id, data, at, mail_due_at)
     SELECT o.workspace_id, m.id, 'mailbox_disabled', o.id, json_object('why', o.reason), ?2, ?2
     FROM (SELECT DISTINCT b.id, b.workspace_id, b.owner_id, j.value ->> '$.m.reason' AS reason
           ${from} CROSS JOIN mailboxes b ON b.id = j.value ->> '$.m.id' WHERE ${guard.where} AND b.disabled_at IS NULL) o
     ${listeners}`,
    now,
  );
  add(
    decisions.flatMap((d) => (d.disableMailbox ? [{ ...guardOf(d), m: d.disableMailbox }] : [])),
    `UPDATE mailboxes SET disabled_at = ?2, disabled_reason = g.reason, rev = mailboxes.rev + 1, updated_at = ?2
     FROM (SELECT j.value ->> '$.m.id' AS id, j.value ->> '$.m.reason' AS reason ${from} WHERE ${guard.where}) g
     WHERE mailboxes.id = g.id AND mailboxes.disabled_at IS NULL`,
    now,
  );
  add(
    decisions.filter(({ sendChange }) => sendChange?.state === "uncertain").map(guardOf),
    `INSERT INTO notices (workspace_id, member_id, kind, contact_id, enrollment_id, data, at, mail_due_at)
     SELECT o.workspace_id, m.id, 'uncertain_send', o.contact_id, o.id, '{}', ?2, ?2
     FROM (SELECT e.id, e.workspace_id, e.contact_id, coalesce(e.owner_id, c.owner_id) AS owner_id
           ${from} CROSS JOIN contacts c ON c.id = e.contact_id WHERE ${guard.where} AND c.erased_at IS NULL) o
     ${listeners}`,
    now,
  );
  // A timer that begins under a hold or in a paused sequence: the tick looks at once and freezes it.
  const wakeAt = `iif(j.value ->> '$.n.waitReason' IN ('delay', 'window', 'holiday') AND j.value ->> '$.n.remainingMs' IS NULL
      AND (EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = e.contact_id AND h.until_at > ?2)
        OR e.sequence_id IN (SELECT q.id FROM sequences q WHERE q.status = 'paused'
          AND q.id IN (SELECT i.value ->> '$.n.sequenceId' FROM json_each(?1) i))),
    min(?2, j.value ->> '$.n.wakeAt'), j.value ->> '$.n.wakeAt')`;
  // Three indexes hold the status, and SQLite writes what is assigned, changed or not: so who goes on is kept apart
  // from who stops. Invariant: a change of status raises the epoch.
  const moves = (stopping: boolean, columns: string) =>
    add(
      decisions.flatMap((d) =>
        d.next && d.raise > 0 === stopping ? [{ ...guardOf(d), n: { ...d.next, raise: d.raise } }] : [],
      ),
      `UPDATE enrollments AS e SET ${columns} wait_reason = j.value ->> '$.n.waitReason',
         step_id = j.value ->> '$.n.stepId', cycle = j.value ->> '$.n.cycle',
         epoch = e.epoch + (j.value ->> '$.n.raise'), rev = e.rev + 1, due_at = j.value ->> '$.n.dueAt',
         wake_at = ${wakeAt}, remaining_ms = j.value ->> '$.n.remainingMs', lease_token = NULL,
         lease_until = NULL, thread_subject = j.value ->> '$.n.threadSubject',
         thread_references = j.value -> '$.n.threadReferences', executed_at = j.value ->> '$.n.executedAt', updated_at = ?2
       FROM json_each(?1) j WHERE e.id = j.value ->> 'id' AND ${guard.where} ${stands}
       ${guard.name === "enrollment" ? "RETURNING id AS landed_id" : ""}`,
      now,
    );
  // Last where the send is the guard, before the enrollment where that is.
  const settleSends = () =>
    add(
      decisions.flatMap((d) => (d.sendChange ? [{ ...guardOf(d), c: d.sendChange }] : [])),
      `UPDATE sends AS g SET state = j.value ->> '$.c.state', due_at = j.value ->> '$.c.dueAt',
         not_after = j.value ->> '$.c.notAfter', defer_reason = j.value ->> '$.c.deferReason',
         sent_at = j.value ->> '$.c.sentAt', error = ${unlessErased("j.value ->> '$.c.error'", "NULL")},
         provider_message_id = ${unlessErased("j.value ->> '$.c.providerMessageId'", "NULL")}, lease_until = NULL,
         claim = CASE j.value ->> '$.c.state' WHEN 'queued' THEN NULL ELSE g.claim END,
         fence = g.fence + (j.value ->> '$.c.state' = 'queued'), absent_count = 0, looked_at = NULL
       ${guard.name === "send" ? `FROM json_each(?1) j WHERE ${heldSend}` : `${from} WHERE ${guard.where} AND ${unsettledSend}`}`,
    );
  if (guard.name === "enrollment") settleSends();
  add(
    decisions.filter(({ wake }) => wake).map(guardOf),
    `UPDATE enrollments AS e SET wake_at = min(?2, e.wake_at), rev = e.rev + 1, lease_token = NULL, lease_until = NULL
     FROM json_each(?1) j WHERE e.id = j.value ->> 'id' AND e.status = 'active' AND e.wake_at IS NOT NULL
       AND ${guard.where}`,
    now,
  );
  moves(false, "");
  moves(
    true,
    `status = j.value ->> '$.n.status', reason = j.value ->> '$.n.reason', detail = j.value ->> '$.n.detail',
       ended_at = j.value ->> '$.n.endedAt',`,
  );
  if (guard.name === "send") settleSends();
  return statements;
}

const countNames = [
  "sent",
  "failed",
  "uncertain",
  "replied",
  "bounced",
  "tasksDone",
  "tasksSkipped",
] as const;
const countColumns = ["sent", "failed", "uncertain", "replied", "bounced", "tasks_done", "tasks_skipped"];
