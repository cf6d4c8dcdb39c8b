/**
 * Every change is one value, made by a pure function and persisted by `commit()` in one transaction: what the
 * enrollment becomes, what is sent, what is asked of a person, what is remembered.
 */
import type {
  EventType,
  TaskKind,
  TaskOutcome,
  TaskStatus,
  TaskType,
  WaitReason,
} from "@cadenza/shared/vocabulary";
import type { By, Enrollment } from "./enrollment.ts";
import type { NewEvent } from "./events.ts";
import type {
  ContactId,
  EnrollmentId,
  MailboxId,
  MemberId,
  SequenceId,
  TaskId,
  VersionId,
  WorkspaceId,
} from "./ids.ts";
import type { MessageSnapshot } from "./message.ts";

export type NewSend = {
  enrollmentId: EnrollmentId;
  stepId: number;
  cycle: number;
  workspaceId: WorkspaceId;
  sequenceId: SequenceId;
  versionId: VersionId;
  contactId: ContactId;
  mailboxId: MailboxId;
  epoch: number;
  dueAt: number;
  notAfter: number;
  snapshot: MessageSnapshot;
  contentHash: string;
};

export type NewTask = {
  workspaceId: WorkspaceId;
  enrollmentId: EnrollmentId;
  stepId: number;
  cycle: number;
  sequenceId: SequenceId;
  versionId: VersionId;
  contactId: ContactId;
  ownerId: MemberId | null;
  type: TaskType;
  kind: TaskKind | null;
  purpose: "step" | "uncertain_send";
  title: string;
  body: string;
  subject: string | null;
  dueAt: number;
};

export type TaskChange = {
  id: TaskId;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  note: string | null;
  dueAt: number;
  doneAt: number | null;
};

export type RollupCount =
  | "sent"
  | "failed"
  | "uncertain"
  | "replied"
  | "bounced"
  | "tasksDone"
  | "tasksSkipped";

/** A change to the one send a deliverer holds: committed only while its claim and fence are still this. */
export type SendChange = {
  stepId: number;
  cycle: number;
  claim: string;
  fence: number;
  state: "queued" | "sent" | "failed" | "uncertain" | "canceled";
  dueAt: number | null;
  notAfter: number;
  deferReason: WaitReason | null;
  sentAt: number | null;
  error: string | null;
  providerMessageId: string | null;
  /** True where the mail provably did not leave: its slot in the mailbox's usage is given back. */
  giveBack: boolean;
};

export type Decision = {
  enrollmentId: EnrollmentId;
  /**
   * What must still be true when it lands. `rev`: nobody wrote since it was read. `lease`: the tick's claim is
   * still ours. `quiet`: none of its mails is on the wire (authorising one does not raise the rev). A decision about a send needs neither: recording a mail that left must land, so it changes the
   * enrollment only if that still stands, active, on this very step.
   */
  guard: { rev: number; lease: string | null; quiet?: true } | "send";
  next: Enrollment | null;
  /** How far the epoch rises: added to what the row holds, so that a stale read can never lower it. */
  raise: number;
  /** The tick is to look at once, where the enrollment is active. */
  wake: boolean;
  sends: NewSend[];
  sendChange: SendChange | null;
  /** Which of the enrollment's sends are taken back: none of them can be on the wire. */
  cancelSends: ("queued" | "claimed" | "failed")[];
  tasks: NewTask[];
  taskChange: TaskChange | null;
  /** Closes what was asked of a person: the step's own task, or the question whether a mail arrived. */
  closeTasks: "step" | "uncertain_send" | null;
  reopenTasks: boolean;
  events: NewEvent[];
  counts: { stepId: number; count: RollupCount }[];
  disableMailbox: { id: MailboxId; reason: string } | null;
};

const nothing = {
  wake: false,
  sends: [],
  sendChange: null,
  cancelSends: [],
  tasks: [],
  taskChange: null,
  closeTasks: null,
  reopenTasks: false,
  events: [],
  counts: [],
  disableMailbox: null,
} satisfies Partial<Decision>;

/** A change that lands only if the enrollment is still as `before` was read. */
export function decision(before: Enrollment, next: Enrollment, effects: Partial<Decision>): Decision {
  return {
    enrollmentId: before.id,
    guard: { rev: before.rev, lease: null },
    next,
    raise: next.epoch - before.epoch,
    ...nothing,
    ...effects,
  };
}

/** A change that lands only if the send is still held under its claim and fence. */
export function sendDecision(
  before: Enrollment,
  sendChange: SendChange,
  effects: Partial<Decision> = {},
): Decision {
  const next = effects.next ?? null;
  const raise = next ? next.epoch - before.epoch : 0;
  return { enrollmentId: before.id, guard: "send", ...nothing, ...effects, next, raise, sendChange };
}

export function eventOf(
  enrollment: Enrollment,
  type: EventType,
  by: By,
  data: Record<string, unknown>,
): NewEvent {
  return {
    workspaceId: enrollment.workspaceId,
    contactId: enrollment.contactId,
    at: by.at,
    type,
    enrollmentId: enrollment.id,
    stepId: enrollment.stepId,
    actor: by.actor,
    data,
  };
}
