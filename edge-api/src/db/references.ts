/** "lead 4711 in hubspot": external references as rows, read beside a record and written with it. */
import type { ContactKind } from "@cadenza/shared/vocabulary";
import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { AppError } from "../domain/errors.ts";
import type { ContactId, DealId, WorkspaceId } from "../domain/ids.ts";
import { isUniqueViolation } from "./constraints.ts";

export type Reference = { system: string; type: string; id: string };
export type ReferencedEntity = "contact" | "company" | "deal";

/** A record's references, as a column of its select. */
export const referencesOf = (entity: ReferencedEntity, id: SQLiteColumn): SQL<Reference[]> =>
  sql`(SELECT json_group_array(json_object('system', r.system, 'type', r.type, 'id', r.external_id))
       FROM external_references r WHERE r.entity = ${entity} AND r.entity_id = ${id})`.mapWith(
    (text: string): Reference[] => JSON.parse(text),
  );

/** For the batch that inserts the record: its key is the last one that was handed out (keyed tables hand out none). */
export const insertReferences = (
  d1: D1Database,
  workspaceId: WorkspaceId,
  entity: ReferencedEntity,
  references: Reference[],
): D1PreparedStatement[] =>
  references.length ? [insertStatement(d1, workspaceId, entity, references, null)] : [];

/** For the batch that changes the record: the list as it is to be. */
export const replaceReferences = (
  d1: D1Database,
  workspaceId: WorkspaceId,
  record: { entity: ReferencedEntity; id: number },
  references: Reference[],
): D1PreparedStatement[] => [
  d1
    .prepare(`DELETE FROM external_references WHERE entity = ?1 AND entity_id = ?2 AND workspace_id = ?3`)
    .bind(record.entity, record.id, workspaceId),
  ...(references.length ? [insertStatement(d1, workspaceId, record.entity, references, record.id)] : []),
];

const insertStatement = (
  d1: D1Database,
  workspaceId: WorkspaceId,
  entity: ReferencedEntity,
  references: Reference[],
  id: number | null,
) =>
  d1
    .prepare(
      `INSERT INTO external_references (workspace_id, system, type, external_id, entity, entity_id)
       SELECT DISTINCT ?2, j.value ->> 'system', j.value ->> 'type', j.value ->> 'id', ?3,
         coalesce(?4, last_insert_rowid())
       FROM json_each(?1) j`,
    )
    .bind(JSON.stringify(references), workspaceId, entity, id);

/** What to throw when a batch failed: a reference that belongs to another record is a refusal, the rest is not. */
export const referenceProblem = (error: unknown): unknown =>
  isUniqueViolation(error, "external_references")
    ? new AppError("reference_taken", "One of these references belongs to another record.", "/references")
    : error;

export async function loadReferenced(
  d1: D1Database,
  workspaceId: WorkspaceId,
  { system, type, id }: Reference,
): Promise<{ entity: ReferencedEntity; entityId: number }> {
  const row = await d1
    .prepare(
      `SELECT entity, entity_id AS entityId FROM external_references
       WHERE workspace_id = ?1 AND system = ?2 AND type = ?3 AND external_id = ?4`,
    )
    .bind(workspaceId, system, type, id)
    .first<{ entity: ReferencedEntity; entityId: number }>();
  if (!row) throw new AppError("reference_not_found", `Nothing here is known as ${type} ${id} in ${system}.`);
  return row;
}

/** Which of a host's types a workspace has are read from the key, one step each; it never has more than a handful. */
const typesMax = 100;

export type ReferenceFit = Referenced & { type: string; contactId: ContactId | null; dealId: DealId | null };

/** What any system, or this one, knows by this id: whatever it is called there. `likely` is looked up in any case. */
export async function listReferencesById(
  d1: D1Database,
  workspaceId: WorkspaceId,
  { id, system }: { id: string; system: string | null },
  likely: string,
): Promise<ReferenceFit[]> {
  const first = (where: string) =>
    `(SELECT json_array(r.system, r.type) FROM external_references r
      WHERE r.workspace_id = ?1 AND ${where} ORDER BY r.system, r.type LIMIT 1)`;
  // Two questions and not one of both columns, which would read every reference of the type on its way to the next.
  const nextType = first("r.system = k.pair ->> 0 AND r.type > k.pair ->> 1");
  const next = system === null ? `coalesce(${nextType}, ${first("r.system > k.pair ->> 0")})` : nextType;
  const { results } = await d1
    .prepare(
      `WITH RECURSIVE known (pair) AS (
         SELECT ${first(system === null ? "true" : "r.system = ?3")}
         UNION ALL SELECT ${next} FROM known k WHERE k.pair IS NOT NULL LIMIT ${typesMax}
       ),
       asked (pair) AS (SELECT pair FROM known WHERE pair IS NOT NULL UNION SELECT json_array(?3, ?4))
       SELECT r.type, r.entity, r.entity_id AS entityId,
         (SELECT c.kind FROM contacts c WHERE r.entity = 'contact' AND c.id = r.entity_id) AS kind,
         CASE r.entity WHEN 'contact' THEN r.entity_id
           WHEN 'deal' THEN (SELECT d.contact_id FROM deals d WHERE d.id = r.entity_id) END AS contactId,
         iif(r.entity = 'deal', r.entity_id, NULL) AS dealId
       FROM asked k CROSS JOIN external_references r ON r.workspace_id = ?1 AND r.system = k.pair ->> 0
         AND r.type = k.pair ->> 1 AND r.external_id = ?2`,
    )
    .bind(workspaceId, id, system, likely)
    .all<ReferenceFit>();
  return results;
}

export const referenceKey = ({ system, type, id }: Reference): string => JSON.stringify([system, type, id]);

/** `kind` is a person's: lead or party. */
export type Referenced = { entity: ReferencedEntity; entityId: number; kind: ContactKind | null };

/** Many at once, by `referenceKey`; what is not known is not in it. */
export async function listReferenced(
  d1: D1Database,
  workspaceId: WorkspaceId,
  references: Reference[],
): Promise<Map<string, Referenced>> {
  if (!references.length) return new Map();
  const { results } = await d1
    .prepare(
      `SELECT r.system, r.type, r.external_id AS id, r.entity, r.entity_id AS entityId,
         (SELECT c.kind FROM contacts c WHERE r.entity = 'contact' AND c.id = r.entity_id) AS kind
       FROM json_each(?2) j CROSS JOIN external_references r ON r.workspace_id = ?1
         AND r.system = j.value ->> 'system' AND r.type = j.value ->> 'type' AND r.external_id = j.value ->> 'id'`,
    )
    .bind(workspaceId, JSON.stringify(references))
    .all<Reference & Referenced>();
  return new Map(results.map((row) => [referenceKey(row), row]));
}
