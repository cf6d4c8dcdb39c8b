/** What inbound mail is matched against, and the record that it was dealt with. */
import { eq, sql } from "drizzle-orm";
import type { Enrollment } from "../domain/enrollment.ts";
import type { ContactId, WorkspaceId } from "../domain/ids.ts";
import { parseMessageId } from "../domain/message.ts";
import type { AnsweredSend, ConsumedMail } from "../domain/reply.ts";
import { database } from "./database.ts";
import { contactAddresses, enrollments, inboundMessages, mailboxes } from "./schema.ts";

export async function isConsumed(
  d1: D1Database,
  workspaceId: WorkspaceId,
  messageId: string,
): Promise<boolean> {
  const [row] = await database(d1)
    .select({ at: inboundMessages.receivedAt })
    .from(inboundMessages)
    .where(
      sql`${inboundMessages.workspaceId} = ${workspaceId} AND ${inboundMessages.messageId} = ${messageId}`,
    );
  return row !== undefined;
}

export async function isOwnAddress(
  d1: D1Database,
  workspaceId: WorkspaceId,
  address: string,
): Promise<boolean> {
  const [row] = await database(d1)
    .select({ id: mailboxes.id })
    .from(mailboxes)
    .where(sql`${mailboxes.workspaceId} = ${workspaceId} AND ${mailboxes.address} = ${address}`);
  return row !== undefined;
}

/** The first of these Message-IDs that names a mail of ours in this workspace, ours by signature or by provider. */
export async function findAnswered(
  d1: D1Database,
  workspaceId: WorkspaceId,
  messageIds: string[],
  { shard, secret }: { shard: number; secret: string },
): Promise<AnsweredSend | null> {
  const columns = `enrollment_id AS enrollmentId, step_id AS stepId, cycle, workspace_id AS workspaceId,
    contact_id AS contactId, snapshot ->> 'to' AS "to"`;
  for (const messageId of messageIds.slice(0, 100)) {
    const key = parseMessageId(messageId, secret);
    // Another shard counts its rows from one as well.
    if (key && key.shard !== shard) continue;
    const found = await (key
      ? d1
          .prepare(
            `SELECT ${columns} FROM sends WHERE enrollment_id = ?1 AND step_id = ?2 AND cycle = ?3 AND workspace_id = ?4`,
          )
          .bind(key.enrollmentId, key.stepId, key.cycle, workspaceId)
      : d1
          .prepare(`SELECT ${columns} FROM sends WHERE provider_message_id = ?1 AND workspace_id = ?2`)
          .bind(messageId, workspaceId)
    ).first<AnsweredSend>();
    if (found) return found;
  }
  return null;
}

export async function findPerson(
  d1: D1Database,
  workspaceId: WorkspaceId,
  address: string,
): Promise<ContactId | null> {
  const [row] = await database(d1)
    .select({ contactId: contactAddresses.contactId })
    .from(contactAddresses)
    .where(sql`${contactAddresses.workspaceId} = ${workspaceId} AND ${contactAddresses.email} = ${address}`);
  return row?.contactId ?? null;
}

export async function listLive(d1: D1Database, contactId: ContactId): Promise<Enrollment[]> {
  return database(d1)
    .select()
    .from(enrollments)
    .where(sql`${eq(enrollments.contactId, contactId)} AND ${enrollments.status} IN ('active', 'paused')`);
}

/** Marks the mail as dealt with and writes it into the person's timeline: both, once, however often it comes. */
export async function consume(
  port: { db: D1Database; now: number; nextEventId(): number },
  workspaceId: WorkspaceId,
  mail: ConsumedMail,
): Promise<void> {
  const { db, now } = port;
  const fresh = `NOT EXISTS (SELECT 1 FROM inbound_messages WHERE workspace_id = ?1 AND message_id = ?2)`;
  const key = [workspaceId, mail.messageId];
  const statements = [];
  if (mail.contactId !== null) {
    statements.push(
      db
        .prepare(
          `INSERT INTO events (contact_id, at, id, workspace_id, type, enrollment_id, step_id, actor, data)
           SELECT ?3, ?4, ?5, ?1, 'reply.received', ?6, ?7, 'person', ?8 WHERE ${fresh}`,
        )
        .bind(
          ...key,
          mail.contactId,
          now,
          port.nextEventId(),
          mail.enrollmentId,
          mail.stepId,
          JSON.stringify(mail.data),
        ),
    );
  }
  const counted = mail.replyClass === "human" ? "replied" : mail.replyClass === "bounce" ? "bounced" : null;
  if (counted && mail.enrollmentId !== null && mail.stepId !== null) {
    statements.push(
      db
        .prepare(
          `INSERT INTO step_rollups (sequence_id, version_id, step_id, day, sent, failed, uncertain, replied, bounced,
             tasks_done, tasks_skipped)
           SELECT sequence_id, version_id, ?4, ?5, 0, 0, 0, ?6, ?7, 0, 0 FROM enrollments WHERE id = ?3 AND ${fresh}
           ON CONFLICT (sequence_id, version_id, step_id, day)
           DO UPDATE SET replied = replied + excluded.replied, bounced = bounced + excluded.bounced`,
        )
        .bind(
          ...key,
          mail.enrollmentId,
          mail.stepId,
          new Date(now).toISOString().slice(0, 10),
          counted === "replied" ? 1 : 0,
          counted === "bounced" ? 1 : 0,
        ),
    );
  }
  statements.push(
    db
      .prepare(
        `INSERT INTO inbound_messages (workspace_id, message_id, reply_class, contact_id, enrollment_id, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING`,
      )
      .bind(...key, mail.replyClass, mail.contactId, mail.enrollmentId, now),
  );
  await db.batch(statements);
}
