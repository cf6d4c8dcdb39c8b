/**
 * A D1 binding one can look at and break: every call (a statement or a whole batch) passes `gate`, which runs it,
 * counts it, loses it before it ran or loses its answer after it did.
 */

import { env } from "cloudflare:workers";
import type { System } from "../../src/domain/system.ts";

export type D1Call = { sql: string[]; params: unknown[][] };
type Answer = D1Result<Record<string, unknown>>[];
export type Gate = (call: D1Call, run: () => Promise<Answer>) => Promise<Answer>;

type Inner = { statement: D1PreparedStatement; sql: string; params: unknown[] };
const inner = new WeakMap<object, Inner>();

export function gatedD1(db: D1Database, gate: Gate): D1Database {
  const statementOf = ({ statement, sql, params }: Inner): D1PreparedStatement => {
    const run = async () =>
      (
        await gate({ sql: [sql], params: [params] }, async () => [
          await statement.all<Record<string, unknown>>(),
        ])
      )[0]!;
    const made = {
      bind: (...values: unknown[]) =>
        statementOf({ statement: statement.bind(...values), sql, params: values }),
      all: run,
      run,
      // Rows as objects, for the counters come only with those: fine wherever no two columns share a name.
      raw: async () => (await run()).results.map((row) => Object.values(row)),
      first: async (column?: string) => {
        const [row] = (await run()).results;
        return row === undefined ? null : column === undefined ? row : row[column];
      },
    } as unknown as D1PreparedStatement;
    inner.set(made, { statement, sql, params });
    return made;
  };
  return {
    prepare: (sql: string) => statementOf({ statement: db.prepare(sql), sql, params: [] }),
    batch: (statements: D1PreparedStatement[]) => {
      const parts = statements.map((statement) => inner.get(statement)!);
      return gate({ sql: parts.map(({ sql }) => sql), params: parts.map(({ params }) => params) }, () =>
        db.batch<Record<string, unknown>>(parts.map(({ statement }) => statement)),
      );
    },
  } as unknown as D1Database;
}

export const withGate = <Some extends System>(system: Some, gate: Gate): Some => ({
  ...system,
  db: gatedD1(system.db, gate),
});

// --- counting

export type Meter = { calls: number; read: number; written: number; statements: Map<string, Spent> };
export type Spent = { times: number; read: number; written: number };

/** The exact counters D1 bills by, in all and per statement. */
export function metered<Some extends System>(system: Some): { system: Some; meter: Meter } {
  const meter: Meter = { calls: 0, read: 0, written: 0, statements: new Map() };
  const counted = withGate(system, async ({ sql }, run) => {
    meter.calls++;
    const answers = await run();
    for (const [index, { meta }] of answers.entries()) {
      const name = sql[index]!.replace(/\s+/g, " ").slice(0, 60);
      const spent = meter.statements.get(name) ?? { times: 0, read: 0, written: 0 };
      meter.statements.set(name, {
        times: spent.times + 1,
        read: spent.read + meta.rows_read,
        written: spent.written + meta.rows_written,
      });
      meter.read += meta.rows_read;
      meter.written += meta.rows_written;
    }
    return answers;
  });
  return { system: counted, meter };
}

/** Every statement a run puts to D1, with one set of the parameters it came with. */
export function recorded<Some extends System>(
  system: Some,
): { system: Some; statements: Map<string, unknown[]> } {
  const statements = new Map<string, unknown[]>();
  const watched = withGate(system, (call, run) => {
    for (const [index, sql] of call.sql.entries()) statements.set(sql, call.params[index]!);
    return run();
  });
  return { system: watched, statements };
}

export async function explain(sql: string, params: unknown[]): Promise<string[]> {
  const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

// --- breaking

export type Fault = "before" | "after";

/** The k-th call (from 1) fails: `before` it ran, or `after` it did, so that only its answer is lost. */
export function failingAt<Some extends System>(
  system: Some,
  k: number,
  fault: Fault,
): { system: Some; struck(): boolean } {
  let calls = 0;
  let struck = false;
  const broken = withGate(system, async (_call, run) => {
    if (++calls !== k) return run();
    struck = true;
    if (fault === "after") await run();
    throw new Error("D1_ERROR: Network connection lost.");
  });
  return { system: broken, struck: () => struck };
}

// --- overtaking

/** Before the k-th call (from 1) runs, with whatever it was made of already read, somebody else is let in. */
export function overtakenAt<Some extends System>(
  system: Some,
  k: number,
  meanwhile: () => Promise<void>,
): { system: Some; struck(): boolean } {
  let calls = 0;
  let struck = false;
  const held = withGate(system, async (_call, run) => {
    if (++calls === k) {
      struck = true;
      await meanwhile();
    }
    return run();
  });
  return { system: held, struck: () => struck };
}
