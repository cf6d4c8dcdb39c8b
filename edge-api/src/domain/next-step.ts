/**
 * What happens next to one enrollment. Called by the tick to act, by the planner to foresee and by `explain` to
 * give the reason: one function, so that what is planned is what is executed. Pure and total.
 */
import type { CancelReason, CompleteReason, PauseReason, WaitReason } from "@cadenza/shared/vocabulary";
import { fullName, mergeScope } from "./contact.ts";
import { type Enrollment, remainingOf } from "./enrollment.ts";
import type { Facts } from "./facts.ts";
import { type MessageContent, type MessageSnapshot, renderMessage } from "./message.ts";
import { addDelay, floorMinute, nextOpening, type Opening, type Planned, plannedAt } from "./schedule.ts";
import { type EmailStep, type ManualStep, mailTemplate, type Step, stepAfter, stepAt } from "./sequence.ts";
import { scheduleOfStep } from "./step-hours.ts";
import { pickValues, renderTemplate } from "./template.ts";
import { unsubscribeMailto } from "./unsubscribe.ts";

/** When the tick looks again at an enrollment that something else (a send, a task, a person) will move first. */
export const watchdogMs = 3_600_000;

export type RenderedTask = { title: string; body: string; subject: string | null };

export type NextStep =
  | { kind: "finish"; reason: CompleteReason }
  | { kind: "cancel"; reason: CancelReason }
  | { kind: "pause"; reason: PauseReason; detail: string }
  | {
      kind: "wait";
      reason: WaitReason;
      until: number;
      movedBy: Opening["movedBy"];
      /** When the window it waits for opens: earlier than `until` by the jitter. */
      opensAt: number | null;
      frozenSince: number | null;
    }
  /** The step's mail left or its task was closed while nobody advanced it (it was paused or stopped). */
  | { kind: "advance"; executedAt: number }
  | {
      kind: "send";
      step: EmailStep;
      notAfter: number;
      snapshot: MessageSnapshot;
      content: MessageContent;
      hash: string;
    }
  | { kind: "task"; step: ManualStep; task: RenderedTask };

export function decideNextStep(facts: Facts, now: number): NextStep {
  const { enrollment, version, sequence } = facts;
  if (sequence.status === "archived") return { kind: "cancel", reason: "sequence_archived" };
  const step = stepAt(version, enrollment.stepId);
  if (!step) return { kind: "finish", reason: "all_steps_done" };

  const begun = whatBecameOfIt(facts, now);
  if (begun) return begun;
  if (facts.suppressed) return { kind: "cancel", reason: "suppressed" };
  if (sequence.status === "paused") {
    return wait("sequence_paused", now + watchdogMs, { frozenSince: sequence.pausedAt ?? now });
  }
  if (facts.hold) return wait("hold", facts.hold.until, { frozenSince: facts.hold.since });

  const opening = openingOf(facts, step, thawedDueAt(enrollment, now));
  if (!opening) return neverOpen(step);
  if (now < opening.at) return wait(reasonOf(opening), opening.at, opening);
  const open = nextOpening(scheduleOfStep(facts.schedule, step), facts.zone, now);
  if (!open) return neverOpen(step);
  if (open.movedBy) {
    const later = openingOf(facts, step, now) ?? { ...open, opensAt: open.at };
    return wait(open.movedBy, later.at, { movedBy: open.movedBy, opensAt: later.opensAt });
  }
  return step.type === "email_auto" ? sendOf(facts, step, now, open.closesAt) : taskOf(facts, step, now);
}

const neverOpen = ({ window }: Step): NextStep => ({
  kind: "pause",
  reason: "parked",
  detail: window
    ? `Its schedule is not open between ${window.from} and ${window.to}, the hours of this step, within a year.`
    : "Its schedule has no opening within a year.",
});

