/**
 * The remaining calendar of one enrollment: it walks the very function the tick acts on, pretending that each touch
 * happens when it is planned. Nothing here knows a rule of its own.
 */
import type { StepType, WaitReason } from "@cadenza/shared/vocabulary";
import { mergeScope } from "./contact.ts";
import type { Facts } from "./facts.ts";
import type { MessageContent } from "./message.ts";
import { advanced, decideNextStep, frozenRemaining, type NextStep, type RenderedTask } from "./next-step.ts";
import { type Step, stepAt } from "./sequence.ts";
import { renderTemplate } from "./template.ts";

export type PlannedTouch = {
  stepId: number;
  stepName: string;
  type: StepType;
  /** Null where no instant can be given: nothing happens there until somebody acts. */
  at: number | null;
  zone: string;
  /** Why it is not earlier. */
  reason: WaitReason;
  /** True behind an open end (a task not done yet): it happens at this time if that goes as assumed. */
  conditional: boolean;
  problem: { reason: string; detail: string } | null;
  mail: MessageContent | null;
  task: RenderedTask | null;
};

/** Far above what a sequence's steps can need: each takes a handful of decisions. */
const decisionsMax = 1000;

/** @returns one touch per remaining step, at most `most`, in order, starting with the one the enrollment stands on. */
export function plan(facts: Facts, now: number, most = Number.POSITIVE_INFINITY): PlannedTouch[] {
  const touches: PlannedTouch[] = [];
  let current = facts.enrollment.status === "active" ? facts : asIfResumed(facts, now);
  let at = now;
  let reason: WaitReason = current.enrollment.waitReason ?? "delay";
  let conditional = false;

  for (let decisions = 0; decisions < decisionsMax; decisions++) {
    const step = stepAt(current.version, current.enrollment.stepId);
    if (!step || touches.length === most) return touches;
    const next = decideNextStep(current, at);
    if (next.kind === "finish" || next.kind === "cancel") return touches;
    if (next.kind === "wait" && !isBegun(current)) {
      reason = next.reason;
      if (endless.has(next.reason)) {
        touches.push(touchOf(current, step, next, { at: null, reason, conditional }));
        return touches;
      }
      // A hold is over when the walk comes to its end.
      current =
        next.reason === "hold" ? { ...current, hold: null, enrollment: heldUntil(current, next) } : current;
      at = Math.max(at, next.until);
      continue;
    }

    if (brakes(current, next)) {
      touches.push(touchOf(current, step, next, { at: null, reason: "sending_stopped", conditional }));
      return touches;
    }
    if (next.kind === "wait") at = Math.max(at, current.send?.dueAt ?? current.task?.dueAt ?? at);
    const executedAt = next.kind === "advance" ? next.executedAt : at;
    if (next.kind !== "advance") {
      if (next.kind === "wait") reason = next.reason;
      touches.push(touchOf(current, step, next, { at, reason, conditional }));
    }
    conditional ||= next.kind === "task" || (next.kind === "wait" && next.reason === "task_open");
    const standing = advanced(inThread(current, step, next, at), executedAt);
    if (!standing) return touches;
    current = { ...current, enrollment: standing, send: null, task: null };
    reason = standing.waitReason ?? "delay";
  }
  return touches;
}

/** Waits that only a person ends. */
const endless = new Set<WaitReason>(["sequence_paused", "sending_stopped"]);

/** Its mail is made, waits for whatever it waits for, and does not leave before the brake is let go. */
const brakes = ({ send, sendingStopped }: Facts, next: NextStep): boolean =>
  sendingStopped && next.kind === "wait" && (send?.state === "queued" || send?.state === "claimed");

/** The step's mail or task is already in the world; it waits for that, not for a time. */
const isBegun = ({ send, task }: Facts): boolean => (send ? send.state !== "canceled" : task !== null);

function heldUntil({ enrollment }: Facts, wait: Extract<NextStep, { kind: "wait" }>) {
  const dueAt = wait.until + frozenRemaining(enrollment, wait.frozenSince ?? 0);
  return { ...enrollment, dueAt, remainingMs: null };
}

function touchOf(
  facts: Facts,
  step: Step,
  next: NextStep,
  when: Pick<PlannedTouch, "at" | "reason" | "conditional">,
): PlannedTouch {
  return {
    stepId: step.id,
    stepName: step.name,
    type: step.type,
    zone: facts.zone,
    ...when,
    problem: next.kind === "pause" ? { reason: next.reason, detail: next.detail } : null,
    mail: next.kind === "send" ? next.content : null,
    task: next.kind === "task" ? next.task : null,
  };
}

/** A paused person's calendar is the one they would have if they went on this minute. */
function asIfResumed(facts: Facts, now: number): Facts {
  const { enrollment } = facts;
  return {
    ...facts,
    enrollment: { ...enrollment, dueAt: now + (enrollment.remainingMs ?? 0), remainingMs: null },
  };
}

/** From its first mail on, a follow-up without a subject of its own has a thread to stand in. */
function inThread(facts: Facts, step: Step, next: NextStep, at: number): Facts {
  const opened = (threadSubject: string) => ({
    ...facts,
    enrollment: { ...facts.enrollment, threadSubject },
  });
  if (next.kind === "send") return next.snapshot.thread ? facts : opened(next.content.subject);
  if (step.type !== "email_auto" || !step.subject?.trim()) return facts;
  // A mail that lacks a value, or is made already: its thread is named all the same, where its subject can be.
  const subject = renderTemplate(step.subject, mergeScope(facts), at, facts.zone);
  return subject.ok ? opened(subject.text) : facts;
}
