/**
 * What is written into the log. An error says more than it should: the database layer's repeats the statement's
 * parameters, a mail server's the address it refused. Who reads logs is to learn what broke, and nothing that is
 * somebody's.
 */
const causesMax = 5;
/** Of each: a long statement must not hide what is wrong with it. */
const lengthMax = 400;

export const logLine = (message: string, error: unknown): string =>
  JSON.stringify({ message: withoutSecrets(message), error: said(error) });

/** An error and what caused it, the outermost first. */
export function said(error: unknown): string {
  const parts: string[] = [];
  for (let at = error; at !== undefined && at !== null && parts.length < causesMax; at = causeOf(at)) {
    const text = at instanceof Error ? `${at.name}: ${at.message.replace(parameters, "")}` : String(at);
    parts.push(withoutSecrets(text).slice(0, lengthMax));
  }
  return parts.join(" ← ");
}

/** drizzle's `Failed query: … params: …`. */
const parameters = /\s*\bparams:.*$/s;

const causeOf = (error: unknown): unknown => (error instanceof Error ? error.cause : undefined);

/**
 * What looks like a person's address, a token or a key is left out, wherever it stands. Of an address 256 characters
 * before the @ are looked at: without a bound a long word would be looked through again from each of its letters.
 */
export const withoutSecrets = (text: string): string =>
  text
    .replace(/[^\s<>"'(),:;@]{1,256}@[^\s<>"'(),:;@]+/g, "<address>")
    .replace(/[\w-]{24,}(\.[\w-]*)*/g, (word) => (looksRandom(word) ? "<secret>" : word));

/** Names are written in one case, or say what they are; request ids are made to be quoted. */
const looksRandom = (word: string): boolean =>
  !/^req_[0-9a-f]{32}$/.test(word) && /[a-z]/.test(word) && /\d|[A-Z].*[A-Z].*[A-Z]/.test(word);
