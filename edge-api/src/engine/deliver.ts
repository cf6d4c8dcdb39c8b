/**
 * The delivery: claim queued sends, make their bytes, authorise no more than go on the wire at once, put those on
 * the wire, record what came of them. Called by the queue and the cron, any number of times at once.
 *
 * Invariant: only a send that `authorise` granted to this very claim reaches the wire, and it reaches it once.
 * Invariant: a send whose outcome is unknown stays `sending`; only engine/recover.ts may move it.
 */
import type { Decision } from "../domain/decision.ts";
import {
  type Block,
  type ClaimedSend,
  contentChanged,
  decideBlocked,
  decideOutcome,
  sendKeyOf,
  uncertain,
} from "../domain/delivery.ts";
import type { Facts } from "../domain/facts.ts";
import type { EnrollmentId, MailboxId, SendKey } from "../domain/ids.ts";
import { firstFreeAt, freeSlots, type Usage } from "../domain/quota.ts";
import { ceilMinute, nextOpening } from "../domain/schedule.ts";
import { scheduleAt } from "../domain/step-hours.ts";
import type { OutgoingMessage, Transport, WireOutcome } from "../domain/transport.ts";
import { isConstraint } from "./refused.ts";

/** What stands in a claimed send's way, as the authorising transaction saw it. */
export type BlockedRow = SendKey & {
  mailboxId: MailboxId;
  stands: 0 | 1;
  suppressed: 0 | 1;
  holdUntil: number | null;
  sequenceActive: 0 | 1;
  sendingStopped: 0 | 1;
  disabled: 0 | 1;
  disabledReason: string | null;
  notAfter: number;
  gapMs: number;
  nextFreeAt: number;
};

/** Somebody who waits longer; `isPutOff`: until a later slot, so that they may go now instead. */
export type Senior = SendKey & { dueAt: number; isPutOff: boolean };

/** The bytes of one mail, made before it is authorised; or why there are none. */
export type Prepared =
  | { ok: true; message: OutgoingMessage; subject: string }
  | { ok: false; detail: string };

export interface DeliverDeps {
  now(): number;
  wallNow(): number;
  newToken(): string;
  sleep(ms: number): Promise<void>;
  claimSends(claim: {
    token: string;
    now: number;
    wallNow: number;
    leaseMs: number;
    limit: number;
  }): Promise<ClaimedSend[]>;
  loadFactsOf(enrollmentIds: EnrollmentId[]): Promise<Map<EnrollmentId, Facts>>;
  prepare(send: ClaimedSend, facts: Facts, at: number): Promise<Prepared>;
  authorise(
    group: ClaimedSend[],
    claim: string,
    at: { now: number; wallNow: number },
  ): Promise<{ granted: SendKey[]; blocked: BlockedRow[] }>;
  readBack(group: ClaimedSend[], claim: string): Promise<SendKey[]>;
  giveBack(group: ClaimedSend[], claim: string): Promise<void>;
  listUsage(mailboxId: MailboxId, now: number): Promise<Usage[]>;
  /** Who waits for a slot of the mailbox longer than this send, the longest first. */
  listSeniors(send: ClaimedSend, at: { now: number; limit: number }): Promise<Senior[]>;
  /** Lets them go now instead. */
  pullForward(keys: SendKey[], now: number): Promise<void>;
  reserveSlots(
    mailboxId: MailboxId,
    slots: { now: number; from: number; count: number; spacingMs: number },
  ): Promise<number>;
  transportOf(mailboxId: MailboxId): Promise<Transport>;
  commit(decisions: Decision[]): Promise<Set<EnrollmentId>>;
  logError(message: string, error: unknown): void;
}

export type DeliverLimits = {
  chunk: number;
  /** How many mails are on the wire at once: a Worker has six open connections. */
  group: number;
  claimLeaseMs: number;
  /** An authorised mail not begun by then is given back: its authorisation no longer says anything. */
  authorisedMaxMs: number;
  budgetMs: number;
};

export const deliverLimits: DeliverLimits = {
  chunk: 90,
  group: 6,
  claimLeaseMs: 120_000,
  authorisedMaxMs: 30_000,
  budgetMs: 60_000,
};

export type DeliverReport = {
  sent: number;
  deferred: number;
  canceled: number;
  failed: number;
  uncertain: number;
  /** Still `sending`: the resolver will ask. */
  unresolved: number;
  drained: boolean;
};

export const noDeliveries = (): DeliverReport => ({
  sent: 0,
  deferred: 0,
  canceled: 0,
  failed: 0,
  uncertain: 0,
  unresolved: 0,
  drained: true,
});

