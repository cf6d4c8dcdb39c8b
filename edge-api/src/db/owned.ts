/** Whether what a request points at belongs to the workspace that asks: another's is as good as absent. */
import { AppError } from "../domain/errors.ts";
import type {
  CompanyId,
  ContactId,
  MailboxId,
  MemberId,
  ScheduleId,
  SequenceId,
  WorkspaceId,
} from "../domain/ids.ts";

const kinds = {
  mailboxId: { table: "mailboxes", code: "mailbox_not_found", noun: "mailbox" },
  scheduleId: { table: "schedules", code: "schedule_not_found", noun: "schedule" },
  defaultScheduleId: { table: "schedules", code: "schedule_not_found", noun: "schedule" },
  ownerId: { table: "members", code: "member_not_found", noun: "member" },
  contactId: { table: "contacts", code: "contact_not_found", noun: "contact" },
  companyId: { table: "companies", code: "company_not_found", noun: "company" },
  sequenceId: { table: "sequences", code: "sequence_not_found", noun: "sequence" },
} as const;

export type Pointers = {
  mailboxId?: MailboxId | null | undefined;
  scheduleId?: ScheduleId | null | undefined;
  defaultScheduleId?: ScheduleId | null | undefined;
  ownerId?: MemberId | null | undefined;
  contactId?: ContactId | null | undefined;
  companyId?: CompanyId | null | undefined;
  sequenceId?: SequenceId | null | undefined;
};

/** @throws AppError naming the first field that points outside the workspace. */
export async function checkOwned(d1: D1Database, workspaceId: WorkspaceId, refs: Pointers): Promise<void> {
  for (const field of Object.keys(kinds) as (keyof Pointers)[]) {
    const id = refs[field];
    if (id === undefined || id === null) continue;
    const { table, code, noun } = kinds[field];
    // Whoever was removed still stands on what they own, but is given nothing more.
    const there =
      table === "members" ? "AND removed_at IS NULL" : table === "contacts" ? "AND erased_at IS NULL" : "";
    const row = await d1
      .prepare(`SELECT 1 AS found FROM ${table} WHERE id = ?1 AND workspace_id = ?2 ${there}`)
      .bind(id, workspaceId)
      .first();
    if (!row) throw new AppError(code, `There is no such ${noun} in this workspace.`, `/${field}`);
  }
}
