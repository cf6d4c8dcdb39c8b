/** A refusal of the data by the database, which repeats; unlike an outage, which passes. */
export const isConstraint = (error: unknown): boolean =>
  /constraint|datatype mismatch|malformed JSON|too big/i.test(String(error));
