/** Who did what: written once, read newest first. The table itself refuses to change a row. */
import { and, desc, eq, gte, lt, sql } from "drizzle-orm";
import type { AuditEntryId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { type Page, type PageRequest, pageOf } from "./page.ts";
import { auditEntries } from "./schema.ts";

export type AuditEntry = typeof auditEntries.$inferSelect;
export type AuditFilter = {
  actor?: string | undefined;
  action?: string | undefined;
  record?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
};

export async function insertAuditEntry(
  d1: D1Database,
  entry: typeof auditEntries.$inferInsert,
): Promise<void> {
  await database(d1).insert(auditEntries).values(entry);
}

/** What a filter may look through for one page: the page then says where to go on. */
const scannedMax = 5_000;

export async function listAuditEntries(
  d1: D1Database,
  workspaceId: WorkspaceId,
  filter: AuditFilter,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const db = database(d1);
  // Another list's cursor has fewer parts.
  const [beforeAt = Number.MAX_SAFE_INTEGER, beforeKey = 0] = page.cursor ?? [];
  const scanned = db
    .select()
    .from(auditEntries)
    .where(
      and(
        eq(auditEntries.workspaceId, workspaceId),
        sql`(${auditEntries.at}, ${auditEntries.id}) < (${Number(beforeAt)}, ${Number(beforeKey)})`,
        filter.from === undefined ? undefined : gte(auditEntries.at, filter.from),
        filter.to === undefined ? undefined : lt(auditEntries.at, filter.to),
      ),
    )
    .orderBy(desc(auditEntries.at), desc(auditEntries.id));
  const matches = (entry: AuditEntry) =>
    (["actor", "action", "record"] as const).every(
      (field) => filter[field] === undefined || entry[field] === filter[field],
    );
  if ((filter.actor ?? filter.action ?? filter.record) === undefined) {
    return pageOf(await scanned.limit(page.limit + 1), page.limit, keyOf);
  }
  const rows = await scanned.limit(scannedMax);
  const found = pageOf(rows.filter(matches), page.limit, keyOf);
  const more = rows.length === scannedMax && found.nextCursor === null;
  return more ? { ...found, nextCursor: keyOf(rows.at(-1)!) } : found;
}

const keyOf = ({ at, id }: AuditEntry): [number, AuditEntryId] => [at, id];
