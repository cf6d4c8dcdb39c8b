/** What a task means for its sequence: before it is closed, and after. Pure but for the clock of the panel. */
import type { TaskOutcome } from "@cadenza/shared/vocabulary";
import { cityOf } from "../formats.ts";
import { firstNameOf, headlineOf, type PanelEnrollment, type PanelTask } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { differs } from "../zones.ts";
import type { TaskTexts } from "./words.ts";

export type Stands = Pick<PanelTask, "enrollmentId" | "stepId">;

export const enrollmentOf = (panel: PanelContext, { enrollmentId }: Pick<Stands, "enrollmentId">) =>
  panel.state.record?.enrollments.find(({ id }) => id === enrollmentId) ?? null;

export const endsSequence = (outcome: TaskOutcome | null): outcome is keyof TaskTexts["ends"] =>
  outcome === "meeting_booked" || outcome === "not_interested" || outcome === "wrong_number";

/** Said before: what closing it with this outcome does. */
export function effectOf(
  enrollment: PanelEnrollment | null,
  { stepId }: Stands,
  outcome: TaskOutcome | null,
  name: string,
  t: TaskTexts,
): string {
  if (!enrollment || enrollment.steps.length === 0) return "";
  if (enrollment.endedAt !== null || enrollment.stepId !== stepId) return t.standsElsewhere;
  if (endsSequence(outcome)) return t.ends[outcome](name);
  const place = enrollment.steps.findIndex(({ id }) => id === stepId);
  const next = enrollment.steps[place + 1];
  return next ? t.goesOn(next.name) : t.wasLast;
}

/** Said after, from a record that was read since: "Next: email Thu 10:00 (Lisbon)." Empty where it cannot be told. */
export function nextOf(panel: PanelContext, task: Stands, t: TaskTexts): string {
  const { words, formats, yourZone } = panel;
  const { record } = panel.state;
  const enrollment = enrollmentOf(panel, task);
  if (!record || !enrollment) return "";
  const now = panel.now();
  if (enrollment.endedAt !== null) return `${headlineOf(record, enrollment, { ...panel, now }).title}.`;
  const { status, rule, next } = enrollment;
  if (status !== "active" || !next?.at) return "";
  // Its own mail is what comes next; an open task would mean that the record is older than what was done.
  if (next.stepId === task.stepId)
    return next.type.startsWith("email") && rule !== "task_open" ? t.goesOut : "";
  const at = Date.parse(next.at);
  if (at - now < 60_000) return t.next(t.touches[next.type](words.soon));
  const zone = differs(at, next.zone, yourZone) ? ` (${cityOf(next.zone)})` : "";
  return t.next(t.touches[next.type](formats.when(at, now, next.zone) + zone));
}

export const nameOf = (panel: PanelContext): string =>
  panel.state.record ? firstNameOf(panel.state.record.contact) : "";
