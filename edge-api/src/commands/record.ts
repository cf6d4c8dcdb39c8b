/**
 * One record of the host with all that a panel beside it shows first. Read in three rounds at the most: who it is, what
 * is known of them, what the engine knows of their enrollments.
 */
import type { EntityType } from "@cadenza/shared/vocabulary";
import { listTimeline, loadContact } from "../db/contacts.ts";
import { loadDeal } from "../db/deals.ts";
import { loadFacts } from "../db/facts.ts";
import { findHold } from "../db/holds.ts";
import { findPersonAt, listPersonsEnrollments, listPersonsTasks, type RecordRow } from "../db/record.ts";
import { listReferencesById, type ReferenceFit } from "../db/references.ts";
import { listSuppressions } from "../db/suppressions.ts";
import { loadWorkspace } from "../db/workspaces.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import { explain } from "../domain/explain.ts";
import type { Facts } from "../domain/facts.ts";
import type { ContactId, DealId } from "../domain/ids.ts";
import { domainOf, normaliseEmail } from "../domain/message.ts";
import { plan } from "../domain/plan.ts";
import { fittingReferences } from "../domain/reference.ts";
import type { System } from "../domain/system.ts";
import { factsPort } from "./ports.ts";
import { listedAs } from "./suppressions.ts";

export type RecordAsk = {
  entity?: EntityType;
  id?: string;
  system?: string;
  contactId?: ContactId;
  email?: string;
};

const most = { live: 5, ended: 3, touches: 11, tasks: 20, timeline: 20 };

export async function readRecord(system: System, actor: Actor, ask: RecordAsk) {
  const { db } = system;
  const { workspaceId } = actor;
  const now = system.now();
  const { contactId, dealId } = await find(system, actor, ask);
  const [contact, deal, hold, rows, tasks, timeline, workspace] = await Promise.all([
    loadContact(db, workspaceId, contactId),
    dealId === null ? null : loadDeal(db, workspaceId, dealId),
    findHold(db, workspaceId, contactId, now),
    listPersonsEnrollments(db, actor, contactId, most),
    listPersonsTasks(db, actor, contactId, most.tasks),
    listTimeline(db, actor, contactId, { limit: most.timeline }),
    loadWorkspace(db, workspaceId),
  ]);
  const [{ facts }, suppression] = await Promise.all([
    loadFacts(
      factsPort(system),
      rows.map(({ enrollment }) => enrollment),
    ),
    contact.email === null ? null : findSuppression(system, actor, contact.email),
  ]);
  const known = rows.map(({ enrollment }) => facts.get(enrollment.id));
  const running = known.find((each) => each && isLive(each.enrollment));
  return {
    contact,
    zone: running?.zone ?? contact.timeZone ?? workspace.timeZone,
    deal,
    hold,
    suppression,
    enrollments: rows.map((row, place) => ({ ...standing(row), ...outlook(known[place], now) })),
    tasks,
    timeline,
  };
}

async function find(
  { db }: System,
  { workspaceId }: Actor,
  { entity, id, system, contactId, email }: RecordAsk,
): Promise<{ contactId: ContactId; dealId: DealId | null }> {
  if (contactId !== undefined) return { contactId, dealId: null };
  if (email !== undefined) {
    const found = await findPersonAt(db, workspaceId, normaliseEmail(email) ?? email);
    if (found === null) throw new AppError("contact_not_found", "Nobody here has this address.");
    return { contactId: found, dealId: null };
  }
  const named = `${entity} ${id}${system === undefined ? "" : ` in ${system}`}`;
  const asked = { id: id!, system: system ?? null };
  const all = await listReferencesById(db, workspaceId, asked, entity!);
  const [fit, ...others] = fittingReferences(all, entity!);
  if (!fit) throw new AppError("reference_not_found", `Nothing here is known as ${named}.`);
  if (others.length) {
    const hint = system === undefined ? " Say which system's it is." : "";
    throw new AppError("reference_ambiguous", `Several records are known as ${named}.${hint}`);
  }
  return withContact(fit);
}

function withContact({ contactId, dealId }: ReferenceFit): { contactId: ContactId; dealId: DealId | null } {
  if (contactId === null) throw new AppError("contact_not_found", "This deal has no contact.");
  return { contactId, dealId };
}

/** The address's own before its domain's. */
async function findSuppression(system: System, actor: Actor, email: string) {
  const values = [...listedAs(system, actor, email), domainOf(email)];
  const { items } = await listSuppressions(system.db, actor.workspaceId, { limit: values.length, values });
  return items.find(({ kind }) => kind === "address") ?? items[0] ?? null;
}

const isLive = ({ status }: Facts["enrollment"]): boolean => status === "active" || status === "paused";

/** A mail that had to wait tells its reason in place of the enrollment's, as in every list. */
const standing = ({ enrollment, sequenceName, deferReason }: RecordRow) => ({
  ...enrollment,
  sequenceName,
  waitReason: enrollment.waitReason && (deferReason ?? enrollment.waitReason),
});

/** What the engine would do with it; nothing of it where its data cannot be read. */
function outlook(facts: Facts | undefined, now: number) {
  // biome-ignore lint/suspicious/noThenProperty: what comes after `next`; a list is never awaited
  if (!facts) return { ...unreadable, next: null, then: [] };
  const { rule, value, nextLookAt } = explain(facts, now);
  const [next = null, ...then] = isLive(facts.enrollment) ? plan(facts, now, most.touches) : [];
  const steps = facts.version.steps.map(({ id, name, type }) => ({ id, name, type }));
  return { mailboxAddress: facts.mailbox?.address ?? null, steps, rule, value, nextLookAt, next, then };
}

const unreadable = { mailboxAddress: null, steps: [], rule: null, value: null, nextLookAt: null };
