/** Building sequences: the draft, publishing it as an immutable version, pausing, archiving. */
import { freezeSequenceStatements, thawSequenceStatements } from "../db/enrollments.ts";
import { checkOwned } from "../db/owned.ts";
import {
  insertSequence,
  insertVersion,
  loadSequence,
  type SequenceRow,
  updateSequence,
} from "../db/sequences.ts";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { MailboxId, MemberId, ScheduleId, SequenceId } from "../domain/ids.ts";
import { watchdogMs } from "../domain/next-step.ts";
import type { SequenceVersion, Step } from "../domain/sequence.ts";
import { draftProblems, publishProblems, type StepProblem } from "../domain/sequence-problems.ts";
import type { System } from "../domain/system.ts";

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
};

export async function createSequence(
  system: System,
  actor: Actor,
  draft: SequenceDraft & { name: string },
): Promise<SequenceRow> {
  await checkOwned(system.db, actor.workspaceId, draft);
  const { steps, nextStepId } = withStepIds(draft.steps ?? [], [], 1);
  refuse("invalid_request", draftProblems(steps));
  return insertSequence(system.db, {
    workspaceId: actor.workspaceId,
    name: draft.name,
    status: "draft",
    ownerId: draft.ownerId ?? null,
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
  const before = await loadSequence(system.db, actor.workspaceId, id);
  if (expectedRev !== null && before.rev !== expectedRev) throw changed();
  if (before.status === "archived")
    throw new AppError("sequence_archived", "An archived sequence is not edited.");
  await checkOwned(system.db, actor.workspaceId, draft);
  const { steps: rawSteps, ...fields } = draft;
  const made = rawSteps && withStepIds(rawSteps, before.draft, before.nextStepId);
  if (made) refuse("invalid_request", draftProblems(made.steps));
  const patch = made ? { ...fields, draft: made.steps, nextStepId: made.nextStepId } : fields;
  const updated = await updateSequence(system.db, before, patch, system.now());
  if (!updated) throw changed();
  return updated;
}

export async function publishSequence(
  system: System,
  actor: Actor,
  id: SequenceId,
): Promise<{ sequence: SequenceRow; version: SequenceVersion & { publishedAt: number } }> {
  const before = await loadSequence(system.db, actor.workspaceId, id);
  if (before.status === "archived")
    throw new AppError("sequence_archived", "An archived sequence is not published.");
  refuse("sequence_not_ready", publishProblems(before.draft));
  const version = await insertVersion(system.db, before, system.now());
  if (!version) throw changed();
  return { sequence: await loadSequence(system.db, actor.workspaceId, id), version };
}

/** Everybody in it stands still, timers included, until it is resumed; what is on the wire lands. */
export async function pauseSequence(system: System, actor: Actor, id: SequenceId): Promise<SequenceRow> {
  const before = await loadSequence(system.db, actor.workspaceId, id);
  if (before.status !== "active")
    throw new AppError("sequence_not_active", "Only an active sequence can be paused.");
  await setStatus(
    system,
    before,
    "paused",
    freezeSequenceStatements(system.db, id, system.now(), watchdogMs),
  );
  return loadSequence(system.db, actor.workspaceId, id);
}

export async function resumeSequence(system: System, actor: Actor, id: SequenceId): Promise<SequenceRow> {
  const before = await loadSequence(system.db, actor.workspaceId, id);
  if (before.status !== "paused")
    throw new AppError("sequence_not_paused", "Only a paused sequence can be resumed.");
  await setStatus(system, before, "active", thawSequenceStatements(system.db, id, system.now()));
  return loadSequence(system.db, actor.workspaceId, id);
}

/** The end of a sequence: nobody is enrolled any more, and the tick cancels whoever is in it. */
export async function archiveSequence(system: System, actor: Actor, id: SequenceId): Promise<SequenceRow> {
  const before = await loadSequence(system.db, actor.workspaceId, id);
  if (before.status === "archived") return before;
  const wake = system.db
    .prepare(`UPDATE enrollments SET wake_at = ?2 WHERE sequence_id = ?1 AND status = 'active'`)
    .bind(id, system.now());
  await setStatus(system, before, "archived", [wake]);
  return loadSequence(system.db, actor.workspaceId, id);
}

async function setStatus(
  { db, now }: System,
  before: SequenceRow,
  status: SequenceRow["status"],
  effects: D1PreparedStatement[],
): Promise<void> {
  // The status first: in the same transaction nothing reads between it and what it does to the people.
  const [result] = await db.batch([
    db
      .prepare(
        `UPDATE sequences SET status = ?3, paused_at = ?4, rev = rev + 1, updated_at = ?5 WHERE id = ?1 AND rev = ?2`,
      )
      .bind(before.id, before.rev, status, status === "paused" ? now() : null, now()),
    ...effects,
  ]);
  if (result?.meta.changes !== 1) throw changed();
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