/** A step that has already put a send or a task into the world waits for it, whatever else holds. */
function whatBecameOfIt({ enrollment, send, task }: Facts, now: number): NextStep | null {
  if (send) {
    switch (send.state) {
      case "queued":
      case "claimed":
      case "sending":
        return wait(send.deferReason ?? "send_in_flight", Math.max(send.dueAt ?? now, now) + watchdogMs);
      case "sent":
        return { kind: "advance", executedAt: send.sentAt ?? enrollment.dueAt };
      case "failed":
        return { kind: "pause", reason: "send_refused", detail: send.error ?? "The mail was refused." };
      case "uncertain":
        return {
          kind: "pause",
          reason: "uncertain_send",
          detail: "Nobody can say whether this mail arrived.",
        };
      case "canceled":
        break;
    }
  }
  if (task) {
    // Approved words that were taken back before they left are put before a person again, never passed over.
    if (send?.state === "canceled") return null;
    if (task.status === "open") return wait("task_open", Math.max(task.dueAt, now) + watchdogMs);
    return { kind: "advance", executedAt: task.doneAt ?? task.dueAt };
  }
  return null;
}

function wait(
  reason: WaitReason,
  until: number,
  more: { movedBy?: Opening["movedBy"]; opensAt?: number; frozenSince?: number } = {},
): NextStep {
  return {
    kind: "wait",
    reason,
    until,
    movedBy: more.movedBy ?? null,
    opensAt: more.movedBy ? (more.opensAt ?? null) : null,
    frozenSince: more.frozenSince ?? null,
  };
}

/** A timer that stood still (a hold that is over by now) runs on from when it was to be looked at again. */
export const thawedDueAt = (enrollment: Enrollment, now: number): number =>
  enrollment.remainingMs === null
    ? enrollment.dueAt
    : Math.min(now, enrollment.wakeAt ?? now) + enrollment.remainingMs;

/** What is left of a timer that stands still since `since`, or since it began to run if that was later. */
export const frozenRemaining = (enrollment: Enrollment, since: number): number =>
  remainingOf(enrollment, Math.max(since, enrollment.executedAt ?? enrollment.enrolledAt));

type Timing = Pick<Facts, "enrollment" | "schedule" | "zone">;

/** The rule that says when: what the delay left to the window is the window's to say, from the beginning on. */
const reasonOf = ({ movedBy }: Opening): WaitReason => movedBy ?? "delay";

/** Jitter is drawn from who and what, not from a row's key: a preview before enrolling agrees with what then happens. */
function openingOf({ schedule, zone, enrollment }: Timing, step: Step, dueAt: number): Planned | null {
  const { sequenceId, contactId, cycle } = enrollment;
  const seed = `${sequenceId}.${contactId}.${step.id}.${cycle}`;
  return plannedAt(scheduleOfStep(schedule, step), zone, dueAt, seed);
}

function sendOf(facts: Facts, step: EmailStep, now: number, closesAt: number): NextStep {
  if (facts.sendingStopped) return wait("sending_stopped", now + watchdogMs);
  const { mailbox } = facts;
  if (!mailbox) return { kind: "pause", reason: "mailbox_unavailable", detail: "No mailbox is set." };
  if (mailbox.disabledAt !== null) {
    return {
      kind: "pause",
      reason: "mailbox_unavailable",
      detail: `${mailbox.address}: ${mailbox.disabledReason ?? "disabled"}`,
    };
  }
  const snapshot = snapshotOf(facts, step, now);
  if (!snapshot) return { kind: "pause", reason: "missing_variable", detail: "contact.email" };
  const message = renderMessage(mailTemplate(facts.version, step, snapshot.thread !== null), snapshot);
  if (message.ok) {
    return { kind: "send", step, notAfter: closesAt, snapshot, content: message.content, hash: message.hash };
  }
  return "missing" in message
    ? { kind: "pause", reason: "missing_variable", detail: message.missing }
    : { kind: "pause", reason: "parked", detail: message.error };
}

