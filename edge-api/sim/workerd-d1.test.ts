/** The SQLite that the simulation believes, held against D1: the same transactions, in workerd, on the same schema. */
import { describe, expect, test, vi } from "vitest";
import { runSeed } from "./seeds.ts";
import { type Query, Shard } from "./sqlite-d1.ts";
import { divergenceOnD1, journalOf } from "./workerd-d1.ts";

vi.setConfig({ testTimeout: 120_000 });

/** Three runs, the last a crowd, that between them ask nearly every statement the simulation knows. */
const sampled = [67, 69, 51];

describe("what the simulation is told is what D1 says", () => {
  test.each(sampled)("at every statement of seed %i, and of every row it leaves behind", async (seed) => {
    const shard = new Shard();
    const journal = journalOf(shard);
    await runSeed(seed, null, shard);
    const statements = new Set(journal.flatMap(({ queries }) => queries.map(({ sql }) => sql)));
    expect(statements.size, "a seed that asks little is no sample: take another").toBeGreaterThan(60);
    for (const { name } of shard.all<{ name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table'",
    )) {
      shard.transact([ask(`SELECT * FROM ${name}`)]);
    }
    expect(await divergenceOnD1(journal)).toBeNull();
  });

  test("where no run goes: at refusals, at odd values, and at what is too large", async () => {
    const shard = new Shard();
    const journal = journalOf(shard);
    for (const [what, refusal, ...queries] of cases) {
      const transact = () => shard.transact(queries);
      if (refusal) expect(transact, what).toThrow(refusal);
      else expect(transact, what).not.toThrow();
    }
    expect(await divergenceOnD1(journal)).toBeNull();
  });
});

test("a statement that D1 answers otherwise is named, with both answers", async () => {
  const shard = new Shard();
  const journal = journalOf(shard);
  shard.rewrite = (sql) => sql.replace("value > 1", "value >= 1");
  shard.transact([ask("SELECT 1 AS one")]);
  shard.transact([
    ask("SELECT 2 AS two"),
    ask("SELECT count(*) AS n FROM json_each(?1) WHERE value > 1", "[1,2]"),
  ]);
  const divergence = await divergenceOnD1(journal);
  expect(divergence).toBe(`transaction 2 of 2, statement 2 of 2:
SELECT count(*) AS n FROM json_each(?1) WHERE value > 1
  with ["[1,2]"]
SQLite: {"results":[{"n":2}],"changes":0}
D1:     {"results":[{"n":1}],"changes":0}`);
});

function ask(sql: string, ...params: unknown[]): Query {
  return { sql, params };
}

const insert = (...row: unknown[]) => ask("INSERT INTO odd (id, name, n) VALUES (?1, ?2, ?3)", ...row);
const all = ask("SELECT * FROM odd");
const list = (length: number, item: (n: number) => string) =>
  Array.from({ length }, (_, place) => item(place + 1)).join(", ");

/** In this order, on one database; a refusal by the words the code looks for. */
const cases: [what: string, refusal: string | null, ...queries: Query[]][] = [
  [
    "a table to be odd in",
    null,
    ask("CREATE TABLE odd (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, n INTEGER CHECK (n < 10))"),
    insert(1, "a", 1),
  ],
  ["a key that is taken", "UNIQUE constraint failed: odd.name", insert(2, "b", 2), insert(3, "a", 3)],
  ["the batch it was in is undone whole", null, all],
  ["nothing where something must be", "NOT NULL constraint failed: odd.name", insert(2, null, 2)],
  ["a value that is checked", "CHECK constraint failed", insert(2, "b", 10)],
  ["a word for a number", "datatype mismatch", insert("two", "b", 2)],
  ["what is not JSON", "malformed JSON", ask("SELECT * FROM json_each(?1)", "[1,")],
  ["what is not there", "no such table: nowhere", ask("SELECT * FROM nowhere")],
  [
    "how many rows a statement changed, and the next one's look at it",
    null,
    insert(2, "b", 2),
    ask("INSERT INTO odd (id, name) VALUES (2, 'c') ON CONFLICT DO NOTHING"),
    ask("UPDATE odd SET n = n + 1 WHERE n > 0 RETURNING id, n"),
    ask("UPDATE odd SET n = 5 WHERE false"),
    ask("SELECT changes() AS n"),
    ask("DELETE FROM odd"),
    ask("SELECT changes() AS n"),
  ],
  [
    "numbers and words as they are bound and kept",
    null,
    ask(
      "SELECT typeof(?1) AS number, typeof(?2) AS half, typeof(?3) AS word, typeof(?4) AS none",
      ...[1, 0.5, "é😀", null],
    ),
    ask(
      "INSERT INTO odd (id, name, n) VALUES (?1, ?2, ?3) RETURNING id, name, n, typeof(name) AS t",
      ...[9007199254740991, 5, 1.5],
    ),
    ask("SELECT value, typeof(value) AS t FROM json_each(?1)", '[1, 1.5, true, null, "x", {"a": [1]}]'),
  ],
  ["two columns of one name", null, ask("SELECT 1 AS a, 2 AS a")],
  ["two columns of one name in a batch", null, ask("SELECT 1 AS a, 2 AS a"), all],
  ["a parameter left out", "Wrong number of parameter bindings", ask("SELECT ?1 AS a, ?2 AS b", 1)],
  [
    "as many parameters as go",
    null,
    ask(`SELECT max(${list(100, (n) => `?${n}`)}) AS n`, ...Array(100).fill(1)),
  ],
  [
    "more parameters than go",
    "variable number must be between ?1 and ?100",
    ask(`SELECT max(${list(101, (n) => `?${n}`)}) AS n`, ...Array(101).fill(1)),
  ],
  ["more columns than go", "too many columns in result set", ask(`SELECT ${list(101, (n) => `1 AS c${n}`)}`)],
  ["a statement longer than goes", "statement too long", ask(`SELECT '${"x".repeat(100_000)}' AS x`)],
];
