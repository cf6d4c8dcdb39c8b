/**
 * One person, one sequence and where they stand: what the pure tests start from. Each factory gives a whole value that
 * stands for the ordinary case; a test names only what it is about.
 */
import type { Contact, Mailbox, Workspace } from "./contact.ts";
import type { ClaimedSend } from "./delivery.ts";
import type { Enrollment } from "./enrollment.ts";
import type { Facts, SendFact, TaskFact } from "./facts.ts";
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
import type { Schedule } from "./schedule.ts";
import type { CallStep, Delay, EmailStep, ManualEmailStep, Step, TaskStep } from "./sequence.ts";
import type { Task } from "./task.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

export const utc = (text: string): number => Date.parse(text);
/** A Monday morning, inside every schedule here. */
export const monday: number = utc("2026-03-02T10:00:00Z");
export const rep = { actor: "member:3", at: monday };

const noHolidays = { country: null, region: null, holidays: [], jitterMinutes: 0 };
export const alwaysOpen: Schedule = {
  windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }],
  ...noHolidays,
};
export const officeHours: Schedule = {
  windows: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }],
  ...noHolidays,
};
export const neverOpen: Schedule = { windows: [], ...noHolidays };

export const after = (amount: number, unit: Delay["unit"]): Delay => ({ amount, unit });
export const email = (id: number, more: Partial<EmailStep> = {}): EmailStep => ({
  id,
  type: "email_auto",
  name: `Mail ${id}`,
  delay: after(0, "minutes"),
  subject: `Subject ${id}`,
  body: "Hello {{ contact.first_name }}",
  ...more,
});

export const manualEmail = (id: number, more: Partial<ManualEmailStep> = {}): ManualEmailStep => ({
  ...email(id),
  type: "email_manual",
  ...more,
});

export const call = (id: number, more: Partial<CallStep> = {}): CallStep => ({
  id,
  type: "call",
  name: `Call ${id}`,
  delay: after(0, "minutes"),
  title: "Call {{ contact.first_name }}",
  script: "Ask {{ contact.first_name }} about {{ company.name | default: 'the team' }}.",
  ...more,
});

export const todo = (id: number, more: Partial<TaskStep> = {}): TaskStep => ({
  id,
  type: "task",
  name: `Task ${id}`,
  delay: after(0, "minutes"),
  kind: "linkedin_connect",
  title: "Connect with {{ contact.first_name }}",
  note: "Without a note.",
  ...more,
});

export const enrollmentOf = (more: Partial<Enrollment> = {}): Enrollment => ({
  id: 7 as EnrollmentId,
  workspaceId: 1 as WorkspaceId,
  sequenceId: 4 as SequenceId,
  versionId: 5 as VersionId,
  contactId: 9 as ContactId,
  dealId: null,
  mailboxId: 2 as MailboxId,
  ownerId: 3 as MemberId,
  status: "active",
  reason: null,
  detail: null,
  waitReason: "delay",
  stepId: 1,
  cycle: 1,
  epoch: 1,
  rev: 1,
  dueAt: monday,
  wakeAt: monday,
  remainingMs: null,
  threadSubject: null,
  threadReferences: [],
  executedAt: null,
  enrolledAt: monday - dayMs,
  endedAt: null,
  ...more,
});

export const contactOf = (more: Partial<Contact> = {}): Contact => ({
  id: 9 as ContactId,
  workspaceId: 1 as WorkspaceId,
  kind: "lead",
  email: "dana@acme.test",
  firstName: "Dana",
  lastName: "Reyes",
  title: null,
  phone: null,
  linkedinUrl: null,
  companyId: null,
  ownerId: null,
  timeZone: null,
  country: null,
  locale: null,
  custom: {},
  ...more,
});

export const mailboxOf = (more: Partial<Mailbox> = {}): Mailbox => ({
  id: 2 as MailboxId,
  address: "sam@vendor.test",
  name: "Sam",
  timeZone: null,
  signature: null,
  receives: false,
  dailyCap: 50,
  gapMs: 0,
  disabledAt: null,
  disabledReason: null,
  ...more,
});

const workspace: Workspace = {
  id: 1 as WorkspaceId,
  name: "Vendor",
  timeZone: "UTC",
  country: null,
  postalAddress: null,
  defaultScheduleId: null,
  sendingStoppedAt: null,
};

export const unsubscribeUrl = "https://cadenza.test/u/0.9.abc";

/** An active person on the first of `steps`, due now, with nothing in the way. */
export function factsOf(
  more: Partial<Omit<Facts, "enrollment">> & { steps?: Step[]; enrollment?: Partial<Enrollment> } = {},
): Facts {
  const { steps = [email(1), email(2)], enrollment, ...rest } = more;
  return {
    enrollment: enrollmentOf({ stepId: steps[0]?.id ?? 1, ...enrollment }),
    version: {
      id: 5 as VersionId,
      sequenceId: 4 as SequenceId,
      workspaceId: 1 as WorkspaceId,
      number: 1,
      name: "Outreach",
      steps,
    },
    sequence: { id: 4 as SequenceId, status: "active", pausedAt: null },
    workspace,
    contact: contactOf(),
    company: null,
    deal: null,
    sender: null,
    mailbox: mailboxOf(),
    schedule: alwaysOpen,
    zone: "UTC",
    hold: null,
    suppressed: false,
    sendingStopped: false,
    send: null,
    task: null,
    unsubscribeUrl,
    ...rest,
  };
}

export const sendFact = (more: Partial<SendFact> = {}): SendFact => ({
  state: "queued",
  dueAt: monday,
  sentAt: null,
  deferReason: null,
  error: null,
  ...more,
});

export const taskFact = (more: Partial<TaskFact> = {}): TaskFact => ({
  id: 11 as TaskId,
  status: "open",
  dueAt: monday,
  doneAt: null,
  ...more,
});

export const taskOf = (more: Partial<Task> = {}): Task => ({
  id: 11 as TaskId,
  workspaceId: 1 as WorkspaceId,
  enrollmentId: 7 as EnrollmentId,
  stepId: 1,
  cycle: 1,
  type: "call",
  purpose: "step",
  status: "open",
  dueAt: monday,
  ...more,
});

export const claimedSend = (more: Partial<ClaimedSend> = {}): ClaimedSend => ({
  enrollmentId: 7 as EnrollmentId,
  stepId: 1,
  cycle: 1,
  workspaceId: 1 as WorkspaceId,
  sequenceId: 4 as SequenceId,
  versionId: 5 as VersionId,
  contactId: 9 as ContactId,
  mailboxId: 2 as MailboxId,
  epoch: 1,
  dueAt: monday,
  createdAt: monday,
  deferReason: null,
  notAfter: monday + 7 * hourMs,
  claim: "claim-1",
  fence: 3,
  attempt: 1,
  authorisedAt: monday,
  firstAuthorisedAt: monday,
  absentCount: 0,
  lookedAt: null,
  snapshot: {
    to: "dana@acme.test",
    toName: "Dana Reyes",
    from: "sam@vendor.test",
    fromName: "Sam",
    values: { contact: { first_name: "Dana" } },
    signature: null,
    postalAddress: null,
    unsubscribeUrl,
    renderedAt: monday,
    zone: "UTC",
    thread: null,
  },
  contentHash: "hash",
  ...more,
});
