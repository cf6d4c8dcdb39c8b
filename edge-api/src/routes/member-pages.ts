/** The members' page and its forms. What they do, and what is refused, is what the API's routes of the same names do. */
import { contracts } from "@cadenza/shared/contract/all";
import { invite } from "../auth/invitations.ts";
import { changeMember, removeMember } from "../commands/members.ts";
import { listInvitations, withdrawInvitation } from "../db/invitations.ts";
import { findMember, listMembers } from "../db/members.ts";
import { AppError } from "../domain/errors.ts";
import type { MemberId } from "../domain/ids.ts";
import { mayAsk } from "../http/auth.ts";
import { decodeCursor, encodeCursor } from "../http/cursor.ts";
import type { Router } from "../http/endpoint.ts";
import { type Submitted, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { decodeId, encodeId } from "../http/public-id.ts";
import { requireRoom } from "../http/rate-limit.ts";
import { hallOf, type MemberVisit, redirect, servePage } from "../http/serve-page.ts";
import { inviteNames, type Members, membersPage } from "../pages/members.ts";
import { nothingEntered } from "../pages/parts.ts";
import { homeOf } from "./members.ts";

const membersShown = 100;
const invitationsShown = 100;

export function memberPages(app: Router): void {
  servePage(app, "app.members", async (visit) => showMembers(visit, 200, {}));

  servePage(app, "invitations.create", async (visit) => {
    const { form, system, actor, person } = visit;
    const { organizationId } = homeOf(visit);
    const invited = await submit(form, inviteNames, contracts["invitations.create"].body, async (asked) => {
      await requireRoom(system, "invite", `${actor.workspaceId} ${actor.name}`);
      return invite(visit, person, organizationId, asked);
    });
    return invited.ok ? done("invited") : showMembers(visit, invited.status, { invite: invited.entered });
  });

  servePage(app, "invitations.withdraw", async (visit) => {
    const { directory, organizationId } = homeOf(visit);
    // Withdrawn twice, or used meanwhile: either way it is not open any more, and the list says so.
    const withdrawn = await withdrawInvitation(directory, organizationId, visit.param("id"));
    return withdrawn ? done("withdrawn") : redirect("/app/members");
  });

  servePage(app, "members.update", async (visit) => {
    const { system, actor, form } = visit;
    const changed = await submit(form, ["role"], contracts["members.update"].body, (asked) =>
      changeMember(system, actor, homeOf(visit), memberId(visit, visit.param("id")), asked),
    );
    return changed.ok ? done("changed") : refused(visit, changed);
  });

  servePage(app, "members.remove", async (visit) => {
    const { system, actor, form } = visit;
    const id = memberId(visit, visit.param("id"));
    const removed = await submit(form, [], contracts["members.update"].body, async () =>
      removeMember(system, actor, homeOf(visit), id, await heirOf(visit, id)),
    );
    if (!removed.ok) return refused(visit, removed);
    return id === actor.memberId ? redirect("/workspaces") : done("removed");
  });
}

const done = (code: string): Response => redirect(`/app/members?done=${code}`);

const refused = (visit: MemberVisit, { status, entered }: Submitted<unknown> & { ok: false }) =>
  showMembers(visit, status, { refused: Object.values(entered.errors)[0] ?? null });

function memberId({ system }: MemberVisit, id: string): MemberId {
  const key = decodeId("mbr", system.shard, id);
  if (key === null) throw new AppError("member_not_found", "There is no such member in this workspace.");
  return key;
}

/** Whoever is to take over what they own: a member who is still there, or nobody. */
async function heirOf(visit: MemberVisit, id: MemberId): Promise<MemberId | null> {
  const asked = visit.form.get("reassignTo");
  if (!asked) return null;
  const heir = await findMember(visit.system.db, visit.actor.workspaceId, memberId(visit, asked));
  if (heir && heir.removedAt === null && heir.id !== id) return heir.id;
  throw new AppError("member_not_found", "Whoever should take over does not belong to this workspace.");
}

async function showMembers(
  visit: MemberVisit,
  status: number,
  said: Partial<Pick<Members, "refused" | "invite">>,
): Promise<Response> {
  const { system, actor, first, url } = visit;
  const { directory, organizationId } = homeOf(visit);
  const administers = mayAsk(visit, "administer");
  const cursor = decodeCursor(url.searchParams.get("after") ?? "") ?? undefined;
  const { items, nextCursor } = await listMembers(system.db, actor.workspaceId, {
    ...{ limit: membersShown, cursor, removed: false },
  });
  const open = administers
    ? await listInvitations(directory, organizationId, first.wallNow(), { limit: invitationsShown })
    : { items: [] };
  const shown: Members = {
    administers,
    mailWorks: first.sendSystemMail !== null,
    members: items.map(({ id, name, email, role }) => ({
      ...{ id: encodeId("mbr", system.shard, id), name, email, role },
      isYou: id === actor.memberId,
    })),
    invitations: open.items,
    more: nextCursor && `/app/members?${new URLSearchParams({ after: encodeCursor(nextCursor) })}`,
    done: url.searchParams.get("done"),
    refused: said.refused ?? null,
    invite: said.invite ?? nothingEntered,
  };
  return page(status, membersPage(await hallOf(visit, "members"), shown));
}
