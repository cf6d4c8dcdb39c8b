/** Editing a row that carries a revision: read, decide, write if nobody wrote meanwhile. */
import { AppError } from "../domain/errors.ts";

/** Without If-Match the caller does not care which revision it changes, so a lost race is run again. */
const editTries = 10;

export async function edit<Row extends { rev: number }>(
  ifRev: number | null,
  load: () => Promise<Row>,
  /** @returns whether it landed: it writes only where `rev` is still the row's. */
  save: (row: Row) => Promise<boolean>,
): Promise<Row> {
  for (let attempt = 0; attempt < editTries; attempt++) {
    const row = await load();
    if (ifRev !== null && row.rev !== ifRev) throw conflict(row.rev);
    if (await save(row)) return load();
  }
  throw new AppError("busy", "It keeps being changed at this moment. Try again.");
}

const conflict = (rev: number) =>
  new AppError("revision_conflict", `It is at revision ${rev} by now. Load it again and decide anew.`);
