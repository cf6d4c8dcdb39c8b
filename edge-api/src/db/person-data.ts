/** Rows about one person that nobody else asks for person by person. Each list is read one row past `limit`. */
import type { NoticeKind, ReplyClass } from "@cadenza/shared/vocabulary";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { ContactId, EnrollmentId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { members, notices, sends, suppressions, tasks } from "./schema.ts";
import type { SendRow } from "./sends.ts";
import type { SuppressionRow } from "./suppressions.ts";
import type { TaskRow } from "./tasks.ts";

export type ReceivedMail = {
  messageId: string;
  replyClass: ReplyClass;
  enrollmentId: EnrollmentId | null;
  receivedAt: number;
};
export type NoticeAbout = { kind: NoticeKind; at: number; data: Record<string, unknown> };
type Person = { workspaceId: WorkspaceId; contactId: ContactId };

const ofTheirs = ({ workspaceId, contactId }: Person) =>
  sql`enrollment_id IN (SELECT e.id FROM enrollments e
    WHERE e.contact_id = ${contactId} AND e.workspace_id = ${workspaceId})`;

/** Over their enrollments, for those are in the key. */
export const listSendsTo = (d1: D1Database, person: Person, limit: number): Promise<SendRow[]> =>
  database(d1)
    .select()
    .from(sends)
    .where(ofTheirs(person))
    .orderBy(desc(sends.createdAt))
    .limit(limit + 1);

export const listTasksAbout = (d1: D1Database, person: Person, limit: number): Promise<TaskRow[]> =>
  database(d1)
    .select()
    .from(tasks)
    .where(ofTheirs(person))
    .orderBy(desc(tasks.id))
    .limit(limit + 1);

export async function listReceived(
  d1: D1Database,
  { workspaceId, contactId }: Person,
  limit: number,
): Promise<ReceivedMail[]> {
  const { results } = await d1
    .prepare(
      `SELECT message_id AS messageId, reply_class AS replyClass, enrollment_id AS enrollmentId,
         received_at AS receivedAt
       FROM inbound_messages WHERE contact_id = ?1 AND workspace_id = ?2 ORDER BY received_at DESC LIMIT ?3`,
    )
    .bind(contactId, workspaceId, limit + 1)
    .all<ReceivedMail>();
  return results;
}

/** Over the members who were told, for those have an index. */
export const listNoticesAbout = (
  d1: D1Database,
  { workspaceId, contactId }: Person,
  limit: number,
): Promise<NoticeAbout[]> =>
  database(d1)
    .select({ kind: notices.kind, at: notices.at, data: notices.data })
    .from(notices)
    .where(
      and(
        eq(notices.contactId, contactId),
        inArray(
          notices.memberId,
          database(d1).select({ id: members.id }).from(members).where(eq(members.workspaceId, workspaceId)),
        ),
      ),
    )
    .orderBy(desc(notices.id))
    .limit(limit + 1);

export const listSuppressionsOf = (
  d1: D1Database,
  workspaceId: WorkspaceId,
  values: string[],
): Promise<SuppressionRow[]> =>
  database(d1)
    .select()
    .from(suppressions)
    .where(
      sql`${suppressions.workspaceId} = ${workspaceId}
        AND ${suppressions.value} IN (SELECT value FROM json_each(${JSON.stringify(values)}))`,
    );
