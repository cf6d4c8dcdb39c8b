/** What SQLite says when a unique key is taken: the race was lost, and the whole batch rolled back. */
export const isUniqueViolation = (error: unknown, table: string): boolean => {
  const causes = error instanceof Error ? `${error.message} ${String(error.cause ?? "")}` : String(error);
  return new RegExp(`UNIQUE constraint failed: ${table}\\.`).test(causes);
};
