/**
 * The resolver: sends whose deliverer died. A claim that ran out goes back to the queue; a mail left in `sending` is
 * asked about at its provider, and where nobody can say, a person is asked. Called by the cron.
 *
 * Invariant: time alone never moves a send out of `sending`.
 */
import type { Decision } from "../domain/decision.ts";
import { type ClaimedSend, provenUnsent, sent, uncertain } from "../domain/delivery.ts";
import type { Facts } from "../domain/facts.ts";
import type { EnrollmentId, MailboxId } from "../domain/ids.ts";
import type { Transport } from "../domain/transport.ts";
import type { Prepared } from "./deliver.ts";

export interface RecoverDeps {
  now(): number;
  wallNow(): number;
  releaseStaleClaims(at: { now: number; wallNow: number }): Promise<number>;
  listStaleSending(at: { now: number; authorisedBefore: number; limit: number }): Promise<ClaimedSend[]>;
  loadFactsOf(enrollmentIds: EnrollmentId[]): Promise<Map<EnrollmentId, Facts>>;
  prepare(send: ClaimedSend, facts: Facts, at: number): Promise<Prepared>;
  transportOf(mailboxId: MailboxId): Promise<Transport>;
  /** Remembers that it was looked at, so that it is looked at again only later; `absent`: the provider had no such mail. */
  noteLook(send: ClaimedSend, look: { wallNow: number; absent: boolean }): Promise<void>;
  reauthorise(
    send: ClaimedSend,
    at: { now: number; wallNow: number },
  ): Promise<"granted" | "stopped" | "overtaken">;
  commit(decisions: Decision[]): Promise<Set<EnrollmentId>>;
  /** Settles it as arrived, where somebody else has called it uncertain meanwhile. */
  settleUncertain(send: ClaimedSend): Promise<void>;
  logError(message: string, error: unknown): void;
}

export type RecoverLimits = {
  /** An invocation lives 15 minutes, so whoever authorised a mail 20 minutes ago is gone. */
  sendingMaxMs: number;
  /** How many "absent" answers, one `sendingMaxMs` apart, prove that a mail never left. */
  absentLooks: number;
  chunk: number;
  /** The tick behind it must not wait for a slow provider. */
  budgetMs: number;
};

export const recoverLimits: RecoverLimits = {
  sendingMaxMs: 20 * 60_000,
  absentLooks: 3,
  chunk: 50,
  budgetMs: 20_000,
};

export type RecoverReport = { released: number; resolved: number; open: number };

export async function recover(
  deps: RecoverDeps,
  limits: RecoverLimits = recoverLimits,
): Promise<RecoverReport> {
  const released = await deps.releaseStaleClaims({ now: deps.now(), wallNow: deps.wallNow() });
  const stale = await deps.listStaleSending({
    now: deps.now(),
    authorisedBefore: deps.wallNow() - limits.sendingMaxMs,
    limit: limits.chunk,
  });
  const report = { released, resolved: 0, open: 0 };
  if (!stale.length) return report;
  const startedAt = deps.wallNow();
  const facts = await deps.loadFactsOf(stale.map((send) => send.enrollmentId));
  for (const send of stale) {
    if (deps.wallNow() - startedAt > limits.budgetMs) {
      report.open++;
      continue;
    }
    const known = facts.get(send.enrollmentId);
    const look = known
      ? await resolve(deps, limits, send, known).catch((error: unknown) => {
          deps.logError("a send could not be resolved yet", error);
          return still;
        })
      : still;
    try {
      // One that stays open makes way for the others: it must never be the oldest for ever.
      if ("absent" in look) await deps.noteLook(send, { wallNow: deps.wallNow(), absent: look.absent });
      else await deps.commit([look]);
      if (!("absent" in look) && look.sendChange?.state === "sent") await deps.settleUncertain(send);
      report["absent" in look ? "open" : "resolved"]++;
    } catch (error) {
      deps.logError("a look at a send could not be written down", error);
      report.open++;
    }
  }
  return report;
}

/** Nothing new is known of it. */
const still = { absent: false };

async function resolve(
  deps: RecoverDeps,
  limits: RecoverLimits,
  send: ClaimedSend,
  facts: Facts,
): Promise<Decision | { absent: boolean }> {
  const transport = await deps.transportOf(send.mailboxId);
  const prepared = await deps
    .prepare(send, facts, send.firstAuthorisedAt ?? deps.now())
    // A mail that can no longer be made will never be: a person is asked now rather than never.
    .catch((error: unknown): Prepared => ({ ok: false, detail: String(error) }));
  const broke = "The connection broke after the mail was handed over and before it was confirmed.";
  if (!prepared.ok) return uncertain(send, facts, prepared.detail, deps.now());
  const { message, subject } = prepared;

  switch (transport.class) {
    case "blind":
      return uncertain(send, facts, broke, deps.now());
    case "lookup": {
      const found = await transport.find!(message.messageId);
      if (found === "found") {
        return sent(
          send,
          facts,
          { messageId: message.messageId, subject, providerMessageId: null },
          deps.now(),
        );
      }
      if (send.absentCount + 1 >= limits.absentLooks) {
        return provenUnsent(send, facts, "The provider has no such mail.", deps.now());
      }
      return { absent: true };
    }
    case "key": {
      const age = deps.now() - (send.firstAuthorisedAt ?? 0);
      if (age > (transport.keyLifeMs ?? 0) / 2) return uncertain(send, facts, broke, deps.now());
      const asked = await deps.reauthorise(send, { now: deps.now(), wallNow: deps.wallNow() });
      if (asked === "overtaken") return still;
      if (asked === "stopped") return uncertain(send, facts, broke, deps.now());
      const outcome = await transport.deliver(message);
      // A refusal now proves nothing about the first try: only the provider's yes (the same key) settles it.
      if (outcome.kind === "not_sent" && outcome.permanent)
        return uncertain(send, facts, outcome.detail, deps.now());
      if (outcome.kind !== "sent") return still;
      const { providerMessageId } = outcome;
      return sent(send, facts, { messageId: message.messageId, subject, providerMessageId }, deps.now());
    }
  }
}
