/** A host's user comes in: who they are in the workspace the host app belongs to. */
import type { HostNewMemberRole } from "@cadenza/shared/vocabulary";
import { findMembership, findUser } from "../db/directory.ts";
import { bindExchange, findHostMember, linkHostUser } from "../db/embed-sessions.ts";
import { type MemberRow, syncMember } from "../db/members.ts";
import { machineActor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { EmbedAppId, WorkspaceId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { createMember, type Home } from "./members.ts";

/** What a host's server signed, once that was checked. */
export type HostUser = {
  subject: string;
  /** Brought to its normal form. */
  email: string;
  name: string;
  /** Of what was signed, and of nothing that can be written another way. */
  tokenHash: string;
  expiresAt: number;
};
type App = { id: EmbedAppId; workspaceId: WorkspaceId; newMemberRole: HostNewMemberRole | null };

/** @throws when the token came from another origin first: one of the two has stolen it. */
export async function bindToken({ db }: System, app: App, user: HostUser, origin: string): Promise<void> {
  const { tokenHash, expiresAt } = user;
  const bound = await bindExchange(db, { appId: app.id, tokenHash, origin, expiresAt });
  if (bound !== origin) {
    throw new AppError(
      "embed_token_elsewhere",
      "This token was first used on another origin: sign a new one.",
    );
  }
}

/**
 * @returns also whether it is the first time that this user of the host comes.
 * @throws when they are no member and the app makes none, or were removed: a host does not undo that.
 */
export async function enterAsMember(
  system: System,
  home: Home,
  app: App,
  user: HostUser,
): Promise<{ member: MemberRow; isFirst: boolean }> {
  const found = await findHostMember(system.db, app, user);
  const member =
    found?.member ??
    (await directoryMember(system, home, app, user)) ??
    (await addMember(system, home, app, user));
  if (member.removedAt !== null) throw unknownMember("They were removed from this workspace.");
  const link = { appId: app.id, subject: user.subject, memberId: member.id };
  return { member, isFirst: !found?.known && (await linkHostUser(system.db, link)) };
}

/** Who was let in and has not asked for anything here yet. */
async function directoryMember(
  { db, now }: System,
  { directory, organizationId }: Home,
  { workspaceId }: App,
  { email, name }: HostUser,
): Promise<MemberRow | null> {
  const person = await findUser(directory, { email });
  const membership = person && (await findMembership(directory, person.id, organizationId));
  if (!membership) return null;
  const { role } = membership;
  return syncMember(db, workspaceId, {
    userId: person.id,
    email,
    name: person.name || name,
    role,
    at: now(),
  });
}

async function addMember(
  system: System,
  home: Home,
  app: App,
  { email, name, subject }: HostUser,
): Promise<MemberRow> {
  if (app.newMemberRole === null) {
    throw unknownMember("Nobody here has this address, and this host app makes no members.");
  }
  const actor = machineActor(app.workspaceId, "host");
  try {
    return await createMember(system, actor, home, { email, name, role: app.newMemberRole });
  } catch (error) {
    // Two tabs that open at once: the other one made them.
    const made = await findHostMember(system.db, app, { email, subject });
    if (!made) throw error;
    return made.member;
  }
}

const unknownMember = (detail: string) => new AppError("embed_member_unknown", detail);
