/**
 * D1's interface over SQLite in memory: the shipped SQL, run in a millisecond. `batch` is one transaction; numbers are
 * bound as doubles, columns of one name fall into one, and what D1 finds too large is refused. Every statement and batch
 * passes `gate`, where the simulation delays, loses or kills it. workerd-d1.test.ts holds it against D1 itself.
 */
import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { fileURLToPath } from "node:url";

export type Query = { sql: string; params: unknown[] };
export type Rows = {
  results: Record<string, unknown>[];
  columns: string[];
  /** Each row's columns in order, also those that share a name. */
  values: unknown[][];
  changes: number;
};
/** Runs `effect` (the transaction) when and if it likes; what it resolves with is D1's answer. */
export type Gate = (queries: Query[], effect: () => Rows[]) => Promise<Rows[]>;

const folder = fileURLToPath(new URL("../migrations/", import.meta.url).href);
/** What a deploy applies, in its order. */
export const migrations = readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .map((name) => readFileSync(folder + name, "utf8"));

/** The database file itself: what all invocations share. */
export class Shard {
  readonly sqlite = new DatabaseSync(":memory:");
  /** Rewrites a statement before it is prepared: how a mutant is made. */
  rewrite: (sql: string) => string = (sql) => sql;
  onCommit: (queries: Query[]) => void = () => {};
  onRollback: () => void = () => {};
  /** Told of everything that was asked, the simulation's own writes included, and of what came of it. */
  onAnswer: (queries: Query[], answer: Rows[] | Error) => void = () => {};
  private readonly prepared = new Map<string, Prepared>();
  private readonly changed: StatementSync;

  constructor() {
    this.sqlite.exec("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;");
    this.sqlite.exec(migrations.join("\n"));
    this.changed = this.sqlite.prepare("SELECT changes() AS n");
  }

  /** All of it or nothing. */
  transact(queries: Query[]): Rows[] {
    this.sqlite.exec("BEGIN");
    let results: Rows[];
    try {
      results = queries.map((query) => this.runOne(query));
      this.sqlite.exec("COMMIT");
    } catch (error) {
      this.sqlite.exec("ROLLBACK");
      this.onRollback();
      const failure = new Error(`D1_ERROR: ${error instanceof Error ? error.message : String(error)}`);
      this.onAnswer(queries, failure);
      throw failure;
    }
    this.onAnswer(queries, results);
    this.onCommit(queries);
    return results;
  }

  /** For the simulation itself: outside every gate. */
  all<Row>(sql: string, ...params: unknown[]): Row[] {
    const query = { sql, params };
    const rows = this.runOne(query);
    if (!isRead(sql)) this.onAnswer([query], [rows]);
    return rows.results as Row[];
  }

  private runOne({ sql, params }: Query): Rows {
    const { statement, columns, reads, wants } = this.prepare(sql);
    if (params.length !== wants) throw new Error("Wrong number of parameter bindings for SQL query.");
    const values = statement.all(...(params as [])) as unknown as unknown[][];
    const changes = reads ? 0 : Number(this.changed.get()!.n);
    return { results: values.map((row) => rowOf(columns, row)), columns, values, changes };
  }

  private prepare(sql: string): Prepared {
    const known = this.prepared.get(sql);
    if (known) return known;
    if (sql.length > statementBytesMax) throw new Error("statement too long");
    const wants = parametersOf(sql);
    if (wants > parametersMax) throw new Error(`variable number must be between ?1 and ?${parametersMax}`);
    const statement = this.sqlite.prepare(this.rewrite(sql));
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name }) => name);
    if (columns.length > columnsMax) throw new Error("too many columns in result set");
    const made = { statement, columns, reads: isRead(sql), wants };
    this.prepared.set(sql, made);
    return made;
  }
}

type Prepared = { statement: StatementSync; columns: string[]; reads: boolean; wants: number };

const statementBytesMax = 100_000;
const parametersMax = 100;
const columnsMax = 100;

/** The highest `?n`, or how many times there is a bare `?`. */
function parametersOf(sql: string): number {
  const places = [...sql.replace(/'[^']*'/g, "").matchAll(/\?(\d*)/g)].map(([, number]) => Number(number));
  return Math.max(places.filter((number) => number === 0).length, ...places);
}

function rowOf(columns: string[], values: unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (let place = 0; place < columns.length; place++) row[columns[place]!] = values[place];
  return row;
}

export const isRead = (sql: string): boolean => /^\s*(SELECT|WITH|PRAGMA)\b/i.test(sql);

/** What one invocation sees as its D1 binding. */
export function d1Of(shard: Shard, gate: Gate): D1Database {
  const ask = async (queries: Query[]) => {
    const answers = await gate(queries, () => shard.transact(queries));
    return answers.map(({ results, values, changes }) => ({
      success: true as const,
      results,
      values,
      meta: {
        changes,
        duration: 0,
        rows_read: 0,
        rows_written: 0,
        last_row_id: 0,
        changed_db: changes > 0,
        size_after: 0,
      },
    }));
  };
  const one = async (query: Query) => (await ask([query]))[0]!;
  const prepared = (sql: string, params: unknown[]) => ({
    sql,
    params,
    bind: (...values: unknown[]) => prepared(sql, values.map(bindable)),
    all: () => one({ sql, params }),
    run: () => one({ sql, params }),
    async first(column?: string) {
      const row = (await one({ sql, params })).results[0];
      return row === undefined ? null : column === undefined ? row : row[column];
    },
    async raw() {
      return (await one({ sql, params })).values;
    },
  });
  return {
    prepare: (sql: string) => prepared(sql, []),
    batch: (statements: Query[]) => ask(statements.map(({ sql, params }) => ({ sql, params }))),
    exec: (sql: string) => ask([{ sql, params: [] }]),
  } as unknown as D1Database;
}

function bindable(value: unknown): unknown {
  if (value === undefined) throw new Error("D1_TYPE_ERROR: Type 'undefined' not supported");
  return typeof value === "boolean" ? Number(value) : value;
}
