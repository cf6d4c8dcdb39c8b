/** Enrollments: making them (the database alone decides who is already in), and reading them. */
import type { EnrollmentStatus } from "@cadenza/shared/vocabulary";
import { desc, sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type {
  ContactId,
  DealId,
  EnrollmentId,
  MailboxId,
  MemberId,
  SequenceId,
  VersionId,
  WorkspaceId,
} from "../domain/ids.ts";
import { database } from "./database.ts";
import { visibleEnrollment } from "./reach.ts";
import { contacts, enrollments, sends, sequences } from "./schema.ts";

export type NewEnrollment = {
  workspaceId: WorkspaceId;
  sequenceId: SequenceId;
  versionId: VersionId;
  contactId: ContactId;
  dealId: DealId | null;
  mailboxId: MailboxId | null;
  ownerId: MemberId | null;
  stepId: number;
  dueAt: number;
  wakeAt: number;
  waitReason: string;
};

/**
 * Inserts all that may be inserted, with their events, in one batch. Whoever is already live in the sequence is left
 * out by the unique index, whoever was suppressed or whose sequence was archived meanwhile by the WHERE.
 *
 * @returns the contacts that were enrolled, with their new keys.
 */
export async function insertEnrollments(
  port: { db: D1Database; now: number; nextEventId(): number },
  rows: NewEnrollment[],
  by: { actor: string; token: string },
): Promise<Map<ContactId, EnrollmentId>> {
  if (!rows.length) return new Map();
  const { db, now } = port;
  const json = JSON.stringify(rows.map((row) => ({ ...row, eventId: port.nextEventId() })));
  const [inserted] = await db.batch<{ id: EnrollmentId; contactId: ContactId }>([
    db
      .prepare(
        `INSERT INTO enrollments (workspace_id, sequence_id, version_id, contact_id, deal_id, mailbox_id, owner_id,
           status, wait_reason, step_id, cycle, epoch, rev, due_at, wake_at, lease_token, lease_until,
           thread_references, enrolled_at, updated_at)
         SELECT j.value ->> 'workspaceId', q.id, j.value ->> 'versionId', c.id, j.value ->> 'dealId',
           j.value ->> 'mailboxId', j.value ->> 'ownerId', 'active', j.value ->> 'waitReason', j.value ->> 'stepId',
           1, 1, 1, j.value ->> 'dueAt', j.value ->> 'wakeAt', ?3, 0, '[]', ?2, ?2
         FROM json_each(?1) j
         CROSS JOIN contacts c ON c.id = j.value ->> 'contactId' AND c.workspace_id = j.value ->> 'workspaceId'
           AND c.erased_at IS NULL
         CROSS JOIN sequences q ON q.id = j.value ->> 'sequenceId' AND q.workspace_id = c.workspace_id
           AND q.version_id = j.value ->> 'versionId' AND q.status IN ('active', 'paused')
         WHERE NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.workspace_id = c.workspace_id
                           AND s.value IN (c.email, substr(c.email, instr(c.email, '@') + 1)))
         ON CONFLICT DO NOTHING RETURNING id, contact_id AS contactId`,
      )
      // The token under an ended lease marks the rows this batch made; the first claim writes over it.
      .bind(json, now, by.token),
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, enrollment_id, step_id, actor, data)
         SELECT e.contact_id, ?2, j.value ->> 'eventId', e.workspace_id, 'enrollment.created', e.id, e.step_id, ?4,
           json_object('sequence', q.name, 'version', v.number)
         FROM json_each(?1) j
         CROSS JOIN enrollments e ON e.contact_id = j.value ->> 'contactId'
           AND e.sequence_id = j.value ->> 'sequenceId' AND e.lease_token = ?3 AND e.lease_until = 0
         CROSS JOIN sequences q ON q.id = e.sequence_id
         CROSS JOIN sequence_versions v ON v.id = e.version_id`,
      )
      .bind(json, now, by.token, by.actor),
  ]);
  return new Map((inserted?.results ?? []).map(({ id, contactId }) => [contactId, id]));
}

export async function loadEnrollment(d1: D1Database, actor: Actor, id: EnrollmentId): Promise<Enrollment> {
  const [row] = await database(d1)
    .select()
    .from(enrollments)
    .where(sql`${enrollments.id} = ${id} AND ${visibleEnrollment(actor)}`);
  if (!row) throw new AppError("enrollment_not_found", "There is no such enrollment in this workspace.");
  return row;
}

export type EnrollmentFilter = {
  id?: EnrollmentId;
  status?: EnrollmentStatus;
  sequenceId?: SequenceId;
  contactId?: ContactId;
  before?: EnrollmentId;
  limit: number;
};

/** Newest first. An open send that had to wait tells its reason in place of the enrollment's. */
export async function listEnrollments(d1: D1Database, actor: Actor, filter: EnrollmentFilter) {
  const { id, status, sequenceId, contactId, before } = filter;
  const rows = await database(d1)
    .select({
      enrollment: enrollments,
      contact: { email: contacts.email, firstName: contacts.firstName, lastName: contacts.lastName },
      sequenceName: sequences.name,
      deferReason: sends.deferReason,
    })
    .from(enrollments)
    .innerJoin(contacts, sql`${contacts.id} = ${enrollments.contactId}`)
    .innerJoin(sequences, sql`${sequences.id} = ${enrollments.sequenceId}`)
    .leftJoin(
      sends,
      sql`${sends.enrollmentId} = ${enrollments.id} AND ${sends.stepId} = ${enrollments.stepId}
        AND ${sends.cycle} = ${enrollments.cycle} AND ${sends.dueAt} IS NOT NULL`,
    )
    .where(
      sql.join(
        [
          visibleEnrollment(actor),
          ...(id ? [sql`${enrollments.id} = ${id}`] : []),
          ...(status ? [sql`${enrollments.status} = ${status}`] : []),
          ...(sequenceId ? [sql`${enrollments.sequenceId} = ${sequenceId}`] : []),
          ...(contactId ? [sql`${enrollments.contactId} = ${contactId}`] : []),
          ...(before ? [sql`${enrollments.id} < ${before}`] : []),
        ],
        sql` AND `,
      ),
    )
    .orderBy(desc(enrollments.id))
    .limit(filter.limit);
  return rows.map(({ enrollment, contact, sequenceName, deferReason }) => ({
    ...enrollment,
    contact,
    sequenceName,
    waitReason: enrollment.waitReason && (deferReason ?? enrollment.waitReason),
  }));
}

/** As the list shows it. */
export async function loadListed(d1: D1Database, actor: Actor, id: EnrollmentId) {
  const [row] = await listEnrollments(d1, actor, { id, limit: 1 });
  return row ?? loadEnrollment(d1, actor, id);
}

/** Some of a sequence's people who are paused: those the tick never looks at. */
export async function listPaused(
  d1: D1Database,
  sequenceId: SequenceId,
  limit: number,
): Promise<Enrollment[]> {
  return database(d1)
    .select()
    .from(enrollments)
    .where(sql`${enrollments.sequenceId} = ${sequenceId} AND ${enrollments.status} = 'paused'`)
    .limit(limit);
}

/** Whoever is enrolled for this deal and has not ended. */
export async function listLiveOfDeal(d1: D1Database, dealId: DealId): Promise<Enrollment[]> {
  return database(d1)
    .select()
    .from(enrollments)
    .where(sql`${enrollments.dealId} = ${dealId} AND ${enrollments.status} IN ('active', 'paused')`);
}

/**
 * Lets a sequence's people stand still or go on, all of them in one statement each: only where the status says so by now.
 * Not in chunks: with the status in one transaction nobody is ever found half paused, and 20,000 people take a tenth of a
 * second of the 30 that D1 gives a statement (tests/engine/crowd.test.ts).
 */
export function freezeSequenceStatements(
  d1: D1Database,
  sequenceId: SequenceId,
  now: number,
  watchdogMs: number,
) {
  return [
    d1
      .prepare(
        `UPDATE enrollments SET remaining_ms = coalesce(remaining_ms, max(0, due_at - ?2)),
           wait_reason = 'sequence_paused', wake_at = ?2 + ?3, rev = rev + 1, lease_token = NULL, lease_until = NULL
         WHERE sequence_id = ?1 AND status = 'active'
           AND EXISTS (SELECT 1 FROM sequences q WHERE q.id = ?1 AND q.status = 'paused')`,
      )
      .bind(sequenceId, now, watchdogMs),
  ];
}

/** What was left of a timer stays until the tick looks: a hold may keep it still. */
export function thawSequenceStatements(d1: D1Database, sequenceId: SequenceId, now: number) {
  return [
    d1
      .prepare(
        `UPDATE enrollments SET due_at = ?2 + coalesce(remaining_ms, 0), wait_reason = 'delay',
           wake_at = ?2, rev = rev + 1, lease_token = NULL, lease_until = NULL
         WHERE sequence_id = ?1 AND status = 'active' AND wait_reason = 'sequence_paused'`,
      )
      .bind(sequenceId, now),
    d1
      .prepare(
        `UPDATE sends SET due_at = ?2, defer_reason = NULL
         WHERE state = 'queued' AND defer_reason = 'sequence_paused' AND enrollment_id IN
           (SELECT id FROM enrollments WHERE sequence_id = ?1 AND status = 'active')`,
      )
      .bind(sequenceId, now),
  ];
}
