/** How many mails a mailbox may still put on the wire, and when the next one may go. */

export const hourMs = 3_600_000;

/**
 * A rolling day is the running hour and the 24 before it: with whole-hour buckets that is the fewest that can
 * promise "never more than the cap in any 24 hours".
 */
export const bucketsInDay = 25;

export const hourOf = (at: number): number => Math.floor(at / hourMs);

export type Usage = { hour: number; used: number };

/** Slots free at `now` in the rolling day; never negative, also when the cap was lowered below what is used. */
export function freeSlots(usage: Usage[], dailyCap: number, now: number): number {
  const oldest = hourOf(now) - bucketsInDay;
  const used = usage.filter(({ hour }) => hour > oldest).reduce((sum, bucket) => sum + bucket.used, 0);
  return Math.max(0, dailyCap - used);
}

/** The first instant at which the rolling day has a free slot again. */
export function firstFreeAt(usage: Usage[], dailyCap: number, now: number): number {
  const buckets = usage.filter(({ used }) => used > 0).sort((a, b) => a.hour - b.hour);
  let at = now;
  for (const bucket of buckets) {
    if (freeSlots(buckets, dailyCap, at) > 0) return at;
    at = Math.max(at, (bucket.hour + bucketsInDay) * hourMs);
  }
  return at;
}
