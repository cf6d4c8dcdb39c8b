/** What is asked when a host's user comes in, and at each of their requests. Its instants are wall time. */
import type { HostNewMemberRole, Role } from "@cadenza/shared/vocabulary";
import { and, eq, sql } from "drizzle-orm";
import type { EmbedAppId, MemberId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import type { MemberRow } from "./members.ts";
import { embedApps, embedExchanges, embedSecrets, embedUsers, members, workspaces } from "./schema.ts";

/** Whose secret a token names. */
export type Signer = {
  app: {
    id: EmbedAppId;
    workspaceId: WorkspaceId;
    origins: string[];
    newMemberRole: HostNewMemberRole | null;
  };
  workspace: { name: string; testOf: WorkspaceId | null };
  sealedSecret: string;
  revokedAt: number | null;
  disabledAt: number | null;
};

export async function findSigner(d1: D1Database, kid: string): Promise<Signer | null> {
  const [row] = await database(d1)
    .select({
      app: {
        id: embedApps.id,
        workspaceId: embedApps.workspaceId,
        origins: embedApps.origins,
        newMemberRole: embedApps.newMemberRole,
      },
      workspace: { name: workspaces.name, testOf: workspaces.testOf },
      sealedSecret: embedSecrets.sealedSecret,
      revokedAt: embedSecrets.revokedAt,
      disabledAt: embedApps.disabledAt,
    })
    .from(embedSecrets)
    .innerJoin(embedApps, eq(embedApps.id, embedSecrets.appId))
    .innerJoin(workspaces, eq(workspaces.id, embedApps.workspaceId))
    .where(eq(embedSecrets.kid, kid));
  return row ?? null;
}

/** @returns the origin a token belongs to: the first that exchanged it. */
export async function bindExchange(d1: D1Database, row: typeof embedExchanges.$inferInsert): Promise<string> {
  const [bound] = await database(d1)
    .insert(embedExchanges)
    .values(row)
    .onConflictDoUpdate({
      target: [embedExchanges.appId, embedExchanges.tokenHash],
      set: { origin: sql`embed_exchanges.origin` },
    })
    .returning({ origin: embedExchanges.origin });
  return bound!.origin;
}

/** Who a host's user is here: as they were known before, else by their address. */
export async function findHostMember(
  d1: D1Database,
  app: { id: EmbedAppId; workspaceId: WorkspaceId },
  user: { subject: string; email: string },
): Promise<{ member: MemberRow; known: boolean } | null> {
  const db = database(d1);
  const [bySubject, byEmail] = await db.batch([
    db
      .select({ member: members })
      .from(embedUsers)
      .innerJoin(members, eq(members.id, embedUsers.memberId))
      .where(
        and(
          eq(embedUsers.appId, app.id),
          eq(embedUsers.subject, user.subject),
          eq(members.workspaceId, app.workspaceId),
        ),
      ),
    db
      .select()
      .from(members)
      .where(and(eq(members.workspaceId, app.workspaceId), eq(members.email, user.email))),
  ]);
  if (bySubject[0]) return { member: bySubject[0].member, known: true };
  return byEmail[0] ? { member: byEmail[0], known: false } : null;
}

/** From now on this user of the host is this member. @returns false when they were somebody already. */
export async function linkHostUser(
  d1: D1Database,
  row: { appId: EmbedAppId; subject: string; memberId: MemberId },
): Promise<boolean> {
  const linked = await database(d1)
    .insert(embedUsers)
    .values(row)
    .onConflictDoNothing()
    .returning({ memberId: embedUsers.memberId });
  return linked.length > 0;
}

/** What a session hangs on, as it is at this moment; null when the app or the member is not of the workspace. */
export type EmbedStanding = {
  role: Role;
  removedAt: number | null;
  disabledAt: number | null;
  revokedAt: number | null;
  isRegistered: boolean;
};

export async function findStanding(
  d1: D1Database,
  at: { workspaceId: WorkspaceId; appId: EmbedAppId; kid: string; memberId: MemberId; origin: string },
): Promise<EmbedStanding | null> {
  const [row] = await database(d1)
    .select({
      role: members.role,
      removedAt: members.removedAt,
      disabledAt: embedApps.disabledAt,
      revokedAt: embedSecrets.revokedAt,
      isRegistered: sql`EXISTS (SELECT 1 FROM embed_origins AS o WHERE o.origin = ${at.origin}
        AND o.workspace_id = ${at.workspaceId} AND o.app_id = ${at.appId})`.mapWith(Boolean),
    })
    .from(embedApps)
    .innerJoin(embedSecrets, and(eq(embedSecrets.kid, at.kid), eq(embedSecrets.appId, embedApps.id)))
    .innerJoin(members, and(eq(members.id, at.memberId), eq(members.workspaceId, embedApps.workspaceId)))
    .where(and(eq(embedApps.id, at.appId), eq(embedApps.workspaceId, at.workspaceId)));
  return row ?? null;
}

/** Whether pages of this origin are a host's: the workspace's own, or (null) anybody's of this shard. */
export async function isRegisteredOrigin(
  d1: D1Database,
  origin: string,
  workspaceId: WorkspaceId | null,
): Promise<boolean> {
  const row = await d1
    .prepare(
      `SELECT 1 AS found FROM embed_origins WHERE origin = ?1 AND (?2 IS NULL OR workspace_id = ?2) LIMIT 1`,
    )
    .bind(origin, workspaceId)
    .first();
  return row !== null;
}
