/**
 * A step's own hours of the day: its touch slides to where they meet the schedule's windows. Whoever asks when a step
 * may happen asks here for its schedule, so that the tick, the plan and the delivery loop agree.
 */
import { stepWindowMinutesMin } from "@cadenza/shared/vocabulary";
import { type DeliveryWindow, type HoursOfDay, minuteOfDay, type Schedule } from "./schedule.ts";
import { type SequenceVersion, type Step, stepAt } from "./sequence.ts";
import type { StepProblem } from "./sequence-problems.ts";

/** What follows from a schedule is remembered per object, so the same hours of it are the same object. */
const kept = new WeakMap<Schedule, Map<string, Schedule>>();

/** The schedule as this step has it. */
export function scheduleOfStep(schedule: Schedule, step: Pick<Step, "window"> | null): Schedule {
  if (!step?.window) return schedule;
  const { from, to } = step.window;
  const byHours = kept.get(schedule) ?? new Map<string, Schedule>();
  kept.set(schedule, byHours);
  const known = byHours.get(`${from} ${to}`);
  if (known) return known;
  const made = { ...schedule, hours: { from, to } };
  byHours.set(`${from} ${to}`, made);
  return made;
}

export const scheduleAt = (
  { schedule, version }: { schedule: Schedule; version: SequenceVersion },
  stepId: number,
): Schedule => scheduleOfStep(schedule, stepAt(version, stepId));

/** Hours that are none, and hours in which the schedule is never open: whoever came to such a step would be parked. */
export function hoursProblems(steps: Pick<Step, "window">[], schedule: Schedule): StepProblem[] {
  return steps.flatMap(({ window }, index) => {
    const message = window && hoursProblem(window, schedule);
    return message ? [{ path: `/${index}/window`, message }] : [];
  });
}

function hoursProblem({ from, to }: HoursOfDay, { windows }: Schedule): string | null {
  const [begins, ends] = [minuteOfDay(from), minuteOfDay(to)];
  if (begins === null || ends === null || begins >= ends)
    return "A step's hours end after they begin, on the same day.";
  if (ends - begins < stepWindowMinutesMin)
    return `A step's hours are at least ${stepWindowMinutesMin} minutes long.`;
  const meets = windows.flatMap(partsOf).some((part) => part.from < ends && begins < part.to);
  return meets ? null : `The schedule is never open between ${from} and ${to}.`;
}

/** The minutes of the day a window covers: one over midnight has two parts. */
function partsOf({ days, from, to }: DeliveryWindow): { from: number; to: number }[] {
  const [begins, ends] = [minuteOfDay(from), minuteOfDay(to)];
  if (!days.length || begins === null || ends === null) return [];
  if (begins < ends) return [{ from: begins, to: ends }];
  return [
    { from: begins, to: 1_440 },
    { from: 0, to: ends },
  ];
}
