/** What rows are called, for a page that shows many of different kinds: of one workspace, whoever asks sees them all. */
import type { WorkspaceId } from "../domain/ids.ts";

/** Kinds of rows that have a name people know them by. A test twin's keys belong to the live workspace. */
const named = {
  mbr: "SELECT id, name FROM members WHERE workspace_id = ?1",
  key: "SELECT id, name FROM api_keys WHERE workspace_id IN (SELECT id FROM workspaces WHERE id = ?1 OR test_of = ?1)",
  app: "SELECT id, name FROM embed_apps WHERE workspace_id = ?1",
  mbx: "SELECT id, address AS name FROM mailboxes WHERE workspace_id = ?1",
  sch: "SELECT id, name FROM schedules WHERE workspace_id = ?1",
  seq: "SELECT id, name FROM sequences WHERE workspace_id = ?1",
  cmp: "SELECT id, name FROM companies WHERE workspace_id = ?1",
  dea: "SELECT id, name FROM deals WHERE workspace_id = ?1",
  ctc: `SELECT id, coalesce(nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''), email) AS name
    FROM contacts WHERE workspace_id = ?1`,
} as const;
export type NamedKind = keyof typeof named;
export const isNamedKind = (prefix: string): prefix is NamedKind => Object.hasOwn(named, prefix);

export type RowName = { kind: NamedKind; id: number };

/** @returns the names by `kind:id`; what is not there, or has none any more, is left out. */
export async function findNames(
  d1: D1Database,
  workspaceId: WorkspaceId,
  rows: RowName[],
): Promise<Map<string, string>> {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  if (!kinds.length) return new Map();
  const found = await d1.batch<{ id: number; name: string | null }>(
    kinds.map((kind) => {
      const ids = rows.filter((row) => row.kind === kind).map(({ id }) => id);
      const sql = `${named[kind]} AND id IN (SELECT value FROM json_each(?2))`;
      return d1.prepare(sql).bind(workspaceId, JSON.stringify([...new Set(ids)]));
    }),
  );
  return new Map(
    kinds.flatMap((kind, at) =>
      found[at]!.results.flatMap(({ id, name }) =>
        name === null ? [] : [[`${kind}:${id}`, name] as [string, string]],
      ),
    ),
  );
}
