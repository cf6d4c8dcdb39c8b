/** Idempotency-Keys as rows: taken by one request, then holding its answer. All instants are wall time. */
import { and, eq, sql } from "drizzle-orm";
import type { WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { idempotencyKeys } from "./schema.ts";

export type KeptAnswer = { requestHash: string; status: number | null; body: string | null };
type Key = { workspaceId: WorkspaceId; key: string };

/**
 * Takes the key if nobody has it, if what is kept under it is too old, or if whoever took it never finished.
 *
 * @returns null when it is ours now, else what is there.
 */
export async function takeKey(
  d1: D1Database,
  { workspaceId, key }: Key,
  request: { hash: string; at: number; keptSince: number; runningSince: number },
): Promise<KeptAnswer | null> {
  const db = database(d1);
  const taken = await db
    .insert(idempotencyKeys)
    .values({ workspaceId, key, requestHash: request.hash, createdAt: request.at })
    .onConflictDoUpdate({
      target: [idempotencyKeys.workspaceId, idempotencyKeys.key],
      set: { requestHash: request.hash, status: null, body: null, createdAt: request.at },
      setWhere: sql`${idempotencyKeys.createdAt} < ${request.keptSince}
        OR (${idempotencyKeys.status} IS NULL AND ${idempotencyKeys.createdAt} < ${request.runningSince})`,
    })
    .returning({ key: idempotencyKeys.key });
  if (taken.length) return null;
  const [kept] = await db
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.workspaceId, workspaceId), eq(idempotencyKeys.key, key)));
  // Gone in between: its first request failed and gave it back. To us that is "still running": the next try gets it.
  return kept ?? { requestHash: request.hash, status: null, body: null };
}

/** `takenAt` keeps a request that was given up for dead from writing over its successor's answer. */
export async function keepAnswer(
  d1: D1Database,
  { workspaceId, key, takenAt }: Key & { takenAt: number },
  answer: { status: number; body: string | null },
): Promise<void> {
  await database(d1)
    .update(idempotencyKeys)
    .set(answer)
    .where(
      and(
        eq(idempotencyKeys.workspaceId, workspaceId),
        eq(idempotencyKeys.key, key),
        eq(idempotencyKeys.createdAt, takenAt),
      ),
    );
}

export async function giveKeyBack(
  d1: D1Database,
  { workspaceId, key, takenAt }: Key & { takenAt: number },
): Promise<void> {
  await database(d1)
    .delete(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.workspaceId, workspaceId),
        eq(idempotencyKeys.key, key),
        eq(idempotencyKeys.createdAt, takenAt),
      ),
    );
}
