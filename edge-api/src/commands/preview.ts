/** What would happen to a person in a sequence, enrolled or not: every touch with its time, every mail rendered. */
import { undoSecondsDefault } from "@cadenza/shared/vocabulary";
import { loadDeal } from "../db/deals.ts";
import { listCandidates } from "../db/enroll-candidates.ts";
import { loadEnrollPlan } from "../db/enroll-plan.ts";
import { loadFacts, officeHours } from "../db/facts.ts";
import { loadSequence } from "../db/sequences.ts";
import type { Actor } from "../domain/actor.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { Facts } from "../domain/facts.ts";
import type { ContactId, DealId, EnrollmentId, MailboxId, SequenceId, VersionId } from "../domain/ids.ts";
import { standingOn } from "../domain/next-step.ts";
import { type PlannedTouch, plan } from "../domain/plan.ts";
import { ceilMinute } from "../domain/schedule.ts";
import type { SequenceVersion } from "../domain/sequence.ts";
import { publishProblems } from "../domain/sequence-problems.ts";
import { hoursProblems } from "../domain/step-hours.ts";
import type { System } from "../domain/system.ts";
import { suppressedText } from "./enroll-guard.ts";
import { ownerOf } from "./enrolling.ts";
import { requireOwn } from "./ownership.ts";
import { factsPort } from "./ports.ts";

export type PreviewAsk = {
  contactId: ContactId;
  dealId: DealId | null;
  mailboxId?: MailboxId;
  startAt?: number;
  /** The draft as it stands, instead of the published version. */
  draft: boolean;
};

/** Pointers into the draft for what keeps it from being published, into what was asked for the rest. */
export type PreviewProblem = { pointer: string; detail: string };
export type Preview = { touches: PlannedTouch[]; problems: PreviewProblem[]; zone: string };

export async function previewSequence(
  system: System,
  actor: Actor,
  id: SequenceId,
  ask: PreviewAsk,
): Promise<Preview> {
  const sequence = await loadSequence(system.db, actor, id);
  if (ask.dealId !== null) await loadDeal(system.db, actor.workspaceId, ask.dealId);
  const enrolling = await loadEnrollPlan(system.db, actor, id, ask);
  requireOwn(actor, enrolling.askedMailboxOwnerId, "/mailboxId");
  const version: SequenceVersion | null =
    ask.draft || !enrolling.version
      ? {
          id: 0 as VersionId,
          sequenceId: id,
          workspaceId: actor.workspaceId,
          number: 0,
          name: sequence.name,
          steps: sequence.draft,
        }
      : enrolling.version;
  const schedule = enrolling.schedule ?? officeHours;
  const unready =
    ask.draft || !enrolling.version
      ? [...publishProblems(sequence.draft), ...hoursProblems(sequence.draft, schedule)]
      : [];
  const problems = unready.map(({ path, message }) => ({ pointer: `/steps${path}`, detail: message }));
  const [first] = version.steps;
  if (!first) return { touches: [], problems, zone: enrolling.workspaceZone };

  const now = system.now();
  const [candidate] = await listCandidates(system.db, actor, [ask.contactId], id, now);
  if (!candidate) throw contactNotFound();
  const asIf = {
    ...enrolling,
    ...ask,
    ...notEnrolled,
    // As enrolling decides it: who signs the mails.
    ownerId: ownerOf(actor, candidate, enrolling),
    stepId: first.id,
    enrolledAt: now,
  } as unknown as Enrollment;
  const found = await loadFacts(
    factsPort(system),
    [{ ...asIf, versionId: version.id, mailboxId: enrolling.mailboxId }],
    version,
  );
  const facts = found.facts.get(asIf.id);
  if (!facts) throw contactNotFound();
  const from = ceilMinute(Math.max(now + undoSecondsDefault * 1_000, ask.startAt ?? 0));
  const standing: Facts = {
    ...facts,
    // A draft and a paused sequence are planned as if they ran.
    sequence: { ...facts.sequence, status: "active" },
    enrollment: standingOn(facts, first, from),
  };
  if (candidate.email && candidate.suppressedBy) {
    problems.push({ pointer: "/contactId", detail: suppressedText(candidate.email, candidate.suppressedBy) });
  }
  return { touches: plan(standing, now), problems, zone: facts.zone };
}

const contactNotFound = () =>
  new AppError("contact_not_found", "There is no such contact in this workspace.", "/contactId");

const notEnrolled = {
  id: 0 as EnrollmentId,
  status: "active",
  reason: null,
  detail: null,
  waitReason: "delay",
  cycle: 1,
  epoch: 1,
  rev: 1,
  dueAt: 0,
  wakeAt: null,
  remainingMs: null,
  threadSubject: null,
  threadReferences: [],
  executedAt: null,
  endedAt: null,
} as const;
