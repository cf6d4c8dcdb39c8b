/**
 * Rows as a table a statement walks. Many travel as one JSON parameter; D1 counts each element of it as a row read, so
 * the few of a delivery's group travel as values, which it does not count.
 */

/** D1 takes 100 parameters a statement; a group is six. */
const fewMax = 20;

/** @param text walks `json_each(?1) j` and reads `j.value`; `more` are its parameters from ?2 on. */
export function overRows(
  d1: D1Database,
  text: string,
  rows: unknown[],
  ...more: unknown[]
): D1PreparedStatement {
  if (rows.length > fewMax) return d1.prepare(text).bind(JSON.stringify(rows), ...more);
  const values = rows.map((_, place) => `(?${more.length + 2 + place})`).join(", ");
  return d1
    .prepare(text.replaceAll("json_each(?1)", `(SELECT column1 AS value FROM (VALUES ${values}))`))
    .bind(null, ...more, ...rows.map((row) => JSON.stringify(row)));
}

/** Whole numbers as a table `j` with these columns, written into the statement: nothing is counted as read for them. */
export function numberTable(columns: string[], rows: number[][]): string {
  checkWhole(rows.flat());
  const names = columns.map((name, place) => `column${place + 1} AS ${name}`).join(", ");
  const none = `SELECT ${columns.map((_, place) => `0 AS column${place + 1}`).join(", ")} WHERE false`;
  const values = rows.length ? `VALUES ${rows.map((row) => `(${row.join(",")})`).join(",")}` : none;
  return `(SELECT ${names} FROM (${values})) j`;
}

/** The distinct whole numbers as an IN list, written into the statement; an empty one holds nothing. */
export function numberList(numbers: number[]): string {
  checkWhole(numbers);
  return `(${[...new Set(numbers)].join(",") || "NULL"})`;
}

function checkWhole(numbers: number[]): void {
  if (!numbers.every(Number.isSafeInteger)) throw new Error("only whole numbers go into a statement");
}
