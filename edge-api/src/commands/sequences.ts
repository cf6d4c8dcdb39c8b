/** Building sequences: the draft, publishing it as an immutable version, pausing, archiving. */
import type { SequenceVisibility } from "@cadenza/shared/vocabulary";
import { freezeSequenceStatements, listPaused, thawSequenceStatements } from "../db/enrollments.ts";
import { officeHours } from "../db/facts.ts";
import { checkOwned } from "../db/owned.ts";
import { findScheduleOf } from "../db/schedules.ts";
import {
  insertSequence,
  insertVersion,
  loadSequence,
  loadVersion,
  type SequenceRow,
  updateSequence,
} from "../db/sequences.ts";
import type { Actor } from "../domain/actor.ts";
import { cancel } from "../domain/enrollment.ts";
import { AppError } from "../domain/errors.ts";
import type { MailboxId, MemberId, ScheduleId, SequenceId } from "../domain/ids.ts";
import { watchdogMs } from "../domain/next-step.ts";
import type { SequenceVersion, Step } from "../domain/sequence.ts";
import { draftProblems, publishProblems, type StepProblem } from "../domain/sequence-problems.ts";
import { hoursProblems } from "../domain/step-hours.ts";
import type { System } from "../domain/system.ts";
import { edit } from "./edit.ts";
import { ownerOfNew } from "./ownership.ts";
import { commitDecisions } from "./ports.ts";

/** A step as it is written: an id only where it was saved before. */
export type DraftStep = Step extends infer Each
  ? Each extends Step
    ? Omit<Each, "id"> & { id?: number }
    : never
  : never;

export type SequenceDraft = {
  name?: string;
  steps?: DraftStep[];
  scheduleId?: ScheduleId | null;
  mailboxId?: MailboxId | null;
  ownerId?: MemberId | null;
  visibility?: SequenceVisibility;
};

export async function createSequence(
  system: System,
  actor: Actor,
  draft: SequenceDraft & { name: string },
): Promise<SequenceRow> {
  await checkOwned(system.db, actor.workspaceId, draft);
  const { steps, nextStepId } = withStepIds(draft.steps ?? [], [], 1);
  const hours = await findHoursProblems(system, actor, steps, draft.scheduleId ?? null);
  refuse("invalid_request", [...draftProblems(steps), ...hours]);
  return insertSequence(system.db, {
    workspaceId: actor.workspaceId,
    name: draft.name,
    status: "draft",
    ownerId: ownerOfNew(actor, draft.ownerId),
    visibility: draft.visibility ?? "shared",
    scheduleId: draft.scheduleId ?? null,
    mailboxId: draft.mailboxId ?? null,
    draft: steps,
    nextStepId,
    rev: 1,
    createdAt: system.now(),
    updatedAt: system.now(),
  });
}

/** Changes the draft alone: people in flight stay on the version they were enrolled in. */
export async function updateDraft(
  system: System,
  actor: Actor,
  id: SequenceId,
  draft: SequenceDraft,
  expectedRev: number | null,
): Promise<SequenceRow> {
  await checkOwned(system.db, actor.workspaceId, draft);
  const { steps: rawSteps, ...fields } = draft;
  return edit(
    expectedRev,
    () => loadSequence(system.db, actor, id),
    async (before) => {
      if (before.status === "archived")
        throw new AppError("sequence_archived", "An archived sequence is not edited.");
      const made = rawSteps && withStepIds(rawSteps, before.draft, before.nextStepId);
      const scheduleId = fields.scheduleId === undefined ? before.scheduleId : fields.scheduleId;
      const isAsked = made !== undefined || scheduleId !== before.scheduleId;
      const steps = made?.steps ?? before.draft;
      const hours = isAsked ? await findHoursProblems(system, actor, steps, scheduleId) : [];
      refuse("invalid_request", [...(made ? draftProblems(made.steps) : []), ...hours]);
      const patch = made ? { ...fields, draft: made.steps, nextStepId: made.nextStepId } : fields;
      return (await updateSequence(system.db, before, patch, system.now())) !== null;
    },
  );
}

export async function publishSequence(
  system: System,
  actor: Actor,
  id: SequenceId,
): Promise<{ sequence: SequenceRow; version: SequenceVersion & { publishedAt: number } }> {
  const before = await loadSequence(system.db, actor, id);
  if (before.status === "archived")
    throw new AppError("sequence_archived", "An archived sequence is not published.");
  const hours = await findHoursProblems(system, actor, before.draft, before.scheduleId);
  refuse("sequence_not_ready", [...publishProblems(before.draft), ...hours]);
  const current = before.versionId && (await loadVersion(system.db, actor.workspaceId, before.versionId));
  // Asked twice, say by a program that was not answered: the people to come get the same either way.
  if (current && isSame(current, before)) return { sequence: before, version: current };
  const version = await insertVersion(system.db, before, system.now());
  if (!version) throw changed();
  return { sequence: await loadSequence(system.db, actor, id), version };
}

const isSame = (version: SequenceVersion, { name, draft }: SequenceRow): boolean =>
  version.name === name && JSON.stringify(version.steps) === JSON.stringify(draft);

