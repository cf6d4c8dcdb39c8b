/** What a person does with their tasks: done, skipped, later, or — a manual email — approved and sent. */
import { loadTask, type TaskRow } from "../db/tasks.ts";
import type { Actor } from "../domain/actor.ts";
import type { Change } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { Facts } from "../domain/facts.ts";
import type { TaskId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { approveEmail, endTask, snoozeTask, type Task, type TaskEnd } from "../domain/task.ts";
import { change } from "./enrollments.ts";
import { requireOwn } from "./ownership.ts";

export const finishTask = (system: System, actor: Actor, id: TaskId, end: TaskEnd) =>
  changeTask(system, actor, id, (facts, task, by) => endTask(facts, task, end, by));

export async function snooze(system: System, actor: Actor, id: TaskId, dueAt: number): Promise<TaskRow> {
  if (dueAt <= system.now()) throw new AppError("invalid_request", "This instant is over.", "/untilAt");
  return changeTask(system, actor, id, (facts, task, by) => snoozeTask(facts, task, dueAt, by));
}

export const approveTaskEmail = (
  system: System,
  actor: Actor,
  id: TaskId,
  draft: { subject: string; body: string },
) =>
  changeTask(system, actor, id, (facts, task, by) => {
    const approved = approveEmail(facts, task, draft, by);
    if ("problem" in approved) {
      throw new AppError("draft_not_sendable", approved.problem, approved.field && `/${approved.field}`);
    }
    return approved;
  });

async function changeTask(
  system: System,
  actor: Actor,
  id: TaskId,
  decide: (facts: Facts, task: Task, by: { actor: string; at: number }) => Change,
): Promise<TaskRow> {
  const loadOwn = async () => {
    const task = await loadTask(system.db, actor, id);
    requireOwn(actor, task.ownerId);
    return task;
  };
  const { enrollmentId } = await loadOwn();
  // Whose task it is answers it, whoever's the enrollment is that goes on by it.
  await change(system, { ...actor, reach: "all" }, enrollmentId, async (facts, by) => {
    // Read after the facts: whoever closes it in between also raises the enrollment's rev, and we decide anew.
    return decide(facts, await loadOwn(), by);
  });
  return loadTask(system.db, actor, id);
}
