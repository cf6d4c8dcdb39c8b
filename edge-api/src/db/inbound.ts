/** What inbound mail is matched against, and the record that it was dealt with. */
import { eq, sql } from "drizzle-orm";
import type { Enrollment } from "../domain/enrollment.ts";
import { erasedContent } from "../domain/erasure.ts";
import type { ContactId, WorkspaceId } from "../domain/ids.ts";
import { parseMessageId } from "../domain/message.ts";
import type { AnsweredSend, ConsumedMail } from "../domain/reply.ts";
import { parseUnsubscribeSubject } from "../domain/unsubscribe.ts";
import { database } from "./database.ts";
import { isErased } from "./erased.ts";
import { noticeOfMail } from "./notices.ts";
import { contactAddresses, contacts, enrollments, inboundMessages } from "./schema.ts";

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

/** A mailbox's address or a member's: a colleague who writes in the thread is not the person answering. */
export async function isOwnAddress(
  d1: D1Database,
  workspaceId: WorkspaceId,
  address: string,
): Promise<boolean> {
  const row = await d1
    .prepare(
      `SELECT 1 AS own FROM mailboxes WHERE workspace_id = ?1 AND address = ?2
       UNION ALL SELECT 1 FROM members WHERE workspace_id = ?1 AND email = ?2 LIMIT 1`,
    )
    .bind(workspaceId, address)
    .first();
  return row !== null;
}

/** The person named by the signed token of an unsubscribe mail, where they are this workspace's. */
export async function findLeaving(
  d1: D1Database,
  workspaceId: WorkspaceId,
  subject: string,
  { shard, secret }: { shard: number; secret: string },
): Promise<ContactId | null> {
  const named = parseUnsubscribeSubject(subject, secret);
  if (named?.shard !== shard) return null;
  const [row] = await database(d1)
    .select({ id: contacts.id })
    .from(contacts)
    .where(
      sql`${contacts.id} = ${named.contactId} AND ${contacts.workspaceId} = ${workspaceId}
        AND ${contacts.erasedAt} IS NULL`,
    );
  return row?.id ?? null;
}

/**
 * The first of these Message-IDs that names a mail of ours in this workspace, ours by signature or by provider. Whoever
 * was erased has answered nothing: their mail is a stranger's.
 */
export async function findAnswered(
  d1: D1Database,
  workspaceId: WorkspaceId,
  messageIds: string[],
  { shard, secret }: { shard: number; secret: string },
): Promise<AnsweredSend | null> {
  const named = messageIds.slice(0, 100).map((id, place) => ({ id, place, key: parseMessageId(id, secret) }));
  // Another shard counts its rows from one as well.
  const signed = named.filter(({ key }) => key?.shard === shard);
  const foreign = named.filter(({ key }) => key === null);
  const columns = `s.enrollment_id AS enrollmentId, s.step_id AS stepId, s.cycle, s.workspace_id AS workspaceId,
    s.contact_id AS contactId, s.snapshot ->> 'to' AS "to"`;
  return d1
    .prepare(
      `SELECT ${columns}, j.value ->> 'place' AS place FROM json_each(?2) j
       CROSS JOIN sends s ON s.enrollment_id = j.value ->> '$.key.enrollmentId'
         AND s.step_id = j.value ->> '$.key.stepId' AND s.cycle = j.value ->> '$.key.cycle'
       WHERE s.workspace_id = ?1 AND s.content_hash <> '${erasedContent}'
       UNION ALL
       SELECT ${columns}, j.value ->> 'place' FROM json_each(?3) j
       CROSS JOIN sends s ON s.provider_message_id = j.value ->> 'id'
       WHERE s.workspace_id = ?1 AND s.content_hash <> '${erasedContent}'
       ORDER BY place LIMIT 1`,
    )
    .bind(workspaceId, JSON.stringify(signed), JSON.stringify(foreign))
    .first<AnsweredSend>();
}

/** The workspace whose mail a signed Message-ID names, on this shard. */
export async function findSigned(
  d1: D1Database,
  messageIds: string[],
  { shard, secret }: { shard: number; secret: string },
): Promise<WorkspaceId | null> {
  const keys = messageIds
    .slice(0, 100)
    .map((id) => parseMessageId(id, secret))
    .filter((key) => key?.shard === shard);
  const row = await d1
    .prepare(
      `SELECT s.workspace_id AS workspaceId FROM json_each(?1) j
       CROSS JOIN sends s ON s.enrollment_id = j.value ->> 'enrollmentId' AND s.step_id = j.value ->> 'stepId'
         AND s.cycle = j.value ->> 'cycle' LIMIT 1`,
    )
    .bind(JSON.stringify(keys))
    .first<{ workspaceId: WorkspaceId }>();
  return row?.workspaceId ?? null;
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

/** Null zones fall back to the workspace's: a person is never without a day. */
export async function findPlace(
  d1: D1Database,
  workspaceId: WorkspaceId,
  contactId: ContactId,
): Promise<{ zone: string; country: string | null }> {
  const row = await d1
    .prepare(
      `SELECT coalesce(c.time_zone, w.time_zone) AS zone, c.country FROM contacts c
       CROSS JOIN workspaces w ON w.id = c.workspace_id WHERE c.id = ?1 AND c.workspace_id = ?2`,
    )
    .bind(contactId, workspaceId)
    .first<{ zone: string; country: string | null }>();
  return row ?? { zone: "UTC", country: null };
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
  const isKept = `NOT ${isErased("?3")}`;
  const key = [workspaceId, mail.messageId];
  const statements = [];
  if (mail.contactId !== null) {
    statements.push(
      db
        .prepare(
          `INSERT INTO events (contact_id, at, id, workspace_id, type, enrollment_id, step_id, actor, data)
           SELECT ?3, ?4, ?5, ?1, 'reply.received', ?6, ?7, 'person', ?8 WHERE ${fresh} AND ${isKept}`,
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
  if (mail.contactId !== null) {
    const { messageId, contactId, enrollmentId, replyClass } = mail;
    const subject = mail.data.subject;
    statements.push(
      ...noticeOfMail(
        db,
        { workspaceId, messageId, contactId, enrollmentId, replyClass, subject: String(subject), at: now },
        fresh,
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
         SELECT ?1, ?2, ?4, ?3, ?5, ?6 WHERE ${isKept} ON CONFLICT DO NOTHING`,
      )
      .bind(...key, mail.contactId, mail.replyClass, mail.enrollmentId, now),
  );
  await db.batch(statements);
}
