/** What a panel shows of one person: their few enrollments and open tasks, found by the person and never by the list. */
import { desc, sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import type { ContactId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { visibleEnrollment, visibleTask } from "./reach.ts";
import { enrollments, sends, sequences, tasks } from "./schema.ts";
import type { TaskRow } from "./tasks.ts";

/** By one of their addresses, in its one normal form. */
export const findPersonAt = (
  d1: D1Database,
  workspaceId: WorkspaceId,
  email: string,
): Promise<ContactId | null> =>
  d1
    .prepare(`SELECT contact_id FROM contact_addresses WHERE workspace_id = ?1 AND email = ?2`)
    .bind(workspaceId, email)
    .first<ContactId>("contact_id");

export type RecordRow = {
  enrollment: Enrollment;
  sequenceName: string;
  deferReason: Enrollment["waitReason"];
};

/** Newest first: at most `live` that run or are paused, then at most `ended`. */
export async function listPersonsEnrollments(
  d1: D1Database,
  actor: Actor,
  contactId: ContactId,
  most: { live: number; ended: number },
): Promise<RecordRow[]> {
  const db = database(d1);
  const select = (statuses: string, limit: number) =>
    db
      .select({
        enrollment: enrollments,
        // Named apart: a D1 batch answers with objects, in which columns of one name become one.
        sequenceName: sql<string>`${sequences.name}`.as("sequence_name"),
        deferReason: sql<Enrollment["waitReason"]>`${sends.deferReason}`.as("send_defer_reason"),
      })
      .from(enrollments)
      .innerJoin(sequences, sql`${sequences.id} = ${enrollments.sequenceId}`)
      .leftJoin(
        sends,
        sql`${sends.enrollmentId} = ${enrollments.id} AND ${sends.stepId} = ${enrollments.stepId}
          AND ${sends.cycle} = ${enrollments.cycle} AND ${sends.dueAt} IS NOT NULL`,
      )
      .where(
        sql`${enrollments.contactId} = ${contactId} AND ${visibleEnrollment(actor)}
          AND ${enrollments.status} IN ${sql.raw(statuses)}`,
      )
      .orderBy(desc(enrollments.id))
      .limit(limit);
  const [live, ended] = await db.batch([
    select("('active', 'paused')", most.live),
    select("('completed', 'canceled')", most.ended),
  ]);
  return [...live, ...ended];
}

/**
 * Open ones, by due date. By way of the person's enrollments, for tasks have no index of people: the plus and the step
 * keep the planner from reading everybody's that are open.
 */
export async function listPersonsTasks(
  d1: D1Database,
  actor: Actor,
  contactId: ContactId,
  limit: number,
): Promise<TaskRow[]> {
  const rows = await database(d1)
    .select({ task: tasks })
    .from(enrollments)
    .crossJoin(tasks)
    .where(
      sql`${enrollments.contactId} = ${contactId} AND ${tasks.enrollmentId} = ${enrollments.id}
        AND ${tasks.stepId} > 0 AND +${tasks.status} = 'open' AND ${visibleTask(actor)}`,
    )
    .orderBy(tasks.dueAt, tasks.id)
    .limit(limit);
  return rows.map(({ task }) => task);
}
