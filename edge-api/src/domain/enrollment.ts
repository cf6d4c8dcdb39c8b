/**
 * One person in one sequence version, and every change a person or the engine may make to it.
 * Pure: each function takes the row and gives the Decision to commit, or the reason why not.
 */
import type {
  CancelReason,
  CompleteReason,
  EnrollmentStatus,
  PauseReason,
  SendState,
  StatusReason,
  WaitReason,
} from "@cadenza/shared/vocabulary";
import { type Decision, decision, eventOf } from "./decision.ts";
import type {
  ContactId,
  DealId,
  EnrollmentId,
  MailboxId,
  MemberId,
  SequenceId,
  VersionId,
  WorkspaceId,
} from "./ids.ts";

export type Enrollment = {
  id: EnrollmentId;
  workspaceId: WorkspaceId;
  sequenceId: SequenceId;
  versionId: VersionId;
  contactId: ContactId;
  dealId: DealId | null;
  mailboxId: MailboxId | null;
  ownerId: MemberId | null;
  status: EnrollmentStatus;
  reason: StatusReason | null;
  detail: string | null;
  waitReason: WaitReason | null;
  stepId: number;
  cycle: number;
  epoch: number;
  rev: number;
  dueAt: number;
  wakeAt: number | null;
  remainingMs: number | null;
  threadSubject: string | null;
  threadReferences: string[];
  executedAt: number | null;
  enrolledAt: number;
  endedAt: number | null;
};

export type By = { actor: string; at: number };

/** Why a change is refused. */
export type Refusal =
  | "not_active"
  | "not_paused"
  | "already_ended"
  | "not_ended"
  | "all_steps_done"
  | "send_in_flight"
  | "send_uncertain"
  | "send_not_uncertain"
  | "task_not_open"
  | "task_not_manual_email"
  | "task_wants_settlement"
  | "task_wants_approval";

export type Change = { ok: true; decision: Decision } | { ok: false; reason: Refusal };

/** What has not reached the wire and never will under this epoch. */
const unsent: Decision["cancelSends"] = ["queued", "claimed"];

const isLive = (enrollment: Enrollment) => enrollment.status === "active" || enrollment.status === "paused";

/** What is left of the current delay: kept while the timer stands still. */
export const remainingOf = (enrollment: Enrollment, at: number): number =>
  enrollment.remainingMs ?? Math.max(0, enrollment.dueAt - at);

/** A person's pause, or the engine's with its own reason: the timer freezes, mail not yet on the wire is taken back. */
export function pause(
  enrollment: Enrollment,
  why: { reason: PauseReason; detail?: string | null },
  by: By,
): Change {
  if (enrollment.status !== "active") return { ok: false, reason: "not_active" };
  const next: Enrollment = {
    ...enrollment,
    status: "paused",
    reason: why.reason,
    detail: why.detail ?? null,
    waitReason: null,
    wakeAt: null,
    remainingMs: remainingOf(enrollment, by.at),
    epoch: enrollment.epoch + 1,
  };
  return {
    ok: true,
    decision: decision(enrollment, next, {
      cancelSends: unsent,
      events: [
        eventOf(next, "enrollment.paused", by, { reason: why.reason, detail: why.detail ?? undefined }),
      ],
    }),
  };
}

/**
 * Goes on with the wait that was left; the tick looks at once and slides it to the next window. A refused mail
 * provably did not leave, so resuming tries it again; an uncertain one must be settled first.
 */
export function resume(enrollment: Enrollment, send: SendState | null, by: By): Change {
  if (enrollment.status !== "paused") return { ok: false, reason: "not_paused" };
  if (send === "uncertain") return { ok: false, reason: "send_uncertain" };
  const next = revived(enrollment, by.at);
  return {
    ok: true,
    decision: decision(enrollment, next, {
      cancelSends: ["failed"],
      events: [eventOf(next, "enrollment.resumed", by, {})],
    }),
  };
}

export function cancel(
  enrollment: Enrollment,
  why: { reason: CancelReason; detail?: string | null },
  by: By,
): Change {
  return stop(enrollment, "canceled", why, by);
}

export function complete(
  enrollment: Enrollment,
  why: { reason: CompleteReason; detail?: string | null },
  by: By,
): Change {
  return stop(enrollment, "completed", why, by);
}

function stop(
  enrollment: Enrollment,
  status: "completed" | "canceled",
  why: { reason: CancelReason | CompleteReason; detail?: string | null },
  by: By,
): Change {
  if (!isLive(enrollment)) return { ok: false, reason: "already_ended" };
  const next: Enrollment = {
    ...enrollment,
    status,
    reason: why.reason,
    detail: why.detail ?? null,
    waitReason: null,
    wakeAt: null,
    // Kept, so that reopening puts the person back where they stood.
    remainingMs: remainingOf(enrollment, by.at),
    epoch: enrollment.epoch + 1,
    endedAt: by.at,
  };
  return {
    ok: true,
    decision: decision(enrollment, next, {
      cancelSends: unsent,
      closeTasks: "step",
      events: [
        eventOf(next, status === "completed" ? "enrollment.completed" : "enrollment.canceled", by, {
          reason: why.reason,
          detail: why.detail ?? undefined,
        }),
      ],
    }),
  };
}

/** Undoes a stop (a reply that was misread): same step, same wait left. */
export function reopen(enrollment: Enrollment, by: By): Change {
  if (isLive(enrollment)) return { ok: false, reason: "not_ended" };
  if (enrollment.reason === "all_steps_done") return { ok: false, reason: "all_steps_done" };
  const next: Enrollment = { ...revived(enrollment, by.at), endedAt: null };
  return {
    ok: true,
    decision: decision(enrollment, next, {
      reopenTasks: true,
      events: [eventOf(next, "enrollment.reopened", by, { was: enrollment.reason })],
    }),
  };
}

function revived(enrollment: Enrollment, at: number): Enrollment {
  return {
    ...enrollment,
    status: "active",
    reason: null,
    detail: null,
    waitReason: "delay",
    dueAt: at + (enrollment.remainingMs ?? 0),
    // Kept until the tick looks: a hold or a paused sequence may keep the timer still.
    remainingMs: enrollment.remainingMs ?? 0,
    wakeAt: at,
    epoch: enrollment.epoch + 1,
  };
}
