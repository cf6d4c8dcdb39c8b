/** A person-level stop until a date, across everything they are enrolled in. */
import type { HoldKind } from "@cadenza/shared/vocabulary";
import { type HoldRow, placeHold, releaseHold } from "../db/holds.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";

/** A hold is a pause, not a suppression: longer than this it is the wrong tool. */
const holdMaxMs = 2 * 366 * 86_400_000;

export async function hold(
  system: System,
  actor: Actor,
  contactId: ContactId,
  asked: { kind: HoldKind; untilAt: number; note: string | null },
): Promise<HoldRow> {
  const now = system.now();
  if (asked.untilAt <= now) throw new AppError("invalid_request", "This instant is over.", "/untilAt");
  if (asked.untilAt > now + holdMaxMs) {
    throw new AppError(
      "invalid_request",
      "A hold lasts two years at most; suppress the address instead.",
      "/untilAt",
    );
  }
  const port = { db: system.db, now, nextEventId: system.nextEventId };
  return placeHold(port, { workspaceId: actor.workspaceId, contactId, ...asked }, actor.name);
}

export async function release(system: System, actor: Actor, contactId: ContactId): Promise<void> {
  const port = { db: system.db, now: system.now(), nextEventId: system.nextEventId };
  await releaseHold(port, { workspaceId: actor.workspaceId, contactId }, actor.name);
}
