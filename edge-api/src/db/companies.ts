/** Companies as rows, with their external references. */
import { and, desc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { CompanyId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { insertReferences, type Reference, referencesOf, replaceReferences } from "./references.ts";
import { companies } from "./schema.ts";

export type CompanyView = typeof companies.$inferSelect & { references: Reference[] };
export type CompanyFields = { name: string; domain: string | null };

const select = (d1: D1Database, where: SQL | undefined, limit: number): Promise<CompanyView[]> =>
  database(d1)
    .select({ ...getTableColumns(companies), references: referencesOf("company", companies.id) })
    .from(companies)
    .where(where)
    .orderBy(desc(companies.id))
    .limit(limit);

export async function listCompanies(
  d1: D1Database,
  workspaceId: WorkspaceId,
  page: PageRequest,
): Promise<Page<CompanyView>> {
  const where = and(eq(companies.workspaceId, workspaceId), sql`${companies.id} < ${beforeId(page)}`);
  return pageOf(await select(d1, where, page.limit + 1), page.limit, (row) => [row.id]);
}

export async function loadCompany(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: CompanyId,
): Promise<CompanyView> {
  const [row] = await select(d1, and(eq(companies.workspaceId, workspaceId), eq(companies.id, id)), 1);
  if (!row) throw new AppError("company_not_found", "There is no such company in this workspace.");
  return row;
}

export async function insertCompany(
  d1: D1Database,
  workspaceId: WorkspaceId,
  company: CompanyFields & { custom: Record<string, unknown>; references: Reference[] },
  at: number,
): Promise<CompanyId> {
  const [made] = await d1.batch<{ id: CompanyId }>([
    d1
      .prepare(
        `INSERT INTO companies (workspace_id, name, domain, custom, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5) RETURNING id`,
      )
      .bind(workspaceId, company.name, company.domain, JSON.stringify(company.custom), at),
    ...insertReferences(d1, workspaceId, "company", company.references),
  ]);
  return made!.results[0]!.id;
}

/** `customPatch` is merged where it lies (RFC 7396), so that two writers of different keys lose neither. */
export async function updateCompany(
  d1: D1Database,
  { id, workspaceId }: CompanyView,
  company: CompanyFields & { customPatch: Record<string, unknown>; references: Reference[] | undefined },
  at: number,
): Promise<void> {
  await d1.batch([
    ...(company.references
      ? replaceReferences(d1, workspaceId, { entity: "company", id }, company.references)
      : []),
    d1
      .prepare(
        `UPDATE companies SET name = ?2, domain = ?3, custom = json_patch(custom, ?4), updated_at = ?5 WHERE id = ?1`,
      )
      .bind(id, company.name, company.domain, JSON.stringify(company.customPatch), at),
  ]);
}
