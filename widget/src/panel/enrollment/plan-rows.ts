/** Every step of an enrollment as one list: what became of those behind, where it stands, what is to come. Pure. */
import type { AnswerOf } from "@cadenza/shared/client";
import type { PanelEnrollment } from "../headline.ts";

export type Touch = NonNullable<PanelEnrollment["next"]>;
export type PastEvent = AnswerOf<"contacts.timeline">["items"][number];
export type PastSend = AnswerOf<"enrollments.sends">["items"][number];

export type PlanRow = {
  stepId: number;
  name: string;
  type: Touch["type"];
  /** `past`: behind it, and nobody knows any more how it went. */
  state: "sent" | "done" | "skipped" | "past" | "here" | "later" | "never" | "stopped";
  /** When it happened, or is planned for. */
  at: number | null;
  /** Of a mail that was sent. */
  subject: string | null;
  touch: Touch | null;
  /** It happens then if the task right before it, or any before, is done by then. */
  depends: "on_task" | "on_before" | null;
};

type Known = { touches: readonly Touch[]; events: readonly PastEvent[]; sends: readonly PastSend[] };

const pastOf: Record<string, PlanRow["state"]> = {
  "send.sent": "sent",
  "task.done": "done",
  "task.skipped": "skipped",
  "enrollment.step_skipped": "skipped",
};

export function planRows(enrollment: PanelEnrollment, { touches, events, sends }: Known): PlanRow[] {
  const { id, steps, stepId, status, endedAt } = enrollment;
  const isOver = status === "completed" && enrollment.reason === "all_steps_done";
  const place = isOver ? steps.length : steps.findIndex((step) => step.id === stepId);
  const mine = events.filter((event) => event.enrollmentId === id);

  const past = (step: PanelEnrollment["steps"][number]) => {
    const told = mine.filter((event) => event.stepId === step.id && event.type in pastOf);
    // A manual mail was done and then sent: what left is what counts.
    const event = told.find(({ type }) => type === "send.sent") ?? told[0];
    const send = sends.findLast((one) => one.stepId === step.id && one.state === "sent");
    if (event?.type !== "send.sent" && send?.sentAt && event?.type !== "enrollment.step_skipped") {
      return { state: "sent" as const, at: Date.parse(send.sentAt), subject: null };
    }
    if (!event) return { state: "past" as const, at: null, subject: null };
    const { subject } = event.data;
    return {
      state: pastOf[event.type]!,
      at: Date.parse(event.at),
      subject: typeof subject === "string" ? subject : null,
    };
  };

  return steps.map((step, index) => {
    const row = { stepId: step.id, name: step.name, type: step.type, touch: null, depends: null };
    if (index < place) return { ...row, ...past(step) };
    if (endedAt !== null)
      return { ...row, state: index === place ? "stopped" : "never", at: null, subject: null };
    const touch = touches.find((one) => one.stepId === step.id) ?? null;
    // A task is told with when it was due; the plan walks on from this moment.
    const instant = index === place && enrollment.rule === "task_open" ? enrollment.value : touch?.at;
    const at = instant ? Date.parse(instant) : null;
    const isAfterWork = steps[index - 1]?.type !== "email_auto";
    const depends = !touch?.conditional ? null : isAfterWork ? "on_task" : "on_before";
    return { ...row, state: index === place ? "here" : "later", at, subject: null, touch, depends };
  });
}
