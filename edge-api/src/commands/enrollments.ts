/** What a person may do with enrollments: make them, pause, resume, cancel, skip, reopen. */
import type { EnrollRefusal } from "@cadenza/shared/vocabulary";
import { insertEnrollments, listCandidates, loadEnrollment, type NewEnrollment } from "../db/enrollments.ts";
import { loadFacts, officeHours } from "../db/facts.ts";
import { checkOwned } from "../db/owned.ts";
import { type EnrollPlan, loadEnrollPlan } from "../db/sequences.ts";
import type { Actor } from "../domain/actor.ts";
import {
  type Change,
  cancel,
  type Enrollment,
  pause,
  type Refusal,
  reopen,
  resume,
} from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { Facts } from "../domain/facts.ts";
import type { ContactId, DealId, EnrollmentId, MailboxId, MemberId, SequenceId } from "../domain/ids.ts";
import { normaliseEmail } from "../domain/message.ts";
import { standingOn } from "../domain/next-step.ts";
import { ceilMinute } from "../domain/schedule.ts";
import { skip } from "../domain/skip.ts";
import type { System } from "../domain/system.ts";
import { commitDecisions, factsPort } from "./ports.ts";

/** How long after enrolling the first touch waits at the least: the time in which a person may take it back. */
export const undoMs = 10_000;

export type EnrollTarget = { contactId: ContactId; dealId: DealId | null };
export type EnrollOptions = { mailboxId?: MailboxId; ownerId?: MemberId; startAt?: number };
export type EnrollResult =
  | { ok: true; contactId: ContactId; enrollmentId: EnrollmentId }
  | { ok: false; contactId: ContactId; reason: EnrollRefusal; detail: string };

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
): Promise<{ plan: EnrollPlan; refused: { reason: EnrollRefusal; detail: string } | null }> {
  const plan = await loadEnrollPlan(system.db, actor.workspaceId, sequenceId, options);
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
  const candidates = new Map(
    (await listCandidates(system.db, actor.workspaceId, ids, sequenceId, system.now())).map((row) => [
      row.id,
      row,
    ]),
  );
  const rows = new Map<ContactId, NewEnrollment>();
  const refusals = new Map<ContactId, { reason: EnrollRefusal; detail: string }>();
  for (const target of targets) {
    const candidate = candidates.get(target.contactId);
    if (!candidate) throw new AppError("contact_not_found", "There is no such contact in this workspace.");
    const guard = guardOf(candidate, plan);
    if (guard) refusals.set(target.contactId, guard);
    else if (!rows.has(target.contactId))
      rows.set(target.contactId, newRow(system, plan, candidate, target, options));
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
      return { ok: true, contactId, enrollmentId };
    }
    return { ok: false, contactId, ...(refusals.get(contactId) ?? alreadyEnrolled) };
  });
}

const alreadyEnrolled = {
  reason: "already_enrolled" as const,
  detail: "This person is already in this sequence.",
};

function refusalOf(plan: EnrollPlan): { reason: EnrollRefusal; detail: string } | null {
  if (plan.status === "archived")
    return { reason: "sequence_archived", detail: "This sequence is archived." };
  if (!plan.version) return { reason: "not_published", detail: "This sequence was never published." };
  if (plan.sendsMail && !plan.mailboxId) {
    return { reason: "no_mailbox", detail: "There is no mailbox this sequence could send from." };
  }
  if (plan.sendsMail && plan.mailboxDisabled) {
    return { reason: "no_mailbox", detail: "The mailbox this sequence sends from is disabled." };
  }
  return null;
}

type Candidate = Awaited<ReturnType<typeof listCandidates>>[number];

function guardOf(candidate: Candidate, plan: EnrollPlan): { reason: EnrollRefusal; detail: string } | null {
  const { email, suppressed, holdUntil, liveId } = candidate;
  if (plan.writesMail && !email) {
    return { reason: "no_email", detail: "This person has no email address and the sequence writes mails." };
  }
  if (email && !normaliseEmail(email)) {
    return { reason: "invalid_email", detail: `${email} is not an address mail can be sent to.` };
  }
  if (suppressed) return { reason: "suppressed", detail: `${email} is on the suppression list.` };
  if (holdUntil !== null) {
    return {
      reason: "on_hold",
      detail: `This person is on hold until ${new Date(holdUntil).toISOString()}.`,
    };
  }
  return liveId === null ? null : alreadyEnrolled;
}

