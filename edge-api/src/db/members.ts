/** Members as rows. */
import type { Role } from "@cadenza/shared/vocabulary";
import { and, desc, eq, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { MemberId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { members } from "./schema.ts";

export type MemberRow = typeof members.$inferSelect;

export async function listMembers(
  d1: D1Database,
  workspaceId: WorkspaceId,
  page: PageRequest,
): Promise<Page<MemberRow>> {
  const rows = await database(d1)
    .select()
    .from(members)
    .where(and(eq(members.workspaceId, workspaceId), sql`${members.id} < ${beforeId(page)}`))
    .orderBy(desc(members.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => [row.id]);
}

export async function loadMember(d1: D1Database, workspaceId: WorkspaceId, id: MemberId): Promise<MemberRow> {
  const [row] = await database(d1)
    .select()
    .from(members)
    .where(and(eq(members.workspaceId, workspaceId), eq(members.id, id)));
  if (!row) throw new AppError("member_not_found", "There is no such member in this workspace.");
  return row;
}

/** @returns null when the address is a member's already. */
export async function insertMember(
  d1: D1Database,
  row: typeof members.$inferInsert,
): Promise<MemberRow | null> {
  const [inserted] = await database(d1).insert(members).values(row).onConflictDoNothing().returning();
  return inserted ?? null;
}

/** Who asks, as the workspace's own records know them; null when they never asked before. */
export async function findMemberOf(
  d1: D1Database,
  workspaceId: WorkspaceId,
  userId: string,
): Promise<MemberRow | null> {
  const [row] = await database(d1)
    .select()
    .from(members)
    .where(and(eq(members.userId, userId), eq(members.workspaceId, workspaceId)));
  return row ?? null;
}

/**
 * Makes the workspace's own record of a person agree with the directory: found by who they are, else by the address
 * they were named with, else made.
 */
export async function syncMember(
  d1: D1Database,
  workspaceId: WorkspaceId,
  person: { userId: string; email: string; name: string; role: Role; at: number },
): Promise<MemberRow> {
  const { userId, email, name, role, at } = person;
  const db = database(d1);
  const set = { userId, role, removedAt: null };
  const [known] = await db
    .update(members)
    .set(set)
    .where(and(eq(members.userId, userId), eq(members.workspaceId, workspaceId)))
    .returning();
  if (known) return known;
  const [row] = await db
    .insert(members)
    .values({ workspaceId, email, name, role, userId, createdAt: at })
    .onConflictDoUpdate({ target: [members.workspaceId, members.email], set })
    .returning();
  return row!;
}
