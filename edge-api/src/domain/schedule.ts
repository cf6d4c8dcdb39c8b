/**
 * When work may happen: delivery windows on the wall clock of a zone, holidays, delays and jitter. The tick, the
 * planner and the delivery loop all ask here, so that they agree to the minute. Instants are epoch ms in UTC.
 *
 * Invariant: a Schedule is a value. What follows from it is remembered per object, so never change one in place.
 */
import { Temporal } from "temporal-polyfill";
import { holidayName, isCountry, isRegion } from "./holidays.ts";
import type { Delay } from "./sequence.ts";

/**
 * `days` are ISO weekdays (1 = Monday … 7 = Sunday) on which the window STARTS. `from` is "HH:MM", `to` "HH:MM" up to
 * "24:00"; when `to` is not after `from`, the window ends on the next day (as older schedules have it; new ones may not).
 */
export type DeliveryWindow = { days: number[]; from: string; to: string };

/** "HH:MM" to "HH:MM", up to "24:00", within one day. */
export type HoursOfDay = { from: string; to: string };

/**
 * `country` and `region` are date-holidays codes; `holidays` are further closed days, YYYY-MM-DD. `hours`: only what of
 * its windows falls into them counts; made by step-hours.ts.
 */
export type Schedule = {
  hours?: HoursOfDay;
  windows: DeliveryWindow[];
  country: string | null;
  region: string | null;
  holidays: string[];
  jitterMinutes: number;
};

/** `closesAt` is the exclusive end; `movedBy` says what stood in the way of the instant asked for. */
export type Opening = { at: number; closesAt: number; movedBy: "window" | "holiday" | null };

/** `at` is later than `opensAt` by as much as the jitter makes of it. */
export type Planned = Opening & { opensAt: number };

/** One window on one local day. `closed`: that day is a holiday. */
type Span = { from: number; until: number; closed: boolean };
/** A time during which a zone keeps one offset from UTC. */
type Stretch = { from: number; until: number; offset: number };

const minuteMs = 60_000;
const dayMs = 86_400_000;
const horizonDays = 366;
/** Temporal's calendar ends here, in the year 275760. */
const lastDay = 100_000_000;

/**
 * The earliest instant from `from` on that is inside a window, or null when there is none within 366 days. Windows
 * that touch or overlap are one; a schedule that never closes "closes" with the last window of those 366 days.
 */
export function nextOpening(schedule: Schedule, zone: string, from: number): Opening | null {
  const limit = from + horizonDays * dayMs;
  const today = Math.floor(from / dayMs);
  let lostToHoliday = false;
  let opening: Opening | null = null;
  // The local day is up to one off UTC's, and the window that holds `from` may have started the day before it.
  for (let day = today - 2; day <= today + horizonDays + 1; day++) {
    for (const span of spansOn(schedule, zone, day)) {
      if (span.until <= from) continue;
      if (span.from > Math.min(limit, opening?.closesAt ?? limit)) return opening;
      if (span.closed) lostToHoliday = true;
      else if (opening) opening.closesAt = Math.max(opening.closesAt, span.until);
      else if (span.from <= from) opening = { at: from, closesAt: span.until, movedBy: null };
      else opening = { at: span.from, closesAt: span.until, movedBy: lostToHoliday ? "holiday" : "window" };
    }
  }
  return opening;
}

/**
 * When a step due at `dueAt` is really carried out, in whole minutes. One that is due inside a window goes at once;
 * the others would all go when it opens, so each waits up to `jitterMinutes` more, as drawn by `seed`.
 */
export function plannedAt(schedule: Schedule, zone: string, dueAt: number, seed: string): Planned | null {
  const opening = nextOpening(schedule, zone, ceilMinute(dueAt));
  if (!opening || opening.movedBy === null) return opening && { ...opening, opensAt: opening.at };
  const first = ceilMinute(opening.at);
  const minutesLeft = Math.max(0, (floorMinute(opening.closesAt - 1) - first) / minuteMs);
  const jitter = seededInt(seed, Math.min(schedule.jitterMinutes, minutesLeft) + 1);
  return { ...opening, opensAt: opening.at, at: first + jitter * minuteMs };
}

/**
 * `delay` after `from`, not yet slid to a window. Minutes and hours are exact; days keep the local time; business days
 * keep it too and count Monday to Friday without the schedule's holidays.
 */
export function addDelay(from: number, delay: Delay, zone: string, schedule: Schedule): number {
  switch (delay.unit) {
    case "minutes":
      return from + delay.amount * minuteMs;
    case "hours":
      return from + delay.amount * 60 * minuteMs;
    case "days":
      return addLocalDays(from, delay.amount, zone);
    case "business_days":
      return addLocalDays(from, daysUntilBusinessDay(from, delay.amount, zone, schedule), zone);
  }
}

