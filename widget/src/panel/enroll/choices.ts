/** What is chosen for an enrollment besides the sequence: which mailbox it goes from, and from when on. Pure. */
import type { AnswerOf } from "@cadenza/shared/client";
import type { PanelRecord } from "../headline.ts";
import { instantOf } from "../wall-time.ts";

export type PanelSequence = AnswerOf<"sequences.list">["items"][number];
type Mailbox = Pick<AnswerOf<"mailboxes.list">["items"][number], "id" | "ownerId" | "disabledAt">;

/** @returns those that can send. */
export const usable = <One extends Mailbox>(mailboxes: readonly One[]): One[] =>
  mailboxes.filter(({ disabledAt }) => disabledAt === null);

/**
 * The one it goes from unless somebody chooses: the sequence's, else one's own, else nobody's, the oldest first. The
 * list is newest first.
 * @returns `""` for the sequence's own where it is not among those one may choose.
 */
export function mailboxOf(
  { mailboxId }: Pick<PanelSequence, "mailboxId">,
  mailboxes: readonly Mailbox[],
  memberId: string | null,
): string | null {
  const open = usable(mailboxes).reverse();
  if (mailboxId) {
    const known = mailboxes.find(({ id }) => id === mailboxId);
    if (!known) return "";
    if (known.disabledAt === null) return mailboxId;
  }
  const own = open.find(({ ownerId }) => memberId !== null && ownerId === memberId);
  return (own ?? open.find(({ ownerId }) => ownerId === null) ?? open[0])?.id ?? null;
}

/** @returns when it starts: null as soon as possible; or why that cannot be. */
export function startOf(
  { isNow, wallTime }: { isNow: boolean; wallTime: string },
  now: number,
  zone: string,
): number | null | "no_date" | "over" {
  if (isNow) return null;
  const at = instantOf(wallTime, zone);
  if (at === null) return "no_date";
  return at <= now ? "over" : at;
}

/** Whoever is in this sequence already, or may not be written to, is told before they press anything. */
export function foreseenRefusal(
  { contact, suppression, hold, enrollments }: PanelRecord,
  sequenceId: string,
  { writesMail, canSend }: { writesMail: boolean; canSend: boolean },
) {
  if (!canSend) return "no_mailbox";
  if (writesMail && !contact.email) return "no_email";
  if (contact.email && suppression) return "suppressed";
  if (hold) return "on_hold";
  const here = enrollments.filter((one) => one.sequenceId === sequenceId);
  if (here.some(({ endedAt }) => endedAt === null)) return "already_enrolled";
  // Whom a person took out, or a bounce, may be enrolled as if they had never been in it.
  const begun = here.find(({ reason }) => !/^(manual|bounced|sequence_archived)$/.test(reason ?? ""));
  return begun ? "enrolled_before" : null;
}
