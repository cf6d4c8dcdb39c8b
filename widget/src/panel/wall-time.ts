/** What clocks show in a zone, as `<input type="datetime-local">` writes it, and the instant that is. Pure. */

/** "2026-11-26T10:00". */
export function wallTimeOf(at: number, zone: string): string {
  const parts = formatOf(zone).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** @returns null for what is no such text. An hour that clocks skip in spring becomes the one after it. */
export function instantOf(wallTime: string, zone: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(wallTime)) return null;
  const wanted = Date.parse(`${wallTime.slice(0, 16)}Z`);
  if (Number.isNaN(wanted)) return null;
  const offsetAt = (at: number) => Date.parse(`${wallTimeOf(at, zone)}Z`) - at;
  const minute = (at: number) => Math.floor(at / 60_000) * 60_000;
  // The zone's offset at the instant itself is not known before it is: found by trying the one nearby, twice.
  const near = wanted - offsetAt(minute(wanted));
  const found = wanted - offsetAt(near);
  return wallTimeOf(found, zone) === wallTime.slice(0, 16) ? found : Math.max(near, found);
}

/** @returns the day `days` after that of `at` on the zone's calendar, at this hour. */
export function dayLater(at: number, days: number, hour: number, zone: string): number {
  const day = new Date(Date.parse(`${wallTimeOf(at, zone).slice(0, 10)}T00:00Z`) + days * 86_400_000);
  return instantOf(`${day.toISOString().slice(0, 10)}T${String(hour).padStart(2, "0")}:00`, zone)!;
}

/** 1 is Monday, 7 Sunday, on the zone's calendar. */
export const weekdayOf = (at: number, zone: string): number =>
  new Date(`${wallTimeOf(at, zone).slice(0, 10)}T00:00Z`).getUTCDay() || 7;

const made = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = made.get(timeZone);
  if (!format) {
    const two = "2-digit";
    const shown = { year: "numeric", month: two, day: two, hour: two, minute: two } as const;
    format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", { timeZone, hourCycle: "h23", ...shown });
    made.set(timeZone, format);
  }
  return format;
}
