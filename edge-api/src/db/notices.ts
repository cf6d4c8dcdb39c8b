/** Notices as rows: written in the batch in which the thing happened, so that neither is ever without the other. */
import type { Mode, NoticeKind, ReplyClass } from "@cadenza/shared/vocabulary";
import type { ContactId, EnrollmentId, MailboxId, MemberId, NoticeId, WorkspaceId } from "../domain/ids.ts";
import type { NoticeFacts } from "../domain/notice.ts";
import { isErased } from "./erased.ts";
import type { Page, PageRequest } from "./page.ts";
import { beforeId, pageOf } from "./page.ts";

export type NoticeRow = NoticeFacts & {
  id: NoticeId;
  contactId: ContactId | null;
  enrollmentId: EnrollmentId | null;
  mailboxId: MailboxId | null;
  readAt: number | null;
};

/**
 * Who hears of it: the owner; where nobody owns it, or the owner is gone, every admin. `o` is a row with `workspace_id`
 * and `owner_id`. Everybody's is due to be mailed at once: what somebody chose is asked when it is (engine/notify.ts).
 */
export const listeners = `CROSS JOIN members m ON m.workspace_id = o.workspace_id AND m.removed_at IS NULL
  AND (m.id = o.owner_id OR (m.role = 'admin' AND NOT EXISTS (SELECT 1 FROM members w
    WHERE w.id = o.owner_id AND w.removed_at IS NULL)))`;

const classKinds: Partial<Record<ReplyClass, NoticeKind>> = {
  human: "reply",
  calendar: "reply",
  unsubscribe_request: "reply",
  bounce: "bounce",
  complaint: "bounce",
};

/** A reply's or a bounce's notice. @param fresh true in SQL while the mail was not dealt with before. */
export function noticeOfMail(
  db: D1Database,
  mail: {
    workspaceId: WorkspaceId;
    messageId: string;
    contactId: ContactId;
    enrollmentId: EnrollmentId | null;
    replyClass: ReplyClass;
    subject: string;
    at: number;
  },
  fresh: string,
): D1PreparedStatement[] {
  const kind = classKinds[mail.replyClass];
  if (!kind) return [];
  return [
    db
      .prepare(
        `INSERT INTO notices (workspace_id, member_id, kind, contact_id, enrollment_id, data, at, mail_due_at)
         SELECT ?1, m.id, ?5, ?3, ?4, ?6, ?7, ?7
         FROM (SELECT c.workspace_id, coalesce(e.owner_id, c.owner_id) AS owner_id FROM contacts c
               LEFT JOIN enrollments e ON e.id = ?4 WHERE c.id = ?3 AND c.workspace_id = ?1) o
         ${listeners} WHERE ${fresh} AND NOT ${isErased("?3")}`,
      )
      .bind(
        mail.workspaceId,
        mail.messageId,
        mail.contactId,
        mail.enrollmentId,
        kind,
        JSON.stringify({ class: mail.replyClass, subject: mail.subject }),
        mail.at,
      ),
  ];
}

export async function listNotices(
  d1: D1Database,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  page: PageRequest & { unread: boolean },
): Promise<Page<NoticeRow>> {
  const { results } = await d1
    .prepare(
      `${selectNotices} WHERE n.member_id = ?1 AND n.workspace_id = ?2 AND n.id < ?3
         ${page.unread ? "AND n.read_at IS NULL" : ""} ORDER BY n.id DESC LIMIT ?4`,
    )
    .bind(memberId, workspaceId, beforeId(page), page.limit + 1)
    .all<Stored>();
  return pageOf(results.map(toNotice), page.limit, (row) => [row.id]);
}

/** How many of the newest are unread. Whoever reads one has read every older one, so they are the first in the list. */
export async function countUnread(
  d1: D1Database,
  workspaceId: WorkspaceId,
  memberId: MemberId,
): Promise<number> {
  const row = await d1
    .prepare(
      `SELECT count(*) AS unread FROM (SELECT read_at FROM notices WHERE member_id = ?1 AND workspace_id = ?2
         ORDER BY id DESC LIMIT ${unreadCountMax}) WHERE read_at IS NULL`,
    )
    .bind(memberId, workspaceId)
    .first<{ unread: number }>();
  return row?.unread ?? 0;
}

/** More than this is just many. */
const unreadCountMax = 100;

/** Up to and with this one. @returns how many were new; null when it is none of theirs. */
export async function readNotices(
  d1: D1Database,
  workspaceId: WorkspaceId,
  memberId: MemberId,
  upTo: NoticeId,
  at: number,
): Promise<number | null> {
  const [own, read] = await d1.batch([
    d1
      .prepare(`SELECT 1 FROM notices WHERE id = ?1 AND member_id = ?2 AND workspace_id = ?3`)
      .bind(upTo, memberId, workspaceId),
    d1
      .prepare(
        `UPDATE notices SET read_at = ?4 WHERE member_id = ?1 AND workspace_id = ?2 AND id <= ?3 AND read_at IS NULL
           AND EXISTS (SELECT 1 FROM notices o WHERE o.id = ?3 AND o.member_id = ?1 AND o.workspace_id = ?2)`,
      )
      .bind(memberId, workspaceId, upTo, at),
  ]);
  return own!.results.length ? read!.meta.changes : null;
}

