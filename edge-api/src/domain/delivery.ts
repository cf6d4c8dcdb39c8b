/**
 * What becomes of a send once the engine knows how its try went, or why it may not be tried now.
 * Invariant: only a try that provably did not leave goes back to `queued`; what nobody can tell is `uncertain`.
 */
import type { WaitReason } from "@cadenza/shared/vocabulary";
import { type Decision, eventOf, type NewTask, type SendChange, sendDecision } from "./decision.ts";
import { complete, pause } from "./enrollment.ts";
import type { Facts } from "./facts.ts";
import type { ContactId, MailboxId, SendKey, SequenceId, VersionId, WorkspaceId } from "./ids.ts";
import { draftTemplate, type MessageSnapshot, renderMessage } from "./message.ts";
import { advanced } from "./next-step.ts";
import { nextOpening, seededInt } from "./schedule.ts";
import { mailTemplate, stepAt } from "./sequence.ts";
import { scheduleAt } from "./step-hours.ts";
import type { WireOutcome } from "./transport.ts";

/** A send under our claim. */
export type ClaimedSend = SendKey & {
  workspaceId: WorkspaceId;
  sequenceId: SequenceId;
  versionId: VersionId;
  contactId: ContactId;
  mailboxId: MailboxId;
  epoch: number;
  dueAt: number;
  /** Since when it waits: who has waited longest goes first, whatever each was promised. */
  createdAt: number;
  deferReason: WaitReason | null;
  notAfter: number;
  claim: string;
  fence: number;
  attempt: number;
  authorisedAt: number | null;
  firstAuthorisedAt: number | null;
  absentCount: number;
  lookedAt: number | null;
  snapshot: MessageSnapshot;
  contentHash: string;
};

/** Why a claimed send may not go on the wire at this moment; `stopped` for good, the rest for now. */
export type Block =
  | { why: "stopped" | "suppressed" | "mailbox_unavailable"; detail: string }
  | {
      why: Extract<WaitReason, "hold" | "window" | "cap" | "gap" | "sequence_paused" | "sending_stopped">;
      until: number;
    };

/**
 * A server that says "not now" to one mail for about a day is not going to say yes. A server that cannot be reached at
 * all says nothing about the mail: that is tried again until it can, or until the mailbox is disabled.
 */
export const attemptsMax = 12;

/** 2, 4, 8 … minutes, at most 4 hours, moved by up to a quarter so that a failing server is not hit in step. */
export function backoffMs(attempt: number, seed: string): number {
  const base = Math.min(2 ** attempt, 240) * 60_000;
  return base + seededInt(seed, Math.floor(base / 4));
}

/** What the wire said, as a change to the send and, if it still stands on this step, to the enrollment. */
export function decideOutcome(
  send: ClaimedSend,
  facts: Facts,
  outcome: WireOutcome,
  message: { messageId: string; subject: string },
  at: number,
): Decision | null {
  switch (outcome.kind) {
    case "sent":
      return sent(send, facts, { ...message, providerMessageId: outcome.providerMessageId }, at);
    case "not_sent":
      return outcome.permanent || (outcome.scope !== "mailbox" && send.attempt >= attemptsMax)
        ? refused(send, facts, outcome, at)
        : retryLater(send, facts, outcome, at);
    case "ambiguous":
      return null; // It stays `sending`: only the resolver may move it.
  }
}

export function sent(
  send: ClaimedSend,
  facts: Facts,
  message: { messageId: string; subject: string; providerMessageId: string | null },
  at: number,
): Decision {
  const by = { actor: "engine", at };
  const threaded = { ...facts, enrollment: withThread(send, facts, message) };
  // One that was paused or stopped meanwhile stays so; the tick moves it on when it is active again.
  const isActive = facts.enrollment.status === "active";
  const standing = isActive ? advanced(threaded, at) : null;
  const done = isActive && !standing ? complete(threaded.enrollment, { reason: "all_steps_done" }, by) : null;
  const ending = done?.ok ? done.decision : null;
  return sendDecision(
    facts.enrollment,
    change(send, {
      state: "sent",
      dueAt: null,
      sentAt: at,
      providerMessageId: message.providerMessageId,
      error: null,
    }),
    {
      next: standing ?? ending?.next ?? null,
      events: [
        eventAbout(send, facts, "send.sent", at, { subject: message.subject, message_id: message.messageId }),
        ...(ending?.events ?? []),
      ],
      counts: [{ stepId: send.stepId, count: "sent" }],
    },
  );
}

