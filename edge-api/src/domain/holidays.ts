/**
 * Public holidays by country and region, from the date-holidays rules. The schedule asks; nothing else should.
 * A day counts when the holiday covers its noon: a feast that begins at sunset closes the day after, and an
 * afternoon off closes nothing.
 */
import Holidays from "date-holidays";
import { Temporal } from "temporal-polyfill";

type NamedDays = ReadonlyMap<string, string>;

/** Working out one year of one country takes 5–15 ms; 600 of them are a few megabytes. */
const yearsKept = 600;
const years = new Map<string, NamedDays>();
let countries: Record<string, string> | undefined;

/** The name of the public holiday on `isoDate` (YYYY-MM-DD), or null. `region` is "BY", or "BY.A" below that. */
export function holidayName(country: string, region: string | null, isoDate: string): string | null {
  const year = Number(isoDate.slice(0, 4));
  return (
    namedDays(country, region, year).get(isoDate) ??
    // A feast that begins in December may last into January; its days are listed under the year it began in.
    (isoDate.slice(5, 7) === "01" ? namedDays(country, region, year - 1).get(isoDate) : undefined) ??
    null
  );
}

/** Whether there are rules for this ISO 3166 code (upper case). */
export function isCountry(code: string): boolean {
  countries ??= new Holidays().getCountries("en");
  return Object.hasOwn(countries, code);
}

/** Whether `country` has rules for this region: "BY", or "BY.A" for a part of it. */
export function isRegion(country: string, region: string): boolean {
  const [state = "", part, ...rest] = region.split(".");
  const rules = new Holidays();
  if (rest.length > 0 || !Object.hasOwn(rules.getStates(country, "en") ?? {}, state)) return false;
  return part === undefined || Object.hasOwn(rules.getRegions(country, state, "en") ?? {}, part);
}

function namedDays(country: string, region: string | null, year: number): NamedDays {
  const key = `${country}/${region ?? ""}/${year}`;
  let days = years.get(key);
  if (!days) {
    if (years.size >= yearsKept) years.clear();
    days = computeNamedDays(country, region, year);
    years.set(key, days);
  }
  return days;
}

function computeNamedDays(country: string, region: string | null, year: number): NamedDays {
  const days = new Map<string, string>();
  if (!isCountry(country)) return days;
  const [state, part] = region?.split(".") ?? [];
  const rules = new Holidays({ country, state, region: part }, { types: ["public"] });
  for (const { date, start, end, name } of rules.getHolidays(year, "en")) {
    const first = Temporal.PlainDate.from(date.slice(0, 10));
    const fromHour = startHour(date);
    const untilHour = fromHour + (end.getTime() - start.getTime()) / 3_600_000;
    for (let day = 0; day * 24 + 12 < untilHour; day++) {
      const isoDate = first.add({ days: day }).toString();
      if (fromHour < day * 24 + 12 && !days.has(isoDate)) days.set(isoDate, name);
    }
  }
  return days;
}

/** "2026-12-24 13:00:00" → 13. "2026-04-02 00:00:00 -0600" → -6: it begins six hours before that midnight. */
function startHour(date: string): number {
  const sunset = /([+-]\d\d)(\d\d)$/.exec(date.slice(19));
  return Number(date.slice(11, 13)) + (sunset ? Number(sunset[1]) : 0);
}