export type Due = {
  memberId: MemberId;
  workspaceId: WorkspaceId;
  email: string;
  removedAt: number | null;
  mode: Mode;
  notify: string | null;
  timeZone: string;
  workspaceName: string;
};

/** Members with something to be mailed, whoever has waited longest first. */
export async function listDueMembers(d1: D1Database, now: number, limit: number): Promise<Due[]> {
  const { results } = await d1
    .prepare(
      `SELECT m.id AS memberId, m.workspace_id AS workspaceId, m.email, m.removed_at AS removedAt, m.notify,
         w.time_zone AS timeZone, w.name AS workspaceName, iif(w.test_of IS NULL, 'live', 'test') AS mode
       FROM (SELECT b.member_id, min(b.mail_due_at) AS since
             FROM (SELECT member_id, mail_due_at FROM notices INDEXED BY notices_mail
                   WHERE mail_due_at <= ?1 ORDER BY mail_due_at LIMIT 500) b
             GROUP BY b.member_id ORDER BY since LIMIT ?2) d
       CROSS JOIN members m ON m.id = d.member_id CROSS JOIN workspaces w ON w.id = m.workspace_id ORDER BY d.since`,
    )
    .bind(now, limit)
    .all<Due>();
  return results;
}

/**
 * Takes a member's due notices, so that nobody else mails them: from here on they are ours to mail or to give back.
 * What they would rather not have mailed is let go; what they want once a day is put off until then.
 */
export async function takeDue(
  d1: D1Database,
  memberId: MemberId,
  now: number,
  choice: { daily: NoticeKind[]; never: NoticeKind[]; digestAt: number },
): Promise<NoticeRow[]> {
  const kinds = (names: NoticeKind[]) => `kind IN (SELECT value FROM json_each('${JSON.stringify(names)}'))`;
  const [, , taken] = await d1.batch<Stored>([
    d1
      .prepare(
        `UPDATE notices SET mail_due_at = NULL WHERE member_id = ?1 AND mail_due_at <= ?2 AND ${kinds(choice.never)}`,
      )
      .bind(memberId, now),
    // A notice put off before is due at the digest itself; one that is new waits for the next.
    d1
      .prepare(
        `UPDATE notices SET mail_due_at = ?3 WHERE member_id = ?1 AND mail_due_at <= ?2 AND mail_due_at = at
           AND ${kinds(choice.daily)}`,
      )
      .bind(memberId, now, choice.digestAt),
    d1
      .prepare(
        `${selectNotices} WHERE n.member_id = ?1 AND n.mail_due_at <= ?2 ORDER BY n.id LIMIT ${mailedMax}`,
      )
      .bind(memberId, now),
    d1
      .prepare(
        `UPDATE notices SET mail_due_at = NULL WHERE id IN (SELECT id FROM notices
           WHERE member_id = ?1 AND mail_due_at <= ?2 ORDER BY id LIMIT ${mailedMax})`,
      )
      .bind(memberId, now),
  ]);
  return taken!.results.map(toNotice);
}

/** More than anybody reads in one mail: the rest follows in the next. */
const mailedMax = 200;

/** The mail was provably not taken: it is tried again then. */
export async function giveNoticesBack(d1: D1Database, ids: NoticeId[], dueAt: number): Promise<void> {
  await d1
    .prepare(`UPDATE notices SET mail_due_at = ?2 WHERE id IN (SELECT value FROM json_each(?1))`)
    .bind(JSON.stringify(ids), dueAt)
    .run();
}

const selectNotices = `SELECT n.id, n.kind, n.at, n.data, n.contact_id AS contactId, n.enrollment_id AS enrollmentId,
    n.mailbox_id AS mailboxId, n.read_at AS readAt, b.address AS mailbox, q.name AS sequence,
    coalesce(nullif(trim(coalesce(c.first_name, '') || ' ' || coalesce(c.last_name, '')), ''), c.email) AS person
  FROM notices n LEFT JOIN contacts c ON c.id = n.contact_id LEFT JOIN enrollments e ON e.id = n.enrollment_id
  LEFT JOIN sequences q ON q.id = e.sequence_id LEFT JOIN mailboxes b ON b.id = n.mailbox_id`;

type Stored = Omit<NoticeRow, "data"> & { data: string };

const toNotice = ({ data, ...row }: Stored): NoticeRow => ({ ...row, data: JSON.parse(data) });
