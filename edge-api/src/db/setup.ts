/** The very first workspace, with its admin, all or nothing. Whoever comes second in a race finds its key taken. */
import type { WorkspaceId } from "../domain/ids.ts";
import { isUniqueViolation } from "./constraints.ts";
import { entering } from "./directory.ts";

/** Row keys start at 1 and are never given out twice. */
export const firstWorkspaceId = 1 as WorkspaceId;

export async function hasWorkspaces(d1: D1Database): Promise<boolean> {
  return (await d1.prepare(`SELECT 1 FROM workspaces LIMIT 1`).first()) !== null;
}

/** @returns false when somebody was faster. */
export async function insertFirstWorkspace(
  d1: D1Database,
  workspace: { publicId: string; name: string; timeZone: string; at: number },
  admin: { id: string; membershipId: string; email: string; name: string; at: number },
): Promise<boolean> {
  const { publicId, name, timeZone, at } = workspace;
  const known = { id: publicId, name, shard: 0, workspaceId: firstWorkspaceId };
  try {
    await d1.batch([
      d1
        .prepare(
          `INSERT INTO workspaces (id, name, time_zone, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)`,
        )
        .bind(firstWorkspaceId, name, timeZone, at),
      ...entering(d1, known, { ...admin, role: "admin" }, admin.at),
      d1
        .prepare(
          `INSERT INTO members (workspace_id, email, name, role, user_id, created_at)
           SELECT ?1, ?2, ?3, 'admin', u.id, ?4 FROM auth_user u WHERE u.email = ?2`,
        )
        .bind(firstWorkspaceId, admin.email, admin.name, at),
    ]);
    return true;
  } catch (error) {
    if (isUniqueViolation(error, "workspaces")) return false;
    throw error;
  }
}
