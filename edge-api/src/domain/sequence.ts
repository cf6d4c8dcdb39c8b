/** What a sequence is made of: steps, delays, the immutable version that enrollments run on. */
import type { DelayUnit, SequenceStatus, TaskKind } from "@cadenza/shared/vocabulary";
import type { SequenceId, VersionId, WorkspaceId } from "./ids.ts";
import type { HoursOfDay } from "./schedule.ts";

/** Counted from the real execution of the step before (or from the enrollment), then slid to an open window. */
export type Delay = { amount: number; unit: DelayUnit };

/** `window`: the hours of the person's day it keeps to, within the schedule's windows; none in older versions. */
type StepBase = { id: number; name: string; delay: Delay; window?: HoursOfDay | null };

/** `subject` left empty on a follow-up means: reply in the thread of the last mail. `body` is plain text Liquid. */
type EmailText = { subject: string | null; body: string };
export type EmailStep = StepBase & EmailText & { type: "email_auto" };
export type ManualEmailStep = StepBase & EmailText & { type: "email_manual" };
export type CallStep = StepBase & { type: "call"; title: string; script: string };
export type TaskStep = StepBase & { type: "task"; kind: TaskKind; title: string; note: string };

/** A step a person carries out. */
export type ManualStep = ManualEmailStep | CallStep | TaskStep;
/** `id` is stable across the versions of one sequence and never used for two different steps. */
export type Step = EmailStep | ManualStep;

export type SequenceVersion = {
  id: VersionId;
  sequenceId: SequenceId;
  workspaceId: WorkspaceId;
  number: number;
  name: string;
  steps: Step[];
};

export type SequenceState = { id: SequenceId; status: SequenceStatus; pausedAt: number | null };

export const stepAt = (version: SequenceVersion, stepId: number): Step | null =>
  version.steps.find((step) => step.id === stepId) ?? null;

/**
 * What a mail of this step is rendered from. A follow-up without a subject answers in the thread; where the mail it would
 * answer was skipped, it says that mail's subject itself.
 */
export function mailTemplate(
  version: SequenceVersion,
  step: { id: number } & EmailText,
  hasThread: boolean,
): EmailText {
  if (step.subject?.trim() || hasThread) return step;
  const before = version.steps.slice(
    0,
    version.steps.findIndex(({ id }) => id === step.id),
  );
  const opening = before.findLast((each) => "subject" in each && each.subject?.trim());
  return { subject: opening && "subject" in opening ? opening.subject : null, body: step.body };
}

/** The step after `stepId`, or null when it is the last. */
export function stepAfter(version: SequenceVersion, stepId: number): Step | null {
  const position = version.steps.findIndex((step) => step.id === stepId);
  return position < 0 ? null : (version.steps[position + 1] ?? null);
}