/** The instant of a wall time, itself written as if it were UTC: Temporal's "compatible", by arithmetic. */
export function instantOf(zone: string, wall: number): number {
  return resolveWall(zone, wall).at;
}

/** 0 … max-1, always the same for a seed: FNV-1a, then murmur3's finalizer so that near seeds land far apart. */
export function seededInt(seed: string, max: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % Math.max(1, Math.floor(max));
}

export function floorMinute(at: number): number {
  return Math.floor(at / minuteMs) * minuteMs;
}

export function ceilMinute(at: number): number {
  return Math.ceil(at / minuteMs) * minuteMs;
}

const zoneNamesKept = 2_000;
const zoneNames = new Map<string, boolean>();

/** Whether this is an IANA name ("Europe/Lisbon", "UTC"). Offsets and anything else Temporal would parse are not. */
export function isTimeZone(name: string): boolean {
  return recall(zoneNames, name, zoneNamesKept, () => isAcceptedByTemporal(name));
}

/** What is wrong with a schedule that a person typed. Empty: nothing. */
export function scheduleProblems(schedule: Schedule): { path: string; message: string }[] {
  const problems: { path: string; message: string }[] = [];
  const check = (ok: boolean, path: string, message: string) => ok || problems.push({ path, message });

  check(schedule.windows.length > 0, "windows", "Add at least one delivery window.");
  for (const [i, { days, from, to }] of schedule.windows.entries()) {
    check(days.length > 0, `windows.${i}.days`, "Choose at least one day.");
    const daysExist = days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7);
    check(daysExist, `windows.${i}.days`, "Days are 1 (Monday) to 7 (Sunday).");
    check(
      minuteOfDay(from) !== null && from !== "24:00",
      `windows.${i}.from`,
      "Write HH:MM, from 00:00 to 23:59.",
    );
    check(minuteOfDay(to) !== null, `windows.${i}.to`, "Write HH:MM, up to 24:00.");
    const [begins, ends] = [minuteOfDay(from), minuteOfDay(to)];
    check(
      begins === null || ends === null || from === "24:00" || begins < ends,
      `windows.${i}.to`,
      `This window ends before it begins. For one over midnight write two: ${from} to 24:00, and 00:00 to ${to} on the days after.`,
    );
  }
  const { country, region } = schedule;
  const countryExists = country === null || isCountry(country);
  check(countryExists, "country", `No holidays are known for the country "${country}".`);
  if (region !== null && countryExists) {
    const regionExists = country !== null && isRegion(country, region);
    check(regionExists, "region", `No holidays are known for the region "${region}".`);
  }
  for (const [i, date] of schedule.holidays.entries()) {
    check(isDate(date), `holidays.${i}`, `"${date}" is not a day of the calendar. Write YYYY-MM-DD.`);
  }
  const jitterOk = Number.isInteger(schedule.jitterMinutes) && schedule.jitterMinutes >= 0;
  check(jitterOk, "jitterMinutes", "Write a whole number of minutes, 0 or more.");
  return problems;
}

/** Two years of days per schedule and zone: a schedule that never closes needs one, and time moves on meanwhile. */
const daysKept = 800;
const zonesKept = 100;
const spans = new WeakMap<Schedule, Map<string, Map<number, Span[]>>>();

/** The windows that start on a local day (counted from 1 January 1970), in order; none that DST left without time. */
function spansOn(schedule: Schedule, zone: string, day: number): Span[] {
  const byZone = spans.get(schedule) ?? new Map<string, Map<number, Span[]>>();
  if (byZone.size === 0) spans.set(schedule, byZone);
  const byDay = recall(byZone, zone, zonesKept, () => new Map<number, Span[]>());
  return recall(byDay, day, daysKept, () => computeSpans(schedule, zone, day));
}

