/** What is known of people who are to be enrolled: what stands in the way, and what whoever enrolls should know. */
import type { StatusReason } from "@cadenza/shared/vocabulary";
import { type SQL, sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import type { ContactId, EnrollmentId, SequenceId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { visibleSequence } from "./reach.ts";
import { contacts } from "./schema.ts";

/** How somebody's last time in a sequence ended. */
export type EnrolledBefore = { reason: StatusReason; endedAt: number };

/**
 * What stands in the way of enrolling these people in this sequence, and what is needed to plan their first step. Whom a
 * person took out, or a bounce, may be enrolled again as if they had never been in it.
 */
export async function listCandidates(
  d1: D1Database,
  actor: Actor,
  contactIds: ContactId[],
  sequenceId: SequenceId,
  now: number,
) {
  // Columns by their full name: drizzle leaves a lone table's out, and inside these the inner table would answer.
  return database(d1)
    .select({
      id: contacts.id,
      email: contacts.email,
      timeZone: contacts.timeZone,
      ownerId: contacts.ownerId,
      // The address itself before its domain: the longer of the two.
      suppressedBy: sql<string | null>`(SELECT s.value FROM suppressions s
        WHERE s.workspace_id = contacts.workspace_id
          AND s.value IN (contacts.email, substr(contacts.email, instr(contacts.email, '@') + 1))
        ORDER BY length(s.value) DESC LIMIT 1)`,
      isOwn: sql<0 | 1>`EXISTS (SELECT 1 FROM mailboxes m WHERE m.workspace_id = contacts.workspace_id
        AND m.address = contacts.email)`,
      holdUntil: sql<number | null>`(SELECT h.until_at FROM holds h WHERE h.contact_id = contacts.id
        AND h.until_at > ${now})`,
      liveId: sql<EnrollmentId | null>`(SELECT e.id FROM enrollments e WHERE e.contact_id = contacts.id
        AND e.sequence_id = ${sequenceId} AND e.status IN ('active', 'paused'))`,
      before: sql`(SELECT json_object('reason', e.reason, 'endedAt', e.ended_at) FROM enrollments e
        WHERE e.contact_id = contacts.id AND e.sequence_id = ${sequenceId} AND e.status IN ('completed', 'canceled')
          AND e.reason NOT IN ('manual', 'bounced', 'sequence_archived') ORDER BY e.id DESC LIMIT 1)`.mapWith(
        (text: string): EnrolledBefore => JSON.parse(text),
      ) as SQL<EnrolledBefore | null>,
      // Null: one that is not for who asks to see.
      alsoIn: sql`(SELECT json_group_array(CASE WHEN ${visibleSequence(actor)} THEN sequences.name END)
        FROM enrollments e CROSS JOIN sequences ON sequences.id = e.sequence_id
        WHERE e.contact_id = contacts.id AND e.sequence_id <> ${sequenceId}
          AND e.status IN ('active', 'paused'))`.mapWith((text: string): (string | null)[] =>
        JSON.parse(text),
      ),
    })
    .from(contacts)
    .where(
      sql`${contacts.id} IN (SELECT value FROM json_each(${JSON.stringify(contactIds)}))
        AND ${contacts.workspaceId} = ${actor.workspaceId} AND ${contacts.erasedAt} IS NULL`,
    );
}

/** What is known of addresses nobody has yet: the entry of the suppression list that holds for them, whether it is ours. */
export async function listAddressFacts(
  d1: D1Database,
  workspaceId: WorkspaceId,
  emails: string[],
): Promise<Map<string, { suppressedBy: string | null; isOwn: 0 | 1 }>> {
  if (!emails.length) return new Map();
  const { results } = await d1
    .prepare(
      `SELECT j.value AS email,
         (SELECT s.value FROM suppressions s WHERE s.workspace_id = ?2
            AND s.value IN (j.value, substr(j.value, instr(j.value, '@') + 1))
          ORDER BY length(s.value) DESC LIMIT 1) AS suppressedBy,
         EXISTS (SELECT 1 FROM mailboxes m WHERE m.workspace_id = ?2 AND m.address = j.value) AS isOwn
       FROM json_each(?1) j`,
    )
    .bind(JSON.stringify(emails), workspaceId)
    .all<{ email: string; suppressedBy: string | null; isOwn: 0 | 1 }>();
  return new Map(results.map(({ email, ...facts }) => [email, facts]));
}
