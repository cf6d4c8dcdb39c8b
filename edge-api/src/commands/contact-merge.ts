/**
 * What becomes of a person when more is learned about them. Pure: who is who is decided before, what is written
 * follows from the draft. What is empty blanks nothing; what is filled replaces.
 */
import type { ContactKind } from "@cadenza/shared/vocabulary";
import type { ContactFields, ContactWrite } from "../db/contact-writes.ts";
import type { ContactView } from "../db/contacts.ts";
import type { Reference } from "../db/references.ts";
import type { MemberId } from "../domain/ids.ts";

/** A person's fields as a request may name them. */
type TextField = Exclude<keyof ContactFields, "kind" | "ownerId">;
export type Named = { [Field in TextField]?: string | null | undefined } & {
  kind?: ContactKind | undefined;
  ownerId?: MemberId | null | undefined;
  companyName?: string | null | undefined;
};

/** A person as asked for: addresses in their normal form, nothing empty. */
export type Wanted = {
  emails: string[];
  /** Where in the request each address stands. */
  pointers: Map<string, string>;
  references: Reference[];
  fields: Partial<Omit<ContactFields, "email">>;
  companyName: string | null;
  custom: Record<string, unknown>;
};

/** A person as they are to be; several wanted ones of one import may meet in it. */
export type Draft = {
  before: ContactView | null;
  fields: ContactFields;
  companyName: string | null;
  customPatch: Record<string, unknown>;
  addEmails: string[];
  addReferences: Reference[];
  /** What differs from the row, by name. */
  changed: Set<string>;
};

const nobody: ContactFields = {
  kind: "lead",
  email: null,
  firstName: null,
  lastName: null,
  title: null,
  phone: null,
  linkedinUrl: null,
  ownerId: null,
  timeZone: null,
  country: null,
  locale: null,
};

export const fieldNames = Object.keys(nobody) as (keyof ContactFields)[];

export function draftOf(before: ContactView | null): Draft {
  const fields = before
    ? (Object.fromEntries(fieldNames.map((name) => [name, before[name]])) as ContactFields)
    : { ...nobody };
  return {
    before,
    fields,
    companyName: null,
    customPatch: {},
    addEmails: [],
    addReferences: [],
    changed: new Set(),
  };
}

/** @returns whether anything was learned. */
export function learn(draft: Draft, wanted: Wanted): boolean {
  const { before, changed } = draft;
  const sizeBefore = changed.size + draft.addEmails.length + draft.addReferences.length;
  let learned = false;

  for (const [name, value] of Object.entries(wanted.fields) as [keyof ContactFields, never][]) {
    if (draft.fields[name] === value) continue;
    draft.fields[name] = value;
    changed.add(name);
    learned = true;
  }
  const companyName = draft.companyName ?? before?.company?.name ?? null;
  if (wanted.companyName && wanted.companyName !== companyName) {
    draft.companyName = wanted.companyName;
    changed.add("company");
    learned = true;
  }
  const custom = { ...before?.custom, ...draft.customPatch };
  for (const [key, value] of Object.entries(wanted.custom)) {
    if (custom[key] === value) continue;
    draft.customPatch[key] = value;
    changed.add(`custom.${key}`);
    learned = true;
  }
  const [email] = wanted.emails;
  if (email && draft.fields.email === null) {
    draft.fields.email = email;
    changed.add("email");
  }
  draft.addEmails.push(...wanted.emails.filter((address) => !emailsOf(draft).includes(address)));
  draft.addReferences.push(
    ...wanted.references.filter((reference) => !referencesOf(draft).some(isSame(reference))),
  );
  return learned || changed.size + draft.addEmails.length + draft.addReferences.length > sizeBefore;
}

export const emailsOf = ({ before, addEmails }: Draft): string[] => [
  ...(before?.email ? [before.email] : []),
  ...(before?.otherEmails ?? []),
  ...addEmails,
];

const referencesOf = ({ before, addReferences }: Draft): Reference[] => [
  ...(before?.references ?? []),
  ...addReferences,
];

export const isSame =
  (a: Reference) =>
  (b: Reference): boolean =>
    a.system === b.system && a.type === b.type && a.id === b.id;

export function writeOf(draft: Draft): ContactWrite {
  const { before, fields, companyName, customPatch, addEmails, addReferences, changed } = draft;
  const names = [
    ...changed,
    ...(addEmails.length ? ["addresses"] : []),
    ...(addReferences.length ? ["references"] : []),
  ];
  return {
    existing: before && { id: before.id, rev: before.rev },
    fields,
    company: companyName ? { name: companyName } : before?.company ? { id: before.company.id } : null,
    customPatch,
    addEmails,
    dropEmails: [],
    addReferences,
    dropReferences: [],
    event: before
      ? { type: "contact.merged", data: { fields: names } }
      : { type: "contact.created", data: {} },
  };
}
