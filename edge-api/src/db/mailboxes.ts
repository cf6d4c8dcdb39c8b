/** Mailboxes as people see them: the settings without the password, and what was used of the cap. */
import { and, desc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { MailboxId, WorkspaceId } from "../domain/ids.ts";
import { bucketsInDay, hourOf } from "../domain/quota.ts";
import { database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { mailboxes } from "./schema.ts";

export type SmtpRow = {
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  user: string | null;
};
type Row = typeof mailboxes.$inferSelect;
export type MailboxView = Omit<Row, "sealedSecret" | "settings" | "gapMs"> & {
  smtp: SmtpRow & { hasPassword: boolean };
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
    smtp: { ...(settings as SmtpRow), hasPassword },
    gapSeconds: gapMs / 1_000,
  }));
}

export async function listMailboxes(
  d1: D1Database,
  workspaceId: WorkspaceId,
  now: number,
  page: PageRequest,
): Promise<Page<MailboxView>> {
  const where = and(eq(mailboxes.workspaceId, workspaceId), sql`${mailboxes.id} < ${beforeId(page)}`);
  return pageOf(await select(d1, where, now, page.limit + 1), page.limit, (row) => [row.id]);
}

export async function loadMailboxView(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: MailboxId,
  now: number,
): Promise<MailboxView> {
  const where = and(eq(mailboxes.workspaceId, workspaceId), eq(mailboxes.id, id));
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
    .set({ ...changes, rev: rev + 1, updatedAt: at })
    .where(and(eq(mailboxes.id, id), eq(mailboxes.rev, rev)))
    .returning({ id: mailboxes.id });
  return updated.length > 0;
}
