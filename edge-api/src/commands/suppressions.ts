/** Never writing to an address or a domain again, from this moment on; and lifting that. */
import type { SuppressionKind } from "@cadenza/shared/vocabulary";
import {
  deleteSuppression,
  insertSuppression,
  listSuppressed,
  loadSuppression,
  type NewSuppression,
  type SuppressionRow,
} from "../db/suppressions.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { SuppressionId } from "../domain/ids.ts";
import { domainOf, normaliseEmail } from "../domain/message.ts";
import type { System } from "../domain/system.ts";
import { erasedKeys } from "./ports.ts";

/** Ends the live enrollments of whoever is meant: the tick cancels them, and authorise refuses meanwhile. */
export async function suppressAddress(
  system: System,
  actor: Actor,
  asked: Omit<NewSuppression, "note"> & { note?: string | null | undefined },
): Promise<SuppressionRow> {
  const suppression = { ...asked, value: normalised(asked.kind, asked.value), note: asked.note || null };
  const people = await peopleAt(system, actor, suppression);
  const erasedKey = erasedKeys(system)(actor.workspaceId, suppression.value);
  const row = await insertSuppression(portOf(system, actor), suppression, people, erasedKey);
  if (people.length) await system.wake({ kind: "tick", shard: system.shard });
  return row;
}

export async function liftSuppression(system: System, actor: Actor, id: SuppressionId): Promise<void> {
  const row = await loadSuppression(system.db, actor.workspaceId, id);
  await deleteSuppression(portOf(system, actor), row, await peopleAt(system, actor, row));
}

/** What an address or a domain is listed under. */
export const listedAs = (system: System, { workspaceId }: Actor, value: string): string[] => {
  const known = normaliseEmail(value) ?? value.toLowerCase();
  return [known, erasedKeys(system)(workspaceId, known)];
};

async function peopleAt(system: System, actor: Actor, meant: { kind: SuppressionKind; value: string }) {
  const ids = await listSuppressed(system.db, actor.workspaceId, meant);
  return ids.map((id) => ({ id, eventId: system.nextEventId() }));
}

/** As addresses are kept, so that the two meet. */
function normalised(kind: SuppressionKind, value: string): string {
  const address = normaliseEmail(kind === "address" ? value : `somebody@${value.replace(/^@/, "")}`);
  if (address) return kind === "address" ? address : domainOf(address);
  const detail = kind === "address" ? "This is no e-mail address." : "Write a domain: example.com.";
  throw new AppError("invalid_request", detail, "/value");
}

const portOf = ({ db, now }: System, { workspaceId, name }: Actor) => ({
  db,
  workspaceId,
  actor: name,
  now: now(),
});
