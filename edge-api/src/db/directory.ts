/**
 * The directory, on the first shard: which person belongs to which workspace, and as what. better-auth reads and
 * writes the same tables when somebody signs in or accepts an invitation; what an admin or an API key changes is
 * written here, in single statements that cannot leave a workspace without an admin.
 *
 * An organization is a workspace, and its id is the workspace's public id.
 */
import type { Role } from "@cadenza/shared/vocabulary";
import { and, eq, gt, sql } from "drizzle-orm";
import type { WorkspaceId } from "../domain/ids.ts";
import { invitation, member, organization, session, user } from "./auth-schema.ts";
import { database } from "./database.ts";
import { voidInvitations } from "./invitations.ts";

export type DirectoryUser = { id: string; email: string; name: string };
export type Membership = {
  organizationId: string;
  /** The workspace's. */
  name: string;
  shard: number;
  workspaceId: WorkspaceId;
  role: Role;
};

/**
 * Makes a workspace and a person of it known, all or nothing: the workspace, whoever can read the address's mail, and
 * that they belong together. Doing it again changes nothing, so that a call that died half-way is simply made again.
 * An open invitation to the address is void from then on: it would let them in again after they were removed.
 *
 * @param person `id` and `membershipId` are used where they are new.
 * @returns who they are, and as what they belong; `isNew` is false when they did before.
 */
export async function enter(
  d1: D1Database,
  workspace: { id: string; name: string; shard: number; workspaceId: WorkspaceId },
  person: { id: string; membershipId: string; email: string; name: string; role: Role },
  at: number,
): Promise<{ userId: string; role: Role; isNew: boolean }> {
  const [, , added, found] = await d1.batch<{ userId: string; role: Role }>(
    entering(d1, workspace, person, at),
  );
  return { ...found!.results[0]!, isNew: added!.results.length > 0 };
}

type EnterAsked = Parameters<typeof enter>;

/** The same as part of a larger batch. */
export const entering = (
  d1: D1Database,
  workspace: EnterAsked[1],
  person: EnterAsked[2],
  at: number,
): D1PreparedStatement[] => [
  d1
    .prepare(
      `INSERT INTO auth_organization (id, name, slug, shard, workspace_key, created_at)
       VALUES (?1, ?2, ?1, ?3, ?4, ?5) ON CONFLICT DO NOTHING`,
    )
    .bind(workspace.id, workspace.name, workspace.shard, workspace.workspaceId, at),
  d1
    .prepare(
      `INSERT INTO auth_user (id, name, email, email_verified, created_at, updated_at)
       VALUES (?1, ?2, ?3, 0, ?4, ?4) ON CONFLICT DO NOTHING`,
    )
    .bind(person.id, person.name, person.email, at),
  d1
    .prepare(
      `INSERT INTO auth_member (id, organization_id, user_id, role, created_at)
       SELECT ?1, ?2, u.id, ?3, ?4 FROM auth_user u WHERE u.email = ?5
       ON CONFLICT DO NOTHING RETURNING user_id AS userId, role`,
    )
    .bind(person.membershipId, workspace.id, person.role, at, person.email),
  d1
    .prepare(
      `SELECT m.user_id AS userId, m.role FROM auth_user u
       JOIN auth_member m ON m.user_id = u.id AND m.organization_id = ?1 WHERE u.email = ?2`,
    )
    .bind(workspace.id, person.email),
  voidInvitations(d1, workspace.id, person.email),
];

const membershipFields = {
  organizationId: member.organizationId,
  name: organization.name,
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
export async function listMemberships(d1: D1Database, userId: string): Promise<Membership[]> {
  return database(d1)
    .select(membershipFields)
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

/**
 * Ends a membership and everything that hangs on it: sessions that are in the workspace, what other programs were let
 * in for there, an invitation that is still open. All of it or nothing; done again, it changes nothing.
 *
 * @returns false when they are the last admin, or did not belong to it any more.
 */
export async function removeMembership(
  d1: D1Database,
  organizationId: string,
  userId: string,
): Promise<boolean> {
  const gone = `NOT EXISTS (SELECT 1 FROM auth_member m WHERE m.organization_id = ?1 AND m.user_id = ?2)`;
  const programs = `(SELECT c.client_id FROM connections c WHERE c.user_id = ?2 AND c.organization_id = ?1)`;
  const also = (statement: string) => d1.prepare(`${statement} AND ${gone}`).bind(organizationId, userId);
  const [removed] = await d1.batch([
    d1
      .prepare(
        `DELETE FROM auth_member WHERE organization_id = ?1 AND user_id = ?2 AND (role <> 'admin' OR EXISTS
           (SELECT 1 FROM auth_member o WHERE o.organization_id = ?1 AND o.role = 'admin' AND o.user_id <> ?2))
         RETURNING id`,
      )
      .bind(organizationId, userId),
    also(
      `UPDATE auth_session SET active_organization_id = NULL WHERE user_id = ?2 AND active_organization_id = ?1`,
    ),
    // Deleted, not revoked: a revoked token that is shown again would have the library end other tokens, too.
    also(`DELETE FROM auth_oauth_access_token WHERE user_id = ?2 AND client_id IN ${programs}`),
    also(`DELETE FROM auth_oauth_refresh_token WHERE user_id = ?2 AND client_id IN ${programs}`),
    also(`DELETE FROM auth_oauth_consent WHERE user_id = ?2 AND client_id IN ${programs}`),
    also(`DELETE FROM connections WHERE user_id = ?2 AND organization_id = ?1`),
    also(
      `UPDATE auth_invitation SET status = 'canceled' WHERE organization_id = ?1 AND status = 'pending'
         AND email = (SELECT email FROM auth_user WHERE id = ?2)`,
    ),
  ]);
  return removed!.results.length > 0;
}

/** Whoever signs in under this address. */
export async function findUser(
  d1: D1Database,
  by: { id: string } | { email: string },
): Promise<DirectoryUser | null> {
  const [row] = await database(d1)
    .select({ id: user.id, email: user.email, name: user.name })
    .from(user)
    .where("id" in by ? eq(user.id, by.id) : eq(user.email, by.email));
  return row ?? null;
}

export async function renameUser(d1: D1Database, id: string, name: string, at: number): Promise<void> {
  await database(d1)
    .update(user)
    .set({ name, updatedAt: new Date(at) })
    .where(eq(user.id, id));
}

/** Puts a session into a workspace. @returns false when its person does not belong there. */
export async function switchSession(
  d1: D1Database,
  sessionId: string,
  organizationId: string,
): Promise<boolean> {
  const switched = await database(d1)
    .update(session)
    .set({ activeOrganizationId: organizationId })
    .where(
      sql`${session.id} = ${sessionId} AND EXISTS (SELECT 1 FROM auth_member m
        WHERE m.organization_id = ${organizationId} AND m.user_id = auth_session.user_id)`,
    )
    .returning({ id: session.id });
  return switched.length > 0;
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
