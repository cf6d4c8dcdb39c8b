/** One record with all that a panel shows of it first. */
import { mayChange } from "../commands/ownership.ts";
import { readRecord } from "../commands/record.ts";
import { mayAsk } from "../http/auth.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { taskOut } from "./tasks.ts";

export function recordRoutes(app: Router): void {
  endpoint(app, "record.get", async ({ query, actor, system, caller }) => {
    const { enrollments, tasks, ...record } = await readRecord(system, actor, query);
    const [mayWork, mayBuild] = [mayAsk(caller, "work"), mayAsk(caller, "build")];
    return {
      now: system.now(),
      ...record,
      enrollments: enrollments.map((row) => ({ ...row, canWrite: mayWork && mayChange(actor, row.ownerId) })),
      tasks: tasks.map(taskOut),
      may: { enroll: mayWork, suppress: mayBuild, build: mayBuild },
    };
  });
}
