/** When a task may be put off to with one press: this day's next hour, the mornings of the next days. Pure. */
import { dayLater, weekdayOf } from "../wall-time.ts";

const hourMs = 3_600_000;
const quarterMs = 900_000;
const morning = 9;

/** @param zone the person's: it is their working day that a call or a mail meets. */
export function snoozeTimes(now: number, zone: string): number[] {
  const soon = Math.ceil((now + hourMs) / quarterMs) * quarterMs;
  const mornings = [1, 8 - weekdayOf(now, zone), 7].map((days) => dayLater(now, days, morning, zone));
  return [...new Set([soon, ...mornings])].sort((one, other) => one - other);
}
