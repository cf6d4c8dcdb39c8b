/** Mailboxes as people see them: the settings without the password, and what was used of the cap. */
import { and, desc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { MailboxId, WorkspaceId } from "../domain/ids.ts";
import { bucketsInDay, hourOf } from "../domain/quota.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { visibleMailbox } from "./reach.ts";
import { mailboxes } from "./schema.ts";

export type SmtpRow = {
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  user: string | null;
};
type Row = typeof mailboxes.$inferSelect;
export type MailboxView = Omit<Row, "sealedSecret" | "settings" | "gapMs"> & {
  /** Null where nothing is kept: in a test twin. */
  smtp: (SmtpRow & { hasPassword: boolean }) | null;
  gapSeconds: number;
  usedInDay: number;
};

const { sealedSecret, ...columns } = getTableColumns(mailboxes);

/** Never selects the password itself, only whether there is one. */
async function select(
  d1: D1Database,
  where: SQL | undefined,
  now: number,
  limit: number,
): Promise<MailboxView[]> {
  const rows = await database(d1)
    .select({
      ...columns,
      hasPassword: sql`${sealedSecret} IS NOT NULL`.mapWith(Boolean),
      usedInDay: sql<number>`(SELECT coalesce(sum(u.used), 0) FROM mailbox_usage u
        WHERE u.mailbox_id = ${mailboxes.id} AND u.hour > ${hourOf(now) - bucketsInDay})`,
    })
    .from(mailboxes)
    .where(where)
    .orderBy(desc(mailboxes.id))
    .limit(limit);
  return rows.map(({ settings, hasPassword, gapMs, ...row }) => ({
    ...row,
    smtp: row.transport === "test" ? null : { ...(settings as SmtpRow), hasPassword },
    gapSeconds: gapMs / 1_000,
  }));
}

export async function listMailboxes(
  d1: D1Database,
  actor: Actor,
  now: number,
  page: PageRequest,
): Promise<Page<MailboxView>> {
  const where = and(visibleMailbox(actor), sql`${mailboxes.id} < ${beforeId(page)}`);
  return pageOf(await select(d1, where, now, page.limit + 1), page.limit, (row) => [row.id]);
}

export async function loadMailboxView(
  d1: D1Database,
  actor: Actor,
  id: MailboxId,
  now: number,
): Promise<MailboxView> {
  const where = and(visibleMailbox(actor), eq(mailboxes.id, id));
  const [row] = await select(d1, where, now, 1);
  if (!row) throw new AppError("mailbox_not_found", "There is no such mailbox in this workspace.");
  return row;
}

/** @returns null when the workspace has a mailbox of this address. */
export async function insertMailbox(
  d1: D1Database,
  row: typeof mailboxes.$inferInsert,
): Promise<MailboxId | null> {
  const [inserted] = await database(d1)
    .insert(mailboxes)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: mailboxes.id });
  return inserted?.id ?? null;
}

/** @returns false when somebody wrote since `rev` was read. */
export async function updateMailbox(
  d1: D1Database,
  { id, rev }: { id: MailboxId; rev: number },
  changes: Partial<Row>,
  at: number,
): Promise<boolean> {
  const updated = await database(d1)
    .update(mailboxes)
    .set({
      ...changes,
      // The gap after the last mail is the new one, too.
      ...(changes.gapMs !== undefined && {
        nextFreeAt: sql`max(0, ${mailboxes.nextFreeAt} - ${mailboxes.gapMs} + ${changes.gapMs})`,
      }),
      rev: rev + 1,
      updatedAt: at,
    })
    .where(and(eq(mailboxes.id, id), eq(mailboxes.rev, rev)))
    .returning({ id: mailboxes.id });
  return updated.length > 0;
}

/** Mails that this mailbox had no room for are looked at again at once: how much room there is has changed. */
export async function replanDeferred(
  d1: D1Database,
  { id, workspaceId }: { id: MailboxId; workspaceId: WorkspaceId },
  now: number,
): Promise<void> {
  await d1
    .prepare(
      `UPDATE sends SET due_at = ?3, defer_reason = NULL
       WHERE workspace_id = ?1 AND due_at > ?3 AND mailbox_id = ?2 AND state = 'queued'
         AND defer_reason IN ('cap', 'gap')`,
    )
    .bind(workspaceId, id, now)
    .run();
}
