/** Reading the outbox. Sends are written by commit and claims alone. */
import type { SendState } from "@cadenza/shared/vocabulary";
import { sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import { erasedContent } from "../domain/erasure.ts";
import { AppError } from "../domain/errors.ts";
import type { EnrollmentId, SendKey } from "../domain/ids.ts";
import { database } from "./database.ts";
import { visibleSend } from "./reach.ts";
import { sends } from "./schema.ts";

export type SendRow = typeof sends.$inferSelect;

export async function loadSend(d1: D1Database, actor: Actor, key: SendKey): Promise<SendRow> {
  const [row] = await database(d1)
    .select()
    .from(sends)
    .where(
      sql`${sends.enrollmentId} = ${key.enrollmentId} AND ${sends.stepId} = ${key.stepId}
        AND ${sends.cycle} = ${key.cycle} AND ${visibleSend(actor)}`,
    );
  if (!row) throw new AppError("send_not_found", "There is no such send in this workspace.");
  return row;
}

export async function listSendsOf(
  d1: D1Database,
  actor: Actor,
  enrollmentId: EnrollmentId,
): Promise<SendRow[]> {
  return database(d1)
    .select()
    .from(sends)
    .where(sql`${sends.enrollmentId} = ${enrollmentId} AND ${visibleSend(actor)}`)
    .orderBy(sends.createdAt, sends.stepId, sends.cycle)
    .limit(200);
}

/** What is waiting or unclear: the open sends by due date, or those a person must settle. */
export async function listOutbox(
  d1: D1Database,
  actor: Actor,
  page: { state: Extract<SendState, "queued" | "uncertain">; after?: readonly number[]; limit: number },
): Promise<SendRow[]> {
  // Literals, so that each state finds its partial index; and where there is a due date, the index is entered at it.
  const [filter, sortedBy] =
    page.state === "uncertain"
      ? [
          // Of somebody who was erased nobody can say any more.
          sql`${sends.state} = 'uncertain' AND ${sends.contentHash} <> ${erasedContent}`,
          sql`coalesce(${sends.dueAt}, 0)`,
        ]
      : [sql`${sends.dueAt} IS NOT NULL AND ${sends.state} <> 'uncertain'`, sql`${sends.dueAt}`];
  const [dueAt = 0, enrollmentId = 0, stepId = 0, cycle = 0] = page.after ?? [];
  const after = sql`(${sortedBy}, ${sends.enrollmentId}, ${sends.stepId}, ${sends.cycle})
    > (${dueAt}, ${enrollmentId}, ${stepId}, ${cycle})`;
  return database(d1)
    .select()
    .from(sends)
    .where(sql`${visibleSend(actor)} AND ${filter} AND ${after}`)
    .orderBy(sends.dueAt, sends.enrollmentId, sends.stepId, sends.cycle)
    .limit(page.limit);
}
