/** Deals as rows, with their external references. */
import { and, desc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { CompanyId, ContactId, DealId, MemberId, WorkspaceId } from "../domain/ids.ts";
import { isUndone } from "./constraints.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { insertReferences, type Reference, referencesOf } from "./references.ts";
import { deals } from "./schema.ts";

export type DealView = typeof deals.$inferSelect & { references: Reference[] };
export type DealFields = {
  name: string;
  stage: string | null;
  amount: number | null;
  currency: string | null;
  contactId: ContactId | null;
  companyId: CompanyId | null;
  ownerId: MemberId | null;
};

const select = (d1: D1Database, where: SQL | undefined, limit: number): Promise<DealView[]> =>
  database(d1)
    .select({ ...getTableColumns(deals), references: referencesOf("deal", deals.id) })
    .from(deals)
    .where(where)
    .orderBy(desc(deals.id))
    .limit(limit);

export async function listDeals(
  d1: D1Database,
  workspaceId: WorkspaceId,
  asked: PageRequest & { contactId?: ContactId | undefined },
): Promise<Page<DealView>> {
  const where = and(
    eq(deals.workspaceId, workspaceId),
    sql`${deals.id} < ${beforeId(asked)}`,
    asked.contactId === undefined ? undefined : eq(deals.contactId, asked.contactId),
  );
  return pageOf(await select(d1, where, asked.limit + 1), asked.limit, (row) => [row.id]);
}

export async function loadDeal(d1: D1Database, workspaceId: WorkspaceId, id: DealId): Promise<DealView> {
  const [row] = await select(d1, and(eq(deals.workspaceId, workspaceId), eq(deals.id, id)), 1);
  if (!row) throw new AppError("deal_not_found", "There is no such deal in this workspace.");
  return row;
}

/** Whom each deal is with, null where it does not say; a deal that is not there is not in it. */
export async function listDealContacts(
  d1: D1Database,
  workspaceId: WorkspaceId,
  ids: DealId[],
): Promise<Map<DealId, ContactId | null>> {
  if (!ids.length) return new Map();
  const { results } = await d1
    .prepare(
      `SELECT id, contact_id AS contactId FROM deals
       WHERE workspace_id = ?1 AND id IN (SELECT value FROM json_each(?2))`,
    )
    .bind(workspaceId, JSON.stringify(ids))
    .all<{ id: DealId; contactId: ContactId | null }>();
  return new Map(results.map(({ id, contactId }) => [id, contactId]));
}

const columns = ["name", "stage", "amount", "currency", "contact_id", "company_id", "owner_id"] as const;
const valuesOf = (deal: DealFields) => [
  deal.name,
  deal.stage,
  deal.amount,
  deal.currency,
  deal.contactId,
  deal.companyId,
  deal.ownerId,
];

export async function insertDeal(
  d1: D1Database,
  workspaceId: WorkspaceId,
  deal: DealFields & { custom: Record<string, unknown>; references: Reference[] },
  at: number,
): Promise<DealId> {
  const [made] = await d1.batch<{ id: DealId }>([
    d1
      .prepare(
        `INSERT INTO deals (${columns.join(", ")}, workspace_id, custom, rev, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10, ?10) RETURNING id`,
      )
      .bind(...valuesOf(deal), workspaceId, JSON.stringify(deal.custom), at),
    ...insertReferences(d1, workspaceId, "deal", deal.references),
  ]);
  return made!.results[0]!.id;
}

/** @returns false when somebody wrote since `row` was read; then nothing of it is done. */
export async function updateDeal(
  d1: D1Database,
  row: DealView,
  deal: DealFields & { custom: Record<string, unknown>; references: Reference[] },
  at: number,
  /** Carries the statements out together with what follows from them. */
  run: (statements: D1PreparedStatement[]) => Promise<unknown> = (statements) => d1.batch(statements),
): Promise<boolean> {
  const stands = `EXISTS (SELECT 1 FROM deals d WHERE d.id = ?1 AND d.rev = ?2)`;
  const statements = [
    // An UPDATE that finds nothing undoes no batch; a deal without a name does.
    d1.prepare(`INSERT INTO deals (name) SELECT NULL WHERE NOT ${stands}`).bind(row.id, row.rev),
    d1
      .prepare(`DELETE FROM external_references WHERE entity = 'deal' AND entity_id = ?1 AND ${stands}`)
      .bind(row.id, row.rev),
    d1
      .prepare(
        `INSERT INTO external_references (workspace_id, system, type, external_id, entity, entity_id)
         SELECT DISTINCT ?4, j.value ->> 'system', j.value ->> 'type', j.value ->> 'id', 'deal', ?1
         FROM json_each(?3) j WHERE ${stands}`,
      )
      .bind(row.id, row.rev, JSON.stringify(deal.references), row.workspaceId),
    d1
      .prepare(
        `UPDATE deals SET ${columns.map((column, i) => `${column} = ?${i + 1}`).join(", ")}, custom = ?8,
           rev = rev + 1, updated_at = ?9 WHERE id = ?10 AND rev = ?11`,
      )
      .bind(...valuesOf(deal), JSON.stringify(deal.custom), at, row.id, row.rev),
  ];
  try {
    await run(statements);
    return true;
  } catch (error) {
    if (isUndone(error, "deals")) return false;
    throw error;
  }
}
