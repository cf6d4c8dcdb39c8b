/** A person's tasks. */
import { approveTaskEmail, finishTask, snooze } from "../commands/tasks.ts";
import { pageOf } from "../db/page.ts";
import { listTasks, loadTask } from "../db/tasks.ts";
import type { TaskId } from "../domain/ids.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function taskRoutes(app: Router): void {
  endpoint(app, "tasks.list", async ({ query, actor, system }) => {
    const { cursor, limit, ...filter } = query;
    const after = cursor && { dueAt: Number(cursor[0]), id: Number(cursor[1]) as TaskId };
    const rows = await listTasks(system.db, actor, { ...filter, after, limit: limit + 1 });
    const items = rows.map(({ task, contact }) => ({ ...task, contact }));
    return pageOf(items, limit, ({ dueAt, id }) => [dueAt, id]);
  });
  endpoint(app, "tasks.get", ({ params, actor, system }) => loadTask(system.db, actor, params.id));
  endpoint(app, "tasks.done", ({ params, body, actor, system }) =>
    finishTask(system, actor, params.id, {
      status: "done",
      outcome: body?.outcome ?? "completed",
      note: body?.note ?? null,
    }),
  );
  endpoint(app, "tasks.skip", ({ params, body, actor, system }) =>
    finishTask(system, actor, params.id, { status: "skipped", outcome: null, note: body?.note ?? null }),
  );
  endpoint(app, "tasks.snooze", ({ params, body, actor, system }) =>
    snooze(system, actor, params.id, body.until),
  );
  endpoint(app, "tasks.approve", ({ params, body, actor, system }) =>
    approveTaskEmail(system, actor, params.id, body),
  );
}
