/** Enrolling: who may be, who may not and why, and the rows that come of it. */
import { undoSecondsDefault } from "@cadenza/shared/vocabulary";
import { listCandidates } from "../db/enroll-candidates.ts";
import { type EnrollPlan, loadEnrollPlan } from "../db/enroll-plan.ts";
import { insertEnrollments, type NewEnrollment } from "../db/enrollments.ts";
import { listErased } from "../db/erased.ts";
import { officeHours } from "../db/facts.ts";
import { checkOwned } from "../db/owned.ts";
import type { Actor } from "../domain/actor.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { ContactId, DealId, EnrollmentId, MailboxId, MemberId, SequenceId } from "../domain/ids.ts";
import { standingOn } from "../domain/next-step.ts";
import { ceilMinute } from "../domain/schedule.ts";
import type { System } from "../domain/system.ts";
import {
  alreadyEnrolled,
  type Candidate,
  guardOf,
  refusalOf,
  type Stop,
  type Warning,
  warningsOf,
} from "./enroll-guard.ts";
import { requireGivable, requireOwn } from "./ownership.ts";
import { erasedKeys } from "./ports.ts";

export type EnrollTarget = { contactId: ContactId; dealId: DealId | null };
export type EnrollOptions = {
  mailboxId?: MailboxId;
  ownerId?: MemberId;
  startAt?: number;
  /** How long the first touch waits at the least: the time in which it may be taken back. */
  undoSeconds?: number;
  /** Whoever was in this sequence before, too. */
  again?: boolean;
};
export type EnrollResult =
  | { ok: true; contactId: ContactId; enrollmentId: EnrollmentId; warnings: Warning[] }
  | ({ ok: false; contactId: ContactId } & Stop);

/** Enrolls each target or says why not, in the order given; a person named twice is enrolled once. */
export async function enroll(
  system: System,
  actor: Actor,
  sequenceId: SequenceId,
  targets: EnrollTarget[],
  options: EnrollOptions,
): Promise<EnrollResult[]> {
  const { plan, refused } = await prepareEnroll(system, actor, sequenceId, options);
  if (refused) return targets.map(({ contactId }) => ({ ok: false, contactId, ...refused }));
  return enrollBy(system, actor, plan, targets, options);
}

/** What holds for everybody who is to be enrolled: asked before anybody is looked up, let alone created. */
export async function prepareEnroll(
  system: System,
  actor: Actor,
  sequenceId: SequenceId,
  options: EnrollOptions,
): Promise<{ plan: EnrollPlan; refused: Stop | null }> {
  const plan = await loadEnrollPlan(system.db, actor, sequenceId, options);
  requireOwn(actor, plan.askedMailboxOwnerId, "/mailboxId");
  requireGivable(actor, options.ownerId);
  await checkOwned(system.db, actor.workspaceId, { ownerId: options.ownerId });
  return { plan, refused: refusalOf(plan) };
}

/** By a plan that nothing speaks against. */
export async function enrollBy(
  system: System,
  actor: Actor,
  plan: EnrollPlan,
  targets: EnrollTarget[],
  options: EnrollOptions,
): Promise<EnrollResult[]> {
  const { sequenceId } = plan;
  const ids = targets.map(({ contactId }) => contactId);
  const found = await listCandidates(system.db, actor, ids, sequenceId, system.now());
  const erased = plan.hasErased
    ? await listErased(
        system.db,
        erasedKeys(system),
        found.map(({ id, email }) => ({ id, email, workspaceId: plan.workspaceId })),
      )
    : [];
  const candidates = new Map(found.map((row) => [row.id, row]));
  for (const { id, email } of erased) candidates.get(id)!.suppressedBy = email;
  const rows = new Map<ContactId, NewEnrollment>();
  const refusals = new Map<ContactId, Stop>();
  for (const target of targets) {
    const candidate = candidates.get(target.contactId);
    if (!candidate) throw new AppError("contact_not_found", "There is no such contact in this workspace.");
    const guard = guardOf(candidate, plan, options);
    if (guard) refusals.set(target.contactId, guard);
    else if (!rows.has(target.contactId))
      rows.set(target.contactId, newRow(system, actor, plan, candidate, target, options));
  }
  const enrolled = await insertEnrollments({ ...system, now: system.now() }, [...rows.values()], {
    actor: actor.name,
    token: system.newToken(),
  });
  const seen = new Set<ContactId>();
  return targets.map(({ contactId }) => {
    const enrollmentId = enrolled.get(contactId);
    if (enrollmentId && !seen.has(contactId)) {
      seen.add(contactId);
      return { ok: true, contactId, enrollmentId, warnings: warningsOf(candidates.get(contactId)!) };
    }
    return { ok: false, contactId, ...(refusals.get(contactId) ?? alreadyEnrolled) };
  });
}

function newRow(
  system: System,
  actor: Actor,
  plan: EnrollPlan,
  candidate: Candidate,
  target: EnrollTarget,
  options: EnrollOptions,
): NewEnrollment {
  const { workspaceId, sequenceId, version, mailboxId } = plan;
  const [first] = version!.steps;
  const seed = { sequenceId, contactId: candidate.id, stepId: first!.id, cycle: 1 } as Enrollment;
  const undoMs = (options.undoSeconds ?? undoSecondsDefault) * 1_000;
  const from = ceilMinute(Math.max(system.now() + undoMs, options.startAt ?? 0));
  const zone = candidate.timeZone ?? plan.mailboxZone ?? plan.workspaceZone;
  const standing = standingOn(
    { enrollment: seed, schedule: plan.schedule ?? officeHours, zone },
    first!,
    from,
  );
  return {
    workspaceId,
    sequenceId,
    versionId: version!.id,
    contactId: candidate.id,
    dealId: target.dealId,
    mailboxId,
    ownerId: options.ownerId ?? ownerOf(actor, candidate, plan),
    stepId: first!.id,
    dueAt: standing.dueAt,
    wakeAt: standing.wakeAt ?? standing.dueAt,
    waitReason: standing.waitReason ?? "delay",
  };
}

/** Who signs the mails and gets the tasks, where nobody is named: whoever enrolls, else the person's owner, else the sequence's. */
export const ownerOf = (
  actor: Actor,
  candidate: Pick<Candidate, "ownerId">,
  plan: Pick<EnrollPlan, "ownerId">,
): MemberId | null => actor.memberId ?? candidate.ownerId ?? plan.ownerId;
