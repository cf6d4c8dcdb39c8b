/**
 * Why an enrollment is not moving at this moment: exactly one rule, its value, and when it is looked at again. It asks
 * the function the tick asks, so it cannot say anything else than what will happen.
 */
import type { StatusReason, WaitReason } from "@cadenza/shared/vocabulary";
import type { Facts } from "./facts.ts";
import { decideNextStep, type NextStep, thawedDueAt } from "./next-step.ts";
import { stepAt } from "./sequence.ts";

export type Explanation = {
  status: Facts["enrollment"]["status"];
  /** The one rule. `due` means nothing blocks: it happens at the next tick. */
  rule: WaitReason | StatusReason | "due";
  /** What the rule holds: the delay, the window's opening, the missing variable … */
  value: string | null;
  /** When the engine looks again by itself; null where only a person can change anything. */
  nextLookAt: number | null;
  stepId: number;
  sentence: string;
};

export function explain(facts: Facts, now: number): Explanation {
  const { enrollment } = facts;
  const base = { status: enrollment.status, stepId: enrollment.stepId };
  if (enrollment.status !== "active") {
    const rule = enrollment.reason ?? "manual";
    return { ...base, rule, value: enrollment.detail, nextLookAt: null, sentence: endSentence(facts) };
  }
  const next = decideNextStep(facts, now);
  // A look that is overdue happens at the next tick.
  const nextLook = Math.max(now, enrollment.wakeAt ?? now);
  switch (next.kind) {
    case "wait": {
      const nextLookAt = Math.max(now, lookAt(facts, next.reason, next.until));
      const sentence = waitSentence(facts, next, now);
      if (!isBraked(facts, next)) {
        return { ...base, rule: next.reason, value: valueFor(facts, next), nextLookAt, sentence };
      }
      const brake = "Sending is stopped for the whole workspace.";
      // The brake is what a person has to know of first, though it is asked last.
      return {
        ...base,
        rule: "sending_stopped",
        value: new Date(next.until).toISOString(),
        nextLookAt,
        sentence: next.reason === "sending_stopped" ? brake : `${brake} Without that: ${sentence}`,
      };
    }
    case "pause":
      return {
        ...base,
        rule: next.reason,
        value: next.detail,
        nextLookAt: nextLook,
        sentence: `At its next look it pauses: ${pauseText(next.reason, next.detail)}`,
      };
    case "finish":
    case "cancel":
      return {
        ...base,
        rule: next.reason,
        value: null,
        nextLookAt: nextLook,
        sentence: "It ends at its next look.",
      };
    case "advance":
    case "send":
    case "task":
      return {
        ...base,
        rule: "due",
        value: null,
        nextLookAt: nextLook,
        sentence: "Due now: it happens at the next tick.",
      };
  }
}

type Wait = Extract<NextStep, { kind: "wait" }>;

/** A mail that would go, or is made and waits, under the brake. */
function isBraked({ sendingStopped, send, version, enrollment }: Facts, { reason }: Wait): boolean {
  if (!sendingStopped || reason === "task_open" || send?.state === "sending") return false;
  return send !== null || stepAt(version, enrollment.stepId)?.type === "email_auto";
}

/** A mail or a task that is waiting has a time of its own; the enrollment's watchdog only guards it. */
function lookAt(facts: Facts, reason: WaitReason, until: number): number {
  if (facts.send?.dueAt != null) return facts.send.dueAt;
  return reason === "task_open" ? (facts.enrollment.wakeAt ?? until) : until;
}

function valueFor(facts: Facts, { reason, until, opensAt }: Wait): string | null {
  const { mailbox, task, send } = facts;
  switch (reason) {
    case "delay":
      return delayOf(facts);
    case "cap":
      return mailbox ? `${mailbox.dailyCap} a day` : null;
    case "gap":
      return mailbox ? counted(mailbox.gapMs / 1000, "seconds") : null;
    case "task_open":
      return task ? new Date(task.dueAt).toISOString() : null;
    case "send_in_flight":
      return send?.error ?? send?.state ?? null;
    default:
      return new Date(send?.dueAt ?? opensAt ?? until).toISOString();
  }
}

