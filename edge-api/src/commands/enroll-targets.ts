/** Who is meant by an enroll request: a contact, a deal's contact, a host system's record, or a person to create. */
import type { EntityType } from "@cadenza/shared/vocabulary";
import { listKnownContacts } from "../db/contacts.ts";
import { listDealContacts } from "../db/deals.ts";
import type { EnrollPlan } from "../db/enroll-plan.ts";
import { loadEnrollment } from "../db/enrollments.ts";
import { listReferenced, type Reference, type Referenced, referenceKey } from "../db/references.ts";
import type { Actor } from "../domain/actor.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId, DealId, EnrollmentId, SequenceId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { type ContactInput, createContacts } from "./contacts.ts";
import { guardPeople, type Warning } from "./enroll-guard.ts";
import { type EnrollOptions, type EnrollTarget, enrollBy, prepareEnroll } from "./enrolling.ts";

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
): Promise<Enrollment & { warnings: Warning[] }> {
  const { plan, refused: refusal } = await prepareEnroll(system, actor, sequenceId, asked);
  if (refusal) throw new AppError(refusal.reason, refusal.detail);
  const [found] = await findTargets(system, actor, plan, [{ who: asked, at: "" }], asked);
  if (!found!.ok) throw new AppError(found!.code, found!.detail, found!.pointer);
  const [result] = await enrollBy(system, actor, plan, [found!.target], asked);
  if (!result?.ok) throw new AppError(result!.reason, result!.detail);
  return { ...(await loadEnrollment(system.db, actor, result.enrollmentId)), warnings: result.warnings };
}

export type EnrollItem = {
  outcome: "enrolled" | "refused";
  enrollmentId: EnrollmentId | null;
  contactId: ContactId | null;
  code: string | null;
  detail: string | null;
  pointer: string | null;
  warnings: Warning[];
};

type Checked =
  | { ok: true; value: Who }
  | { ok: false; code: AppError["code"]; errors: { pointer: string; detail: string }[] };

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
    if (refusal) answers.set(index, refused(refusal.reason, refusal.detail, at));
    else if (item.ok) return [{ index, who: item.value, at }];
    else answers.set(index, refused(item.code, item.errors[0]!.detail, item.errors[0]!.pointer));
    return [];
  });
  const targets = (await findTargets(system, actor, plan, asked, options)).flatMap((found, place) => {
    const { index } = asked[place]!;
    if (found.ok) return [{ index, target: found.target }];
    const contactId = found.contactId ?? null;
    answers.set(index, { ...refused(found.code, found.detail, found.pointer), contactId });
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
            warnings: result.warnings,
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
  warnings: [],
});

type Found =
  | { ok: true; target: EnrollTarget }
  | {
      ok: false;
      code: AppError["code"];
      detail: string;
      pointer: string;
      contactId?: ContactId | null;
    };

/** Looked up all together: one request of a Worker has a thousand queries, and a batch a thousand people. */
async function findTargets(
  system: System,
  actor: Actor,
  plan: EnrollPlan,
  asked: { who: Who; at: string }[],
  options: EnrollOptions,
): Promise<Found[]> {
  const { db } = system;
  const { workspaceId } = actor;
  const all = <Value>(of: (who: Who) => Value | undefined) => asked.flatMap(({ who }) => of(who) ?? []);
  // People first: a reference in the same request may be one of theirs. Only who is let in is written.
  const people = all(({ person }) => person);
  const stops = await guardPeople(system, actor, plan, people, options);
  const welcome = people.filter((_, place) => !stops[place]);
  const saved = (await createContacts(system, actor, welcome)).values();
  const stopped = stops.values();
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
      const stop = stopped.next().value;
      if (stop) return { ok: false, ...stop, code: stop.reason, pointer: at };
      const person = saved.next().value!;
      if (person.outcome !== "refused") return { ok: true, target: { contactId: person.id, dealId: null } };
      return { ok: false, ...person, pointer: `${at}/person${person.pointer}` };
    }
    if (who.dealId !== undefined) return ofDeal(who.dealId, `${at}/dealId`);
    if (who.reference) {
      const record = records.get(referenceKey(who.reference)) ?? null;
      const pointer = `${at}/reference`;
      const detail = mismatchOf(who.reference, record);
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
function mismatchOf(reference: NonNullable<Who["reference"]>, record: Referenced | null): string | null {
  const { system, type, id, entity: wanted } = reference;
  if (!record) return `Nothing here is known as ${type} ${id} in ${system}.`;
  const named = record.entity === "contact" ? (record.kind ?? "contact") : record.entity;
  if (named !== "company" && (!wanted || wanted === named)) return null;
  return `This reference names a ${named}, not a ${wanted ?? "person or deal"}.`;
}
