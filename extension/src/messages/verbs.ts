/**
 * Every question a page of the extension may put to the background: who may ask it, and how long it may take. Plain
 * data without zod, so that whatever asks stays small; what the questions hold is in questions.ts.
 */

/** How long the worker may need to wake, to renew a token and to ask the API with every try of its policy. */
const overTheNetworkMs = 40_000;
const atHandMs = 5_000;
/** Somebody reads, types and looks for their phone. */
const byAPersonMs = 10 * 60_000;

export const verbs = {
  "account.read": { timeoutMs: overTheNetworkMs },
  "account.signIn": { timeoutMs: byAPersonMs },
  "account.signOut": { timeoutMs: overTheNetworkMs },
  "account.pair": { timeoutMs: overTheNetworkMs },
  "account.pollPairing": { timeoutMs: overTheNetworkMs },
  "settings.read": { timeoutMs: atHandMs },
  "settings.choose": { timeoutMs: atHandMs },
  "api.ask": { timeoutMs: overTheNetworkMs },
  "outbox.list": { timeoutMs: atHandMs },
  "outbox.send": { timeoutMs: overTheNetworkMs },
  "outbox.drop": { timeoutMs: atHandMs },
  "subject.read": { timeoutMs: atHandMs },
  "subject.choose": { timeoutMs: atHandMs },
  "update.read": { timeoutMs: atHandMs },
  "update.apply": { timeoutMs: atHandMs },
} as const;

export type Verb = keyof typeof verbs;
