/**
 * People: created or merged, one by one or by the hundred. Two requests that mean the same new person at
 * the same moment end up with one: the address's primary key decides, and the loser decides again.
 */

import type { ProblemCode } from "@cadenza/shared/problem";
import { customKeysMax } from "@cadenza/shared/vocabulary";
import { isUndone, isUniqueViolation } from "../db/constraints.ts";
import { type WritePort, writeContacts } from "../db/contact-writes.ts";
import { type ContactView, listKnownMembers, listMatches, loadContact } from "../db/contacts.ts";
import type { Reference } from "../db/references.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId, MemberId } from "../domain/ids.ts";
import { normaliseEmail } from "../domain/message.ts";
import { isTimeZone } from "../domain/schedule.ts";
import type { System } from "../domain/system.ts";
import {
  type Draft,
  draftOf,
  emailsOf,
  fieldNames,
  isSame,
  learn,
  type Named,
  type Wanted,
  writeOf,
} from "./contact-merge.ts";
import { isGivable, notGivable } from "./ownership.ts";
import { erasedKeys } from "./ports.ts";

export type ContactInput = Named & {
  otherEmails: string[];
  custom: Record<string, unknown>;
  references: Reference[];
};

export type SavedContact =
  | { outcome: "created" | "merged" | "unchanged"; id: ContactId }
  | { outcome: "refused"; code: ProblemCode; pointer: string; detail: string };

/** How many people one round works on: bounds what it reads, and one statement's parameter. */
const roundSize = 100;
/** Each lost race means that another write landed, so this many at once for one person all get through. */
const saveTries = 25;

/** Creates or merges one person. @throws AppError saying why not. */
export async function createContact(
  system: System,
  actor: Actor,
  input: ContactInput,
): Promise<{ outcome: "created" | "merged" | "unchanged"; contact: ContactView }> {
  const [saved] = await createContacts(system, actor, [input]);
  if (saved!.outcome === "refused") throw new AppError(saved!.code, saved!.detail, saved!.pointer);
  return { outcome: saved!.outcome, contact: await loadContact(system.db, actor.workspaceId, saved!.id) };
}

/** Creates or merges each, in order; whoever comes twice in the list meets themselves. */
export async function createContacts(
  system: System,
  actor: Actor,
  inputs: ContactInput[],
): Promise<SavedContact[]> {
  const saved: SavedContact[] = [];
  for (let from = 0; from < inputs.length; from += roundSize) {
    saved.push(...(await saveRound(system, actor, inputs.slice(from, from + roundSize))));
  }
  return saved;
}

async function saveRound(system: System, actor: Actor, inputs: ContactInput[]): Promise<SavedContact[]> {
  const owners = inputs.flatMap(({ ownerId }) => ownerId ?? []);
  const members = await listKnownMembers(system.db, actor.workspaceId, owners);
  const wanted = inputs.map((input) => wantedOf(input, members));
  const saved: (SavedContact | null)[] = wanted.map((want) =>
    "code" in want ? { outcome: "refused", ...want } : null,
  );
  for (let attempt = 0; attempt < saveTries && saved.includes(null); attempt++) {
    const open = wanted.flatMap((want, at) =>
      saved[at] === null && !("code" in want) ? [{ want, at }] : [],
    );
    for (const [at, result] of await saveOnce(system, actor, open)) saved[at] = result;
  }
  return saved.map((result) => result ?? { outcome: "refused", ...busy });
}

const busy = {
  code: "busy" as const,
  pointer: "",
  detail: "Somebody else keeps changing this contact. Try again.",
};

/** One try: whose row was written by somebody else meanwhile is left out of the answer, and tried again. */
async function saveOnce(
  system: System,
  actor: Actor,
  open: { want: Wanted; at: number }[],
): Promise<Map<number, SavedContact>> {
  const keys = {
    emails: open.flatMap(({ want }) => want.emails),
    references: open.flatMap(({ want }) => want.references),
  };
  const matches = await listMatches(system.db, actor.workspaceId, keys, erasedKeys(system));
  const drafts = matches.contacts.map(draftOf);
  const decided = open.map(({ want, at }) => ({ at, ...decide(actor, want, drafts, matches) }));
  const dirty = drafts.filter(
    (draft) => draft.changed.size + draft.addEmails.length + draft.addReferences.length > 0 || !draft.before,
  );
  const ids = await write(system, actor, dirty);
  if (!ids) return new Map();
  const idOf = new Map(dirty.map((draft, i) => [draft, ids[i]]));
  return new Map(
    decided.flatMap(({ at, draft, outcome, refusal }): [number, SavedContact][] => {
      if (refusal) return [[at, { outcome: "refused", ...refusal }]];
      const id = idOf.has(draft!) ? idOf.get(draft!) : draft!.before!.id;
      return id ? [[at, { outcome: outcome!, id }]] : [];
    }),
  );
}