function computeSpans(schedule: Schedule, zone: string, day: number): Span[] {
  const found: Span[] = [];
  for (const window of schedule.windows) {
    const fromMinute = minuteOfDay(window.from);
    const toMinute = minuteOfDay(window.to);
    if (!window.days.includes(isoWeekday(day)) || fromMinute === null || toMinute === null) continue;
    const endDay = toMinute <= fromMinute ? day + 1 : day;
    const from = resolveWall(zone, day * dayMs + fromMinute * minuteMs).edge;
    const until = resolveWall(zone, endDay * dayMs + toMinute * minuteMs).edge;
    const closed = isHoliday(schedule, day);
    for (const hours of hoursOf(schedule, zone, day, endDay)) {
      const part = { from: Math.max(from, hours.from), until: Math.min(until, hours.until), closed };
      if (part.from < part.until) found.push(part);
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

const allHours = [{ from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }];

/** When the hours are on each local day a window lies on; a window over midnight stays its first day's. */
function hoursOf({ hours }: Schedule, zone: string, firstDay: number, lastDay: number) {
  if (!hours) return allHours;
  const edge = (day: number, minute: number) => resolveWall(zone, day * dayMs + minute * minuteMs).edge;
  const [from, to] = [minuteOfDay(hours.from), minuteOfDay(hours.to)];
  if (from === null || to === null) return [];
  const days = firstDay === lastDay ? [firstDay] : [firstDay, lastDay];
  return days.map((day) => ({ from: edge(day, from), until: edge(day, to) }));
}

function addLocalDays(from: number, days: number, zone: string): number {
  // Not through the wall clock: in the hour that DST repeats, that would answer with its first pass.
  return days === 0 ? from : instantOf(zone, from + stretchAt(zone, from).offset + days * dayMs);
}

/** How many calendar days on the `amount`th business day after the local day of `from` is. */
function daysUntilBusinessDay(from: number, amount: number, zone: string, schedule: Schedule): number {
  const start = Math.floor((from + stretchAt(zone, from).offset) / dayMs);
  let day = start;
  for (let left = amount; left > 0 && day < lastDay; ) {
    day++;
    if (isoWeekday(day) <= 5 && !isHoliday(schedule, day)) left--;
  }
  return day - start;
}

/**
 * `at`: the first instant that shows this wall time; for one that DST skips, as much later as the clock jumped.
 * `edge`: the same, but a skipped time is the jump itself, so that a window never begins or ends past its own hours.
 */
function resolveWall(zone: string, wall: number): { at: number; edge: number } {
  // Offsets stay within a day, so the walk starts before the wall time and meets it or the gap it is in.
  let stretch = stretchAt(zone, wall - dayMs);
  let at = wall - stretch.offset;
  while (at >= stretch.until) {
    const next = stretchAt(zone, stretch.until);
    if (wall - next.offset < next.from) return { at, edge: next.from };
    stretch = next;
    at = wall - next.offset;
  }
  return { at, edge: at };
}

/** Asking Temporal for a zone's next change takes a millisecond; arithmetic between two changes takes none. */
const stretchesKept = 64;
const stretchZonesKept = 1_000;
const stretches = new Map<string, Stretch[]>();

function stretchAt(zone: string, at: number): Stretch {
  const known = recall(stretches, zone, stretchZonesKept, () => []);
  for (const stretch of known) if (stretch.from <= at && at < stretch.until) return stretch;

  if (known.length >= stretchesKept) known.length = 0;
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  // "previous" is strictly earlier, and `at` may be the change itself.
  const from = local.add({ nanoseconds: 1 }).getTimeZoneTransition("previous");
  const until = local.getTimeZoneTransition("next");
  const stretch = {
    from: from?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    until: until?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
    offset: local.offsetNanoseconds / 1_000_000,
  };
  known.push(stretch);
  return stretch;
}

const isoDatesKept = 4_000;
const isoDates = new Map<number, string>();

function isHoliday({ country, region, holidays }: Schedule, day: number): boolean {
  if (country === null && holidays.length === 0) return false;
  const isoDate = recall(isoDates, day, isoDatesKept, () => isoDateOf(day));
  return holidays.includes(isoDate) || (country !== null && holidayName(country, region, isoDate) !== null);
}

function isoDateOf(day: number): string {
  const midnight = Temporal.Instant.fromEpochMilliseconds(day * dayMs);
  return midnight.toString().slice(0, 10);
}

/** 1 January 1970 was a Thursday. */
function isoWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** "HH:MM" to minutes since midnight, "24:00" included; null for anything else. */
export function minuteOfDay(text: string): number | null {
  if (text === "24:00") return 1_440;
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && succeeds(() => Temporal.PlainDate.from(text));
}

function isAcceptedByTemporal(name: string): boolean {
  // The pattern keeps out offsets and ISO texts with a zone in them, which Temporal takes for a zone as well.
  const looksLikeName = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name);
  return looksLikeName && succeeds(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name));
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

/** What `memory` holds for `key`, made on first use. A full memory starts over: it is only a short cut. */
function recall<K, V>(memory: Map<K, V>, key: K, most: number, make: () => V): V {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= most) memory.clear();
  const made = make();
  memory.set(key, made);
  return made;
}
