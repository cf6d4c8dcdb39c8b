/** Handing an enrollment on to another member. */
import type { Enrollment } from "../domain/enrollment.ts";
import type { MemberId } from "../domain/ids.ts";

/**
 * The enrollment, its open tasks and the event, or nothing: a tick at work on it is overtaken, so that no task is made
 * for who owned it before.
 *
 * @returns false when somebody else handed it on since `before` was read.
 */
export async function changeOwner(
  { db, now, nextEventId }: { db: D1Database; now: number; nextEventId(): number },
  before: Enrollment,
  ownerId: MemberId | null,
  actor: string,
): Promise<boolean> {
  const stands = `(SELECT e.owner_id FROM enrollments e WHERE e.id = ?1) IS ?2`;
  const key = [before.id, before.ownerId, ownerId];
  const results = await db.batch([
    db
      .prepare(
        `UPDATE tasks SET owner_id = ?3, rev = rev + 1, updated_at = ?4
         WHERE enrollment_id = ?1 AND status = 'open' AND ${stands}`,
      )
      .bind(...key, now),
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, enrollment_id, step_id, actor, data)
         SELECT e.contact_id, ?4, ?5, e.workspace_id, 'enrollment.reassigned', e.id, e.step_id, ?6,
           json_object('owner', (SELECT m.name FROM members m WHERE m.id = ?3))
         FROM enrollments e WHERE e.id = ?1 AND e.owner_id IS ?2`,
      )
      .bind(...key, now, nextEventId(), actor),
    db
      .prepare(
        `UPDATE enrollments SET owner_id = ?3, rev = rev + 1, lease_token = NULL, lease_until = NULL, updated_at = ?4
         WHERE id = ?1 AND owner_id IS ?2 RETURNING id`,
      )
      .bind(...key, now),
  ]);
  return results.at(-1)!.results.length > 0;
}
