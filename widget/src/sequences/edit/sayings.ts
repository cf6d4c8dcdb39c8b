/** A step in words: when it happens and what came of it. */
import type { StepNumbers } from "../one/use-one.ts";
import type { Page } from "../page.ts";
import { doubtOf } from "./doubt.ts";
import { type DraftStep, isDelay, isEmail } from "./draft.ts";

/** "2 business days later · 9:00–11:30 their time" */
export function whenOf({ words, dates }: Page, { delay, window }: DraftStep, isFirst: boolean): string {
  const { amount, unit } = delay;
  const time =
    unit === "business_days" ? words.businessDays(amount) : dates.duration(isDelay(delay) ? amount : 0, unit);
  let when = isFirst ? words.afterFirst(time) : words.after(time);
  if (!amount) when = isFirst ? words.atOnceFirst : words.atOnce;
  return window ? `${when} · ${words.between(window.from, window.to)}` : when;
}

/** With its denominator, and its doubt where there are enough to say a share. */
export function numbersOf(
  { words, dates }: Page,
  step: DraftStep,
  numbers: StepNumbers | undefined,
): string[] {
  const n = dates.number;
  if (!isEmail(step.type)) {
    const total = (numbers?.tasksDone ?? 0) + (numbers?.tasksSkipped ?? 0);
    return total ? [words.tasksDone(n(numbers!.tasksDone), n(total))] : [];
  }
  if (!numbers?.sent) return numbers?.uncertain ? [words.uncertain(n(numbers.uncertain))] : [];
  const { sent, replied, bounced, failed, uncertain } = numbers;
  const doubt = doubtOf(replied, sent);
  return [
    words.replied(n(replied), n(sent)) + (doubt ? `, ${words.doubt(n(doubt.percent), n(doubt.margin))}` : ""),
    bounced ? words.bounced(n(bounced)) : "",
    failed ? words.failedSends(n(failed)) : "",
    uncertain ? words.uncertain(n(uncertain)) : "",
  ].filter(Boolean);
}
