/** Asking people in by mail. Their side of it, the link, is a served page. */
import { invite } from "../auth/invitations.ts";
import { listInvitations, withdrawInvitation } from "../db/invitations.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { BadRequest } from "../http/problem.ts";
import { requireSession } from "../http/session.ts";
import { homeOf } from "./members.ts";

export function invitationRoutes(app: Router): void {
  endpoint(app, "invitations.list", (asked) => {
    const { directory, organizationId } = homeOf(asked);
    return listInvitations(directory, organizationId, asked.system.wallNow(), asked.query);
  });
  endpoint(app, "invitations.create", (asked) =>
    invite(asked, requireSession(asked.caller), homeOf(asked).organizationId, asked.body),
  );
  endpoint(app, "invitations.withdraw", async (asked) => {
    const { directory, organizationId } = homeOf(asked);
    if (await withdrawInvitation(directory, organizationId, asked.params.id)) return;
    throw new BadRequest("invitation_not_found", "There is no such open invitation in this workspace.");
  });
}
