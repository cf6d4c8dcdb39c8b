/** The workspace a key belongs to, and its brake. */
import { changeWorkspace, resumeSending, stopSending } from "../commands/workspaces.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { homeOf } from "./members.ts";

export function workspaceRoutes(app: Router): void {
  endpoint(app, "workspace.get", ({ system, actor }) => loadWorkspace(system.db, actor.workspaceId));
  endpoint(app, "workspace.update", (asked) =>
    changeWorkspace(asked.system, asked.actor, homeOf(asked), asked.body),
  );
  endpoint(app, "workspace.stopSending", ({ system, actor }) => stopSending(system, actor));
  endpoint(app, "workspace.resumeSending", ({ system, actor }) => resumeSending(system, actor));
}
