/** Sequences, their drafts and their immutable versions. */
import type { SequenceStatus } from "@cadenza/shared/vocabulary";
import { desc, sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { SequenceId, VersionId, WorkspaceId } from "../domain/ids.ts";
import type { SequenceVersion } from "../domain/sequence.ts";
import { isUniqueViolation } from "./constraints.ts";
import { database } from "./database.ts";
import { visibleSequence } from "./reach.ts";
import { sequences, sequenceVersions, stepRollups } from "./schema.ts";

export type SequenceRow = typeof sequences.$inferSelect;

export async function loadSequence(d1: D1Database, actor: Actor, id: SequenceId): Promise<SequenceRow> {
  const [row] = await database(d1)
    .select()
    .from(sequences)
    .where(sql`${sequences.id} = ${id} AND ${visibleSequence(actor)}`);
  if (!row) throw new AppError("sequence_not_found", "There is no such sequence in this workspace.");
  return row;
}

export async function listSequences(
  d1: D1Database,
  actor: Actor,
  page: {
    status?: SequenceStatus;
    /** A part of the name. */
    q?: string;
    before?: SequenceId;
    limit: number;
  },
) {
  return database(d1)
    .select({
      sequence: sequences,
      active: liveCount("active"),
      paused: liveCount("paused"),
      completed: liveCount("completed"),
    })
    .from(sequences)
    .where(
      sql.join(
        [
          visibleSequence(actor),
          ...(page.status ? [sql`${sequences.status} = ${page.status}`] : []),
          // Not LIKE: D1 takes patterns of 50 bytes.
          ...(page.q ? [sql`instr(lower(${sequences.name}), lower(${page.q})) > 0`] : []),
          ...(page.before ? [sql`${sequences.id} < ${page.before}`] : []),
        ],
        sql` AND `,
      ),
    )
    .orderBy(desc(sequences.id))
    .limit(page.limit);
}

/** `sequences.id` in full: drizzle leaves a lone table's name out, and then the inner table's id would answer. */
const liveCountMax = 10_000;
const liveCount = (status: string) =>
  sql<number>`(SELECT count(*) FROM (SELECT 1 FROM enrollments e WHERE e.sequence_id = sequences.id
    AND e.status = ${status} LIMIT ${liveCountMax}))`;

/** @throws AppError where a live sequence has this name. */
export async function insertSequence(
  d1: D1Database,
  row: Omit<typeof sequences.$inferInsert, "id">,
): Promise<SequenceRow> {
  const [inserted] = await database(d1).insert(sequences).values(row).returning().catch(refuseTaken);
  return inserted!;
}

function refuseTaken(error: unknown): never {
  if (!isUniqueViolation(error, "sequences")) throw error;
  throw new AppError(
    "sequence_exists",
    "There is a sequence with this name. Archive it, or choose another name.",
    "/name",
  );
}

/** Writes the draft's fields only over the revision that was read. @returns null when somebody else was first. */
export async function updateSequence(
  d1: D1Database,
  before: SequenceRow,
  patch: Partial<
    Pick<SequenceRow, "name" | "draft" | "nextStepId" | "scheduleId" | "mailboxId" | "ownerId" | "visibility">
  >,
  now: number,
): Promise<SequenceRow | null> {
  const [updated] = await database(d1)
    .update(sequences)
    .set({ ...patch, rev: before.rev + 1, updatedAt: now })
    .where(sql`${sequences.id} = ${before.id} AND ${sequences.rev} = ${before.rev}`)
    .returning()
    .catch(refuseTaken);
  return updated ?? null;
}

/** Makes the draft an immutable version and the sequence active. @returns null when the draft changed meanwhile. */
export async function insertVersion(
  d1: D1Database,
  before: SequenceRow,
  now: number,
): Promise<(SequenceVersion & { publishedAt: number }) | null> {
  const guard = `FROM sequences q WHERE q.id = ?1 AND q.rev = ?2`;
  const [inserted] = await d1.batch<{ id: VersionId }>([
    d1
      .prepare(
        `INSERT INTO sequence_versions (workspace_id, sequence_id, number, name, steps, published_at)
         SELECT q.workspace_id, q.id,
           coalesce((SELECT max(v.number) FROM sequence_versions v WHERE v.sequence_id = q.id), 0) + 1,
           q.name, q.draft, ?3 ${guard} RETURNING id`,
      )
      .bind(before.id, before.rev, now),
    d1
      .prepare(
        `UPDATE sequences SET status = iif(status = 'draft', 'active', status), rev = rev + 1, updated_at = ?3,
           version_id = (SELECT v.id FROM sequence_versions v WHERE v.sequence_id = sequences.id
                         ORDER BY v.number DESC LIMIT 1)
         WHERE id = ?1 AND rev = ?2`,
      )
      .bind(before.id, before.rev, now),
  ]);
  const made = inserted?.results[0];
  return made ? loadVersion(d1, before.workspaceId, made.id) : null;
}

export async function loadVersion(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: VersionId,
): Promise<SequenceVersion & { publishedAt: number }> {
  const [row] = await database(d1)
    .select()
    .from(sequenceVersions)
    .where(sql`${sequenceVersions.id} = ${id} AND ${sequenceVersions.workspaceId} = ${workspaceId}`);
  if (!row) throw new AppError("version_not_found", "There is no such version in this workspace.");
  return row;
}

export async function listVersions(
  d1: D1Database,
  workspaceId: WorkspaceId,
  sequenceId: SequenceId,
  page: { before?: VersionId; limit: number },
) {
  return database(d1)
    .select()
    .from(sequenceVersions)
    .where(
      sql`${sequenceVersions.sequenceId} = ${sequenceId} AND ${sequenceVersions.workspaceId} = ${workspaceId}
        AND ${sequenceVersions.id} < ${page.before ?? Number.MAX_SAFE_INTEGER}`,
    )
    .orderBy(desc(sequenceVersions.id))
    .limit(page.limit);
}

/** What happened per step of every version of a sequence. */
export async function listStepNumbers(d1: D1Database, sequenceId: SequenceId) {
  const total = (column: keyof typeof stepRollups.$inferSelect) => sql<number>`sum(${stepRollups[column]})`;
  return database(d1)
    .select({
      stepId: stepRollups.stepId,
      sent: total("sent"),
      failed: total("failed"),
      uncertain: total("uncertain"),
      replied: total("replied"),
      bounced: total("bounced"),
      tasksDone: total("tasksDone"),
      tasksSkipped: total("tasksSkipped"),
    })
    .from(stepRollups)
    .where(sql`${stepRollups.sequenceId} = ${sequenceId}`)
    .groupBy(stepRollups.stepId)
    .orderBy(stepRollups.stepId);
}
