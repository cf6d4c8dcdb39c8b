/** Whoever asks, about themselves. */
import { type Permission, permissions } from "@cadenza/shared/access";
import { renameMyself, switchWorkspace } from "../commands/me.ts";
import { findUser, listMemberships } from "../db/directory.ts";
import { loadMember } from "../db/members.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import { mayAsk } from "../http/auth.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { requireSession } from "../http/session.ts";

export function meRoutes(app: Router): void {
  endpoint(app, "me.get", async ({ system, systems, actor, caller }) => {
    const directory = systems[0]!.db;
    const member = await loadMember(system.db, actor.workspaceId, actor.memberId!);
    // Another program sees the workspace it was let into, and no other.
    const memberships = caller.session ? await listMemberships(directory, caller.session.user.id) : [];
    return {
      member,
      user: member.userId === null ? null : await findUser(directory, { id: member.userId }),
      workspace: await loadWorkspace(system.db, actor.workspaceId),
      role: actor.role ?? member.role,
      permissions: (Object.keys(permissions) as Permission[]).filter((name) => mayAsk(caller, name)),
      workspaces: memberships.map(({ organizationId, name, role }) => ({ id: organizationId, name, role })),
    };
  });
  endpoint(app, "me.update", ({ system, systems, actor, caller, body }) => {
    const { user } = requireSession(caller);
    return renameMyself(system, actor, actor.memberId!, { directory: systems[0]!.db, user }, body.name);
  });
  endpoint(app, "me.switchWorkspace", ({ systems, caller, body }) =>
    switchWorkspace(systems[0]!.db, requireSession(caller), body.workspaceId),
  );
}
