/** Erasing a person for good: only the hash of their address is kept, so that nobody writes to them again. */
import { eraseRows, findErasable } from "../db/erasure.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId, EnrollmentId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { unsubscribeToken } from "../domain/unsubscribe.ts";
import { erasedKeys } from "./ports.ts";

const eraseTries = 10;

/**
 * All of it or nothing; who is erased already is erased again, which changes nothing.
 *
 * @param publicIds as the API writes them: by these an answer that is kept for a while is known to be about the person.
 */
export async function eraseContact(
  system: System,
  actor: Actor,
  contactId: ContactId,
  publicIds: { contact(id: ContactId): string; enrollment(id: EnrollmentId): string },
): Promise<void> {
  const { db, nextEventId, shard, secret } = system;
  const { workspaceId } = actor;
  const keyOf = erasedKeys(system);
  for (let attempt = 0; attempt < eraseTries; attempt++) {
    const found = await findErasable(db, workspaceId, contactId);
    if (!found) throw new AppError("contact_not_found", "There is no such contact in this workspace.");
    const { rev, addresses, enrollments } = found;
    const erased = await eraseRows(
      { db, now: system.now(), nextEventId },
      {
        workspaceId,
        contactId,
        rev,
        live: enrollments.flatMap(({ id, live }) => (live ? [id] : [])),
        addresses,
        keys: addresses.map((email) => keyOf(workspaceId, email)),
        marks: [
          publicIds.contact(contactId),
          unsubscribeToken({ shard, contactId }, secret),
          ...enrollments.map(({ id }) => publicIds.enrollment(id)),
          ...addresses,
        ],
        actor: actor.name,
      },
    );
    if (erased) return;
  }
  throw new AppError("busy", "Somebody else keeps changing this contact. Try again.");
}
