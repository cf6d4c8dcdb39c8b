/** A CSV file → people in the workspace, through the API in batches; and for every row what became of it. */
import { type Client, ProblemError } from "@cadenza/shared/client";
import { isUnreachable, printable } from "./command-line.ts";
import {
  type Column,
  mapColumns,
  type Person,
  personFrom,
  type ReferenceKind,
  refuseNameless,
} from "./contact-columns.ts";
import { readCsv } from "./csv-rows.ts";

export type RowOutcome = "created" | "merged" | "unchanged" | "refused";
export type LoadedRow = {
  line: number;
  outcome: RowOutcome;
  contactId: string | null;
  person: Person | null;
  /** Why it was refused, or what was read otherwise than it was written. */
  notes: string[];
};
export type LoadedContacts = { columns: Column[]; rows: LoadedRow[] };

/** Half of what the API takes at once: a batch stays well under a megabyte. */
const batchRows = 250;
const batchBytes = 700_000;
const tries = 3;

export async function loadContacts(
  client: Client,
  bytes: Uint8Array,
  options: {
    reference: ReferenceKind;
    encoding?: string;
    /** `Vorname=first_name` */
    map?: string[];
    onRow?: (row: LoadedRow) => void;
  },
): Promise<LoadedContacts> {
  const table = readCsv(bytes, options.encoding);
  const columns = mapColumns(table.header, options.map);
  refuseNameless(columns);
  const rows: LoadedRow[] = [];
  const tell = (row: LoadedRow) => {
    rows.push(row);
    options.onRow?.(row);
  };
  let batch: ReadRow[] = [];
  let size = 0;
  const flush = async () => {
    for (const row of await sendBatch(client, columns, batch, rows.length === 0)) tell(row);
    batch = [];
    size = 0;
  };
  for (const row of table.rows) {
    if ("problem" in row) {
      await flush();
      tell({ line: row.line, outcome: "refused", contactId: null, person: null, notes: [row.problem] });
      continue;
    }
    const read = { line: row.line, ...personFrom(columns, row.cells, options.reference) };
    const bytesOf = JSON.stringify(read.person).length * 2;
    if (batch.length >= batchRows || size + bytesOf > batchBytes) await flush();
    batch.push(read);
    size += bytesOf;
  }
  await flush();
  return { columns, rows };
}

type ReadRow = { line: number; person: Person; notes: string[] };

async function sendBatch(
  client: Client,
  columns: Column[],
  batch: ReadRow[],
  isFirst: boolean,
): Promise<LoadedRow[]> {
  if (!batch.length) return [];
  const answer = await askedAgain(client, batch, isFirst);
  return batch.map(({ line, person, notes }, index) => {
    if ("problem" in answer)
      return { line, outcome: "refused", contactId: null, person, notes: [answer.problem] };
    const item = answer.items[index]!;
    const refused = item.errors.map(({ pointer, detail }) => {
      const place = pointer.replace(/^\/items\/\d+/, "");
      const where = columnOf(columns, place);
      const value = valueAt(person, place);
      return where ? `${where}${value === null ? "" : ` "${printable(value, 60)}"`}: ${detail}` : detail;
    });
    const contactId = item.id as string | null;
    const known = person.email || person.otherEmails?.length || person.references?.length;
    const again = item.outcome === "created" && !known ? [madeAgain] : [];
    return {
      line,
      outcome: item.outcome,
      contactId,
      person,
      notes: item.outcome === "refused" ? refused : [...notes, ...again],
    };
  });
}

const madeAgain = "warning: no address and no record id, so loading the file again makes this person again";

/** With one Idempotency-Key a batch that was carried out and not answered is not carried out twice. */
async function askedAgain(client: Client, batch: ReadRow[], isFirst: boolean) {
  const idempotencyKey = crypto.randomUUID();
  const items = batch.map(({ person }) => person);
  for (let attempt = 1; ; attempt++) {
    try {
      return await client("contacts.createBatch", { body: { items }, idempotencyKey });
    } catch (error) {
      const passing = isUnreachable(error) || (error instanceof ProblemError && error.problem.status >= 500);
      if (passing && attempt < tries) {
        await new Promise((done) => setTimeout(done, 400 * attempt));
        continue;
      }
      // Where nobody answers, or this key may not write, no other batch needs to be tried.
      if (isFirst && isUnreachable(error)) throw error;
      if (error instanceof ProblemError && [401, 403, 404].includes(error.problem.status)) throw error;
      const said = error instanceof ProblemError ? error.problem.detail : "the API did not answer";
      return { problem: `its batch of ${batch.length} was refused: ${said}` };
    }
  }
}

/** What the file holds there; null for anything but a text. */
function valueAt(person: Person, pointer: string): string | null {
  const found = pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], person);
  return typeof found === "string" ? found : null;
}

/** `/custom/team_size` → the column's own name. */
function columnOf(columns: Column[], pointer: string): string | null {
  const [, top = "", key] = pointer.split("/");
  const column = columns.find(({ to }) =>
    "custom" in to
      ? top === "custom" && to.custom === key
      : to.field === top || (top === "references" && to.field === "reference"),
  );
  return column?.name ?? (pointer ? pointer.slice(1) : null);
}
