/** When mail may go out. */
import { changeSchedule, createSchedule } from "../commands/schedules.ts";
import { listSchedules, loadSchedule } from "../db/schedules.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function scheduleRoutes(app: Router): void {
  endpoint(app, "schedules.list", ({ system, actor, query }) =>
    listSchedules(system.db, actor.workspaceId, query),
  );
  endpoint(app, "schedules.create", ({ system, actor, body }) => createSchedule(system, actor, body));
  endpoint(app, "schedules.get", ({ system, actor, params }) =>
    loadSchedule(system.db, actor.workspaceId, params.id),
  );
  endpoint(app, "schedules.update", ({ system, actor, params, body, ifRev }) =>
    changeSchedule(system, actor, params.id, body, ifRev),
  );
}
