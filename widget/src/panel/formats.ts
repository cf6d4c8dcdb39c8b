/** Dates and times as people of a language write them, in the zone of whoever they happen to. Pure. */

export type Formats = ReturnType<typeof made>;

const dayMs = 86_400_000;

/**
 * Shared by all panels of a page: what `Intl` makes takes a browser longer to make than all else on a panel.
 * @param locale a language tag; one `Intl` does not know is read as English.
 */
export const formatsOf = (locale = ""): Formats => {
  kept[locale] ??= made(locale);
  return kept[locale];
};
const kept: Record<string, Formats> = {};

function made(locale: string) {
  // Without a country English would be told in twelve hours.
  const known = (locale !== "en" && knownTo(locale)) || "en-GB";
  const relative = new Intl.RelativeTimeFormat(known, { numeric: "auto" });
  const told = (options: Intl.DateTimeFormatOptions, tag = known) => {
    const byZone: Record<string, Intl.DateTimeFormat> = {};
    return (at: number, timeZone?: string) => {
      byZone[timeZone!] ??= new Intl.DateTimeFormat(tag, { ...options, timeZone });
      return byZone[timeZone!]!.format(at);
    };
  };
  const time = told({ hour: "numeric", minute: "2-digit" });
  const date = told({ weekday: "short", day: "numeric", month: "short" });
  const weekday = told({ weekday: "short" });
  /** sv writes 2026-11-24. */
  const dateOn = told({}, "sv");
  const day = (at: number, now: number, zone?: string) => {
    const days = (Date.parse(dateOn(at, zone)) - Date.parse(dateOn(now, zone))) / dayMs;
    if (days ** 2 < 2) return relative.format(days, "day");
    return days > 0 && days < 7 ? weekday(at, zone) : date(at, zone);
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

function knownTo(locale: string): string | undefined {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0];
  } catch {
    // Not a tag at all.
  }
}
