/** Work for a human, made by the manual steps. */
import * as z from "zod";
import { taskKinds, taskOutcomes, taskStatuses, taskTypes } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { exampleIds, instant, page, pageQuery, publicId, requiredLine, revision, text } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const task = z
  .strictObject({
    id: publicId("tsk"),
    enrollmentId: publicId("enr"),
    contactId: publicId("ctc"),
    contact: z
      .strictObject({
        email: z.string().nullable(),
        firstName: z.string().nullable(),
        lastName: z.string().nullable(),
        phone: z.string().nullable(),
      })
      .optional(),
    ownerId: publicId("mbr").nullable(),
    stepId: z.number().int(),
    type: z.enum(taskTypes),
    kind: z.enum(taskKinds).nullable(),
    purpose: z.enum(["step", "uncertain_send"]),
    sendId: publicId("snd")
      .nullable()
      .meta({ description: "The mail to settle, of the question whether it arrived." }),
    title: z.string(),
    subject: z.string().nullable().meta({ description: "The draft's subject, of a manual email." }),
    body: z
      .string()
      .meta({ description: "The call script, the note or the draft: rendered for this person." }),
    status: z.enum(taskStatuses),
    outcome: z.enum(taskOutcomes).nullable(),
    note: z.string().nullable(),
    dueAt: instant(),
    doneAt: instant().nullable(),
    rev: revision(),
    createdAt: instant(),
  })
  .meta({ id: "Task" });

const exampleTask = {
  id: exampleIds.tsk,
  enrollmentId: exampleIds.enr,
  contactId: exampleIds.ctc,
  ownerId: exampleIds.mbr,
  stepId: 2,
  type: "call",
  kind: null,
  purpose: "step",
  sendId: null,
  title: "Call Dana about routing",
  subject: null,
  body: "Ask who decides.",
  status: "open",
  outcome: null,
  note: null,
  dueAt: at,
  doneAt: null,
  rev: 1,
  createdAt: at,
};
const id = z.strictObject({ id: publicId("tsk") });
const problems = ["task_not_found", "not_yours", "task_not_open", "busy", "enrollment_unreadable"] as const;

export const taskContracts = {
  "tasks.list": {
    summary: "List tasks",
    description:
      "Those you may see, by due date, the oldest first; with `ownerId` the day's list of one member.",
    access: "read",
    query: z.strictObject({
      ...pageQuery,
      status: z.enum(taskStatuses).default("open"),
      ownerId: publicId("mbr").optional(),
      enrollmentId: publicId("enr").optional(),
      contactId: publicId("ctc").optional(),
      dueUntil: instant().optional(),
    }),
    response: page(task),
    example: { response: { items: [exampleTask], nextCursor: null } },
  },
  "tasks.get": {
    summary: "Read a task",
    description: "With its text, rendered for this person.",
    access: "read",
    params: id,
    response: task,
    problems: ["task_not_found"],
    example: { response: exampleTask },
  },
  "tasks.done": {
    summary: "Mark a task done",
    description:
      "The sequence goes on; the next step's delay starts now. `meeting_booked` completes it, `not_interested` completes it as `replied`, `wrong_number` cancels it as `manual`; the `detail` of the enrollment names the outcome. A manual email is sent by approving it, not by this: here it takes `sent_elsewhere`, or another outcome than `completed`.",
    access: "work",
    params: id,
    body: z
      .strictObject({
        outcome: z.enum(taskOutcomes).default("completed"),
        note: text(2_000).nullable().default(null),
      })
      .optional(),
    response: task,
    problems: [...problems, "task_wants_settlement", "task_wants_approval"],
    example: {
      body: { outcome: "voicemail" },
      response: { ...exampleTask, status: "done", outcome: "voicemail", doneAt: at },
    },
  },
  "tasks.skip": {
    summary: "Skip a task",
    description: "The sequence goes on without it.",
    access: "work",
    params: id,
    body: z.strictObject({ note: text(2_000).nullable().default(null) }).optional(),
    response: task,
    problems: [...problems, "task_wants_settlement"],
    example: { response: { ...exampleTask, status: "skipped", doneAt: at } },
  },
  "tasks.snooze": {
    summary: "Snooze a task",
    description: "It is due again later; the sequence keeps waiting for it.",
    access: "work",
    params: id,
    body: z.strictObject({ untilAt: instant() }),
    response: task,
    problems,
    example: {
      body: { untilAt: "2026-11-24T09:00:00Z" },
      response: { ...exampleTask, dueAt: "2026-11-24T09:00:00.000Z" },
    },
  },
  "tasks.approve": {
    summary: "Approve and send a manual email",
    description:
      "These very words go out through the outbox, in the thread, from the enrollment's mailbox. Words that still hold a placeholder (`{{ … }}`, `[Name]`) are refused.",
    access: "work",
    params: id,
    body: z.strictObject({ subject: requiredLine(255), body: text(20_000).min(1) }),
    response: task,
    problems: [...problems, "task_not_manual_email", "draft_not_sendable", "enrollment_not_active"],
    example: {
      body: { subject: "Re: A question about Acme", body: "Hi Dana, …" },
      response: { ...exampleTask, type: "email_manual", status: "done", outcome: "completed", doneAt: at },
    },
  },
} as const satisfies Record<string, Contract>;
