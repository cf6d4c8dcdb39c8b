/**
 * API keys as rows. Only `findApiKey` gives the hash, to the one who compares it. The keys of a workspace's test twin
 * are the live workspace's to keep: they are listed and ended from there.
 */
import type { Mode } from "@cadenza/shared/vocabulary";
import { and, desc, eq, getTableColumns, isNull, lt, or, sql } from "drizzle-orm";
import type { ApiKeyId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { apiKeys, workspaces } from "./schema.ts";
import { makeTestTwin } from "./workspaces.ts";

type Row = typeof apiKeys.$inferSelect;
const { secretHash: _, ...columns } = getTableColumns(apiKeys);
const mode = sql<Mode>`iif(${workspaces.testOf} IS NULL, 'live', 'test')`;
export type ApiKey = Omit<Row, "secretHash"> & { mode: Mode };

export async function findApiKey(d1: D1Database, id: ApiKeyId): Promise<(Row & { mode: Mode }) | null> {
  const [row] = await database(d1)
    .select({ ...getTableColumns(apiKeys), mode })
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId))
    .where(eq(apiKeys.id, id));
  return row ?? null;
}

export async function listApiKeys(
  d1: D1Database,
  workspaceId: WorkspaceId,
  page: PageRequest,
): Promise<Page<ApiKey>> {
  const rows = await select(d1)
    .where(and(keptBy(workspaceId), sql`${apiKeys.id} < ${beforeId(page)}`))
    .orderBy(desc(apiKeys.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => [row.id]);
}

export async function findKeptKey(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: ApiKeyId,
): Promise<ApiKey | null> {
  const [row] = await select(d1).where(and(keptBy(workspaceId), eq(apiKeys.id, id)));
  return row ?? null;
}

const select = (d1: D1Database) =>
  database(d1)
    .select({ ...columns, mode })
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId));

const keptBy = (id: WorkspaceId) => sql`${apiKeys.workspaceId} IN (SELECT id FROM workspaces WHERE id = ${id}
  UNION ALL SELECT id FROM workspaces WHERE test_of = ${id})`;

/** Where a test key is the first of its workspace, its twin is made with it, all or nothing. */
export async function insertApiKey(
  d1: D1Database,
  key: Pick<Row, "workspaceId" | "name" | "scopes" | "secretHash" | "createdBy" | "createdAt" | "expiresAt">,
  keyMode: Mode,
  now: number,
): Promise<ApiKeyId> {
  const isTest = keyMode === "test";
  const insert = d1
    .prepare(
      `INSERT INTO api_keys (workspace_id, name, scopes, secret_hash, created_by, created_at, expires_at)
       SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM workspaces WHERE ${isTest ? "test_of" : "id"} = ?1 RETURNING id`,
    )
    .bind(
      ...[key.workspaceId, key.name, JSON.stringify(key.scopes), key.secretHash],
      ...[key.createdBy, key.createdAt, key.expiresAt],
    );
  const twin = isTest ? [makeTestTwin(d1, key.workspaceId, now)] : [];
  const made = await d1.batch<{ id: ApiKeyId }>([...twin, insert]);
  return made.at(-1)!.results[0]!.id;
}

/**
 * A key in the place of one that still stands, which ends at `oldEndsAt` at the latest.
 *
 * @returns null when the old one has ended or was replaced before.
 */
export async function replaceApiKey(
  d1: D1Database,
  id: ApiKeyId,
  next: Pick<Row, "secretHash" | "createdBy" | "createdAt" | "expiresAt">,
  oldEndsAt: number,
): Promise<ApiKeyId | null> {
  const stands = `id = ?1 AND revoked_at IS NULL AND replaced_by IS NULL AND (expires_at IS NULL OR expires_at > ?2)`;
  const [made] = await d1.batch<{ id: ApiKeyId }>([
    d1
      .prepare(
        `INSERT INTO api_keys (workspace_id, name, scopes, secret_hash, created_by, created_at, expires_at)
         SELECT workspace_id, name, scopes, ?3, ?4, ?2, ?5 FROM api_keys WHERE ${stands} RETURNING id`,
      )
      .bind(id, next.createdAt, next.secretHash, next.createdBy, next.expiresAt),
    // Within the batch the new key is the one with the highest id.
    d1
      .prepare(
        `UPDATE api_keys SET replaced_by = (SELECT max(id) FROM api_keys),
           expires_at = min(coalesce(expires_at, ?3), ?3) WHERE ${stands}`,
      )
      .bind(id, next.createdAt, oldEndsAt),
  ]);
  return made!.results[0]?.id ?? null;
}

/** A key that was revoked before keeps the first instant. @returns false when there is no such key. */
export async function revokeApiKey(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: ApiKeyId,
  at: number,
): Promise<boolean> {
  const revoked = await database(d1)
    .update(apiKeys)
    .set({ revokedAt: sql`coalesce(${apiKeys.revokedAt}, ${at})` })
    .where(and(keptBy(workspaceId), eq(apiKeys.id, id)))
    .returning({ id: apiKeys.id });
  return revoked.length > 0;
}

/** Two requests at once write once. */
export async function touchApiKey(d1: D1Database, id: ApiKeyId, at: number): Promise<void> {
  await database(d1)
    .update(apiKeys)
    .set({ lastUsedAt: at })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, at))));
}
