/** The list of whom never to write to, as rows. Adding to it wakes whoever is meant and still enrolled. */
import type { SuppressionKind, SuppressionReason } from "@cadenza/shared/vocabulary";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { ContactId, SuppressionId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { isErased } from "./erased.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { suppressions } from "./schema.ts";

export type SuppressionRow = typeof suppressions.$inferSelect;

export async function listSuppressions(
  d1: D1Database,
  workspaceId: WorkspaceId,
  /** Any of `values`: an address and the key it would have, were it erased. */
  asked: PageRequest & { values?: string[] | undefined },
): Promise<Page<SuppressionRow>> {
  const rows = await database(d1)
    .select()
    .from(suppressions)
    .where(
      and(
        eq(suppressions.workspaceId, workspaceId),
        sql`${suppressions.id} < ${beforeId(asked)}`,
        asked.values && inArray(suppressions.value, asked.values),
      ),
    )
    .orderBy(desc(suppressions.id))
    .limit(asked.limit + 1);
  return pageOf(rows, asked.limit, (row) => [row.id]);
}

/** Whoever has the address, or any at the domain. A whole domain reads every address once; it is asked for rarely. */
export async function listSuppressed(
  d1: D1Database,
  workspaceId: WorkspaceId,
  { kind, value }: { kind: SuppressionKind; value: string },
): Promise<ContactId[]> {
  const matches = kind === "address" ? "email = ?2" : "substr(email, instr(email, '@') + 1) = ?2";
  const { results } = await d1
    .prepare(`SELECT DISTINCT contact_id AS id FROM contact_addresses WHERE workspace_id = ?1 AND ${matches}`)
    .bind(workspaceId, value)
    .all<{ id: ContactId }>();
  return results.map(({ id }) => id);
}

export type NewSuppression = {
  kind: SuppressionKind;
  value: string;
  reason: SuppressionReason;
  note: string | null;
};

export type SuppressionPort = { db: D1Database; workspaceId: WorkspaceId; actor: string; now: number };

/**
 * The row, an event for each person it is about, and a look at their enrollments now, in one batch. What is there
 * already stays as it was, and nothing happened then; waking twice harms nobody.
 */
export async function insertSuppression(
  { db, workspaceId, actor, now }: SuppressionPort,
  suppression: NewSuppression,
  people: { id: ContactId; eventId: number }[],
  /** Under which the value stands if it is an erased address: then it is suppressed already, and stays unwritten. */
  erasedKey: string,
): Promise<SuppressionRow> {
  const { kind, value, reason, note } = suppression;
  const json = JSON.stringify(people);
  await db.batch([
    // First: it asks whether the row is still absent.
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
         SELECT j.value ->> 'id', ?3, j.value ->> 'eventId', ?2, 'suppression.added', ?4,
           json_object(?5, ?6, 'reason', ?7)
         FROM json_each(?1) j
         WHERE NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.workspace_id = ?2 AND s.value IN (?6, ?8))
           AND NOT ${isErased("j.value ->> 'id'")}`,
      )
      .bind(json, workspaceId, now, actor, kind, value, reason, erasedKey),
    db
      .prepare(
        `INSERT INTO suppressions (workspace_id, kind, value, reason, note, created_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6
         WHERE NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.workspace_id = ?1 AND s.value = ?7)
         ON CONFLICT DO NOTHING`,
      )
      .bind(workspaceId, kind, value, reason, note, now, erasedKey),
    // The tick cancels what is live. A raised rev makes a tick that decided on what was true before decide again.
    db
      .prepare(
        `UPDATE enrollments SET wake_at = ?2, rev = rev + 1, lease_token = NULL, lease_until = NULL
         WHERE contact_id IN (SELECT j.value ->> 'id' FROM json_each(?1) j) AND status = 'active'`,
      )
      .bind(json, now),
  ]);
  const [row] = await database(db)
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.workspaceId, workspaceId), inArray(suppressions.value, [value, erasedKey])));
  return row!;
}

export async function loadSuppression(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: SuppressionId,
): Promise<SuppressionRow> {
  const [row] = await database(d1)
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.workspaceId, workspaceId), eq(suppressions.id, id)));
  if (!row) throw new AppError("suppression_not_found", "There is no such suppression in this workspace.");
  return row;
}

/** The row goes, with an event for each person it was about. */
export async function deleteSuppression(
  { db, workspaceId, actor, now }: SuppressionPort,
  { id, kind, value }: SuppressionRow,
  people: { id: ContactId; eventId: number }[],
): Promise<void> {
  await db.batch([
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
         SELECT j.value ->> 'id', ?3, j.value ->> 'eventId', ?2, 'suppression.removed', ?4, json_object(?5, ?6)
         FROM json_each(?1) j WHERE EXISTS (SELECT 1 FROM suppressions s WHERE s.id = ?7)
           AND NOT ${isErased("j.value ->> 'id'")}`,
      )
      .bind(JSON.stringify(people), workspaceId, now, actor, kind, value, id),
    db.prepare(`DELETE FROM suppressions WHERE id = ?1 AND workspace_id = ?2`).bind(id, workspaceId),
  ]);
}
