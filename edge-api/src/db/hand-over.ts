/** What a member owns: counted, and handed to somebody else. */
import type { MemberId, WorkspaceId } from "../domain/ids.ts";

/** By table, what of it is still at work: what has ended says for good whose it was. */
const live = {
  mailboxes: "TRUE",
  sequences: "status <> 'archived'",
  enrollments: "status IN ('active', 'paused')",
  tasks: "status = 'open'",
  contacts: "erased_at IS NULL",
  deals: "TRUE",
} as const;

type Table = keyof typeof live;
export type OwnedCounts = Record<Table, number>;

const tables = Object.keys(live) as Table[];

/** Counts what `from` owns and, where there is an heir who still belongs here, hands over just that: one transaction. */
export async function handOver(
  d1: D1Database,
  workspaceId: WorkspaceId,
  from: MemberId,
  heir: MemberId | null,
  at: number,
): Promise<OwnedCounts> {
  const counts = tables.map(
    (table) =>
      `(SELECT count(*) FROM ${table} WHERE workspace_id = ?1 AND owner_id = ?2 AND ${live[table]}) AS ${table}`,
  );
  const moves = heir === null ? [] : tables.map((table) => d1.prepare(moveSql(table)));
  const [counted] = await d1.batch<OwnedCounts>([
    d1.prepare(`SELECT ${counts.join(", ")}`).bind(workspaceId, from),
    ...moves.map((statement) => statement.bind(workspaceId, from, heir, at)),
  ]);
  return counted!.results[0]!;
}

const moveSql = (table: Table): string =>
  // An enrollment's lease ends: what was decided for the old owner in this very moment is decided anew.
  `UPDATE ${table} SET owner_id = ?3, rev = rev + 1, updated_at = ?4
     ${table === "enrollments" ? ", lease_token = NULL, lease_until = NULL" : ""}
   WHERE workspace_id = ?1 AND owner_id = ?2 AND ${live[table]}
     AND EXISTS (SELECT 1 FROM members h WHERE h.id = ?3 AND h.workspace_id = ?1 AND h.removed_at IS NULL)`;
