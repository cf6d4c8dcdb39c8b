/** API keys as rows. Only `findApiKey` gives the hash, to the one who compares it. */
import { and, desc, eq, getTableColumns, isNull, lt, or, sql } from "drizzle-orm";
import type { ApiKeyId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { apiKeys } from "./schema.ts";

const { secretHash: _, ...shown } = getTableColumns(apiKeys);
export type ApiKey = Omit<typeof apiKeys.$inferSelect, "secretHash">;

export async function findApiKey(d1: D1Database, id: ApiKeyId): Promise<typeof apiKeys.$inferSelect | null> {
  const [row] = await database(d1).select().from(apiKeys).where(eq(apiKeys.id, id));
  return row ?? null;
}

export async function listApiKeys(
  d1: D1Database,
  workspaceId: WorkspaceId,
  page: PageRequest,
): Promise<Page<ApiKey>> {
  const rows = await database(d1)
    .select(shown)
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, workspaceId), sql`${apiKeys.id} < ${beforeId(page)}`))
    .orderBy(desc(apiKeys.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => [row.id]);
}

export async function insertApiKey(d1: D1Database, row: typeof apiKeys.$inferInsert): Promise<ApiKey> {
  const [inserted] = await database(d1).insert(apiKeys).values(row).returning(shown);
  return inserted!;
}

/** A key that was revoked before keeps the first instant. */
export async function revokeApiKey(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: ApiKeyId,
  at: number,
): Promise<ApiKey | null> {
  const [row] = await database(d1)
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${at})` })
    .where(and(eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.id, id)))
    .returning(shown);
  return row ?? null;
}

/** Two requests at once write once. */
export async function touchApiKey(d1: D1Database, id: ApiKeyId, at: number): Promise<void> {
  await database(d1)
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, at))));
}
