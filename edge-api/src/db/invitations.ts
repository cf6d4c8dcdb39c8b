/**
 * Invitations, on the first shard. better-auth makes, accepts and declines them; what is read of them, and what voids
 * one without its person, is here.
 */
import type { Role } from "@cadenza/shared/vocabulary";
import { and, desc, eq, gt, type SQL, sql } from "drizzle-orm";
import { invitation, organization, user } from "./auth-schema.ts";
import { database } from "./database.ts";
import { type Page, type PageRequest, pageOf } from "./page.ts";

export type OpenInvitation = {
  id: string;
  organizationId: string;
  /** The workspace's name. */
  workspaceName: string;
  email: string;
  role: Role;
  /** The name of whoever invites. */
  invitedBy: string;
  createdAt: number;
  expiresAt: number;
};

const open = (at: number) => and(eq(invitation.status, "pending"), gt(invitation.expiresAt, new Date(at)));

const select = (d1: D1Database, where: SQL | undefined, limit: number): Promise<OpenInvitation[]> =>
  database(d1)
    .select({
      id: invitation.id,
      organizationId: invitation.organizationId,
      workspaceName: sql<string>`${organization.name}`,
      email: invitation.email,
      role: sql<Role>`${invitation.role}`,
      invitedBy: sql<string>`coalesce(nullif(${user.name}, ''), ${user.email})`,
      createdAt: sql<number>`${invitation.createdAt}`,
      expiresAt: sql<number>`${invitation.expiresAt}`,
    })
    .from(invitation)
    .innerJoin(organization, eq(organization.id, invitation.organizationId))
    .innerJoin(user, eq(user.id, invitation.inviterId))
    .where(where)
    .orderBy(desc(invitation.createdAt), desc(invitation.id))
    .limit(limit);

/** A workspace's open invitations, newest first. */
export async function listInvitations(
  d1: D1Database,
  organizationId: string,
  at: number,
  page: PageRequest,
): Promise<Page<OpenInvitation>> {
  const [createdAt, id] = page.cursor ?? [];
  const after =
    createdAt === undefined
      ? undefined
      : sql`(${invitation.createdAt}, ${invitation.id}) < (${Number(createdAt)}, ${String(id)})`;
  const where = and(eq(invitation.organizationId, organizationId), open(at), after);
  return pageOf(await select(d1, where, page.limit + 1), page.limit, (row) => [row.createdAt, row.id]);
}

/** What is open to an address, in whatever workspace; a hundred at most. */
export const listInvitationsTo = (d1: D1Database, email: string, at: number): Promise<OpenInvitation[]> =>
  select(d1, and(eq(invitation.email, email), open(at)), 100);

/** What an invitation's link may show; null for one that was used, withdrawn, has expired or never was. */
export async function findInvitation(d1: D1Database, id: string, at: number): Promise<OpenInvitation | null> {
  const [row] = await select(d1, and(eq(invitation.id, id), open(at)), 1);
  return row ?? null;
}

/** @returns false when the workspace has no such open invitation. */
export async function withdrawInvitation(
  d1: D1Database,
  organizationId: string,
  id: string,
): Promise<boolean> {
  const withdrawn = await database(d1)
    .update(invitation)
    .set({ status: "canceled" })
    .where(
      and(
        eq(invitation.id, id),
        eq(invitation.organizationId, organizationId),
        eq(invitation.status, "pending"),
      ),
    )
    .returning({ id: invitation.id });
  return withdrawn.length > 0;
}

/** All that are open to an address; with `before`, only those older than that one: of two made at once one stays. */
export const voidInvitations = (
  d1: D1Database,
  organizationId: string,
  email: string,
  before?: { id: string; createdAt: number },
): D1PreparedStatement =>
  d1
    .prepare(
      `UPDATE auth_invitation SET status = 'canceled' WHERE organization_id = ?1 AND email = ?2
         AND status = 'pending' AND (?3 IS NULL OR (created_at, id) < (?3, ?4))`,
    )
    .bind(organizationId, email, before?.createdAt ?? null, before?.id ?? null);
