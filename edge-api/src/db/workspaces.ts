/** Workspaces as rows, their test twins, their brake, and what the brake held back. */
import type { Mode } from "@cadenza/shared/vocabulary";
import { eq, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { type apiKeys, type members, workspaces } from "./schema.ts";

export type WorkspaceRow = typeof workspaces.$inferSelect;
export type Workspace = WorkspaceRow & { mode: Mode };
type Changes = Partial<
  Pick<
    WorkspaceRow,
    "name" | "timeZone" | "country" | "postalAddress" | "defaultScheduleId" | "eventsKeptDays"
  >
>;

export async function loadWorkspace(d1: D1Database, id: WorkspaceId): Promise<Workspace> {
  const [row] = await database(d1).select().from(workspaces).where(eq(workspaces.id, id));
  if (!row) throw new AppError("workspace_not_found", "There is no such workspace.");
  return { ...row, mode: row.testOf === null ? "live" : "test" };
}

/** An empty workspace beside a live one, unless there is one already. A twin has none of its own. */
export const makeTestTwin = (d1: D1Database, id: WorkspaceId, at: number): D1PreparedStatement =>
  d1
    .prepare(
      `INSERT INTO workspaces (name, time_zone, country, postal_address, events_kept_days, test_of, created_at, updated_at)
       SELECT name || ' (test)', time_zone, country, postal_address, events_kept_days, id, ?2, ?2 FROM workspaces
       WHERE id = ?1 AND test_of IS NULL ON CONFLICT DO NOTHING`,
    )
    .bind(id, at);

export async function updateWorkspace(
  d1: D1Database,
  id: WorkspaceId,
  changes: Changes,
  at: number,
): Promise<void> {
  await database(d1)
    .update(workspaces)
    .set({ ...changes, updatedAt: at })
    .where(eq(workspaces.id, id));
}

/** A brake that is pulled twice keeps the first instant. */
export async function stopWorkspace(d1: D1Database, id: WorkspaceId, at: number): Promise<void> {
  await database(d1)
    .update(workspaces)
    .set({ sendingStoppedAt: sql`coalesce(${workspaces.sendingStoppedAt}, ${at})`, updatedAt: at })
    .where(eq(workspaces.id, id));
}

/** Releases the brake and wakes whatever waited for it, in one batch. */
export async function resumeWorkspace(d1: D1Database, id: WorkspaceId, at: number): Promise<void> {
  await d1.batch([
    d1.prepare(`UPDATE workspaces SET sending_stopped_at = NULL, updated_at = ?2 WHERE id = ?1`).bind(id, at),
    ...wakeStopped(d1, at, id),
  ]);
}

export async function stopShard(d1: D1Database, at: number): Promise<number> {
  const row = await d1
    .prepare(
      `INSERT INTO shard_state (id, sending_stopped_at) VALUES (1, ?1) ON CONFLICT (id)
       DO UPDATE SET sending_stopped_at = coalesce(sending_stopped_at, excluded.sending_stopped_at)
       RETURNING sending_stopped_at AS stoppedAt`,
    )
    .bind(at)
    .first<{ stoppedAt: number }>();
  return row!.stoppedAt;
}

export async function resumeShard(d1: D1Database, at: number): Promise<void> {
  await d1.batch([
    d1.prepare(`UPDATE shard_state SET sending_stopped_at = NULL`),
    ...wakeStopped(d1, at, null),
  ]);
}

/**
 * Without this they would be looked at when they next come up by themselves. `due_at` and `wake_at` IS NOT NULL keep
 * both statements on the partial indexes of open work; a workspace that pulled its own brake is left alone.
 */
const wakeStopped = (d1: D1Database, at: number, id: WorkspaceId | null): D1PreparedStatement[] => {
  const released = `workspace_id IN (SELECT id FROM workspaces WHERE sending_stopped_at IS NULL
    AND (?2 IS NULL OR id = ?2))`;
  return [
    d1
      .prepare(
        `UPDATE sends SET due_at = ?1, defer_reason = NULL
         WHERE due_at IS NOT NULL AND state = 'queued' AND defer_reason = 'sending_stopped' AND ${released}`,
      )
      .bind(at, id),
    d1
      .prepare(
        `UPDATE enrollments SET wake_at = ?1, rev = rev + 1, lease_token = NULL, lease_until = NULL
         WHERE wake_at IS NOT NULL AND status = 'active' AND wait_reason = 'sending_stopped' AND ${released}`,
      )
      .bind(at, id),
  ];
};

/**
 * A workspace with its first admin and first key, all or nothing. Within the batch the new workspace is the one with
 * the highest key.
 */
export async function insertWorkspace(
  d1: D1Database,
  workspace: Omit<WorkspaceRow, "id">,
  admin: Pick<typeof members.$inferSelect, "email" | "name">,
  key: Pick<typeof apiKeys.$inferSelect, "name" | "scopes" | "secretHash" | "createdAt">,
) {
  const newest = `(SELECT max(id) FROM workspaces)`;
  const [made, , apiKey] = await d1.batch<{ id: number }>([
    d1
      .prepare(
        `INSERT INTO workspaces (name, time_zone, country, postal_address, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5) RETURNING id`,
      )
      .bind(
        workspace.name,
        workspace.timeZone,
        workspace.country,
        workspace.postalAddress,
        workspace.createdAt,
      ),
    d1
      .prepare(
        `INSERT INTO members (workspace_id, email, name, role, created_at)
         VALUES (${newest}, ?1, ?2, 'admin', ?3)`,
      )
      .bind(admin.email, admin.name, workspace.createdAt),
    d1
      .prepare(
        `INSERT INTO api_keys (workspace_id, name, scopes, secret_hash, created_at)
         VALUES (${newest}, ?1, ?2, ?3, ?4) RETURNING id`,
      )
      .bind(key.name, JSON.stringify(key.scopes), key.secretHash, key.createdAt),
  ]);
  const id = made!.results[0]!.id as WorkspaceId;
  return { id, apiKeyId: apiKey!.results[0]!.id as typeof apiKeys.$inferSelect.id };
}