/** Everybody in it stands still, timers included, until it is resumed; what is on the wire lands. */
export async function pauseSequence(system: System, actor: Actor, id: SequenceId): Promise<SequenceRow> {
  const { status } = await loadSequence(system.db, actor, id);
  const effects = freezeSequenceStatements(system.db, id, system.now(), watchdogMs);
  if (status !== "active" || !(await setStatus(system, id, ["active"], "paused", effects)))
    throw new AppError("sequence_not_active", "Only an active sequence can be paused.");
  return loadSequence(system.db, actor, id);
}

export async function resumeSequence(system: System, actor: Actor, id: SequenceId): Promise<SequenceRow> {
  const { status } = await loadSequence(system.db, actor, id);
  const effects = thawSequenceStatements(system.db, id, system.now());
  if (status !== "paused" || !(await setStatus(system, id, ["paused"], "active", effects)))
    throw new AppError("sequence_not_paused", "Only a paused sequence can be resumed.");
  return loadSequence(system.db, actor, id);
}

/** The end of a sequence: nobody is enrolled any more; the tick cancels whoever is active in it, we who is paused. */
export async function archiveSequence(system: System, actor: Actor, id: SequenceId): Promise<SequenceRow> {
  await loadSequence(system.db, actor, id);
  const wake = system.db
    .prepare(`UPDATE enrollments SET wake_at = ?2, rev = rev + 1, lease_token = NULL, lease_until = NULL
       WHERE sequence_id = ?1 AND status = 'active'`)
    .bind(id, system.now());
  await setStatus(system, id, ["draft", "active", "paused"], "archived", [wake]);
  await cancelPaused(system, actor, id);
  return loadSequence(system.db, actor, id);
}

/** Nothing ever wakes somebody who is paused. Asked again, an archive that was cut short goes on here. */
async function cancelPaused(system: System, actor: Actor, id: SequenceId): Promise<void> {
  const by = { actor: actor.name, at: system.now() };
  for (let round = 0; round < cancelRounds; round++) {
    const paused = await listPaused(system.db, id, cancelChunk);
    const decisions = paused.flatMap((enrollment) => {
      const change = cancel(enrollment, { reason: "sequence_archived" }, by);
      return change.ok ? [change.decision] : [];
    });
    if (!decisions.length) return;
    await commitDecisions(system, decisions);
  }
}

const cancelChunk = 500;
/** Far more than a sequence holds; what is left then ends when somebody resumes it. */
const cancelRounds = 200;

/**
 * The status and what it does to the people, in one transaction. The status alone decides who is first, so an edit at
 * the same moment is in nobody's way. @returns false, and nothing was done, when it is none of `from`.
 */
async function setStatus(
  { db, now }: System,
  id: SequenceId,
  from: SequenceRow["status"][],
  to: SequenceRow["status"],
  effects: D1PreparedStatement[],
): Promise<boolean> {
  const [result] = await db.batch([
    db
      .prepare(
        `UPDATE sequences SET status = ?3, paused_at = ?4, rev = rev + 1, updated_at = ?5
         WHERE id = ?1 AND status IN (SELECT value FROM json_each(?2)) RETURNING id`,
      )
      .bind(id, JSON.stringify(from), to, to === "paused" ? now() : null, now()),
    // In the same transaction nothing reads between the status and what it does.
    ...effects,
  ]);
  return result?.results.length === 1;
}

/** The schedule is read only for a step that has hours of its own. */
async function findHoursProblems(
  { db }: System,
  { workspaceId }: Actor,
  steps: Step[],
  scheduleId: ScheduleId | null,
): Promise<StepProblem[]> {
  if (!steps.some(({ window }) => window)) return [];
  const schedule = await findScheduleOf(db, workspaceId, scheduleId);
  return hoursProblems(steps, schedule ?? officeHours);
}

/** A step keeps its id through every edit; a new one gets a number never used in this sequence before. */
function withStepIds(
  steps: DraftStep[],
  before: Step[],
  nextStepId: number,
): { steps: Step[]; nextStepId: number } {
  const known = new Set(before.map(({ id }) => id));
  const used = new Set<number>();
  let next = nextStepId;
  const made = steps.map((step, index) => {
    if (step.id !== undefined && (!known.has(step.id) || used.has(step.id))) {
      const why = known.has(step.id) ? "appears twice" : "is not a step of this sequence";
      throw new AppError(
        "invalid_request",
        `Step ${step.id} ${why}. Leave the id out for a new step.`,
        `/steps/${index}/id`,
      );
    }
    const id = step.id ?? next++;
    used.add(id);
    return { ...step, id } as Step;
  });
  return { steps: made, nextStepId: next };
}

function refuse(code: "invalid_request" | "sequence_not_ready", problems: StepProblem[]): void {
  if (!problems.length) return;
  throw new AppError(
    code,
    problems.map(({ message }) => message).join(" "),
    `/steps${problems[0]!.path}`,
    problems.map(({ path, message }) => ({ pointer: `/steps${path}`, detail: message })),
  );
}

const changed = () =>
  new AppError("revision_conflict", "The sequence was changed by somebody else. Load it again.");
