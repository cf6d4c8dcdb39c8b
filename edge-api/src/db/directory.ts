/**
 * The directory, on the first shard: which person belongs to which workspace, and as what. better-auth reads and
 * writes the same tables when somebody signs in or accepts an invitation; what an admin or an API key changes is
 * written here, in single statements that cannot leave a workspace without an admin.
 *
 * An organization is a workspace, and its id is the workspace's public id.
 */
import type { Role } from "@cadenza/shared/vocabulary";
import { and, desc, eq, gt, sql } from "drizzle-orm";
import type { WorkspaceId } from "../domain/ids.ts";
import { invitation, member, organization, user } from "./auth-schema.ts";
import { database } from "./database.ts";

export type DirectoryUser = { id: string; email: string; name: string };
export type Membership = { organizationId: string; shard: number; workspaceId: WorkspaceId; role: Role };

/** Makes the workspace known. Doing it again changes nothing. */
export async function addOrganization(
  d1: D1Database,
  row: { id: string; name: string; shard: number; workspaceId: WorkspaceId },
  at: number,
): Promise<void> {
  const { workspaceId, ...rest } = row;
  await database(d1)
    .insert(organization)
    .values({ ...rest, slug: row.id, workspaceKey: workspaceId, createdAt: new Date(at) })
    .onConflictDoNothing();
}

/** Finds the person of this address or makes them: they are who can read its mail. */
export async function addUser(
  d1: D1Database,
  asked: { id: string; email: string; name: string },
  at: number,
): Promise<DirectoryUser> {
  const db = database(d1);
  const now = new Date(at);
  await db
    .insert(user)
    .values({ ...asked, emailVerified: false, createdAt: now, updatedAt: now })
    .onConflictDoNothing();
  const [found] = await db
    .select({ id: user.id, email: user.email, name: user.name })
    .from(user)
    .where(eq(user.email, asked.email));
  return found!;
}

/** @returns false when they belong to it already. */
export async function addMembership(
  d1: D1Database,
  row: { id: string; organizationId: string; userId: string; role: Role },
  at: number,
): Promise<boolean> {
  const inserted = await database(d1)
    .insert(member)
    .values({ ...row, createdAt: new Date(at) })
    .onConflictDoNothing()
    .returning({ id: member.id });
  return inserted.length > 0;
}

const membershipFields = {
  organizationId: member.organizationId,
  shard: organization.shard,
  workspaceId: sql<WorkspaceId>`${organization.workspaceKey}`,
  role: sql<Role>`${member.role}`,
};

/** What a person is in one workspace; null when they do not belong to it (any more). */
export async function findMembership(
  d1: D1Database,
  userId: string,
  organizationId: string,
): Promise<Membership | null> {
  const [row] = await database(d1)
    .select(membershipFields)
    .from(member)
    .innerJoin(organization, eq(organization.id, member.organizationId))
    .where(and(eq(member.organizationId, organizationId), eq(member.userId, userId)));
  return row ?? null;
}

/** The workspaces a person can choose among, by name; a hundred at most. */
export async function listMemberships(
  d1: D1Database,
  userId: string,
): Promise<(Membership & { name: string })[]> {
  return database(d1)
    .select({ ...membershipFields, name: organization.name })
    .from(member)
    .innerJoin(organization, eq(organization.id, member.organizationId))
    .where(eq(member.userId, userId))
    .orderBy(organization.name)
    .limit(100);
}

export async function renameOrganization(d1: D1Database, id: string, name: string): Promise<void> {
  await database(d1).update(organization).set({ name }).where(eq(organization.id, id));
}

/** Not the last admin's: somebody has to be left who can undo it. */
const notTheLastAdmin = sql`(${member.role} <> 'admin' OR EXISTS (SELECT 1 FROM auth_member AS other
  WHERE other.organization_id = ${member.organizationId} AND other.role = 'admin' AND other.id <> ${member.id}))`;

/** @returns false when they are the last admin, or do not belong to it. */
export async function setRole(
  d1: D1Database,
  organizationId: string,
  userId: string,
  role: Role,
): Promise<boolean> {
  const guard = role === "admin" ? undefined : notTheLastAdmin;
  const changed = await database(d1)
    .update(member)
    .set({ role })
    .where(and(eq(member.organizationId, organizationId), eq(member.userId, userId), guard))
    .returning({ id: member.id });
  return changed.length > 0;
}

/** @returns false when they are the last admin, or do not belong to it. */
export async function removeMembership(
  d1: D1Database,
  organizationId: string,
  userId: string,
): Promise<boolean> {
  const removed = await database(d1)
    .delete(member)
    .where(and(eq(member.organizationId, organizationId), eq(member.userId, userId), notTheLastAdmin))
    .returning({ id: member.id });
  return removed.length > 0;
}

/** Whether mail to this address lets anybody in: a user's, or an invited person's. */
export async function isExpected(d1: D1Database, email: string, at: number): Promise<boolean> {
  const db = database(d1);
  const [known, invited] = await db.batch([
    db.select({ id: user.id }).from(user).where(eq(user.email, email)).limit(1),
    db
      .select({ id: invitation.id })
      .from(invitation)
      .where(
        and(
          eq(invitation.email, email),
          eq(invitation.status, "pending"),
          gt(invitation.expiresAt, new Date(at)),
        ),
      )
      .limit(1),
  ]);
  return known.length > 0 || invited.length > 0;
}

/** A workspace's open invitations, newest first; a hundred at most, as many as may be open. */
export async function listInvitations(d1: D1Database, organizationId: string, at: number) {
  return database(d1)
    .select({
      id: invitation.id,
      email: invitation.email,
      role: sql<Role>`${invitation.role}`,
      createdAt: sql<number>`${invitation.createdAt}`,
      expiresAt: sql<number>`${invitation.expiresAt}`,
    })
    .from(invitation)
    .where(
      and(
        eq(invitation.organizationId, organizationId),
        eq(invitation.status, "pending"),
        gt(invitation.expiresAt, new Date(at)),
      ),
    )
    .orderBy(desc(invitation.createdAt))
    .limit(100);
}
