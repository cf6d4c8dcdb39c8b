/**
 * Row keys are integers inside (half the cost of text keys in SQLite) and never leave the Worker as such:
 * `http/public-id.ts` turns them into `enr_…` and back. The brands keep one noun's key out of another's column.
 */
declare const brand: unique symbol;
type Id<Name extends string> = number & { readonly [brand]: Name };

export type WorkspaceId = Id<"workspace">;
export type MemberId = Id<"member">;
export type ApiKeyId = Id<"apiKey">;
export type MailboxId = Id<"mailbox">;
export type ScheduleId = Id<"schedule">;
export type CompanyId = Id<"company">;
export type ContactId = Id<"contact">;
export type DealId = Id<"deal">;
export type SequenceId = Id<"sequence">;
export type VersionId = Id<"version">;
export type EnrollmentId = Id<"enrollment">;
export type TaskId = Id<"task">;
export type SuppressionId = Id<"suppression">;
export type EventId = Id<"event">;
export type EmbedAppId = Id<"embedApp">;
export type AuditEntryId = Id<"auditEntry">;
export type NoticeId = Id<"notice">;

/** A send is named by what it is for: this enrollment, this step, this cycle. The same key can never be sent twice. */
export type SendKey = { enrollmentId: EnrollmentId; stepId: number; cycle: number };
