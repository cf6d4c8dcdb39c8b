/** How often anybody may ask for what costs much or could be guessed. The numbers are this table; docs/access.md shows it. */
import { hashSecret } from "../commands/api-keys.ts";
import { takeRoom } from "../db/rate-limits.ts";
import type { System } from "../domain/system.ts";
import { BadRequest } from "./problem.ts";

const minuteMs = 60_000;

export const rateLimits = {
  /** Enrollments asked for one by one. */
  enroll: { count: 300, windowMs: minuteMs },
  /** Enrollments asked for by the thousand. */
  enrollMany: { count: 30, windowMs: minuteMs },
  /** Texts checked while they are being written: one each time the typing rests. */
  check: { count: 300, windowMs: minuteMs },
  /** Sign-in links to one address: more would flood its inbox. */
  signInMail: { count: 5, windowMs: 15 * minuteMs },
  /** Sign-in links asked for from one network address. */
  signInFrom: { count: 20, windowMs: 15 * minuteMs },
  /** Links, codes and set-up tokens tried from one network address. */
  guess: { count: 30, windowMs: 15 * minuteMs },
  /** Invitations a member sends. */
  invite: { count: 50, windowMs: 60 * minuteMs },
  /** Host tokens exchanged from one network address: an office of reps may share one. */
  embed: { count: 600, windowMs: minuteMs },
  /** Tokens another program asks for, from one network address. */
  token: { count: 120, windowMs: minuteMs },
  /** Programs that make themselves known, from one network address. */
  register: { count: 10, windowMs: 60 * minuteMs },
  /** Far more than people click: the mail programs of a large provider share addresses. */
  unsubscribe: { count: 600, windowMs: minuteMs },
  /** The audit log and a person's data, written out whole. */
  export: { count: 20, windowMs: 60 * minuteMs },
} as const satisfies Record<string, { count: number; windowMs: number }>;
export type RateLimit = keyof typeof rateLimits;

/**
 * @param who a member, a key, an e-mail address or a network address: kept as a hash, for it is somebody's.
 * @throws 429 `rate_limited` with `Retry-After` in seconds (RFC 9110, 10.2.3).
 */
export async function requireRoom(system: System, limit: RateLimit, who: string): Promise<void> {
  const { db, wallNow } = system;
  const key = `${limit} ${hashSecret(`${system.secret} ${who}`).slice(0, 32)}`;
  const waitMs = await takeRoom(db, key, rateLimits[limit], wallNow());
  if (waitMs === null) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new BadRequest("rate_limited", `That was too often. Try again in ${inWords(seconds)}.`, [], {
    "retry-after": String(seconds),
  });
}

const inWords = (seconds: number): string =>
  seconds < 120 ? `${seconds} second${seconds === 1 ? "" : "s"}` : `${Math.ceil(seconds / 60)} minutes`;

/** The network address a request came from. An IPv6 host has a whole /64 to itself, so that is what counts. */
export function addressOf(request: Request): string {
  const address = request.headers.get("cf-connecting-ip") ?? "unknown";
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter(Boolean).length;
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill("0")];
  return `${all.slice(0, 4).join(":")}::/64`;
}
