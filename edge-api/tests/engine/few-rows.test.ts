/** Rows that travel as values or as one JSON parameter: whichever way, the statement walks the same rows. */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { numberList, numberTable, overRows } from "../../src/db/few-rows.ts";

const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ n, word: `it's "${n}"`, none: null }));

test.each([1, 20, 21, 500])(
  "%i rows are walked whole and in order, with what else the statement is told",
  async (count) => {
    const { results } = await overRows(
      env.DB,
      `SELECT j.value ->> 'n' AS n, j.value ->> 'word' AS word, j.value ->> 'none' AS none, ?2 AS first, ?3 AS second
     FROM json_each(?1) j`,
      rows(count),
      "one",
      2,
    ).all();
    expect(results).toEqual(rows(count).map((row) => ({ ...row, first: "one", second: 2 })));
  },
);

test("a statement that names its rows twice finds them both times", async () => {
  const text = `SELECT (SELECT count(*) FROM json_each(?1)) + count(*) AS n FROM json_each(?1) j`;
  for (const count of [2, 30]) {
    expect(await overRows(env.DB, text, rows(count)).first("n")).toBe(2 * count);
  }
});

test("numbers written into the statement are a table and a list, and none of them are an empty one", async () => {
  const sum = (numbers: number[][]) =>
    env.DB.prepare(`SELECT count(*) AS n, sum(a * b) AS s FROM ${numberTable(["a", "b"], numbers)}`).first();
  expect(
    await sum([
      [2, 3],
      [4, 5],
    ]),
  ).toEqual({ n: 2, s: 26 });
  expect(await sum([])).toEqual({ n: 0, s: null });
  const holds = (numbers: number[]) =>
    env.DB.prepare(`SELECT 3 IN ${numberList(numbers)} AS yes`).first("yes");
  expect([await holds([1, 3, 3]), await holds([1]), await holds([])]).toEqual([1, 0, null]);
});

test.each([[1.5], [Number.NaN], ["1); DROP TABLE sends; --" as unknown as number]])(
  "%s is written into no statement",
  (value) => {
    expect(() => numberList([1, value])).toThrow("only whole numbers");
    expect(() => numberTable(["id"], [[value]])).toThrow("only whole numbers");
  },
);
