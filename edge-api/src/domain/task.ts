/** Work a person does for a step, and how the enrollment goes on once they did it. */
import type { TaskOutcome, TaskStatus, TaskType } from "@cadenza/shared/vocabulary";
import { decision, eventOf, type TaskChange } from "./decision.ts";
import { type By, type Change, cancel, complete, type Enrollment } from "./enrollment.ts";
import type { Facts } from "./facts.ts";
import type { EnrollmentId, TaskId, WorkspaceId } from "./ids.ts";
import { draftTemplate, renderMessage } from "./message.ts";
import { advanced, snapshotOf, watchdogMs } from "./next-step.ts";
import { unfilledIn } from "./placeholders.ts";
import { stepAt } from "./sequence.ts";
import { stillPaused } from "./skip.ts";

export type Task = {
  id: TaskId;
  workspaceId: WorkspaceId;
  enrollmentId: EnrollmentId;
  stepId: number;
  cycle: number;
  type: TaskType;
  purpose: "step" | "uncertain_send";
  status: TaskStatus;
  dueAt: number;
};

export type TaskEnd = { status: "done" | "skipped"; outcome: TaskOutcome | null; note: string | null };

/** Done or skipped: the next step's delay starts now, unless what came of it ends the sequence for this person. */
export function endTask(facts: Facts, task: Task, end: TaskEnd, by: By): Change {
  if (task.status !== "open") return { ok: false, reason: "task_not_open" };
  if (task.purpose === "uncertain_send") return { ok: false, reason: "task_wants_settlement" };
  // Nothing is sent by it: whoever says only "done" would believe that it was.
  if (task.type === "email_manual" && end.status === "done" && (end.outcome ?? "completed") === "completed") {
    return { ok: false, reason: "task_wants_approval" };
  }
  const { enrollment } = facts;
  const taskChange: TaskChange = { id: task.id, ...end, dueAt: task.dueAt, doneAt: by.at };
  const event = eventOf(enrollment, end.status === "done" ? "task.done" : "task.skipped", by, {
    outcome: end.outcome ?? undefined,
    note: end.note ?? undefined,
  });
  const counts = [
    {
      stepId: task.stepId,
      count: end.status === "done" ? ("tasksDone" as const) : ("tasksSkipped" as const),
    },
  ];
  const effects = { taskChange, events: [{ ...event, stepId: task.stepId }], counts };
  const isLive = enrollment.status === "active" || enrollment.status === "paused";
  const stands = isLive && enrollment.stepId === task.stepId && enrollment.cycle === task.cycle;
  if (!stands) return { ok: true, decision: decision(enrollment, enrollment, effects) };

  const ending = endOf(enrollment, end.outcome, by);
  const next = ending ? null : advanced(facts, by.at);
  if (!next) {
    const over = ending ?? complete(enrollment, { reason: "all_steps_done" }, by);
    if (!over.ok) return over;
    return {
      ok: true,
      decision: {
        ...over.decision,
        ...effects,
        events: [...effects.events, ...over.decision.events],
        closeTasks: null,
      },
    };
  }
  const standing = enrollment.status === "paused" ? stillPaused(next, by.at) : next;
  return { ok: true, decision: decision(enrollment, standing, effects) };
}

/**
 * An outcome that ends the sequence: a meeting is what it was for, "not interested" is an answer as good as a written
 * one, and behind a wrong number is somebody else than whom the mails are written to.
 */
function endOf(enrollment: Enrollment, outcome: TaskOutcome | null, by: By): Change | null {
  const detail = `Task outcome: ${outcome?.replaceAll("_", " ")}`;
  switch (outcome) {
    case "meeting_booked":
      return complete(enrollment, { reason: "meeting_booked" }, by);
    case "not_interested":
      return complete(enrollment, { reason: "replied", detail }, by);
    case "wrong_number":
      return cancel(enrollment, { reason: "manual", detail }, by);
    default:
      return null;
  }
}

/** Later: the task is due again at `dueAt`; the sequence keeps waiting for it. */
export function snoozeTask(facts: Facts, task: Task, dueAt: number, by: By): Change {
  if (task.status !== "open") return { ok: false, reason: "task_not_open" };
  const { enrollment } = facts;
  return {
    ok: true,
    decision: decision(enrollment, enrollment, {
      taskChange: { id: task.id, status: "open", outcome: null, note: null, dueAt, doneAt: null },
      events: [{ ...eventOf(enrollment, "task.snoozed", by, { until: dueAt }), stepId: task.stepId }],
    }),
  };
}

/** How long an approved mail may wait for a free slot before its window has to be looked at again. */
const approvedLifeMs = 86_400_000;

/** A manual email a person read, perhaps edited, and approved: these very words go out, through the same outbox. */
export function approveEmail(
  facts: Facts,
  task: Task,
  draft: { subject: string; body: string },
  by: By,
): Change | { ok: false; problem: string; field?: "subject" | "body" } {
  if (task.status !== "open") return { ok: false, reason: "task_not_open" };
  if (task.purpose === "uncertain_send") return { ok: false, reason: "task_wants_settlement" };
  const step = stepAt(facts.version, task.stepId);
  if (step?.type !== "email_manual") return { ok: false, reason: "task_not_manual_email" };
  const { enrollment, mailbox } = facts;
  const stands = enrollment.stepId === task.stepId && enrollment.cycle === task.cycle;
  if (!stands || enrollment.status !== "active") return { ok: false, reason: "not_active" };
  if (!mailbox) return { ok: false, problem: "There is no mailbox to send it from." };
  for (const field of ["subject", "body"] as const) {
    const [unfilled] = unfilledIn(draft[field]);
    if (unfilled)
      return { ok: false, field, problem: `${unfilled} would be sent as it stands. Fill it in first.` };
  }
  const base = snapshotOf(facts, { ...step, type: "email_auto" }, by.at);
  if (!base) return { ok: false, problem: "This person has no email address." };
  const snapshot = { ...base, values: { draft } };
  const rendered = renderMessage(draftTemplate, snapshot);
  if (!rendered.ok) {
    return {
      ok: false,
      problem: "missing" in rendered ? "The subject and the text must not be empty." : rendered.error,
    };
  }
  return {
    ok: true,
    decision: decision(
      enrollment,
      { ...enrollment, waitReason: "send_in_flight", wakeAt: by.at + watchdogMs },
      {
        taskChange: {
          id: task.id,
          status: "done",
          outcome: "completed",
          note: null,
          dueAt: task.dueAt,
          doneAt: by.at,
        },
        counts: [{ stepId: task.stepId, count: "tasksDone" }],
        sends: [
          {
            ...enrollment,
            enrollmentId: enrollment.id,
            mailboxId: mailbox.id,
            dueAt: by.at,
            notAfter: by.at + approvedLifeMs,
            snapshot,
            contentHash: rendered.hash,
          },
        ],
        events: [
          eventOf(enrollment, "task.done", by, { approved: true }),
          eventOf(enrollment, "send.queued", by, { subject: rendered.content.subject }),
        ],
      },
    ),
  };
}
