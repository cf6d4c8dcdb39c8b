/** The people of a workspace. */
import type { RouteName } from "@cadenza/shared/routes";
import { changeMember, createMember, type Home, removeMember } from "../commands/members.ts";
import { findMember, listMembers, loadMember } from "../db/members.ts";
import type { MemberId } from "../domain/ids.ts";
import { type Asked, endpoint, type Router } from "../http/endpoint.ts";
import { notFound } from "../http/not-found.ts";
import { invalidRequest } from "../http/problem.ts";

/** The caller's workspace, as the directory knows it. */
export const homeOf = ({
  systems,
  publicId,
  actor,
}: Pick<Asked<RouteName>, "systems" | "publicId" | "actor">): Home => ({
  directory: systems[0]!.db,
  organizationId: publicId("wsp", actor.workspaceId),
});

export function memberRoutes(app: Router): void {
  endpoint(app, "members.list", ({ system, actor, query }) =>
    listMembers(system.db, actor.workspaceId, { ...query, removed: query.removed === "true" }),
  );
  endpoint(app, "members.create", (asked) =>
    createMember(asked.system, asked.actor, homeOf(asked), asked.body),
  );
  endpoint(app, "members.get", ({ system, actor, params }) =>
    loadMember(system.db, actor.workspaceId, params.id),
  );
  endpoint(app, "members.update", (asked) =>
    changeMember(asked.system, asked.actor, homeOf(asked), asked.params.id, asked.body),
  );
  endpoint(app, "members.remove", async (asked) => {
    const { system, actor, params } = asked;
    const heir = await heirOf(asked);
    return { ...(await removeMember(system, actor, homeOf(asked), params.id, heir)), reassignedTo: heir };
  });
}

/** Whoever is to take over, if anybody is named: a member who is still there, and somebody else. */
async function heirOf({
  system,
  actor,
  params,
  query: { reassignTo },
}: Asked<"members.remove">): Promise<MemberId | null> {
  if (reassignTo === undefined) return null;
  if (reassignTo === params.id) {
    throw invalidRequest([{ in: "query", pointer: "/reassignTo", detail: "Name somebody else." }]);
  }
  const heir = await findMember(system.db, actor.workspaceId, reassignTo);
  if (!heir || heir.removedAt !== null) throw notFound("mbr", "query", "/reassignTo");
  return reassignTo;
}
