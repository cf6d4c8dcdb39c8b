/** Dates and times as people of a language write them, in the zone of whoever they happen to. Pure. */

export type Formats = ReturnType<typeof formatsOf>;

const dayMs = 86_400_000;

/** @param locale a language tag; one `Intl` does not know is read as English. */
export function formatsOf(locale?: string) {
  // Without a country English would be told in twelve hours.
  const known = isKnown(locale) && locale !== "en" ? locale : "en-GB";
  const kept: Record<string, Intl.DateTimeFormat> = {};
  const told = (
    at: number,
    timeZone: string | undefined,
    options: Intl.DateTimeFormatOptions,
    tag = known,
  ) => {
    kept[tag + timeZone + Object.keys(options)] ??= new Intl.DateTimeFormat(tag, { ...options, timeZone });
    return kept[tag + timeZone + Object.keys(options)]!.format(at);
  };
  const time = (at: number, zone?: string) => told(at, zone, { hour: "numeric", minute: "2-digit" });
  const date = (at: number, zone?: string) =>
    told(at, zone, { weekday: "short", day: "numeric", month: "short" });
  /** Which day it is there, counted from some day: sv writes 2026-11-24. */
  const dayOf = (at: number, zone?: string) => Date.parse(told(at, zone, {}, "sv")) / dayMs;
  const day = (at: number, now: number, zone?: string) => {
    const days = dayOf(at, zone) - dayOf(now, zone);
    if (days ** 2 < 2) return new Intl.RelativeTimeFormat(known, { numeric: "auto" }).format(days, "day");
    return days > 0 && days < 7 ? told(at, zone, { weekday: "short" }) : date(at, zone);
  };
  return {
    time,
    date,
    day,
    /** "tomorrow 10:00", "Thu 10:00", "Thu, 3 Dec 10:00". */
    when: (at: number, now: number, zone?: string) => `${day(at, now, zone)} ${time(at, zone)}`,
    /** "Thu, 3 Dec, 10:00 (Lisbon)": for titles and for who wants it exactly. */
    exact: (at: number, zone?: string) =>
      `${date(at, zone)}, ${time(at, zone)}${zone ? ` (${cityOf(zone)})` : ""}`,
  };
}

/** "Europe/Lisbon" → "Lisbon". */
export const cityOf = (zone: string): string => zone.replace(/.*\//, "").replace(/_/g, " ");

function isKnown(locale: string | undefined): locale is string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale ?? []).length > 0;
  } catch {
    return false;
  }
}
