/** Changing a person: what is named is set, also to nothing; what is not named stays. */
import { isUndone, isUniqueViolation } from "../db/constraints.ts";
import { type ContactWrite, writeContacts } from "../db/contact-writes.ts";
import { type ContactView, loadContact } from "../db/contacts.ts";
import { listErased } from "../db/erased.ts";
import { checkOwned } from "../db/owned.ts";
import { type Reference, referenceProblem } from "../db/references.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { fieldNames, isSame, type Named } from "./contact-merge.ts";
import { erasedText, portOf } from "./contacts.ts";
import { edit } from "./edit.ts";
import { checkedEmail, checkTimeZone, mergedCustom } from "./fields.ts";
import { requireGivable } from "./ownership.ts";
import { erasedKeys } from "./ports.ts";

export type ContactChanges = Named & {
  otherEmails?: string[] | undefined;
  custom?: Record<string, unknown> | undefined;
  references?: Reference[] | undefined;
};

/** `null` and "" blank. */
export async function changeContact(
  system: System,
  actor: Actor,
  id: ContactId,
  changes: ContactChanges,
  ifRev: number | null,
): Promise<ContactView> {
  checkTimeZone(changes.timeZone);
  await checkOwned(system.db, actor.workspaceId, { ownerId: changes.ownerId });
  const addresses = {
    email: changes.email
      ? checkedEmail(changes.email, "/email")
      : changes.email === undefined
        ? undefined
        : null,
    otherEmails: changes.otherEmails?.map((email, i) => checkedEmail(email, `/otherEmails/${i}`)),
  };
  return edit(
    ifRev,
    () => loadContact(system.db, actor.workspaceId, id),
    async (row) => {
      requireGivable(actor, changes.ownerId, row.ownerId);
      const change = changeOf(row, { ...changes, ...addresses });
      if (!change) return true;
      const [landed] = await writeContacts(portOf(system, actor), [change]).catch(async (error) => {
        if (isUndone(error, "contacts")) await refuseErased(system, actor, change.addEmails, addresses.email);
        return refuseTaken(error);
      });
      return landed !== null;
    },
  );
}

/** @returns null when everything named is so already: then nothing is written and nothing happened. */
function changeOf(row: ContactView, changes: ContactChanges): ContactWrite | null {
  mergedCustom(row.custom, changes.custom ?? {});
  const fields = { ...row };
  for (const name of fieldNames) {
    const value = changes[name];
    if (value !== undefined) Object.assign(fields, { [name]: value === "" ? null : value });
  }
  const had = [row.email, ...row.otherEmails].filter((email) => email !== null);
  // Mail from the address they had before is still theirs.
  const others = changes.otherEmails ?? had;
  const has = [...new Set([...(fields.email ? [fields.email] : []), ...others])];
  const references = changes.references ?? row.references;
  const customPatch = Object.fromEntries(
    Object.entries(changes.custom ?? {}).filter(([key, value]) => (row.custom[key] ?? null) !== value),
  );
  const companyName =
    changes.companyName === undefined ? row.company?.name : changes.companyName || undefined;
  const named = [
    ...fieldNames.filter((name) => fields[name] !== row[name]),
    ...(companyName === row.company?.name ? [] : ["company"]),
    ...Object.keys(customPatch).map((key) => `custom.${key}`),
  ];
  const lists = {
    addEmails: has.filter((email) => !had.includes(email)),
    dropEmails: had.filter((email) => !has.includes(email)),
    addReferences: references.filter(
      (reference, i) =>
        !row.references.some(isSame(reference)) && references.findIndex(isSame(reference)) === i,
    ),
    dropReferences: row.references.filter((reference) => !references.some(isSame(reference))),
  };
  if (lists.addEmails.length + lists.dropEmails.length) named.push("addresses");
  if (lists.addReferences.length + lists.dropReferences.length) named.push("references");
  if (!named.length) return null;
  return {
    existing: { id: row.id, rev: row.rev },
    fields,
    company: companyName ? { name: companyName } : null,
    customPatch,
    ...lists,
    event: { type: "contact.updated", data: { fields: named } },
  };
}

async function refuseErased(
  system: System,
  { workspaceId }: Actor,
  emails: string[],
  main: string | null | undefined,
): Promise<void> {
  const asked = emails.map((email) => ({ workspaceId, email }));
  const [gone] = await listErased(system.db, erasedKeys(system), asked);
  if (gone) throw new AppError("suppressed", erasedText, gone.email === main ? "/email" : "/otherEmails");
}

function refuseTaken(error: unknown): never {
  if (isUniqueViolation(error, "contact_addresses")) {
    throw new AppError("address_taken", "One of these addresses belongs to another contact.", "/email");
  }
  throw referenceProblem(error);
}
