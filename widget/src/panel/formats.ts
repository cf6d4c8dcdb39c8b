/** Dates and times as people of a language write them, in the zone of whoever they happen to. Pure. */

export type Formats = ReturnType<typeof formatsOf>;

const dayMs = 86_400_000;

/** @param locale a language tag; one `Intl` does not know is read as English. */
export function formatsOf(locale: string | undefined) {
  const known = isKnown(locale) ? locale : "en";
  const format = (zone: string | undefined, options: Intl.DateTimeFormatOptions) => {
    const key = `${zone}|${JSON.stringify(options)}`;
    let made = kept.get(key);
    if (!made) {
      made = new Intl.DateTimeFormat(known, { ...options, timeZone: zone });
      kept.set(key, made);
    }
    return made;
  };
  const kept = new Map<string, Intl.DateTimeFormat>();
  const relative = new Intl.RelativeTimeFormat(known, { numeric: "auto" });

  const time = (at: number, zone?: string) =>
    format(zone, { hour: "numeric", minute: "2-digit", hourCycle: isTwelve(known) ? "h12" : "h23" }).format(
      at,
    );
  const date = (at: number, zone?: string) =>
    format(zone, { weekday: "short", day: "numeric", month: "short" }).format(at);
  /** Days from today to then, on the calendar of the zone. */
  const daysTo = (at: number, now: number, zone?: string) => {
    const midnight = (instant: number) => {
      const parts = format(zone, { year: "numeric", month: "numeric", day: "numeric" }).formatToParts(
        instant,
      );
      const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
      return Date.UTC(part("year"), part("month") - 1, part("day"));
    };
    return Math.round((midnight(at) - midnight(now)) / dayMs);
  };
  const day = (at: number, now: number, zone?: string) => {
    const days = daysTo(at, now, zone);
    if (Math.abs(days) <= 1) return relative.format(days, "day");
    if (days > 0 && days < 7) return format(zone, { weekday: "short" }).format(at);
    return date(at, zone);
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
    number: (value: number) => new Intl.NumberFormat(known).format(value),
  };
}

/** "Europe/Lisbon" → "Lisbon". */
export const cityOf = (zone: string): string => zone.slice(zone.lastIndexOf("/") + 1).replace(/_/g, " ");

const isTwelve = (locale: string) => /^en(-(US|CA|AU|IN|NZ))?$/i.test(locale) && locale.length > 2;

function isKnown(locale: string | undefined): locale is string {
  try {
    return !!locale && Intl.DateTimeFormat.supportedLocalesOf([locale]).length > 0;
  } catch {
    return false;
  }
}
