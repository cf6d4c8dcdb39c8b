/** Who is meant by an enroll request: a contact, a deal's contact, a host system's record, or a person to create. */
import type { EnrollRefusal, EntityType } from "@cadenza/shared/vocabulary";
import { loadDealContact } from "../db/deals.ts";
import { loadEnrollment } from "../db/enrollments.ts";
import { loadReferenced, type Reference } from "../db/references.ts";
import type { Actor } from "../domain/actor.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId, DealId, EnrollmentId, SequenceId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { type ContactInput, createContact } from "./contacts.ts";
import { type EnrollOptions, type EnrollTarget, enroll } from "./enrollments.ts";

export type Who = {
  contactId?: ContactId | undefined;
  dealId?: DealId | undefined;
  reference?: (Reference & { entity?: EntityType | undefined }) | undefined;
  person?: ContactInput | undefined;
};

/** @throws AppError whose code is the one reason that stands in the way. */
export async function enrollOne(
  system: System,
  actor: Actor,
  sequenceId: SequenceId,
  asked: Who & EnrollOptions,
): Promise<Enrollment> {
  const target = await targetOf(system, actor, asked, "");
  const [result] = await enroll(system, actor, sequenceId, [target], asked);
  if (!result?.ok) throw new AppError(result!.reason, result!.detail);
  return loadEnrollment(system.db, actor.workspaceId, result.enrollmentId);
}

export type EnrollItem = {
  outcome: "enrolled" | "refused";
  enrollmentId: EnrollmentId | null;
  contactId: ContactId | null;
  code: string | null;
  detail: string | null;
  pointer: string | null;
};

type Checked = { ok: true; value: Who } | { ok: false; errors: { pointer: string; detail: string }[] };

/** Each item is answered by itself, in the order given: one that cannot be read or enrolled stops no other. */
export async function enrollMany(
  system: System,
  actor: Actor,
  sequenceId: SequenceId,
  items: Checked[],
  options: EnrollOptions,
): Promise<EnrollItem[]> {
  const answers = new Map<number, EnrollItem>();
  const targets: { index: number; target: EnrollTarget }[] = [];
  for (const [index, item] of items.entries()) {
    if (!item.ok) {
      const [first] = item.errors;
      answers.set(
        index,
        refused("invalid_request", first?.detail ?? "It cannot be read.", first?.pointer ?? null),
      );
      continue;
    }
    try {
      targets.push({ index, target: await targetOf(system, actor, item.value, `/items/${index}`) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      answers.set(index, refused(error.code, error.message, error.pointer ?? `/items/${index}`));
    }
  }
  const found = await existing(system, actor, targets, answers);
  const results = await enroll(
    system,
    actor,
    sequenceId,
    found.map(({ target }) => target),
    options,
  );
  results.forEach((result, place) => {
    const { index } = found[place]!;
    answers.set(
      index,
      result.ok
        ? {
            outcome: "enrolled",
            enrollmentId: result.enrollmentId,
            contactId: result.contactId,
            code: null,
            detail: null,
            pointer: null,
          }
        : { ...refused(result.reason, result.detail, `/items/${index}`), contactId: result.contactId },
    );
  });
  return items.map((_, index) => answers.get(index)!);
}

/** Contacts named by id are looked up together; one that is not there is answered by itself. */
async function existing(
  system: System,
  actor: Actor,
  targets: { index: number; target: EnrollTarget }[],
  answers: Map<number, EnrollItem>,
) {
  const ids = JSON.stringify(targets.map(({ target }) => target.contactId));
  const { results } = await system.db
    .prepare(`SELECT id FROM contacts WHERE workspace_id = ?1 AND id IN (SELECT value FROM json_each(?2))`)
    .bind(actor.workspaceId, ids)
    .all<{ id: ContactId }>();
  const known = new Set(results.map(({ id }) => id));
  return targets.filter(({ index, target }) => {
    if (known.has(target.contactId)) return true;
    answers.set(
      index,
      refused(
        "contact_not_found",
        "There is no such contact in this workspace.",
        `/items/${index}/contactId`,
      ),
    );
    return false;
  });
}

const refused = (code: EnrollRefusal | string, detail: string, pointer: string | null): EnrollItem => ({
  outcome: "refused",
  enrollmentId: null,
  contactId: null,
  code,
  detail,
  pointer,
});

async function targetOf(system: System, actor: Actor, who: Who, at: string): Promise<EnrollTarget> {
  const { db } = system;
  if (who.contactId !== undefined) return { contactId: who.contactId, dealId: null };
  if (who.dealId !== undefined) return dealTarget(system, actor, who.dealId, `${at}/dealId`);
  if (who.person) {
    const { contact } = await createContact(system, actor, who.person);
    return { contactId: contact.id, dealId: null };
  }
  const { entity, entityId } = await loadReferenced(db, actor.workspaceId, who.reference!);
  const wanted = who.reference!.entity;
  const isDeal = entity === "deal";
  if (entity === "company" || (wanted && (wanted === "deal") !== isDeal)) {
    const noun = entity === "company" ? "a company" : isDeal ? "a deal" : "a person";
    throw new AppError(
      "reference_not_found",
      `This reference names ${noun}, not a ${wanted ?? "person or deal"}.`,
      `${at}/reference`,
    );
  }
  return isDeal
    ? dealTarget(system, actor, entityId as DealId, `${at}/reference`)
    : { contactId: entityId as ContactId, dealId: null };
}

async function dealTarget(
  system: System,
  actor: Actor,
  dealId: DealId,
  pointer: string,
): Promise<EnrollTarget> {
  const contactId = await loadDealContact(system.db, actor.workspaceId, dealId);
  if (contactId === null)
    throw new AppError("contact_not_found", "This deal has no contact to enroll.", pointer);
  return { contactId, dealId };
}
