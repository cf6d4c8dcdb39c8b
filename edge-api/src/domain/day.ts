/** A day on the wall of some place, as instants: what somebody who picks a day in a form means by it. */
import { Temporal } from "temporal-polyfill";

/** @param on a day, `2026-12-24`. @returns its first instant in the zone, and the first one after it. */
export function instantsOfDay(on: string, zone: string): { from: number; to: number } {
  const day = Temporal.PlainDate.from(on);
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds;
  return { from: startOf(day), to: startOf(day.add({ days: 1 })) };
}
