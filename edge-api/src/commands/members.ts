/**
 * Who belongs to a workspace. The directory on the first shard says who gets in, and is written first; the workspace's
 * own record of the person follows it. A call that dies between the two is made again and ends the same; the person's
 * next request makes their record agree, too.
 */
import type { Role } from "@cadenza/shared/vocabulary";
import { enter, findMembership, findUser, removeMembership, setRole } from "../db/directory.ts";
import { handOver, type OwnedCounts } from "../db/hand-over.ts";
import {
  findMemberOf,
  loadMember,
  type MemberRow,
  markRemoved,
  syncMember,
  updateMember,
} from "../db/members.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { MemberId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { checkedEmail } from "./fields.ts";

/** A workspace as the directory knows it: on the first shard, under the workspace's public id. */
export type Home = { directory: D1Database; organizationId: string };

/** Lets somebody in without an invitation: they sign in with a link that is mailed to them. */
export async function createMember(
  { db, shard, now, wallNow, newToken }: System,
  { workspaceId }: Actor,
  { directory, organizationId }: Home,
  asked: { email: string; name: string; role: Role },
): Promise<MemberRow> {
  const email = checkedEmail(asked.email, "/email");
  const { name } = await loadWorkspace(db, workspaceId);
  const { userId, role, isNew } = await enter(
    directory,
    { id: organizationId, name, shard, workspaceId },
    { ...asked, email, id: newToken(), membershipId: newToken() },
    wallNow(),
  );
  const known = await findMemberOf(db, workspaceId, userId);
  // In the directory without a record here: the first call of this kind got no further.
  if (!isNew && known && known.removedAt === null) {
    throw new AppError("member_exists", "Somebody has this address already.", "/email");
  }
  const member = await syncMember(db, workspaceId, { userId, email, name: asked.name, role, at: now() });
  await updateMember(db, member, { name: asked.name });
  return loadMember(db, workspaceId, member.id);
}

/** Their role, and the name they have here. */
export async function changeMember(
  { db }: System,
  { workspaceId }: Actor,
  home: Home,
  id: MemberId,
  changes: { name?: string | undefined; role?: Role | undefined },
): Promise<MemberRow> {
  const member = await loadMember(db, workspaceId, id);
  if (member.removedAt !== null) {
    throw new AppError("member_removed", "They were removed. Add them again to change them.");
  }
  const { name, role } = changes;
  const userId = await userIdOf(home, member);
  const isKnown = userId !== null && (await findMembership(home.directory, userId, home.organizationId));
  if (role && isKnown && !(await setRole(home.directory, home.organizationId, userId, role)))
    throw lastAdmin();
  if (name !== undefined || role) {
    const set = { ...(name !== undefined && { name }), ...(role && { role }) };
    if (!(await updateMember(db, member, set, { guarded: !isKnown }))) throw lastAdmin();
  }
  return loadMember(db, workspaceId, id);
}

/**
 * Takes somebody out at once, and hands what they own to `heir` if there is one. Whoever is out already stays so since
 * then; doing it again finishes what a first call did not, and is how ownership is handed over later.
 */
export async function removeMember(
  { db, now }: System,
  { workspaceId }: Actor,
  home: Home,
  id: MemberId,
  heir: MemberId | null,
): Promise<{ member: MemberRow; owned: OwnedCounts }> {
  const member = await loadMember(db, workspaceId, id);
  const { directory, organizationId } = home;
  const userId = await userIdOf(home, member);
  if (userId !== null && !(await removeMembership(directory, organizationId, userId))) {
    if (await findMembership(directory, userId, organizationId)) throw lastAdmin();
  }
  if (!(await markRemoved(db, member, now(), { guarded: userId === null }))) throw lastAdmin();
  const owned = await handOver(db, workspaceId, id, heir, now());
  return { member: await loadMember(db, workspaceId, id), owned };
}

/** Who this is in the directory; a record that was only named an address finds them by it. */
const userIdOf = async ({ directory }: Home, { userId, email }: MemberRow): Promise<string | null> =>
  userId ?? (await findUser(directory, { email }))?.id ?? null;

const lastAdmin = () =>
  new AppError("last_admin", "This is the workspace's last admin. Make somebody else one first.");
