/** Making and changing schedules: the whole of what results is checked, not only what was named. */
import { isUniqueViolation } from "../db/constraints.ts";
import { insertSchedule, loadSchedule, type ScheduleRow, updateSchedule } from "../db/schedules.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { ScheduleId } from "../domain/ids.ts";
import { type Schedule, scheduleProblems } from "../domain/schedule.ts";
import type { System } from "../domain/system.ts";
import { edit } from "./edit.ts";

type Named = Schedule & { name: string };
type Changes = { [Field in keyof Named]?: Named[Field] | undefined };

export async function createSchedule(
  { db, now }: System,
  { workspaceId }: Actor,
  asked: Named,
): Promise<ScheduleRow> {
  checkSchedule(asked);
  const at = now();
  const row = { ...asked, workspaceId, rev: 1, createdAt: at, updatedAt: at };
  return insertSchedule(db, row).catch(refuseTakenName);
}

export async function changeSchedule(
  { db, now }: System,
  { workspaceId }: Actor,
  id: ScheduleId,
  changes: Changes,
  ifRev: number | null,
): Promise<ScheduleRow> {
  return edit(
    ifRev,
    () => loadSchedule(db, workspaceId, id),
    (row) => {
      const named = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      checkSchedule({ ...row, ...named });
      return updateSchedule(db, row, named, now()).catch(refuseTakenName);
    },
  );
}

function checkSchedule(schedule: Schedule): void {
  const problems = scheduleProblems(schedule).map(({ path, message }) => ({
    pointer: `/${path.replaceAll(".", "/")}`,
    detail: message,
  }));
  if (problems.length) {
    throw new AppError("invalid_request", "This schedule could not be kept to.", undefined, problems);
  }
}

function refuseTakenName(error: unknown): never {
  if (!isUniqueViolation(error, "schedules")) throw error;
  throw new AppError("schedule_exists", "A schedule of this name exists already.", "/name");
}
