/**
 * The product's words as closed unions: what a thing can be called in code, in the API and in the database.
 * Everything may import this file; it imports nothing.
 */

export const contactKinds = ["lead", "party"] as const;
export type ContactKind = (typeof contactKinds)[number];

export const entityTypes = ["lead", "party", "deal"] as const;
/** What a host CRM may name when it asks for an enrollment. */
export type EntityType = (typeof entityTypes)[number];

export const stepTypes = ["email_auto", "email_manual", "call", "task"] as const;
export type StepType = (typeof stepTypes)[number];

export const taskKinds = [
  "todo",
  "linkedin_connect",
  "linkedin_message",
  "linkedin_view",
  "sms",
  "other",
] as const;
export type TaskKind = (typeof taskKinds)[number];

export const delayUnits = ["minutes", "hours", "days", "business_days"] as const;
export type DelayUnit = (typeof delayUnits)[number];

export const sequenceStatuses = ["draft", "active", "paused", "archived"] as const;
export type SequenceStatus = (typeof sequenceStatuses)[number];

export const sequenceVisibilities = ["shared", "private"] as const;
export type SequenceVisibility = (typeof sequenceVisibilities)[number];

export const enrollmentStatuses = ["active", "paused", "completed", "canceled"] as const;
export type EnrollmentStatus = (typeof enrollmentStatuses)[number];

export const waitReasons = [
  "delay",
  "window",
  "holiday",
  "cap",
  "gap",
  "ramp",
  "hold",
  "send_in_flight",
  "task_open",
  "reply_wait",
  "approval",
  "sequence_paused",
  "sending_stopped",
] as const;
/** Why an active enrollment is not moving at this moment. */
export type WaitReason = (typeof waitReasons)[number];

export const pauseReasons = [
  "manual",
  "missing_variable",
  "mailbox_unavailable",
  "uncertain_send",
  "send_refused",
  "parked",
  "restore",
] as const;
export type PauseReason = (typeof pauseReasons)[number];

export const completeReasons = [
  "all_steps_done",
  "replied",
  "meeting_booked",
  "deal_won",
  "goal_met",
] as const;
export type CompleteReason = (typeof completeReasons)[number];

export const cancelReasons = [
  "manual",
  "bounced",
  "opted_out",
  "suppressed",
  "deal_lost",
  "account_replied",
  "sequence_archived",
  "contact_erased",
] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** The reason beside a status that is not `active`. */
export type StatusReason = PauseReason | CompleteReason | CancelReason;

export const sendStates = [
  "queued",
  "claimed",
  "sending",
  "sent",
  "failed",
  "uncertain",
  "canceled",
] as const;
export type SendState = (typeof sendStates)[number];

export const taskStatuses = ["open", "done", "skipped"] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const taskTypes = ["email_manual", "call", "task"] as const;
export type TaskType = (typeof taskTypes)[number];

export const taskOutcomes = [
  "completed",
  "sent_elsewhere",
  "connected",
  "interested",
  "not_interested",
  "meeting_booked",
  "no_answer",
  "voicemail",
  "busy",
  "wrong_number",
] as const;
/**
 * What came of a task. `meeting_booked` completes the enrollment, `not_interested` too (they answered: `replied`),
 * `wrong_number` cancels it; the others let it go on. `sent_elsewhere`: a manual email a person sent by themselves.
 */
export type TaskOutcome = (typeof taskOutcomes)[number];

export const holdKinds = ["out_of_office", "requested", "manual"] as const;
export type HoldKind = (typeof holdKinds)[number];

export const replyClasses = [
  "human",
  "out_of_office",
  "auto_reply",
  "bounce",
  "complaint",
  "unsubscribe_request",
  "calendar",
] as const;
export type ReplyClass = (typeof replyClasses)[number];

export const roles = ["admin", "manager", "rep", "viewer"] as const;
export type Role = (typeof roles)[number];

export const hostNewMemberRoles = ["viewer", "rep"] as const;
/** What a host app may make a user of its own who is no member yet: never one that sees everything. */
export type HostNewMemberRole = (typeof hostNewMemberRoles)[number];

export const noticeKinds = ["reply", "bounce", "uncertain_send", "mailbox_disabled"] as const;
/** What a member is told of. */
export type NoticeKind = (typeof noticeKinds)[number];

/** `test` takes every mail and sends none. */
export const transports = ["smtp", "test"] as const;
export type TransportName = (typeof transports)[number];

export const modes = ["live", "test"] as const;
/** `test`: a workspace's twin to try things in. Nothing it sends leaves. */
export type Mode = (typeof modes)[number];

export const suppressionKinds = ["address", "domain"] as const;
export type SuppressionKind = (typeof suppressionKinds)[number];

export const givenSuppressionReasons = ["manual", "opted_out", "bounced", "complaint"] as const;
/** `erased`: whose address it was is not kept any more, and the address only as a hash. */
export const suppressionReasons = [...givenSuppressionReasons, "erased"] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** Why an enroll request was refused. */
export const enrollRefusals = [
  "no_email",
  "invalid_email",
  "suppressed",
  "on_hold",
  "own_address",
  "already_enrolled",
  "enrolled_before",
  "not_published",
  "no_mailbox",
  "sequence_archived",
] as const;
export type EnrollRefusal = (typeof enrollRefusals)[number];

export const enrollWarnings = ["also_in", "role_address"] as const;
/** What whoever enrolls should know and nothing is refused for. */
export type EnrollWarning = (typeof enrollWarnings)[number];

export const eventTypes = [
  "contact.created",
  "contact.updated",
  "contact.merged",
  "contact.erased",
  "enrollment.created",
  "enrollment.paused",
  "enrollment.resumed",
  "enrollment.canceled",
  "enrollment.completed",
  "enrollment.reopened",
  "enrollment.step_skipped",
  "enrollment.reassigned",
  "send.queued",
  "send.sent",
  "send.failed",
  "send.canceled",
  "send.uncertain",
  "send.settled",
  "task.created",
  "task.done",
  "task.skipped",
  "task.snoozed",
  "reply.received",
  "hold.placed",
  "hold.released",
  "suppression.added",
  "suppression.removed",
] as const;
export type EventType = (typeof eventTypes)[number];

/** How many fields of the workspace's own a record may carry. */
export const customKeysMax = 100;

/** Whoever enrolls somebody may take it back for so long, and at the most. */
export const undoSecondsDefault = 10;
export const undoSecondsMax = 60;

/** A step's own hours are no shorter than this, or the jitter alone would fill them. */
export const stepWindowMinutesMin = 15;
