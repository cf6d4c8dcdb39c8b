/** What enrolling in a sequence, or showing what it would do, has to know of the sequence. */
import type { SequenceStatus } from "@cadenza/shared/vocabulary";
import { getTableColumns, sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { MailboxId, MemberId, ScheduleId, SequenceId, WorkspaceId } from "../domain/ids.ts";
import type { Schedule } from "../domain/schedule.ts";
import type { SequenceVersion, Step } from "../domain/sequence.ts";
import { database } from "./database.ts";
import { hasErased } from "./erased.ts";
import { visibleMailbox } from "./reach.ts";
import { mailboxes, schedules, workspaces } from "./schema.ts";
import { loadSequence, loadVersion } from "./sequences.ts";

export type EnrollPlan = {
  workspaceId: WorkspaceId;
  sequenceId: SequenceId;
  status: SequenceStatus;
  version: SequenceVersion | null;
  ownerId: MemberId | null;
  mailboxId: MailboxId | null;
  /** Whose the mailbox is, where it was asked for and the sequence itself does not name it. */
  askedMailboxOwnerId: MemberId | null;
  /** The one named is disabled: whoever is enrolled would stop at the first mail. */
  mailboxDisabled: boolean;
  mailboxZone: string | null;
  workspaceZone: string;
  schedule: Schedule | null;
  /** It has steps the engine mails by itself; or any step that writes a mail. */
  sendsMail: boolean;
  writesMail: boolean;
  /** Somebody in the workspace was erased. */
  hasErased: boolean;
};

/** The mailbox asked for, else the sequence's, else the owner's, else the oldest open one: nobody's before another's. */
export async function loadEnrollPlan(
  d1: D1Database,
  actor: Actor,
  sequenceId: SequenceId,
  options: { mailboxId?: MailboxId; ownerId?: MemberId },
): Promise<EnrollPlan> {
  const { workspaceId } = actor;
  const sequence = await loadSequence(d1, actor, sequenceId);
  const db = database(d1);
  const wanted = options.mailboxId ?? sequence.mailboxId;
  const ownerId = options.ownerId ?? actor.memberId ?? sequence.ownerId;
  const [boxes, homes, plans] = await db.batch([
    db
      .select({
        id: mailboxes.id,
        ownerId: mailboxes.ownerId,
        timeZone: mailboxes.timeZone,
        disabledAt: mailboxes.disabledAt,
      })
      .from(mailboxes)
      .where(
        wanted
          ? sql`${mailboxes.id} = ${wanted} AND ${mailboxes.workspaceId} = ${workspaceId}`
          : sql`${visibleMailbox(actor)} AND ${mailboxes.disabledAt} IS NULL`,
      )
      .orderBy(
        sql`${mailboxes.ownerId} IS ${ownerId} DESC`,
        sql`${mailboxes.ownerId} IS NULL DESC`,
        mailboxes.id,
      )
      .limit(1),
    db
      .select({ ...getTableColumns(workspaces), hasErased: hasErased.as("has_erased") })
      .from(workspaces)
      .where(sql`${workspaces.id} = ${workspaceId}`),
    db.select().from(schedules).where(sql`${schedules.workspaceId} = ${workspaceId}`),
  ]);
  const [mailbox] = boxes;
  const [workspace] = homes;
  if (wanted && !mailbox) {
    throw new AppError("mailbox_not_found", "There is no such mailbox in this workspace.", "/mailboxId");
  }
  const version = sequence.versionId ? await loadVersion(d1, workspaceId, sequence.versionId) : null;
  const types = new Set<Step["type"]>(version?.steps.map(({ type }) => type));
  const scheduleId: ScheduleId | null = sequence.scheduleId ?? workspace!.defaultScheduleId;
  return {
    workspaceId,
    sequenceId,
    status: sequence.status,
    version,
    ownerId,
    mailboxId: mailbox?.id ?? null,
    askedMailboxOwnerId: wanted === sequence.mailboxId ? null : (mailbox?.ownerId ?? null),
    mailboxDisabled: mailbox !== undefined && mailbox.disabledAt !== null,
    mailboxZone: mailbox?.timeZone ?? null,
    workspaceZone: workspace!.timeZone,
    schedule: plans.find(({ id }) => id === scheduleId) ?? null,
    sendsMail: types.has("email_auto"),
    writesMail: types.has("email_auto") || types.has("email_manual"),
    hasErased: workspace!.hasErased === 1,
  };
}
