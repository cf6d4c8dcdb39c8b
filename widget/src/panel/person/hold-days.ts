/** Until when a hold may last, as days on the person's calendar: it ends as that day begins, where they are. Pure. */
import { instantOf, wallTimeOf } from "../wall-time.ts";

export const holdPresets = ["tomorrow", "week", "month"] as const;
export type HoldPreset = (typeof holdPresets)[number];

/** @returns days like `2026-11-24`: tomorrow, the next Monday, the same day of the next month. */
export function holdDays(now: number, zone: string): Record<HoldPreset, string> {
  const [year, month, day] = wallTimeOf(now, zone).slice(0, 10).split("-").map(Number) as [
    number,
    number,
    number,
  ];
  const on = (y: number, m: number, d: number) => new Date(Date.UTC(y, m - 1, d));
  const weekday = on(year, month, day).getUTCDay();
  // The 31st of a month of 30 days is its last day.
  const lastOfNext = on(year, month + 2, 0).getUTCDate();
  return {
    tomorrow: written(on(year, month, day + 1)),
    week: written(on(year, month, day + ((8 - weekday) % 7 || 7))),
    month: written(on(year, month + 1, Math.min(day, lastOfNext))),
  };
}

const written = (date: Date): string => date.toISOString().slice(0, 10);

/** A hold is no suppression: the API takes two years at the most. */
const holdMaxMs = 2 * 366 * 86_400_000;

/** @returns when a hold until that day ends, or what is wrong with the day. */
export function holdEnd(day: string, now: number, zone: string): number | "no_day" | "over" | "too_far" {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? instantOf(`${day}T00:00`, zone) : null;
  if (at === null) return "no_day";
  if (at <= now) return "over";
  return at > now + holdMaxMs ? "too_far" : at;
}
