/**
 * D1's interface over SQLite in memory: the shipped SQL, run in a millisecond. `batch` is one transaction; numbers are
 * bound as doubles and columns of one name fall into one, as D1 does. Every statement and batch passes `gate`, where
 * the simulation delays, loses or kills it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { fileURLToPath } from "node:url";

export type Query = { sql: string; params: unknown[] };
export type Rows = { results: Record<string, unknown>[]; changes: number };
/** Runs `effect` (the transaction) when and if it likes; what it resolves with is D1's answer. */
export type Gate = (queries: Query[], effect: () => Rows[]) => Promise<Rows[]>;

const migrations = fileURLToPath(new URL("../migrations/", import.meta.url).href);
const schema = readdirSync(migrations)
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .map((name) => readFileSync(migrations + name, "utf8"))
  .join("\n");

/** The database file itself: what all invocations share. */
export class Shard {
  readonly sqlite = new DatabaseSync(":memory:");
  /** Rewrites a statement before it is prepared: how a mutant is made. */
  rewrite: (sql: string) => string = (sql) => sql;
  onCommit: (queries: Query[]) => void = () => {};
  onRollback: () => void = () => {};
  private readonly prepared = new Map<string, { statement: StatementSync; reads: boolean }>();
  private readonly changed: StatementSync;

  constructor() {
    this.sqlite.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;");
    this.sqlite.exec("PRAGMA journal_mode = MEMORY");
    this.sqlite.exec(schema);
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
      throw new Error(`D1_ERROR: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.onCommit(queries);
    return results;
  }

  /** For the simulation itself: outside every gate. */
  all<Row>(sql: string, ...params: unknown[]): Row[] {
    return this.runOne({ sql, params }).results as Row[];
  }

  private runOne({ sql, params }: Query): Rows {
    const { statement, reads } = this.prepare(sql);
    const results = statement.all(...(params as [])) as Record<string, unknown>[];
    return { results, changes: reads ? 0 : Number(this.changed.get()!.n) };
  }

  private prepare(sql: string) {
    const known = this.prepared.get(sql);
    if (known) return known;
    const statement = this.sqlite.prepare(this.rewrite(sql));
    const made = { statement, reads: /^\s*(SELECT|WITH|PRAGMA)\b/i.test(sql) };
    this.prepared.set(sql, made);
    return made;
  }
}

/** What one invocation sees as its D1 binding. */
export function d1Of(shard: Shard, gate: Gate): D1Database {
  const ask = async (queries: Query[]) => {
    const answers = await gate(queries, () => shard.transact(queries));
    return answers.map(({ results, changes }) => ({
      success: true as const,
      results,
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
      return (await one({ sql, params })).results.map((row) => Object.values(row));
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
