/** Who is meant by an enroll request: a contact, a deal's contact, a host system's record, or a person to create. */
import type { EntityType } from "@cadenza/shared/vocabulary";
import { listKnownContacts } from "../db/contacts.ts";
import { listDealContacts } from "../db/deals.ts";
import { loadEnrollment } from "../db/enrollments.ts";
import { listReferenced, type Reference, type ReferencedEntity, referenceKey } from "../db/references.ts";
import type { Actor } from "../domain/actor.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId, DealId, EnrollmentId, SequenceId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { type ContactInput, createContacts } from "./contacts.ts";
import { type EnrollOptions, type EnrollTarget, enrollBy, prepareEnroll } from "./enrollments.ts";

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
  const { plan, refused: refusal } = await prepareEnroll(system, actor, sequenceId, asked);
  if (refusal) throw new AppError(refusal.reason, refusal.detail);
  const [found] = await findTargets(system, actor, [{ who: asked, at: "" }]);
  if (!found!.ok) throw new AppError(found!.code, found!.detail, found!.pointer);
  const [result] = await enrollBy(system, actor, plan, [found!.target], asked);
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
  const { plan, refused: refusal } = await prepareEnroll(system, actor, sequenceId, options);
  const answers = new Map<number, EnrollItem>();
  const asked = items.flatMap((item, index) => {
    const at = `/items/${index}`;
    if (item.ok && !refusal) return [{ index, who: item.value, at }];
    const [error] = item.ok ? [] : item.errors;
    const { reason: code, detail } = refusal ?? { reason: "invalid_request", detail: error!.detail };
    answers.set(index, refused(code, detail, error?.pointer ?? at));
    return [];
  });
  const targets = (await findTargets(system, actor, asked)).flatMap((found, place) => {
    const { index } = asked[place]!;
    if (found.ok) return [{ index, target: found.target }];
    answers.set(index, refused(found.code, found.detail, found.pointer));
    return [];
  });
  const results = await enrollBy(
    system,
    actor,
    plan,
    targets.map(({ target }) => target),
    options,
  );
  results.forEach((result, place) => {
    const { index } = targets[place]!;
    const { contactId } = result;
    answers.set(
      index,
      result.ok
        ? {
            outcome: "enrolled",
            enrollmentId: result.enrollmentId,
            contactId,
            code: null,
            detail: null,
            pointer: null,
          }
        : { ...refused(result.reason, result.detail, `/items/${index}`), contactId },
    );
  });
  return items.map((_, index) => answers.get(index)!);
}

const refused = (code: string, detail: string, pointer: string): EnrollItem => ({
  outcome: "refused",
  enrollmentId: null,
  contactId: null,
  code,
  detail,
  pointer,
});

type Found =
  | { ok: true; target: EnrollTarget }
  | { ok: false; code: AppError["code"]; detail: string; pointer: string };

/** Looked up all together: one request of a Worker has a thousand queries, and a batch a thousand people. */
async function findTargets(
  system: System,
  actor: Actor,
  asked: { who: Who; at: string }[],
): Promise<Found[]> {
  const { db } = system;
  const { workspaceId } = actor;
  const all = <Value>(of: (who: Who) => Value | undefined) => asked.flatMap(({ who }) => of(who) ?? []);
  // People first: a reference in the same request may be one of theirs.
  const saved = (
    await createContacts(
      system,
      actor,
      all(({ person }) => person),
    )
  ).values();
  const records = await listReferenced(
    db,
    workspaceId,
    all(({ reference }) => reference),
  );
  const known = await listKnownContacts(
    db,
    workspaceId,
    all(({ contactId }) => contactId),
  );
  const dealIds = all(({ dealId }) => dealId);
  for (const { entity, entityId } of records.values())
    if (entity === "deal") dealIds.push(entityId as DealId);
  const dealContacts = await listDealContacts(db, workspaceId, dealIds);

  const ofDeal = (dealId: DealId, pointer: string): Found => {
    const contactId = dealContacts.get(dealId);
    if (contactId) return { ok: true, target: { contactId, dealId } };
    return contactId === null
      ? { ok: false, code: "contact_not_found", detail: "This deal has no contact to enroll.", pointer }
      : { ok: false, code: "deal_not_found", detail: "There is no such deal in this workspace.", pointer };
  };
  return asked.map(({ who, at }): Found => {
    if (who.person) {
      const person = saved.next().value!;
      if (person.outcome !== "refused") return { ok: true, target: { contactId: person.id, dealId: null } };
      return { ok: false, ...person, pointer: `${at}/person${person.pointer}` };
    }
    if (who.dealId !== undefined) return ofDeal(who.dealId, `${at}/dealId`);
    if (who.reference) {
      const record = records.get(referenceKey(who.reference)) ?? null;
      const pointer = `${at}/reference`;
      const detail = mismatchOf(who.reference, record?.entity ?? null);
      if (!record || detail) return { ok: false, code: "reference_not_found", detail: detail!, pointer };
      return record.entity === "deal"
        ? ofDeal(record.entityId as DealId, pointer)
        : { ok: true, target: { contactId: record.entityId as ContactId, dealId: null } };
    }
    if (known.has(who.contactId!)) return { ok: true, target: { contactId: who.contactId!, dealId: null } };
    const detail = "There is no such contact in this workspace.";
    return { ok: false, code: "contact_not_found", detail, pointer: `${at}/contactId` };
  });
}

/** Null where the reference names what was asked for. */
function mismatchOf(
  reference: NonNullable<Who["reference"]>,
  entity: ReferencedEntity | null,
): string | null {
  const { system, type, id, entity: wanted } = reference;
  if (entity === null) return `Nothing here is known as ${type} ${id} in ${system}.`;
  const isDeal = entity === "deal";
  if (entity !== "company" && (!wanted || (wanted === "deal") === isDeal)) return null;
  const noun = entity === "company" ? "a company" : isDeal ? "a deal" : "a person";
  return `This reference names ${noun}, not a ${wanted ?? "person or deal"}.`;
}
