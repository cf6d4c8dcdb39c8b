/** The one retry policy: what is worth another try, and when. Pure. */
import type { Problem } from "@cadenza/shared/problem";

const firstMs = 500;
const longestMs = 5 * 60_000;
/** A server may ask for patience, not for ever. */
const patienceMs = 3_600_000;

/** Half of it is chance: browsers that lost one server do not all come back at once. @param random in [0, 1). */
export function retryDelayMs(tries: number, random: number, askedMs: number | null = null): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(tries - 1, 20));
  return Math.max(Math.round(whole / 2 + (whole / 2) * random), Math.min(askedMs ?? 0, patienceMs));
}

/** @param error what a request threw: a refusal of the API has its problem, everything else is the network's. */
export function isWorthRetrying(error: unknown): boolean {
  const { problem, code } = error as { problem?: Problem; code?: string };
  if (!problem) return code === undefined || code === "unreachable";
  const { status } = problem;
  return status === 429 || status >= 500 || problem.code === "idempotency_in_progress";
}

/** RFC 9110, 10.2.3: seconds, or a date. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (!header) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