/** @returns null when an address or a reference went to somebody else since it was looked up, or was erased. */
async function write(system: System, actor: Actor, drafts: Draft[]): Promise<(ContactId | null)[] | null> {
  if (!drafts.length) return [];
  try {
    return await writeContacts(portOf(system, actor), drafts.map(writeOf));
  } catch (error) {
    const isTaken = ["contact_addresses", "external_references"].some((table) =>
      isUniqueViolation(error, table),
    );
    if (isTaken || isUndone(error, "contacts")) return null;
    throw error;
  }
}

export const portOf = (system: System, actor: Actor): WritePort => ({
  db: system.db,
  workspaceId: actor.workspaceId,
  actor: actor.name,
  now: system.now(),
  nextEventId: system.nextEventId,
  erasedKeyOf: erasedKeys(system),
});

type Refused = { code: ProblemCode; pointer: string; detail: string };
type Decided = {
  draft?: Draft;
  outcome?: "created" | "merged" | "unchanged";
  refusal?: Refused;
};

function decide(
  actor: Actor,
  want: Wanted,
  drafts: Draft[],
  { taken, erased }: { taken: Reference[]; erased: Set<string> },
): Decided {
  const gone = want.emails.find((email) => erased.has(email));
  if (gone !== undefined) {
    return { refusal: { code: "suppressed", pointer: want.pointers.get(gone)!, detail: erasedText } };
  }
  const foreign = want.references.findIndex((reference) => taken.some(isSame(reference)));
  if (foreign >= 0) {
    const detail = "This reference belongs to a company or a deal.";
    return { refusal: { code: "reference_taken", pointer: `/references/${foreign}`, detail } };
  }
  const matching = drafts.filter((draft) => isMeant(draft, want));
  if (matching.length > 1) {
    const detail = "These addresses and references belong to different contacts.";
    return { refusal: { code: "contact_ambiguous", pointer: "", detail } };
  }
  const [known] = matching;
  if (!isGivable(actor, want.fields.ownerId, known?.fields.ownerId ?? null)) {
    return { refusal: { code: "not_yours", pointer: "/ownerId", detail: notGivable } };
  }
  const custom = { ...known?.before?.custom, ...known?.customPatch, ...want.custom };
  if (Object.keys(custom).length > customKeysMax) {
    const detail = `With what is there already, this is more than ${customKeysMax} custom fields.`;
    return { refusal: { code: "invalid_request", pointer: "/custom", detail } };
  }
  if (known) return { draft: known, outcome: learn(known, want) ? "merged" : "unchanged" };
  const draft = draftOf(null);
  learn(draft, want);
  draft.fields.ownerId ??= actor.memberId;
  drafts.push(draft);
  return { draft, outcome: "created" };
}

/** It would bring back, unnoticed, whom somebody was promised to forget. */
export const erasedText =
  "The person with this address was erased and is not taken in again. Lift the suppression of the address first.";

const isMeant = (draft: Draft, { emails, references }: Wanted): boolean =>
  emailsOf(draft).some((email) => emails.includes(email)) ||
  [...(draft.before?.references ?? []), ...draft.addReferences].some((reference) =>
    references.some(isSame(reference)),
  );

function wantedOf(input: ContactInput, members: Set<MemberId>): Wanted | Refused {
  const pointers = new Map<string, string>();
  const given = [
    ...(input.email ? [{ address: input.email, pointer: "/email" }] : []),
    ...input.otherEmails.map((address, i) => ({ address, pointer: `/otherEmails/${i}` })),
  ];
  const invalid = (pointer: string, detail: string): Refused => ({
    code: "invalid_request",
    pointer,
    detail,
  });
  for (const { address, pointer } of given) {
    const email = normaliseEmail(address);
    if (!email) return invalid(pointer, "Mail cannot be sent to this address.");
    if (!pointers.has(email)) pointers.set(email, pointer);
  }
  const emails = [...pointers.keys()];
  if (input.timeZone && !isTimeZone(input.timeZone)) {
    return invalid("/timeZone", "Write an IANA time zone: Europe/Lisbon.");
  }
  if (input.ownerId && !members.has(input.ownerId)) {
    return {
      code: "member_not_found",
      pointer: "/ownerId",
      detail: "There is no such member in this workspace.",
    };
  }
  const fields = filled(
    Object.fromEntries(fieldNames.filter((name) => name !== "email").map((name) => [name, input[name]])),
  );
  const named = fields.firstName || fields.lastName || fields.phone || fields.linkedinUrl;
  if (!emails.length && !input.references.length && !named) {
    return invalid(
      "",
      "Say at least an address, a name, a phone number, a profile or an external reference.",
    );
  }
  const references = input.references.filter((reference, i, all) => all.findIndex(isSame(reference)) === i);
  return {
    emails,
    pointers,
    references,
    fields,
    companyName: input.companyName || null,
    custom: filled(input.custom),
  };
}

/** Only what says something. */
const filled = <Fields extends Record<string, unknown>>(fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  ) as Fields;
