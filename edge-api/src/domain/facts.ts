/** Everything the engine knows about one enrollment when it decides: loaded set-wise, read only. */
import type { SendState, TaskStatus, WaitReason } from "@cadenza/shared/vocabulary";
import type { Company, Contact, Deal, Mailbox, Sender, Workspace } from "./contact.ts";
import type { Enrollment } from "./enrollment.ts";
import type { TaskId } from "./ids.ts";
import type { MessageSnapshot } from "./message.ts";
import type { Schedule } from "./schedule.ts";
import type { SequenceState, SequenceVersion } from "./sequence.ts";

export type SendFact = {
  state: SendState;
  dueAt: number | null;
  sentAt: number | null;
  deferReason: WaitReason | null;
  error: string | null;
  /** Of a mail that was sent: what a reply in its thread has to name. */
  mail?: { messageId: string; snapshot: MessageSnapshot } | null;
};

export type TaskFact = { id: TaskId; status: TaskStatus; dueAt: number; doneAt: number | null };

export type Facts = {
  enrollment: Enrollment;
  version: SequenceVersion;
  sequence: SequenceState;
  workspace: Workspace;
  contact: Contact;
  company: Company | null;
  deal: Deal | null;
  sender: Sender | null;
  mailbox: Mailbox | null;
  schedule: Schedule;
  /** Whose day counts: the contact's zone, else the mailbox's, else the workspace's. */
  zone: string;
  /** The person's hold; one that is over counts as none. */
  hold: { since: number; until: number } | null;
  suppressed: boolean;
  /** The brake of the workspace, or of the whole shard. */
  sendingStopped: boolean;
  /** The send and the task of the step the enrollment stands on, if it was begun. */
  send: SendFact | null;
  task: TaskFact | null;
  unsubscribeUrl: string;
};
