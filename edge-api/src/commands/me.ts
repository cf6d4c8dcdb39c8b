/** What a signed-in person changes about themselves: their name, and which workspace they are in. */
import type { Role } from "@cadenza/shared/vocabulary";
import { findMembership, renameUser, switchSession } from "../db/directory.ts";
import { loadMember, type MemberRow, updateMember } from "../db/members.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { MemberId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";

type SignedIn = { user: { id: string }; sessionId: string };

export async function renameMyself(
  { db, wallNow }: System,
  { workspaceId }: Actor,
  memberId: MemberId,
  { directory, user }: { directory: D1Database; user: { id: string } },
  name: string,
): Promise<MemberRow> {
  await renameUser(directory, user.id, name, wallNow());
  await updateMember(db, { id: memberId, workspaceId }, { name });
  return loadMember(db, workspaceId, memberId);
}

/** For somebody who belongs nowhere yet: the name they sign in under. */
export const nameMyself = ({ db, wallNow }: System, userId: string, name: string): Promise<void> =>
  renameUser(db, userId, name, wallNow());

/** Puts the session into another of the person's workspaces, from the next request on. */
export async function switchWorkspace(
  directory: D1Database,
  { user, sessionId }: SignedIn,
  organizationId: string,
): Promise<{ id: string; name: string; role: Role }> {
  const switched = await switchSession(directory, sessionId, organizationId);
  const chosen = switched && (await findMembership(directory, user.id, organizationId));
  if (!chosen) {
    throw new AppError("workspace_not_found", "You belong to no such workspace.", "/workspaceId");
  }
  return { id: organizationId, name: chosen.name, role: chosen.role };
}
