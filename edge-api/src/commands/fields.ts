/** Checks that several nouns' fields share: addresses in their normal form, real time zones, custom fields. */
import { customKeysMax } from "@cadenza/shared/vocabulary";
import { AppError } from "../domain/errors.ts";
import { normaliseEmail } from "../domain/message.ts";
import { isTimeZone } from "../domain/schedule.ts";

export function checkedEmail(address: string, pointer: string): string {
  const email = normaliseEmail(address);
  if (!email) throw new AppError("invalid_request", "Mail cannot be sent to this address.", pointer);
  return email;
}

export function checkTimeZone(zone: string | null | undefined, pointer = "/timeZone"): void {
  if (zone && !isTimeZone(zone)) {
    throw new AppError("invalid_request", "Write an IANA time zone: Europe/Lisbon.", pointer);
  }
}

/** A change to custom fields: what is named replaces, null takes away, the rest stays. */
export function mergedCustom(
  before: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  const kept = Object.entries({ ...before, ...change }).filter(([, value]) => value !== null);
  if (kept.length > customKeysMax) {
    throw new AppError(
      "invalid_request",
      `A record holds at most ${customKeysMax} custom fields.`,
      "/custom",
    );
  }
  return Object.fromEntries(kept);
}
