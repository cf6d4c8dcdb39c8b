/**
 * What the simulation asked its SQLite, asked again of a real D1 in workerd: how far sqlite-d1.ts may be believed. Used
 * by workerd-d1.test.ts on a sample of runs; the simulation itself never starts a workerd.
 */
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { isRead, migrations, type Query, type Rows, type Shard } from "./sqlite-d1.ts";

/** A statement's answer as D1 gives it: to one in a batch or that writes, and, as drizzle asks for it, to a lone read. */
type Answer = { results: unknown[]; changes: number } | { raw: unknown[][] };
/** What was asked in one transaction, and every statement's answer, or why the whole was refused. */
export type Transaction = { queries: Query[]; answers: Answer[] | { refused: string } };

/** Writes down, from now on, every transaction of `shard` and what it answered. */
export function journalOf(shard: Shard): Transaction[] {
  const journal: Transaction[] = [];
  shard.onAnswer = (queries, answer) => {
    const answers = answer instanceof Error ? { refused: answer.message } : answersOf(queries, answer);
    // Copied at once: whoever asked may change the rows it was given.
    journal.push(structuredClone({ queries, answers }));
  };
  return journal;
}

const answersOf = (queries: Query[], rows: Rows[]): Answer[] =>
  rows.map(({ results, columns, values, changes }) =>
    isLoneRead(queries) ? { raw: [columns, ...values] } : { results, changes },
  );

const isLoneRead = ([only, ...more]: Query[]): boolean => !more.length && isRead(only!.sql);

/** Asks as the Worker's binding is asked. A request carries many transactions, for each costs as much as one of them. */
const worker = `
export default {
  async fetch(request, { DB }) {
    const prepared = ({ sql, params }) => DB.prepare(sql).bind(...params);
    const ask = async ({ queries, isLoneRead }) => {
      try {
        if (isLoneRead) return [{ raw: await prepared(queries[0]).raw({ columnNames: true }) }];
        const answers = await DB.batch(queries.map(prepared));
        return answers.map(({ results, meta }) => ({ results, changes: meta.changes }));
      } catch (error) {
        return { refused: error.message };
      }
    };
    const asked = [];
    for (const transaction of await request.json()) asked.push(await ask(transaction));
    return Response.json(asked);
  },
};`;

const transactionsARequest = 100;

/** Plays `journal` on an empty, migrated D1. @returns the first statement that was answered differently, in words. */
export async function divergenceOnD1(journal: Transaction[]): Promise<string | null> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: worker,
      compatibilityDate: "2026-08-01",
      cf: false,
      telemetry: { enabled: false },
      d1Databases: ["DB"],
    }),
  );
  try {
    await migrate(miniflare);
    for (let first = 0; first < journal.length; first += transactionsARequest) {
      const part = journal.slice(first, first + transactionsARequest);
      const body = part.map(({ queries }) => ({ queries, isLoneRead: isLoneRead(queries) }));
      const response = await miniflare.dispatchFetch("http://d1.test", {
        method: "POST",
        body: JSON.stringify(body),
      });
      const answers = (await response.json()) as Transaction["answers"][];
      for (const [place, transaction] of part.entries()) {
        const difference = differenceOf(transaction, answers[place]!);
        if (difference) return `transaction ${first + place + 1} of ${journal.length}, ${difference}`;
      }
    }
    return null;
  } finally {
    await miniflare.dispose();
  }
}

async function migrate(miniflare: Miniflare): Promise<void> {
  const db = await miniflare.getD1Database("DB");
  const statements = migrations.flatMap((text) => text.split("--> statement-breakpoint"));
  await db.batch(statements.filter((sql) => sql.trim()).map((sql) => db.prepare(sql)));
}

function differenceOf({ queries, answers: here }: Transaction, there: Transaction["answers"]): string | null {
  if ("refused" in here || "refused" in there) {
    const [ours, theirs] = [reasonOf(here), reasonOf(there)];
    if (ours === theirs) return null;
    return `refused: ${ours} in SQLite, ${theirs} in D1\n${queries.map(shown).join("\n")}`;
  }
  for (const [place, query] of queries.entries()) {
    const [ours, theirs] = [JSON.stringify(here[place]), JSON.stringify(there[place])];
    if (ours !== theirs)
      return `statement ${place + 1} of ${queries.length}:\n${shown(query)}\nSQLite: ${ours}\nD1:     ${theirs}`;
  }
  return null;
}

/** What the code reads of a refusal: D1 says the same, then where in the statement, and the error's number. */
const reasonOf = (answers: Transaction["answers"]): string =>
  "refused" in answers
    ? answers.refused.replace(/( at offset \d+)?(: SQLITE_\w+( \(extended: \w+\))?)?$/, "")
    : "not refused";

const shown = ({ sql, params }: Query): string => `${sql}\n  with ${JSON.stringify(params)}`;
