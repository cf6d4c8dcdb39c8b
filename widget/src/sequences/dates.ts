/** Dates, numbers and lists as people of a language write them. Pure. */
import type { DelayUnit } from "@cadenza/shared/vocabulary";

export type Dates = ReturnType<typeof datesOf>;

const minuteMs = 60_000;

/** @param locale a language tag; one `Intl` does not know is read as `language`. */
export function datesOf(locale: string | undefined, language: string) {
  const known = isKnown(locale) ? locale : language;
  const exact = (at: string, timeZone?: string) =>
    new Intl.DateTimeFormat(known, {
      ...{ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
      timeZone,
    } as Intl.DateTimeFormatOptions).format(Date.parse(at));
  return {
    /** "Thu, 26 Nov, 10:00 (Lisbon)" */
    exact: (at: string, zone?: string) => exact(at, zone) + (zone ? ` (${cityOf(zone)})` : ""),
    /** The same, and yours behind it where your clock shows something else. */
    both: (at: string, zone: string) => {
      const [theirs, yours] = [exact(at, zone), exact(at)];
      return theirs === yours ? `${theirs} (${cityOf(zone)})` : `${theirs} (${cityOf(zone)}) · ${yours}`;
    },
    day: (at: string) =>
      new Intl.DateTimeFormat(known, { day: "numeric", month: "short", year: "numeric" }).format(
        Date.parse(at),
      ),
    number: (value: number) => new Intl.NumberFormat(known).format(value),
    list: (words: string[]) => new Intl.ListFormat(known, { type: "conjunction" }).format(words),
    /** Monday is 1. */
    weekday: (day: number) =>
      new Intl.DateTimeFormat(known, { weekday: "short", timeZone: "UTC" }).format(
        Date.UTC(2024, 0, day) + minuteMs,
      ),
    /** "2 days"; business days are words of ours. */
    duration: (amount: number, unit: Exclude<DelayUnit, "business_days">) =>
      new Intl.NumberFormat(known, {
        style: "unit",
        unit: unit.slice(0, -1),
        unitDisplay: "long",
      }).format(amount),
  };
}

/** "Europe/Lisbon" → "Lisbon". */
const cityOf = (zone: string): string => zone.slice(zone.lastIndexOf("/") + 1).replace(/_/g, " ");

function isKnown(locale: string | undefined): locale is string {
  try {
    return !!locale && Intl.DateTimeFormat.supportedLocalesOf([locale]).length > 0;
  } catch {
    return false;
  }
}
