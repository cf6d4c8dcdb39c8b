/**
 * Erasing a person, in one transaction: what says who they were goes, what is counted and what points at the row stays.
 * Everything about them that was decided before is overtaken (the rev of each enrollment rises) or lands without a word
 * about them: a mail on the wire is recorded as sent, with nothing beside it (db/commit.ts).
 *
 * Invariant: it may be run again at any time, and then changes nothing that anybody would miss.
 */
import { erasedContent } from "../domain/erasure.ts";
import type { ContactId, EnrollmentId, WorkspaceId } from "../domain/ids.ts";
import { isUndone } from "./constraints.ts";

export type ErasurePort = { db: D1Database; now: number; nextEventId(): number };

export type Erasure = {
  workspaceId: WorkspaceId;
  contactId: ContactId;
  /** As it was read: whoever gained an address since is read again. */
  rev: number;
  live: EnrollmentId[];
  addresses: string[];
  /** What each address leaves behind among the suppressions. */
  keys: string[];
  /** What an answer kept for an Idempotency-Key would hold that is about this person. */
  marks: string[];
  actor: string;
};

/** @returns null when the person is not in this workspace. */
export async function findErasable(
  d1: D1Database,
  workspaceId: WorkspaceId,
  contactId: ContactId,
): Promise<{ rev: number; addresses: string[]; enrollments: { id: EnrollmentId; live: 0 | 1 }[] } | null> {
  const [people, addresses, enrollments] = await d1.batch<{
    rev: number;
    email: string | null;
    id: EnrollmentId;
    live: 0 | 1;
  }>([
    d1
      .prepare(`SELECT rev, email FROM contacts WHERE id = ?1 AND workspace_id = ?2`)
      .bind(contactId, workspaceId),
    d1
      .prepare(`SELECT email FROM contact_addresses WHERE contact_id = ?1 AND workspace_id = ?2`)
      .bind(contactId, workspaceId),
    d1
      .prepare(
        `SELECT id, status IN ('active', 'paused') AS live FROM enrollments
         WHERE contact_id = ?1 AND workspace_id = ?2`,
      )
      .bind(contactId, workspaceId),
  ]);
  const [person] = people!.results;
  if (!person) return null;
  const all = [person, ...addresses!.results].flatMap(({ email }) => email ?? []);
  return { rev: person.rev, addresses: [...new Set(all)], enrollments: enrollments!.results };
}

/** @returns false when somebody wrote the contact since it was read; then nothing of it is done. */
export async function eraseRows(port: ErasurePort, erasure: Erasure): Promise<boolean> {
  try {
    await port.db.batch(erasureStatements(port, erasure));
    return true;
  } catch (error) {
    if (isUndone(error, "contacts")) return false;
    throw error;
  }
}

function erasureStatements(port: ErasurePort, erasure: Erasure): D1PreparedStatement[] {
  const { db, now } = port;
  const { workspaceId, contactId, rev } = erasure;
  const about = (text: string, ...more: unknown[]) => db.prepare(text).bind(contactId, workspaceId, ...more);
  return [
    // An UPDATE that finds nothing undoes no batch; a contact of no workspace does.
    about(
      `INSERT INTO contacts (kind) SELECT NULL
       WHERE NOT EXISTS (SELECT 1 FROM contacts c WHERE c.id = ?1 AND c.workspace_id = ?2 AND c.rev = ?3)`,
      rev,
    ),
    ...timelineStatements(port, erasure),
    ...workStatements(about, now),
    about(`DELETE FROM holds WHERE contact_id = ?1 AND workspace_id = ?2`),
    about(`DELETE FROM inbound_messages WHERE contact_id = ?1 AND workspace_id = ?2`),
    about(
      `DELETE FROM notices WHERE contact_id = ?1
         AND member_id IN (SELECT m.id FROM members m WHERE m.workspace_id = ?2)`,
    ),
    about(
      `UPDATE deals SET contact_id = NULL, rev = rev + 1, updated_at = ?3
       WHERE workspace_id = ?2 AND contact_id = ?1`,
      now,
    ),
    ...listStatements(db, erasure, now),
    // Last: the first statement asked for the rev this raises.
    about(
      `UPDATE contacts SET erased_at = coalesce(erased_at, ?3), email = NULL, first_name = NULL, last_name = NULL,
         title = NULL, phone = NULL, linkedin_url = NULL, company_id = NULL, owner_id = NULL, time_zone = NULL,
         country = NULL, locale = NULL, custom = '{}', rev = rev + 1, updated_at = ?3
       WHERE id = ?1 AND workspace_id = ?2`,
      now,
    ),
  ];
}

