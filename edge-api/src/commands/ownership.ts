/**
 * Whose it is: the one place that says what a member may change, and who owns what they make. What they may see is in
 * db/reach.ts, and asked first: what cannot be seen is not found.
 */
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { MemberId } from "../domain/ids.ts";

/** What nobody owns is everybody's. @throws AppError where it is somebody else's. */
export function requireOwn(actor: Actor, ownerId: MemberId | null, pointer?: string): void {
  if (mayChange(actor, ownerId)) return;
  throw new AppError("not_yours", "This belongs to somebody else. Ask them, or a manager.", pointer);
}

/** The same question for a page that wants to know beforehand; whether their role may change anything is asked apart. */
export const mayChange = (actor: Actor, ownerId: MemberId | null): boolean =>
  ownerId === null || isOwn(actor, ownerId);

/** A mailbox nobody owns is sent from by everybody: a manager alone decides where its mail goes through. */
export function requireOwnMailbox(actor: Actor, ownerId: MemberId | null): void {
  if (ownerId === null && actor.reach !== "all") {
    throw new AppError("not_yours", "This mailbox is everybody's. Ask a manager to change it.");
  }
  requireOwn(actor, ownerId);
}

/** Whoever makes it, where nobody is named; null for a key that names nobody. */
export function ownerOfNew(actor: Actor, asked: MemberId | null | undefined): MemberId | null {
  requireGivable(actor, asked);
  return asked === undefined ? actor.memberId : asked;
}

/** Managers give to anybody; others take, keep or let go. @throws AppError where they give it to somebody else. */
export function requireGivable(
  actor: Actor,
  to: MemberId | null | undefined,
  before: MemberId | null = null,
): void {
  if (!isGivable(actor, to, before)) throw new AppError("not_yours", notGivable, "/ownerId");
}

export const isGivable = (actor: Actor, to: MemberId | null | undefined, before: MemberId | null): boolean =>
  to === undefined || to === null || to === before || isOwn(actor, to);

export const notGivable = "Only a manager may give something to somebody else.";

const isOwn = ({ reach, memberId }: Actor, ownerId: MemberId): boolean =>
  reach === "all" || (reach === "own" && ownerId === memberId);