/** The facts as they stand once the step's mail, sent while nobody could advance the enrollment, is part of its thread. */
export function threaded(facts: Facts): Facts {
  const mail = facts.send?.mail;
  const step = stepAt(facts.version, facts.enrollment.stepId);
  const template =
    mail && "draft" in mail.snapshot.values
      ? draftTemplate
      : mail && step && "body" in step && mailTemplate(facts.version, step, mail.snapshot.thread !== null);
  const rendered = mail && template ? renderMessage(template, mail.snapshot) : null;
  if (!mail || !rendered?.ok) return facts;
  const said = { messageId: mail.messageId, subject: rendered.content.subject };
  return facts.enrollment.threadReferences.includes(mail.messageId)
    ? facts
    : { ...facts, enrollment: withThread(mail, facts, said) };
}

/** The thread follow-ups reply in: a mail with a subject of its own opens a new one. */
function withThread(
  send: Pick<ClaimedSend, "snapshot">,
  { enrollment }: Facts,
  message: { messageId: string; subject: string },
) {
  const references = send.snapshot.thread ? enrollment.threadReferences : [];
  return {
    ...enrollment,
    threadSubject: send.snapshot.thread ? enrollment.threadSubject : message.subject,
    threadReferences: [...references, message.messageId].slice(-10),
  };
}

function refused(
  send: ClaimedSend,
  facts: Facts,
  outcome: Extract<WireOutcome, { kind: "not_sent" }>,
  at: number,
): Decision {
  const mailboxBroken = outcome.scope === "mailbox" && outcome.permanent;
  const paused = pause(
    facts.enrollment,
    mailboxBroken
      ? { reason: "mailbox_unavailable", detail: outcome.detail }
      : { reason: "send_refused", detail: outcome.detail },
    { actor: "engine", at },
  );
  return sendDecision(
    facts.enrollment,
    // A broken mailbox says nothing about this mail: taken back, it goes out again once the mailbox works.
    change(send, {
      state: mailboxBroken ? "canceled" : "failed",
      dueAt: null,
      error: outcome.detail,
      giveBack: true,
    }),
    {
      next: paused.ok ? paused.decision.next : null,
      events: [
        eventAbout(send, facts, mailboxBroken ? "send.canceled" : "send.failed", at, { why: outcome.detail }),
        ...(paused.ok ? paused.decision.events : []),
      ],
      counts: mailboxBroken ? [] : [{ stepId: send.stepId, count: "failed" }],
      disableMailbox: mailboxBroken ? { id: send.mailboxId, reason: outcome.detail } : null,
    },
  );
}

function retryLater(
  send: ClaimedSend,
  facts: Facts,
  outcome: Extract<WireOutcome, { kind: "not_sent" }>,
  at: number,
): Decision {
  const wait = Math.max(
    outcome.retryAfterMs ?? 0,
    backoffMs(send.attempt, `${send.enrollmentId}.${send.attempt}`),
  );
  return sendDecision(
    facts.enrollment,
    change(send, {
      state: "queued",
      ...inWindow(facts, at + wait, send),
      deferReason: null,
      error: outcome.detail,
      giveBack: true,
    }),
  );
}

/** Nobody can say whether it left: it counts as sent for the caps, the person's sequence stops, the rep is asked. */
export function uncertain(send: ClaimedSend, facts: Facts, detail: string, at: number): Decision {
  const paused = pause(facts.enrollment, { reason: "uncertain_send", detail }, { actor: "engine", at });
  return sendDecision(facts.enrollment, change(send, { state: "uncertain", dueAt: null, error: detail }), {
    next: paused.ok ? paused.decision.next : null,
    tasks: [checkTask(send, facts, at)],
    events: [
      eventAbout(send, facts, "send.uncertain", at, { why: detail }),
      ...(paused.ok ? paused.decision.events : []),
    ],
    counts: [{ stepId: send.stepId, count: "uncertain" }],
  });
}

