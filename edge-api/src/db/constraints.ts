const causesOf = (error: unknown): string =>
  error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);

/** What a statement says that was put into a batch to undo it: see `updateDeal`. */
export const isUndone = (error: unknown, table: string): boolean =>
  causesOf(error).includes(`NOT NULL constraint failed: ${table}.`);

/** What SQLite says when a unique key is taken: the race was lost, and the whole batch rolled back. */
export const isUniqueViolation = (error: unknown, table: string): boolean =>
  new RegExp(`UNIQUE constraint failed: ${table}\\.`).test(causesOf(error));
