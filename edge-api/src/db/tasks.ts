/** Reading tasks: a rep's list, one task. They are written by commit alone. */
import type { TaskStatus } from "@cadenza/shared/vocabulary";
import { sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId, EnrollmentId, MemberId, TaskId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { visibleTask } from "./reach.ts";
import { contacts, tasks } from "./schema.ts";

export type TaskRow = typeof tasks.$inferSelect;

export async function loadTask(d1: D1Database, actor: Actor, id: TaskId): Promise<TaskRow> {
  const [row] = await database(d1)
    .select()
    .from(tasks)
    .where(sql`${tasks.id} = ${id} AND ${visibleTask(actor)}`);
  if (!row) throw new AppError("task_not_found", "There is no such task in this workspace.");
  return row;
}

export type TaskFilter = {
  status: TaskStatus;
  ownerId?: MemberId;
  enrollmentId?: EnrollmentId;
  contactId?: ContactId;
  /** Due at or before. */
  dueUntil?: number;
  after?: { dueAt: number; id: TaskId };
  limit: number;
};

/** By due date, the oldest first. */
export async function listTasks(d1: D1Database, actor: Actor, filter: TaskFilter) {
  const { status, ownerId, enrollmentId, contactId, dueUntil, after } = filter;
  return database(d1)
    .select({
      task: tasks,
      contact: {
        email: contacts.email,
        firstName: contacts.firstName,
        lastName: contacts.lastName,
        phone: contacts.phone,
      },
    })
    .from(tasks)
    .innerJoin(contacts, sql`${contacts.id} = ${tasks.contactId}`)
    .where(
      sql.join(
        [
          sql`${visibleTask(actor)} AND ${tasks.status} = ${status}`,
          ...(ownerId ? [sql`${tasks.ownerId} = ${ownerId}`] : []),
          ...(enrollmentId ? [sql`${tasks.enrollmentId} = ${enrollmentId}`] : []),
          ...(contactId ? [sql`${tasks.contactId} = ${contactId}`] : []),
          ...(dueUntil === undefined ? [] : [sql`${tasks.dueAt} <= ${dueUntil}`]),
          ...(after ? [sql`(${tasks.dueAt}, ${tasks.id}) > (${after.dueAt}, ${after.id})`] : []),
        ],
        sql` AND `,
      ),
    )
    .orderBy(tasks.dueAt, tasks.id)
    .limit(filter.limit);
}
