/** A person's tasks. */
import { approveTaskEmail, finishTask, snooze } from "../commands/tasks.ts";
import { pageOf } from "../db/page.ts";
import { listTasks, loadTask, type TaskRow } from "../db/tasks.ts";
import type { TaskId } from "../domain/ids.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

/** The question whether a mail arrived stands under that mail's own key. */
export const taskOut = <Row extends Pick<TaskRow, "purpose" | "enrollmentId" | "stepId" | "cycle">>(
  row: Row,
) => ({
  ...row,
  sendId:
    row.purpose === "uncertain_send"
      ? { enrollmentId: row.enrollmentId, stepId: row.stepId, cycle: row.cycle }
      : null,
});

export function taskRoutes(app: Router): void {
  endpoint(app, "tasks.list", async ({ query, actor, system }) => {
    const { cursor, limit, ...filter } = query;
    const after = cursor && { dueAt: Number(cursor[0]), id: Number(cursor[1]) as TaskId };
    const rows = await listTasks(system.db, actor, { ...filter, after, limit: limit + 1 });
    const items = rows.map(({ task, contact }) => ({ ...taskOut(task), contact }));
    return pageOf(items, limit, ({ dueAt, id }) => [dueAt, id]);
  });
  endpoint(app, "tasks.get", async ({ params, actor, system }) =>
    taskOut(await loadTask(system.db, actor, params.id)),
  );
  endpoint(app, "tasks.done", async ({ params, body, actor, system }) => {
    const { outcome = "completed" as const, note = null } = body ?? {};
    return taskOut(await finishTask(system, actor, params.id, { status: "done", outcome, note }));
  });
  endpoint(app, "tasks.skip", async ({ params, body, actor, system }) => {
    const skipped = { status: "skipped", outcome: null, note: body?.note ?? null } as const;
    return taskOut(await finishTask(system, actor, params.id, skipped));
  });
  endpoint(app, "tasks.snooze", async ({ params, body, actor, system }) =>
    taskOut(await snooze(system, actor, params.id, body.untilAt)),
  );
  endpoint(app, "tasks.approve", async ({ params, body, actor, system }) =>
    taskOut(await approveTaskEmail(system, actor, params.id, body)),
  );
}
