/**
 * Who may not be enrolled and why, the gravest reason first; and what whoever enrolls should know of those who may. A
 * person who is to be created on the way is asked about before anything of them is written: a refusal changes nothing.
 */
import type { EnrollRefusal, EnrollWarning, StatusReason } from "@cadenza/shared/vocabulary";
import { listMatches } from "../db/contacts.ts";
import { listAddressFacts, listCandidates } from "../db/enroll-candidates.ts";
import type { EnrollPlan } from "../db/enroll-plan.ts";
import type { Actor } from "../domain/actor.ts";
import type { ContactId } from "../domain/ids.ts";
import { domainOf, normaliseEmail } from "../domain/message.ts";
import { isRoleAddress } from "../domain/role-address.ts";
import type { System } from "../domain/system.ts";
import { isSame } from "./contact-merge.ts";
import type { ContactInput } from "./contacts.ts";
import { erasedKeys } from "./ports.ts";

export type Candidate = Awaited<ReturnType<typeof listCandidates>>[number];
export type Stop = { reason: EnrollRefusal; detail: string };
export type Warning = { code: EnrollWarning; detail: string };

export const alreadyEnrolled: Stop = {
  reason: "already_enrolled",
  detail: "This person is already in this sequence.",
};

/** What keeps everybody out of the sequence. */
export function refusalOf(plan: EnrollPlan): Stop | null {
  if (plan.status === "archived")
    return { reason: "sequence_archived", detail: "This sequence is archived." };
  if (!plan.version) return { reason: "not_published", detail: "This sequence was never published." };
  if (plan.sendsMail && !plan.mailboxId) {
    return { reason: "no_mailbox", detail: "There is no mailbox this sequence could send from." };
  }
  if (plan.sendsMail && plan.mailboxDisabled) {
    return { reason: "no_mailbox", detail: "The mailbox this sequence sends from is disabled." };
  }
  return null;
}

export function guardOf(
  candidate: Pick<Candidate, "email" | "suppressedBy" | "isOwn" | "holdUntil" | "liveId" | "before">,
  plan: EnrollPlan,
  { again }: { again?: boolean },
): Stop | null {
  const { email, suppressedBy, isOwn, holdUntil, liveId, before } = candidate;
  if (plan.writesMail && !email) {
    return { reason: "no_email", detail: "This person has no email address and the sequence writes mails." };
  }
  if (email && !normaliseEmail(email)) {
    return { reason: "invalid_email", detail: `${email} is not an address mail can be sent to.` };
  }
  if (email && suppressedBy) return { reason: "suppressed", detail: suppressedText(email, suppressedBy) };
  if (isOwn) {
    return { reason: "own_address", detail: `${email} is a mailbox of this workspace, not a person to win.` };
  }
  if (holdUntil !== null) {
    return {
      reason: "on_hold",
      detail: `This person is on hold until ${new Date(holdUntil).toISOString()}.`,
    };
  }
  if (liveId !== null) return alreadyEnrolled;
  if (!before || again) return null;
  const day = new Date(before.endedAt).toISOString().slice(0, 10);
  return {
    reason: "enrolled_before",
    detail: `This person was in this sequence until ${day}: ${endText(before.reason)}. Say "again": true to begin anew with them.`,
  };
}

export const suppressedText = (email: string, suppressedBy: string): string =>
  suppressedBy === email
    ? `${email} is on the suppression list.`
    : `${email} is not written to: its whole domain ${domainOf(email)} is on the suppression list.`;

function endText(reason: StatusReason): string {
  switch (reason) {
    case "all_steps_done":
      return "they got all of it";
    case "replied":
      return "they answered";
    case "opted_out":
      return "they asked to be left alone";
    default:
      return reason.replaceAll("_", " ");
  }
}

/** Nothing is refused for these. */
export function warningsOf({ email, alsoIn }: Pick<Candidate, "email" | "alsoIn">): Warning[] {
  const warnings: Warning[] = [];
  if (alsoIn.length) {
    const named = alsoIn.filter((name) => name !== null).map((name) => `"${name}"`);
    const hidden = alsoIn.length - named.length;
    const more = hidden ? [hidden === 1 ? "a private sequence" : `${hidden} private sequences`] : [];
    const all = [...named, ...more].join(", ");
    warnings.push({ code: "also_in", detail: `This person is also in ${all}.` });
  }
  if (email && isRoleAddress(email)) {
    const detail = `${email} looks like the address of a machine or a department, not of a person.`;
    warnings.push({ code: "role_address", detail });
  }
  return warnings;
}

/** What keeps each of these people out, were they created or merged as asked; null where nothing does. */
export async function guardPeople(
  system: System,
  actor: Actor,
  plan: EnrollPlan,
  people: ContactInput[],
  options: { again?: boolean },
): Promise<(({ contactId: ContactId | null } & Stop) | null)[]> {
  if (!people.length) return [];
  const { db } = system;
  const wanted = people.map(({ email, otherEmails, references }) => ({
    emails: [email, ...otherEmails].flatMap((address) => (address && normaliseEmail(address)) || []),
    references,
    unreadable: Boolean(email && !normaliseEmail(email)),
  }));
  const keys = {
    emails: wanted.flatMap(({ emails }) => emails),
    references: wanted.flatMap(({ references }) => references),
  };
  const { contacts } = await listMatches(db, actor.workspaceId, keys, erasedKeys(system));
  const ids = contacts.map(({ id }) => id);
  const candidates = ids.length ? await listCandidates(db, actor, ids, plan.sequenceId, system.now()) : [];
  const first = wanted.flatMap(({ emails }) => emails[0] ?? []);
  const addresses = await listAddressFacts(db, actor.workspaceId, first);
  return wanted.map(({ emails, references, unreadable }) => {
    const known = contacts.filter(
      (contact) =>
        emails.some((email) => contact.email === email || contact.otherEmails.includes(email)) ||
        contact.references.some((reference) => references.some(isSame(reference))),
    );
    // Several people, or an address that cannot be read: saving them says what is wrong.
    if (known.length > 1 || unreadable) return null;
    const candidate = candidates.find(({ id }) => id === known[0]?.id) ?? nobody;
    const email = emails[0] ?? null;
    const asked =
      candidate.email === null ? { ...candidate, email, ...addresses.get(email ?? "") } : candidate;
    const stop = guardOf(asked, plan, options);
    return stop && { contactId: known[0]?.id ?? null, ...stop };
  });
}

const nobody = {
  email: null,
  suppressedBy: null,
  isOwn: 0,
  holdUntil: null,
  liveId: null,
  before: null,
} as const;
