/** Schedules as rows. */
import { and, desc, eq, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { ScheduleId, WorkspaceId } from "../domain/ids.ts";
import type { Schedule } from "../domain/schedule.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { schedules } from "./schema.ts";

export type ScheduleRow = typeof schedules.$inferSelect;

export async function listSchedules(
  d1: D1Database,
  workspaceId: WorkspaceId,
  page: PageRequest,
): Promise<Page<ScheduleRow>> {
  const rows = await database(d1)
    .select()
    .from(schedules)
    .where(and(eq(schedules.workspaceId, workspaceId), sql`${schedules.id} < ${beforeId(page)}`))
    .orderBy(desc(schedules.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => [row.id]);
}

export async function loadSchedule(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: ScheduleId,
): Promise<ScheduleRow> {
  const [row] = await database(d1)
    .select()
    .from(schedules)
    .where(and(eq(schedules.workspaceId, workspaceId), eq(schedules.id, id)));
  if (!row) throw new AppError("schedule_not_found", "There is no such schedule in this workspace.");
  return row;
}

/** A sequence's: its own, else the workspace's; null where neither names one. */
export async function findScheduleOf(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: ScheduleId | null,
): Promise<ScheduleRow | null> {
  const [row] = await database(d1)
    .select()
    .from(schedules)
    .where(
      sql`${schedules.workspaceId} = ${workspaceId} AND ${schedules.id} =
        coalesce(${id}, (SELECT w.default_schedule_id FROM workspaces w WHERE w.id = ${workspaceId}))`,
    );
  return row ?? null;
}

export async function insertSchedule(
  d1: D1Database,
  row: typeof schedules.$inferInsert,
): Promise<ScheduleRow> {
  const [inserted] = await database(d1).insert(schedules).values(row).returning();
  return inserted!;
}

/** @returns false when somebody wrote since `rev` was read. */
export async function updateSchedule(
  d1: D1Database,
  { id, rev }: { id: ScheduleId; rev: number },
  changes: Partial<Schedule & { name: string }>,
  at: number,
): Promise<boolean> {
  const updated = await database(d1)
    .update(schedules)
    .set({ ...changes, rev: rev + 1, updatedAt: at })
    .where(and(eq(schedules.id, id), eq(schedules.rev, rev)))
    .returning({ id: schedules.id });
  return updated.length > 0;
}
