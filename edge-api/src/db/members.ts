/** Members as rows. */
import type { Role } from "@cadenza/shared/vocabulary";
import { and, desc, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { MemberId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { members } from "./schema.ts";

export type MemberRow = typeof members.$inferSelect;

export async function listMembers(
  d1: D1Database,
  workspaceId: WorkspaceId,
  page: PageRequest & { removed: boolean },
): Promise<Page<MemberRow>> {
  const rows = await database(d1)
    .select()
    .from(members)
    .where(
      and(
        eq(members.workspaceId, workspaceId),
        page.removed ? isNotNull(members.removedAt) : isNull(members.removedAt),
        sql`${members.id} < ${beforeId(page)}`,
      ),
    )
    .orderBy(desc(members.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => [row.id]);
}

/** Also whoever was removed. */
export async function findMember(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: MemberId,
): Promise<MemberRow | null> {
  const [row] = await database(d1)
    .select()
    .from(members)
    .where(and(eq(members.workspaceId, workspaceId), eq(members.id, id)));
  return row ?? null;
}

/** Also whoever was removed. */
export async function loadMember(d1: D1Database, workspaceId: WorkspaceId, id: MemberId): Promise<MemberRow> {
  const row = await findMember(d1, workspaceId, id);
  if (!row) throw new AppError("member_not_found", "There is no such member in this workspace.");
  return row;
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

type Key = Pick<MemberRow, "id" | "workspaceId">;

/** Somebody has to be left who can undo it. For whom the directory does not know: whom it knows, it guards itself. */
const notTheLastAdmin = sql`(${members.role} <> 'admin' OR EXISTS (SELECT 1 FROM members AS other
  WHERE other.workspace_id = ${members.workspaceId} AND other.role = 'admin' AND other.removed_at IS NULL
    AND other.id <> ${members.id}))`;

/** @returns false when it is guarded and they are the last admin. */
export async function updateMember(
  d1: D1Database,
  { id, workspaceId }: Key,
  changes: { name?: string; role?: Role },
  { guarded = false } = {},
): Promise<boolean> {
  const guard = guarded && changes.role && changes.role !== "admin" ? notTheLastAdmin : undefined;
  const updated = await database(d1)
    .update(members)
    .set(changes)
    .where(and(eq(members.id, id), eq(members.workspaceId, workspaceId), guard))
    .returning({ id: members.id });
  return updated.length > 0;
}

/** Whoever was removed before stays so since then. @returns false when it is guarded and they are the last admin. */
export async function markRemoved(
  d1: D1Database,
  { id, workspaceId }: Key,
  at: number,
  { guarded = false } = {},
): Promise<boolean> {
  const guard = guarded ? sql`(${members.removedAt} IS NOT NULL OR ${notTheLastAdmin})` : undefined;
  const removed = await database(d1)
    .update(members)
    .set({ removedAt: sql`coalesce(${members.removedAt}, ${at})` })
    .where(and(eq(members.id, id), eq(members.workspaceId, workspaceId), guard))
    .returning({ id: members.id });
  return removed.length > 0;
}

/** What to tell a member, and how. */
export async function chooseNotices(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: MemberId,
  notify: Record<string, unknown>,
): Promise<void> {
  await database(d1)
    .update(members)
    .set({ notify })
    .where(and(eq(members.workspaceId, workspaceId), eq(members.id, id)));
}