function checkTask(send: ClaimedSend, facts: Facts, at: number): NewTask {
  return {
    workspaceId: send.workspaceId,
    enrollmentId: send.enrollmentId,
    stepId: send.stepId,
    cycle: send.cycle,
    sequenceId: send.sequenceId,
    versionId: send.versionId,
    contactId: send.contactId,
    ownerId: facts.enrollment.ownerId,
    type: "task",
    kind: "other",
    purpose: "uncertain_send",
    title: `Find out whether the mail to ${send.snapshot.to} arrived`,
    body: "The connection broke after the mail was handed over and before it was confirmed. Look in the Sent folder or ask; then say whether it was sent.",
    subject: null,
    dueAt: at,
  };
}

/** The wire provably never saw this try (its looks-up say so): the same send waits for another. */
export function provenUnsent(send: ClaimedSend, facts: Facts, detail: string, at: number): Decision {
  return sendDecision(
    facts.enrollment,
    change(send, { state: "queued", ...inWindow(facts, at, send), error: detail, giveBack: true }),
  );
}

/** Not now, or never: where a send goes that was claimed but not authorised. */
export function decideBlocked(send: ClaimedSend, facts: Facts, block: Block, at: number): Decision {
  switch (block.why) {
    case "stopped":
      return sendDecision(
        facts.enrollment,
        change(send, { state: "canceled", dueAt: null, error: block.detail }),
        {
          // It may have been resumed since, under a new epoch: then the tick makes the mail anew.
          wake: true,
          events: [eventAbout(send, facts, "send.canceled", at, { why: block.detail })],
        },
      );
    case "suppressed":
      return sendDecision(
        facts.enrollment,
        change(send, { state: "canceled", dueAt: null, error: block.detail }),
        {
          // The tick cancels the enrollment itself.
          wake: true,
          events: [eventAbout(send, facts, "send.canceled", at, { why: block.detail })],
        },
      );
    case "mailbox_unavailable": {
      const paused = pause(
        facts.enrollment,
        { reason: "mailbox_unavailable", detail: block.detail },
        { actor: "engine", at },
      );
      return sendDecision(
        facts.enrollment,
        change(send, { state: "canceled", dueAt: null, error: block.detail }),
        {
          next: paused.ok ? paused.decision.next : null,
          events: [
            eventAbout(send, facts, "send.canceled", at, { why: block.detail }),
            ...(paused.ok ? paused.decision.events : []),
          ],
        },
      );
    }
    default:
      return sendDecision(
        facts.enrollment,
        change(send, { state: "queued", ...inWindow(facts, block.until, send), deferReason: block.why }),
      );
  }
}

/** The bytes made from version and snapshot are no longer those that were fixed: a person looks before it goes. */
export function contentChanged(send: ClaimedSend, facts: Facts, detail: string, at: number): Decision {
  const paused = pause(facts.enrollment, { reason: "parked", detail }, { actor: "engine", at });
  return sendDecision(facts.enrollment, change(send, { state: "canceled", dueAt: null, error: detail }), {
    next: paused.ok ? paused.decision.next : null,
    events: [
      eventAbout(send, facts, "send.canceled", at, { why: detail }),
      ...(paused.ok ? paused.decision.events : []),
    ],
  });
}

/** The first moment at or after `from` inside the delivery window, with the end of that window. */
function inWindow(facts: Facts, from: number, send: ClaimedSend): { dueAt: number; notAfter: number } {
  const opening = nextOpening(scheduleAt(facts, send.stepId), facts.zone, from);
  return opening
    ? { dueAt: opening.at, notAfter: opening.closesAt }
    : { dueAt: from, notAfter: send.notAfter };
}

export function change(
  send: ClaimedSend,
  to: Partial<SendChange> & Pick<SendChange, "state" | "dueAt">,
): SendChange {
  return {
    stepId: send.stepId,
    cycle: send.cycle,
    claim: send.claim,
    fence: send.fence,
    notAfter: send.notAfter,
    deferReason: null,
    sentAt: null,
    error: null,
    providerMessageId: null,
    giveBack: false,
    ...to,
  };
}

function eventAbout(
  send: ClaimedSend,
  facts: Facts,
  type: Parameters<typeof eventOf>[1],
  at: number,
  data: Record<string, unknown>,
) {
  return { ...eventOf(facts.enrollment, type, { actor: "engine", at }, data), stepId: send.stepId };
}

export const sendKeyOf = (send: SendKey): string => `${send.enrollmentId}.${send.stepId}.${send.cycle}`;
