/** Pages by the last row's sort key: a row that comes or goes meanwhile neither doubles nor hides another. */

/** The sort key of a page's last row; http/ gives it out as an opaque text. */
export type CursorKey = readonly (string | number)[];
export type PageRequest = { limit: number; cursor?: CursorKey | undefined };
export type Page<Row> = { items: Row[]; nextCursor: CursorKey | null };

/** `rows` are one more than the page holds, if there are more. */
export function pageOf<Row>(rows: Row[], limit: number, keyOf: (row: Row) => CursorKey): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? keyOf(last) : null };
}

/** The row id a page goes on after, for lists that run from the newest row to the oldest. */
export const beforeId = ({ cursor }: PageRequest): number => Number(cursor?.[0] ?? Number.MAX_SAFE_INTEGER);
