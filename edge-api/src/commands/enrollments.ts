/** What a person may do with an enrollment: pause, resume, cancel, skip, reopen, and hand it on. */
import { changeOwner } from "../db/enrollment-owner.ts";
import { loadEnrollment } from "../db/enrollments.ts";
import { loadFacts } from "../db/facts.ts";
import { checkOwned } from "../db/owned.ts";
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
import type { EnrollmentId, MemberId } from "../domain/ids.ts";
import { skip } from "../domain/skip.ts";
import type { System } from "../domain/system.ts";
import { requireGivable, requireOwn } from "./ownership.ts";
import { commitDecisions, factsPort } from "./ports.ts";

export const pauseEnrollment = (system: System, actor: Actor, id: EnrollmentId, detail: string | null) =>
  change(system, actor, id, ({ enrollment }, by) => pause(enrollment, { reason: "manual", detail }, by));

export const resumeEnrollment = (system: System, actor: Actor, id: EnrollmentId) =>
  change(system, actor, id, ({ enrollment, send }, by) => resume(enrollment, send?.state ?? null, by));

export const cancelEnrollment = (system: System, actor: Actor, id: EnrollmentId, detail: string | null) =>
  change(system, actor, id, ({ enrollment }, by) => cancel(enrollment, { reason: "manual", detail }, by));

export const skipStep = (system: System, actor: Actor, id: EnrollmentId) => change(system, actor, id, skip);

export const reopenEnrollment = (system: System, actor: Actor, id: EnrollmentId) =>
  change(system, actor, id, ({ enrollment, contact }, by) => {
    if (contact.erasedAt != null) throw new AppError("contact_not_found", "This contact was erased.");
    return reopen(enrollment, by);
  });

/** Hands it on, its open tasks too. */
export async function handOn(
  system: System,
  actor: Actor,
  id: EnrollmentId,
  ownerId: MemberId | null,
): Promise<Enrollment> {
  const { db } = system;
  const before = await loadEnrollment(db, actor, id);
  requireOwn(actor, before.ownerId);
  requireGivable(actor, ownerId, before.ownerId);
  await checkOwned(db, actor.workspaceId, { ownerId });
  const port = { db, now: system.now(), nextEventId: system.nextEventId };
  if (ownerId !== before.ownerId && !(await changeOwner(port, before, ownerId, actor.name))) {
    throw new AppError("busy", "Somebody else hands it on at this moment. Look again.");
  }
  // Whoever lets go of it may not see it any more.
  return loadEnrollment(db, { ...actor, reach: "all" }, id);
}

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
    requireOwn(actor, facts.enrollment.ownerId);
    const decided = await decide(facts, { actor: actor.name, at: system.now() });
    if (!decided.ok) throw refusalOfChange(decided.reason);
    const landed = await commitDecisions(system, [decided.decision]).catch((error: unknown) => {
      // Reopening meets a newer enrollment of the same person: the index says so.
      if (/UNIQUE constraint failed: enrollments/.test(String(error))) {
        throw new AppError("already_enrolled", "This person is already in this sequence.");
      }
      throw error;
    });
    if (landed.has(id)) return loadEnrollment(system.db, actor, id);
  }
  throw new AppError("busy", "The enrollment keeps changing at this moment. Try again.");
}

export async function loadEnrollmentFacts(system: System, actor: Actor, id: EnrollmentId): Promise<Facts> {
  const row = await loadEnrollment(system.db, actor, id);
  const { facts, broken } = await loadFacts(factsPort(system), [row]);
  const found = facts.get(id);
  if (!found) throw new AppError("enrollment_unreadable", `Its data cannot be read: ${broken.get(id)}.`);
  return found;
}

const refusalOfChange = (reason: Refusal): AppError =>
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
  task_wants_approval: "task_wants_approval",
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
  task_wants_approval:
    'This mail has not been sent. Approve it and it goes out, skip it, or say that you sent it yourself: "outcome": "sent_elsewhere".',
};