export async function deliver(
  deps: DeliverDeps,
  limits: DeliverLimits = deliverLimits,
): Promise<DeliverReport> {
  const report = noDeliveries();
  const startedAt = deps.wallNow();
  for (;;) {
    const claim = deps.newToken();
    const claimed = await deps.claimSends({
      token: claim,
      now: deps.now(),
      wallNow: deps.wallNow(),
      leaseMs: limits.claimLeaseMs,
      limit: limits.chunk,
    });
    if (!claimed.length) return report;
    const facts = await deps.loadFactsOf([...new Set(claimed.map((send) => send.enrollmentId))]);
    for (let first = 0; first < claimed.length; first += limits.group) {
      if (deps.wallNow() - startedAt > limits.budgetMs) {
        await deps.giveBack(claimed.slice(first), claim);
        return { ...report, drained: false };
      }
      const group = claimed.slice(first, first + limits.group);
      const decisions = await deliverGroup(deps, limits, group, claim, facts);
      await record(deps, decisions);
      count(report, group.length, decisions);
    }
  }
}

async function deliverGroup(
  deps: DeliverDeps,
  limits: DeliverLimits,
  group: ClaimedSend[],
  claim: string,
  facts: Map<EnrollmentId, Facts>,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  // One instant for the group: the Date header made here is the one authorise writes down for later tries.
  const now = deps.now();
  const ready = new Map<
    string,
    { send: ClaimedSend; facts: Facts; message: OutgoingMessage; subject: string }
  >();
  for (const send of group) {
    const known = facts.get(send.enrollmentId);
    if (!known) continue; // Its facts cannot be read: the tick parks it; the claim runs out by itself.
    try {
      const closedUntil = closedUntilOf(send, known, now);
      if (closedUntil !== null) {
        decisions.push(decideBlocked(send, known, { why: "window", until: closedUntil }, now));
        continue;
      }
      const prepared = await deps.prepare(send, known, send.firstAuthorisedAt ?? now);
      if (prepared.ok) ready.set(sendKeyOf(send), { send, facts: known, ...prepared });
      else decisions.push(contentChanged(send, known, prepared.detail, now));
    } catch (error) {
      // One mail that cannot be made must not stop the others of its group.
      deps.logError("a mail could not be made", error);
      decisions.push(contentChanged(send, known, String(error), now));
    }
  }
  const sends = [...ready.values()].map(({ send }) => send);
  if (!sends.length) return decisions;

  const { granted, blocked, authorisedAt } = await authorise(deps, sends, claim, now);
  const outcomes = granted.map(async (key) => {
    const mail = ready.get(sendKeyOf(key))!;
    const send = { ...mail.send, attempt: mail.send.attempt + 1, authorisedAt };
    const { outcome, transport } = await onTheWire(deps, limits, send, mail.message);
    try {
      return settle(send, mail, outcome, transport, deps.now());
    } catch (error) {
      // It stays `sending`: the others' outcomes must still be written down.
      deps.logError("what the wire said could not be decided on", error);
      return null;
    }
  });
  decisions.push(...(await Promise.all(outcomes)).filter((made) => made !== null));
  // What the wire said must be written down, also when the slots of those that wait cannot be looked up: their claim
  // then runs out by itself.
  const blocks = await blocksOf(deps, blocked, ready, facts).catch((error: unknown) => {
    deps.logError("blocked sends could not be put off", error);
    return [];
  });
  for (const { key, block } of blocks) {
    const mail = ready.get(sendKeyOf(key));
    if (mail) decisions.push(decideBlocked(mail.send, mail.facts, block, deps.now()));
  }
  return decisions;
}

/**
 * Where the person's window is shut: `not_after` bounds its end only, and a hold, a resume or a new time zone may have
 * moved the send before its beginning. What a person approved by hand goes when they said so.
 */
function closedUntilOf(send: ClaimedSend, facts: Facts, now: number): number | null {
  if ("draft" in send.snapshot.values) return null;
  const opening = nextOpening(scheduleAt(facts, send.stepId), facts.zone, now);
  return opening?.movedBy ? opening.at : null;
}

/** When D1's answer is lost, what it did is read back; what it did not do is taken back so that it never will. */
async function authorise(deps: DeliverDeps, sends: ClaimedSend[], claim: string, now: number) {
  const authorisedAt = deps.wallNow();
  try {
    return { ...(await deps.authorise(sends, claim, { now, wallNow: authorisedAt })), authorisedAt };
  } catch (error) {
    deps.logError("an authorisation was not answered", error);
    await again(deps, () => deps.giveBack(sends, claim));
    return { granted: await again(deps, () => deps.readBack(sends, claim)), blocked: [], authorisedAt };
  }
}

