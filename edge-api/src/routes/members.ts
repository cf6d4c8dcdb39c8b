/** The people of a workspace. */
import { createMember } from "../commands/members.ts";
import { listMembers, loadMember } from "../db/members.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function memberRoutes(app: Router): void {
  endpoint(app, "members.list", ({ system, actor, query }) =>
    listMembers(system.db, actor.workspaceId, query),
  );
  endpoint(app, "members.create", ({ system, actor, body }) => createMember(system, actor, body));
  endpoint(app, "members.get", ({ system, actor, params }) =>
    loadMember(system.db, actor.workspaceId, params.id),
  );
}