function delayOf({ enrollment, version }: Facts): string | null {
  const delay = stepAt(version, enrollment.stepId)?.delay;
  return delay ? counted(delay.amount, delay.unit.replace("_", " ")) : null;
}

/** "1 minute", "2 minutes". */
const counted = (amount: number, units: string): string =>
  `${amount} ${amount === 1 ? units.replace(/s$/, "") : units}`;

function waitSentence(facts: Facts, { reason, until, opensAt }: Wait, now: number): string {
  const when = localTime(facts.send?.dueAt ?? until, facts.zone);
  const mailbox = facts.mailbox?.address ?? "The mailbox";
  switch (reason) {
    case "delay":
      return delayOf(facts)?.startsWith("0 ")
        ? `Nothing is in its way; it is due ${when}.`
        : `Waiting for the delay before this step; it is due ${when}.`;
    case "window":
    case "holiday": {
      const opens = localTime(facts.send?.dueAt ?? opensAt ?? until, facts.zone);
      const shut = reason === "holiday" ? "a holiday closes the schedule" : "the delivery window is shut";
      const dueAt = thawedDueAt(facts.enrollment, now);
      const begin = now < dueAt ? `When its delay ends, ${localTime(dueAt, facts.zone)}, ${shut}` : null;
      const first = begin ? `${begin}; it opens ${opens}.` : `${openText[reason]} ${opens}.`;
      const spread = !facts.send && opensAt !== null && opensAt < until;
      return spread ? `${first} Not all go at once: this one goes ${when}.` : first;
    }
    case "cap":
      return `${mailbox} has used its daily cap; the next free slot is ${when}.`;
    case "ramp":
      return `${mailbox} is still ramping up; the next free slot is ${when}.`;
    case "gap":
      return `${mailbox} keeps a gap between mails; the next free slot is ${when}.`;
    case "hold":
      return `The person is on hold until ${when}.`;
    case "send_in_flight":
      return facts.send?.error
        ? `The last try failed (${facts.send.error}); it is tried again ${when}.`
        : "Its mail is on the way out.";
    case "task_open":
      return "Waiting for a person to finish the task of this step.";
    case "reply_wait":
      return `Waiting for an answer until ${when}.`;
    case "approval":
      return "Waiting for somebody to approve the text.";
    case "sequence_paused":
      return "The whole sequence is paused.";
    case "sending_stopped":
      return "Sending is stopped for the whole workspace.";
  }
}

const openText = {
  window: "Waiting for the delivery window, which opens",
  holiday: "A holiday closes the schedule; it goes on",
};

function endSentence({ enrollment }: Facts): string {
  const { status, reason, detail } = enrollment;
  if (status === "paused") return `Paused: ${pauseText(reason ?? "manual", detail)}`;
  const said = detail ? ` (${detail})` : "";
  return status === "completed"
    ? `Completed: ${words(reason)}${said}.`
    : `Canceled: ${words(reason)}${said}.`;
}

function pauseText(reason: string, detail: string | null): string {
  switch (reason) {
    case "missing_variable":
      return `${detail} is empty for this person. Fill it in, then resume.`;
    case "mailbox_unavailable":
      return detail ? `its mailbox cannot send. ${stopped(detail)}` : "its mailbox cannot send.";
    case "uncertain_send":
      return "nobody can say whether the last mail arrived. Settle it, and the sequence goes on.";
    case "send_refused":
      return `the mail was refused: ${stopped(detail ?? "no reason given")}`;
    case "parked":
      return `it could not be worked on: ${stopped(detail ?? "unknown")}`;
    default:
      return detail ? stopped(detail) : "by a person.";
  }
}

/** Details are others' words, with their full stop or without. */
const stopped = (detail: string): string => (/[.!?]\s*$/.test(detail) ? detail.trimEnd() : `${detail}.`);

const words = (reason: string | null): string => (reason ?? "").replaceAll("_", " ");

function localTime(at: number, zone: string): string {
  const text = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(at);
  return `${text} (${zone})`;
}
