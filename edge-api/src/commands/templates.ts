/** What a builder asks while a text is being written: what it may read, what is wrong with it, how it reads. */
import { loadMember } from "../db/members.ts";
import { listOwnFields, loadTemplatePeople } from "../db/template-values.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import type { Actor } from "../domain/actor.ts";
import { mergeScope } from "../domain/contact.ts";
import type { ContactId } from "../domain/ids.ts";
import { type MergeField, mergeFieldList, mergeFieldsMax } from "../domain/merge-field-list.ts";
import type { System } from "../domain/system.ts";
import { checkTexts, type Texts } from "../domain/text-check.ts";
import { factsPort } from "./ports.ts";

export async function listMergeFields({ db }: System, actor: Actor): Promise<MergeField[]> {
  const { workspaceId, memberId } = actor;
  const [own, workspace, member] = await Promise.all([
    listOwnFields(db, workspaceId, mergeFieldsMax),
    loadWorkspace(db, workspaceId),
    memberId === null ? null : loadMember(db, workspaceId, memberId),
  ]);
  const sender = member && { "sender.name": member.name, "sender.email": member.email };
  return mergeFieldList(own, { "workspace.name": workspace.name, ...sender });
}

/** As it would read in a mail of whoever asks. */
export async function checkTemplates(
  system: System,
  actor: Actor,
  { contactId, ...texts }: Texts & { contactId?: ContactId },
) {
  if (contactId === undefined) return checkTexts(texts, null);
  const people = await loadTemplatePeople(system.db, actor.workspaceId, contactId, actor.memberId);
  const { contact, workspace } = people;
  const values = {
    ...mergeScope({ ...people, deal: null, mailbox: null }),
    unsubscribe_url: factsPort(system).unsubscribeUrl(contact),
  };
  return checkTexts(texts, { values, at: system.now(), zone: contact.timeZone ?? workspace.timeZone });
}