/** What a mail is made of, kept beside the send: the immutable version and this render the same bytes again. */
export function snapshotOf(facts: Facts, step: EmailStep, now: number): MessageSnapshot | null {
  const { contact, mailbox, enrollment, workspace } = facts;
  if (!contact.email || !mailbox) return null;
  const inThread = !step.subject?.trim() && enrollment.threadSubject !== null;
  const { subject, body } = mailTemplate(facts.version, step, inThread);
  return {
    to: contact.email,
    toName: fullName(contact),
    from: mailbox.address,
    fromName: mailbox.name,
    values: pickValues([subject ?? "", body], mergeScope(facts)),
    signature: mailbox.signature,
    postalAddress: workspace.postalAddress,
    unsubscribeUrl: facts.unsubscribeUrl,
    ...(mailbox.receives && { unsubscribeMailto: unsubscribeMailto(mailbox.address, facts.unsubscribeUrl) }),
    renderedAt: now,
    zone: facts.zone,
    thread: inThread
      ? { subject: enrollment.threadSubject ?? "", references: enrollment.threadReferences }
      : null,
  };
}

function taskOf(facts: Facts, step: ManualStep, now: number): NextStep {
  const rendered = renderTask(facts, step, now);
  if ("title" in rendered) return { kind: "task", step, task: rendered };
  return "missing" in rendered
    ? { kind: "pause", reason: "missing_variable", detail: rendered.missing }
    : { kind: "pause", reason: "parked", detail: rendered.error };
}

function renderTask(
  facts: Facts,
  step: ManualStep,
  now: number,
): RenderedTask | { missing: string } | { error: string } {
  const values = { ...mergeScope(facts), unsubscribe_url: facts.unsubscribeUrl };
  const [title, body] = textsOf(facts, step);
  const texts: string[] = [];
  for (const source of [title, body]) {
    const rendered = renderTemplate(source, values, now, facts.zone);
    if (!rendered.ok)
      return "missing" in rendered ? { missing: rendered.missing } : { error: rendered.error };
    texts.push(rendered.text);
  }
  const [renderedTitle = "", renderedBody = ""] = texts;
  return step.type === "email_manual"
    ? { title: step.name, body: renderedBody, subject: renderedTitle }
    : { title: renderedTitle, body: renderedBody, subject: null };
}

function textsOf({ enrollment, version }: Facts, step: ManualStep): [string, string] {
  switch (step.type) {
    case "email_manual": {
      const { threadSubject } = enrollment;
      const { subject } = mailTemplate(version, step, threadSubject !== null);
      return [subject?.trim() ? subject : `Re: ${threadSubject ?? ""}`, step.body];
    }
    case "call":
      return [step.title, step.script];
    case "task":
      return [step.title, step.note];
  }
}

/** Where the enrollment stands once the step it is on was carried out at `executedAt`; null when it was the last. */
export function advanced(facts: Facts, executedAt: number): Enrollment | null {
  const { enrollment, version } = facts;
  const step = stepAfter(version, enrollment.stepId);
  if (!step) return null;
  return standingOn({ ...facts, enrollment: { ...enrollment, cycle: 1, executedAt } }, step, executedAt);
}

/** Waiting for `step`, its delay counted from the whole minute of `from`: so a plan and its execution agree. */
export function standingOn(facts: Timing, step: Step, from: number): Enrollment {
  const { enrollment, schedule, zone } = facts;
  const dueAt = addDelay(floorMinute(from), step.delay, zone, schedule);
  const standing: Enrollment = {
    ...enrollment,
    stepId: step.id,
    dueAt,
    remainingMs: null,
    waitReason: "delay",
    wakeAt: dueAt,
  };
  const opening = openingOf({ ...facts, enrollment: standing }, step, dueAt);
  if (!opening) return standing;
  return { ...standing, wakeAt: opening.at, waitReason: reasonOf(opening) };
}
