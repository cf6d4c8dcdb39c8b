/** Everything held about one person, for themselves: read, and the mails rendered once more as they were sent. */
import { loadCompany } from "../db/companies.ts";
import { listTimeline, loadContact } from "../db/contacts.ts";
import { listDeals } from "../db/deals.ts";
import { listEnrollments } from "../db/enrollments.ts";
import { loadVersions } from "../db/facts.ts";
import { findHold } from "../db/holds.ts";
import {
  listNoticesAbout,
  listReceived,
  listSendsTo,
  listSuppressionsOf,
  listTasksAbout,
} from "../db/person-data.ts";
import type { SendRow } from "../db/sends.ts";
import type { Actor } from "../domain/actor.ts";
import type { ContactId } from "../domain/ids.ts";
import { domainOf, draftTemplate, type MessageSnapshot, renderMessage } from "../domain/message.ts";
import { type SequenceVersion, stepAt } from "../domain/sequence.ts";
import type { System } from "../domain/system.ts";

const rowsMax = 1_000;
const eventsMax = 5_000;

export async function exportContact(system: System, actor: Actor, contactId: ContactId) {
  const { db } = system;
  const { workspaceId } = actor;
  const person = { workspaceId, contactId };
  const contact = await loadContact(db, workspaceId, contactId);
  const emails = [...new Set([contact.email, ...contact.otherEmails])].filter((email) => email !== null);
  const deals = await listDeals(db, workspaceId, { contactId, limit: rowsMax });
  const events = await listTimeline(db, actor, contactId, { limit: eventsMax });
  const lists = {
    enrollments: await listEnrollments(db, actor, { contactId, limit: rowsMax + 1 }),
    sends: await listSendsTo(db, person, rowsMax),
    tasks: await listTasksAbout(db, person, rowsMax),
    received: await listReceived(db, person, rowsMax),
    notices: await listNoticesAbout(db, person, rowsMax),
  };
  const names = Object.keys(lists) as (keyof typeof lists)[];
  const sends = lists.sends.slice(0, rowsMax);
  const versions = await loadVersions(
    db,
    sends.map(({ versionId }) => versionId),
  );
  return {
    exportedAt: system.now(),
    contact,
    company: contact.company && (await loadCompany(db, workspaceId, contact.company.id)),
    deals: deals.items,
    enrollments: lists.enrollments.slice(0, rowsMax),
    sends: sends.map((row) => ({ row, ...contentOf(row, versions.get(row.versionId)) })),
    tasks: lists.tasks.slice(0, rowsMax),
    hold: await findHold(db, workspaceId, contactId, system.now()),
    suppressions: await listSuppressionsOf(db, workspaceId, [...emails, ...emails.map(domainOf)]),
    received: lists.received.slice(0, rowsMax),
    notices: lists.notices.slice(0, rowsMax),
    events: events.items,
    truncated: [
      ...(deals.nextCursor ? ["deals" as const] : []),
      ...names.filter((name) => lists[name].length > rowsMax),
      ...(events.nextCursor ? ["events" as const] : []),
    ],
  };
}

/** From the version and what was fixed beside the send, which render the same again. */
function contentOf(
  row: SendRow,
  version: SequenceVersion | undefined,
): { subject: string | null; text: string | null } {
  try {
    const snapshot = row.snapshot as unknown as MessageSnapshot;
    const template = "draft" in snapshot.values ? draftTemplate : version && stepAt(version, row.stepId);
    const rendered = template && "body" in template ? renderMessage(template, snapshot) : null;
    if (rendered?.ok) return { subject: rendered.content.subject, text: rendered.content.text };
  } catch {
    // One that cannot be read must not keep the rest from the person whose it is.
  }
  return { subject: null, text: null };
}