/** A few tries, for what must not be left open; the last one's error is the caller's. */
async function again<Result>(deps: DeliverDeps, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === recordTries) throw error;
      await deps.sleep(retryMs(attempt));
    }
  }
}

async function onTheWire(
  deps: DeliverDeps,
  limits: DeliverLimits,
  send: ClaimedSend,
  message: OutgoingMessage,
): Promise<{ outcome: WireOutcome; transport: Transport | null }> {
  let transport: Transport | null = null;
  try {
    transport = await deps.transportOf(send.mailboxId);
    if (deps.wallNow() - (send.authorisedAt ?? 0) > limits.authorisedMaxMs) {
      return { outcome: notSent("It took too long to begin."), transport };
    }
  } catch (error) {
    deps.logError("a mailbox could not be opened", error);
    return { outcome: notSent("The mailbox cannot be opened at this moment."), transport };
  }
  try {
    return { outcome: await transport.deliver(message), transport };
  } catch (error) {
    // A transport promises an outcome; one that throws has told us nothing about the mail.
    deps.logError("a transport threw", error);
    return { outcome: { kind: "ambiguous", detail: "The connection ended without an answer." }, transport };
  }
}

const notSent = (detail: string): WireOutcome => ({
  kind: "not_sent",
  permanent: false,
  scope: "mailbox",
  retryAfterMs: null,
  detail,
});

/** Where nobody can ever say what became of a mail, waiting for the resolver would only delay the question. */
function settle(
  send: ClaimedSend,
  mail: { facts: Facts; message: OutgoingMessage; subject: string },
  outcome: WireOutcome,
  transport: Transport | null,
  at: number,
): Decision | null {
  if (outcome.kind === "ambiguous" && transport?.class === "blind") {
    return uncertain(send, mail.facts, outcome.detail, at);
  }
  return decideOutcome(
    send,
    mail.facts,
    outcome,
    { messageId: mail.message.messageId, subject: mail.subject },
    at,
  );
}

/** The one reason a send waits, the gravest first; a mailbox's lack of room is turned into later slots. */
async function blocksOf(
  deps: DeliverDeps,
  rows: BlockedRow[],
  ready: Map<string, { send: ClaimedSend }>,
  facts: Map<EnrollmentId, Facts>,
): Promise<{ key: SendKey; block: Block }[]> {
  const now = deps.now();
  const blocks: { key: SendKey; block: Block }[] = [];
  const full = new Map<MailboxId, BlockedRow[]>();
  for (const row of rows) {
    const block = blockOf(row, facts.get(row.enrollmentId), now);
    if (block) blocks.push({ key: row, block });
    else full.set(row.mailboxId, [...(full.get(row.mailboxId) ?? []), row]);
  }
  for (const [mailboxId, waiting] of full) {
    const mails = waiting.flatMap((row) => {
      const mail = ready.get(sendKeyOf(row));
      return mail ? [{ row, send: mail.send }] : [];
    });
    blocks.push(...(await slotsFor(deps, mailboxId, mails, facts, now)));
  }
  return blocks;
}

/** How long a send blocked by a switch sleeps before it looks again; throwing the switch wakes it at once. */
const switchLookMs = 15 * 60_000;

function blockOf(row: BlockedRow, facts: Facts | undefined, now: number): Block | null {
  if (!row.stands) return { why: "stopped", detail: "Its sequence was stopped or moved on before it left." };
  if (row.suppressed) return { why: "suppressed", detail: "The address is suppressed." };
  if (row.disabled)
    return { why: "mailbox_unavailable", detail: row.disabledReason ?? "The mailbox is disabled." };
  if (row.holdUntil !== null) return { why: "hold", until: row.holdUntil };
  if (!row.sequenceActive) return { why: "sequence_paused", until: now + switchLookMs };
  if (row.sendingStopped) return { why: "sending_stopped", until: now + switchLookMs };
  if (now >= row.notAfter) {
    const opening = facts && nextOpening(scheduleAt(facts, row.stepId), facts.zone, ceilMinute(now));
    return { why: "window", until: opening ? opening.at : now + switchLookMs };
  }
  return null;
}

type Waiting = { row: BlockedRow; send: ClaimedSend };

/**
 * Later slots for mails a mailbox has no room for. Newcomers stand behind all who wait; one whose slot came and was not
 * free keeps its turn and takes the next that is.
 */
