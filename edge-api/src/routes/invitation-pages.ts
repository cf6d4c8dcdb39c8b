/** The invited person's side of an invitation, and the choice among one's workspaces. */
import { contracts } from "@cadenza/shared/contract/all";
import { acceptInvitation, declineInvitation } from "../auth/invitations.ts";
import { nameMyself, switchWorkspace } from "../commands/me.ts";
import { listMemberships } from "../db/directory.ts";
import { findInvitation, listInvitationsTo } from "../db/invitations.ts";
import { AppError } from "../domain/errors.ts";
import type { Router } from "../http/endpoint.ts";
import { submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { auditPerson, type PersonVisit, redirect, servePage, type Visit } from "../http/serve-page.ts";
import type { Person } from "../http/session.ts";
import {
  declinedPage,
  type Invited,
  invitationPage,
  noInvitationPage,
  type Reader,
} from "../pages/invitation.ts";
import { type Entered, nothingEntered } from "../pages/parts.ts";
import { workspacesPage } from "../pages/workspaces.ts";

export function invitationPages(app: Router): void {
  servePage(app, "invitation.show", async (visit) => {
    const invited = await invitationOf(visit);
    if (!invited) return page(410, noInvitationPage());
    return page(200, invitationPage(invited, readerOf(invited, await visit.findPerson()), nothingEntered));
  });

  servePage(app, "invitation.accept", async (visit) => {
    const { person, form, first } = visit;
    const invited = await invitationOf(visit);
    if (!invited) return page(410, noInvitationPage());
    const again = (status: number, entered: Entered) =>
      page(status, invitationPage(invited, readerOf(invited, person), entered));
    if (!isFor(invited, person)) return again(403, nothingEntered);
    // Whoever was asked in is new here, and nobody has called them anything yet.
    const name = person.user.name;
    if (!name) {
      const named = await submit(form, ["name"], contracts["me.update"].body, (asked) =>
        nameMyself(first, person.user.id, asked.name),
      );
      if (!named.ok) return again(named.status, named.entered);
    }
    const user = { ...person.user, name: name || (form.get("name") ?? "").trim() };
    return orGone(async () => {
      const { organizationId } = await acceptInvitation(visit, { ...person, user }, invited.id);
      await auditPerson(visit, "invitation.accept", user, organizationId);
      return redirect("/app?done=joined");
    });
  });

  servePage(app, "invitation.decline", async (visit) => {
    const invited = await invitationOf(visit);
    if (!invited) return page(410, noInvitationPage());
    if (!isFor(invited, visit.person)) return redirect(`/invitations/${encodeURIComponent(invited.id)}`);
    return orGone(async () => {
      await declineInvitation(visit, visit.person, invited.id);
      return page(200, declinedPage());
    });
  });

  servePage(app, "workspaces.list", async (visit) => showWorkspaces(visit));

  servePage(app, "me.switchWorkspace", async ({ first, person, form }) => {
    await switchWorkspace(first.db, person, form.get("workspaceId") ?? "");
    return redirect("/app");
  });
}

const invitationOf = ({ first, param }: Visit): Promise<Invited | null> =>
  findInvitation(first.db, param("id"), first.wallNow());

const isFor = ({ email }: Invited, { user }: Person): boolean =>
  email.toLowerCase() === user.email.toLowerCase();

function readerOf(invited: Invited, person: Person | null): Reader {
  if (!person) return { kind: "stranger" };
  if (isFor(invited, person)) return { kind: "invited", name: person.user.name };
  return { kind: "other", email: person.user.email };
}

/** It may have been used between the page and the button. */
async function orGone(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === "invitation_not_found") {
      return page(410, noInvitationPage());
    }
    throw error;
  }
}

async function showWorkspaces({ first, person }: PersonVisit): Promise<Response> {
  const { user, organizationId } = person;
  const homes = (await listMemberships(first.db, user.id)).map(({ organizationId: id, name, role }) => ({
    ...{ id, name, role },
    isThisOne: id === organizationId,
  }));
  const invitations = await listInvitationsTo(first.db, user.email, first.wallNow());
  return page(200, workspacesPage({ email: user.email, homes, invitations }));
}