function newRow(
  system: System,
  plan: EnrollPlan,
  candidate: Candidate,
  target: EnrollTarget,
  options: EnrollOptions,
): NewEnrollment {
  const { workspaceId, sequenceId, version, mailboxId } = plan;
  const [first] = version!.steps;
  const seed = { sequenceId, contactId: candidate.id, stepId: first!.id, cycle: 1 } as Enrollment;
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
    ownerId: options.ownerId ?? candidate.ownerId ?? plan.ownerId,
    stepId: first!.id,
    dueAt: standing.dueAt,
    wakeAt: standing.wakeAt ?? standing.dueAt,
    waitReason: standing.waitReason ?? "delay",
  };
}

export const pauseEnrollment = (system: System, actor: Actor, id: EnrollmentId, detail: string | null) =>
  change(system, actor, id, ({ enrollment }, by) => pause(enrollment, { reason: "manual", detail }, by));

export const resumeEnrollment = (system: System, actor: Actor, id: EnrollmentId) =>
  change(system, actor, id, ({ enrollment, send }, by) => resume(enrollment, send?.state ?? null, by));

export const cancelEnrollment = (system: System, actor: Actor, id: EnrollmentId, detail: string | null) =>
  change(system, actor, id, ({ enrollment }, by) => cancel(enrollment, { reason: "manual", detail }, by));

export const skipStep = (system: System, actor: Actor, id: EnrollmentId) => change(system, actor, id, skip);

export const reopenEnrollment = (system: System, actor: Actor, id: EnrollmentId) =>
  change(system, actor, id, ({ enrollment }, by) => reopen(enrollment, by));

/** Somebody else may write between our read and our write: then it is decided anew on what stands by then. */
const changeTries = 10;

export async function change(
  system: System,
  actor: Actor,
  id: EnrollmentId,
  decide: (facts: Facts, by: { actor: string; at: number }) => Change | Promise<Change>,
): Promise<Enrollment> {
  for (let attempt = 0; attempt < changeTries; attempt++) {
    const facts = await loadEnrollmentFacts(system, actor, id);
    const decided = await decide(facts, { actor: actor.name, at: system.now() });
    if (!decided.ok) throw refusalOfChange(decided.reason);
    const landed = await commitDecisions(system, [decided.decision]).catch((error: unknown) => {
      // Reopening meets a newer enrollment of the same person: the index says so.
      if (/UNIQUE constraint failed: enrollments/.test(String(error))) {
        throw new AppError("already_enrolled", alreadyEnrolled.detail);
      }
      throw error;
    });
    if (landed.has(id)) return loadEnrollment(system.db, actor.workspaceId, id);
  }
  throw new AppError("busy", "The enrollment keeps changing at this moment. Try again.");
}

export async function loadEnrollmentFacts(system: System, actor: Actor, id: EnrollmentId): Promise<Facts> {
  const row = await loadEnrollment(system.db, actor.workspaceId, id);
  const { facts, broken } = await loadFacts(factsPort(system), [row]);
  const found = facts.get(id);
  if (!found) throw new AppError("enrollment_unreadable", `Its data cannot be read: ${broken.get(id)}.`);
  return found;
}

export const refusalOfChange = (reason: Refusal): AppError =>
  new AppError(refusalCodes[reason], refusalTexts[reason]);

const refusalCodes = {
  not_active: "enrollment_not_active",
  not_paused: "enrollment_not_paused",
  already_ended: "enrollment_ended",
  not_ended: "enrollment_not_ended",
  all_steps_done: "enrollment_all_steps_done",
  send_in_flight: "send_in_flight",
  send_uncertain: "send_uncertain",
  send_not_uncertain: "send_not_uncertain",
  task_not_open: "task_not_open",
  task_not_manual_email: "task_not_manual_email",
  task_wants_settlement: "task_wants_settlement",
} as const satisfies Record<Refusal, string>;

const refusalTexts: Record<Refusal, string> = {
  not_active: "Only an active enrollment can be paused or moved on.",
  not_paused: "Only a paused enrollment can be resumed.",
  already_ended: "This enrollment has ended.",
  not_ended: "This enrollment has not ended, so there is nothing to reopen.",
  all_steps_done: "All its steps are done. Enroll the person again instead.",
  send_in_flight: "Its mail is on the wire at this very moment. Try again in a minute.",
  send_uncertain: "First say whether the last mail arrived: settle the send.",
  send_not_uncertain: "Only an uncertain send can be settled.",
  task_not_open: "This task is not open any more.",
  task_not_manual_email: "Only a manual email can be approved and sent.",
  task_wants_settlement:
    "This task asks whether a mail arrived: settle the send, and the task closes with it.",
};