async function slotsFor(
  deps: DeliverDeps,
  mailboxId: MailboxId,
  waiting: Waiting[],
  facts: Map<EnrollmentId, Facts>,
  now: number,
): Promise<{ key: SendKey; block: Block }[]> {
  const [first] = waiting;
  const mailbox = first && facts.get(first.row.enrollmentId)?.mailbox;
  if (!first || !mailbox) return [];
  // No slot is promised where none exists; a raised cap is seen at the next look.
  if (mailbox.dailyCap <= 0)
    return waiting.map(({ row }) => ({ key: row, block: { why: "cap", until: now + dayMs } }));
  const usage = await deps.listUsage(mailboxId, now);
  const capFreeAt = firstFreeAt(usage, mailbox.dailyCap, now);
  const { gapMs, nextFreeAt } = first.row;
  const capMs = Math.floor(dayMs / mailbox.dailyCap);
  if (capFreeAt > now) {
    const keepTurn = waiting.filter(({ send }) => send.deferReason === "cap");
    const behind = waiting.filter(({ send }) => send.deferReason !== "cap");
    return [
      ...keepTurn.map(({ row }) => ({ key: row, block: { why: "cap", until: capFreeAt } as const })),
      ...(await behindAll(deps, mailboxId, behind, { why: "cap", from: capFreeAt, spacingMs: capMs }, now)),
    ];
  }
  const free = freeSlots(usage, mailbox.dailyCap, now);
  const seniors =
    gapMs > 0 && nextFreeAt > now
      ? []
      : await deps.listSeniors(first.send, { now, limit: Math.min(free, seniorsMax) });
  if (seniors.length) return giveWay(deps, mailboxId, waiting, seniors, capMs, now);
  const gap = { why: "gap", from: Math.max(nextFreeAt, now), spacingMs: Math.max(gapMs, 1000) } as const;
  return behindAll(deps, mailboxId, waiting, gap, now);
}

/** As many are asked whether they can go now in a newcomer's place. */
const seniorsMax = 50;

/** Slots promised anew, behind all that were promised. */
async function behindAll(
  deps: DeliverDeps,
  mailboxId: MailboxId,
  waiting: Waiting[],
  { why, from, spacingMs }: { why: "cap" | "gap"; from: number; spacingMs: number },
  now: number,
): Promise<{ key: SendKey; block: Block }[]> {
  if (!waiting.length) return [];
  const slot = await deps.reserveSlots(mailboxId, { now, from, count: waiting.length, spacingMs });
  return waiting.map(({ row }, place) => ({ key: row, block: { why, until: slot + place * spacingMs } }));
}

/**
 * There is a free slot, and somebody waits longer: they go now, and who came takes the slot they were promised. Those
 * whose own window is shut keep theirs, and what is left for them nobody takes.
 */
async function giveWay(
  deps: DeliverDeps,
  mailboxId: MailboxId,
  waiting: Waiting[],
  seniors: Senior[],
  capMs: number,
  now: number,
): Promise<{ key: SendKey; block: Block }[]> {
  const facts = await deps.loadFactsOf(seniors.map(({ enrollmentId }) => enrollmentId));
  const going = seniors
    .filter(({ enrollmentId, stepId, isPutOff }) => {
      const known = facts.get(enrollmentId);
      return isPutOff && known && nextOpening(scheduleAt(known, stepId), known.zone, now)?.movedBy === null;
    })
    .slice(0, waiting.length);
  if (going.length) await deps.pullForward(going, now);
  const swapped = going.map(({ dueAt }, place) => ({
    key: waiting[place]!.row,
    block: { why: "cap", until: dueAt } as const,
  }));
  const left = waiting.slice(going.length);
  const behind = { why: "cap", from: now + capMs, spacingMs: capMs } as const;
  return [...swapped, ...(await behindAll(deps, mailboxId, left, behind, now))];
}

const dayMs = 86_400_000;

const recordTries = 3;
const retryMs = (attempt: number) => 50 * 4 ** attempt;

/** What happened must be written down. After a few tries it is left to the resolver, which asks the provider. */
async function record(deps: DeliverDeps, decisions: Decision[]): Promise<void> {
  if (!decisions.length) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await deps.commit(decisions);
      return;
    } catch (error) {
      deps.logError("an outcome could not be recorded", error);
      if (isConstraint(error) && decisions.length > 1) {
        for (const made of decisions) await record(deps, [made]);
        return;
      }
      if (attempt === recordTries) return;
      await deps.sleep(retryMs(attempt));
    }
  }
}

function count(report: DeliverReport, claimed: number, decisions: Decision[]): void {
  for (const { sendChange } of decisions) {
    switch (sendChange?.state) {
      case "sent":
      case "failed":
      case "uncertain":
      case "canceled":
        report[sendChange.state]++;
        break;
      default:
        report.deferred++;
    }
  }
  report.unresolved += claimed - decisions.length;
}
