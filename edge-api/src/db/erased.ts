/**
 * Addresses of people who were erased: known by a hash alone, which only JavaScript can make. So whoever has addresses
 * in hand asks here; and a workspace that never erased anybody is not asked about at all.
 */
import { type SQL, sql } from "drizzle-orm";
import { behindErased, erasedMark } from "../domain/erasure.ts";
import type { WorkspaceId } from "../domain/ids.ts";

export type ErasedKeyOf = (workspaceId: WorkspaceId, email: string) => string;
type Addressed = { workspaceId: WorkspaceId; email: string | null };

/** Whether a workspace has any: a column of a select from `workspaces`, one step into the index. */
export const hasErased: SQL<0 | 1> = sql<0 | 1>`EXISTS (SELECT 1 FROM suppressions x
  WHERE x.workspace_id = workspaces.id AND x.value >= ${erasedMark} AND x.value < ${behindErased})`;

/** Which of these have an address of somebody who was erased. */
export async function listErased<Row extends Addressed>(
  d1: D1Database,
  keyOf: ErasedKeyOf,
  rows: Row[],
): Promise<Set<Row>> {
  const byKey = Map.groupBy(
    rows.filter(({ email }) => email !== null),
    ({ workspaceId, email }) => keyOf(workspaceId, email!),
  );
  if (!byKey.size) return new Set();
  const asked = [...byKey].map(([key, [first]]) => ({ key, workspaceId: first!.workspaceId }));
  const { results } = await erasedStatement(d1, asked).all<{ value: string }>();
  return new Set(results.flatMap(({ value }) => byKey.get(value) ?? []));
}

/** The same as a statement of a batch: `value` of each row is a key that stands on the list. */
export const erasedStatement = (
  d1: D1Database,
  asked: { key: string; workspaceId: WorkspaceId }[],
): D1PreparedStatement =>
  d1
    .prepare(
      `SELECT x.value FROM json_each(?1) j CROSS JOIN suppressions x
         ON x.workspace_id = j.value ->> 'workspaceId' AND x.value = j.value ->> 'key'`,
    )
    .bind(JSON.stringify(asked));

/** For statements that were decided on before their person may have been erased: nothing of them is written any more. */
export const isErased = (contactId: string): string =>
  `EXISTS (SELECT 1 FROM contacts k WHERE k.id = ${contactId} AND k.erased_at IS NOT NULL)`;
