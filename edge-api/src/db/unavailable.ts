/** Whom a mailbox keeps waiting that could not send. */
import { sql } from "drizzle-orm";
import type { Enrollment } from "../domain/enrollment.ts";
import type { MailboxId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { enrollments } from "./schema.ts";

/** Paused for want of this mailbox. Where nobody knows whether the last mail arrived, a person says so first. */
export async function listUnavailable(
  d1: D1Database,
  mailboxId: MailboxId,
  limit: number,
): Promise<Enrollment[]> {
  // The reason as a literal, so that its partial index is found.
  return database(d1)
    .select()
    .from(enrollments)
    .where(
      sql`${enrollments.mailboxId} = ${mailboxId} AND ${enrollments.reason} = 'mailbox_unavailable'
        AND ${enrollments.status} = 'paused'
        AND NOT EXISTS (SELECT 1 FROM sends s WHERE s.enrollment_id = enrollments.id
          AND s.step_id = enrollments.step_id AND s.cycle = enrollments.cycle AND s.state = 'uncertain')`,
    )
    .limit(limit);
}