/** The timeline keeps what happened, when, and the codes that are counted; not a word of what was said. */
function timelineStatements(
  { db, now, nextEventId }: ErasurePort,
  { workspaceId, contactId, live, actor }: Erasure,
): D1PreparedStatement[] {
  const ended = live.map((id) => ({ id, eventId: nextEventId() }));
  return [
    db
      .prepare(
        `UPDATE events SET data = iif(json_valid(data),
           (SELECT json_group_object(d.key, d.value) FROM json_each(data) d WHERE d.key IN (${countedKeys})), '{}')
         WHERE contact_id = ?1 AND workspace_id = ?2`,
      )
      .bind(contactId, workspaceId),
    // Who was enrolled at this very moment is canceled all the same; contact.erased tells of it.
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, enrollment_id, step_id, actor, data)
         SELECT e.contact_id, ?4, j.value ->> 'eventId', e.workspace_id, 'enrollment.canceled', e.id, e.step_id, ?5,
           '{"reason":"contact_erased"}'
         FROM json_each(?3) j CROSS JOIN enrollments e ON e.id = j.value ->> 'id' AND e.contact_id = ?1
           AND e.workspace_id = ?2 AND e.status IN ('active', 'paused')`,
      )
      .bind(contactId, workspaceId, JSON.stringify(ended), now, actor),
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
         SELECT c.id, ?3, ?4, c.workspace_id, 'contact.erased', ?5, '{}' FROM contacts c
         WHERE c.id = ?1 AND c.workspace_id = ?2 AND c.erased_at IS NULL`,
      )
      .bind(contactId, workspaceId, now, nextEventId(), actor),
  ];
}

/** What holds a word of ours and never of a person's. */
const countedKeys = "'reason', 'class', 'outcome', 'kind'";

/**
 * What runs for them ends, as `cancel` of domain/enrollment.ts would end it; what is over keeps its state, its instants
 * and its counts. A mail on the wire stays there: whoever sent it still holds its claim, and only says what became of it.
 */
function workStatements(
  about: (text: string, ...more: unknown[]) => D1PreparedStatement,
  now: number,
): D1PreparedStatement[] {
  const theirs = `enrollment_id IN (SELECT e.id FROM enrollments e WHERE e.contact_id = ?1 AND e.workspace_id = ?2)`;
  const isWaiting = `state IN ('queued', 'claimed')`;
  const isLive = `status IN ('active', 'paused')`;
  return [
    about(
      `UPDATE sends SET state = iif(${isWaiting}, 'canceled', state), due_at = iif(${isWaiting}, NULL, due_at),
         claim = iif(${isWaiting}, NULL, claim), lease_until = iif(${isWaiting}, NULL, lease_until),
         fence = fence + (${isWaiting}), error = NULL, provider_message_id = NULL, content_hash = '${erasedContent}',
         snapshot = json_object('to', '', 'toName', NULL, 'from', iif(json_valid(snapshot), snapshot ->> 'from', ''),
           'fromName', NULL, 'values', json('{}'), 'signature', NULL, 'postalAddress', NULL, 'unsubscribeUrl', '',
           'renderedAt', 0, 'zone', 'UTC', 'thread', NULL)
       WHERE ${theirs} AND content_hash <> '${erasedContent}'`,
    ),
    about(
      `UPDATE tasks SET title = '', body = '', subject = NULL, note = NULL,
         status = iif(status <> 'open', status, iif(purpose = 'step', 'skipped', 'done')),
         done_at = iif(status = 'open' AND purpose <> 'step', ?3, done_at), rev = rev + 1, updated_at = ?3
       WHERE ${theirs}`,
      now,
    ),
    about(
      `UPDATE enrollments SET status = iif(${isLive}, 'canceled', status),
         reason = iif(${isLive}, 'contact_erased', reason), ended_at = iif(${isLive}, ?3, ended_at),
         epoch = epoch + (${isLive}), rev = rev + 1, detail = NULL, wait_reason = NULL, wake_at = NULL,
         lease_token = NULL, lease_until = NULL, thread_subject = NULL, thread_references = '[]', updated_at = ?3
       WHERE contact_id = ?1 AND workspace_id = ?2`,
      now,
    ),
  ];
}

/** Where others find them by something: gone, but for the hash that keeps them from being written to. */
function listStatements(
  db: D1Database,
  { workspaceId, contactId, addresses, keys, marks }: Erasure,
  now: number,
): D1PreparedStatement[] {
  return [
    db
      .prepare(
        `DELETE FROM suppressions WHERE workspace_id = ?1 AND value IN (SELECT j.value FROM json_each(?2) j)`,
      )
      .bind(workspaceId, JSON.stringify(addresses)),
    db
      .prepare(
        `INSERT INTO suppressions (workspace_id, kind, value, reason, created_at)
         SELECT ?1, 'address', j.value, 'erased', ?3 FROM json_each(?2) j WHERE true ON CONFLICT DO NOTHING`,
      )
      .bind(workspaceId, JSON.stringify(keys), now),
    db
      .prepare(
        `DELETE FROM external_references WHERE entity = 'contact' AND entity_id = ?1 AND workspace_id = ?2`,
      )
      .bind(contactId, workspaceId),
    db
      .prepare(`DELETE FROM contact_addresses WHERE contact_id = ?1 AND workspace_id = ?2`)
      .bind(contactId, workspaceId),
    // One that is still being answered stays taken.
    db
      .prepare(
        `DELETE FROM idempotency_keys WHERE workspace_id = ?1 AND status IS NOT NULL
           AND EXISTS (SELECT 1 FROM json_each(?2) j WHERE instr(body, j.value) > 0 OR instr(key, j.value) > 0)`,
      )
      .bind(workspaceId, JSON.stringify(marks)),
  ];
}
