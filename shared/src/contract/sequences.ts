/** Sequences: drafts, immutable versions, their numbers, and what they would do to a person. */
import * as z from "zod";
import {
  delayUnits,
  sequenceStatuses,
  sequenceVisibilities,
  stepTypes,
  stepWindowMinutesMin,
  taskKinds,
  waitReasons,
} from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import {
  exampleIds,
  instant,
  line,
  page,
  pageQuery,
  publicId,
  requiredLine,
  revision,
  text,
} from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

const delay = z
  .strictObject({
    amount: z.number().int().min(0).max(10_000),
    unit: z.enum(delayUnits),
  })
  .refine(({ amount, unit }) => amount * delayDays[unit] <= 366, "A delay is a year at most")
  .meta({ id: "Delay", examples: [{ amount: 3, unit: "business_days" }] });

const delayDays = { minutes: 1 / 1440, hours: 1 / 24, days: 1, business_days: 7 / 5 };

const stepId = z
  .number()
  .int()
  .min(1)
  .meta({ description: "Stable across versions; left out for a new step." });

const timeOfDay = (form: RegExp, hint: string) => z.string().regex(form, hint);
const stepWindowInput = z
  .strictObject({
    from: timeOfDay(/^([01]\d|2[0-3]):[0-5]\d$/, "Write HH:MM, from 00:00 to 23:59"),
    to: timeOfDay(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "Write HH:MM, up to 24:00"),
  })
  .meta({ id: "StepWindow", examples: [{ from: "09:00", to: "11:30" }] });
const stepWindow = {
  description:
    "Hours of the day, on the person's clock, that this step keeps to within the schedule's windows. " +
    `At least ${stepWindowMinutesMin} minutes, within one day. Left out or null: all of the schedule's.`,
};
const stepBase = {
  id: stepId.optional(),
  name: requiredLine(120),
  delay,
  window: stepWindowInput.nullable().optional().meta(stepWindow),
};
const mailText = {
  subject: line(1_000)
    .nullable()
    .default(null)
    .meta({ description: "Liquid. Empty on a follow-up: it answers in the thread of the mail before." }),
  body: text(20_000).meta({ description: "Plain text Liquid: `Hi {{ contact.first_name }}`." }),
};

const stepInput = z.discriminatedUnion("type", [
  z.strictObject({ ...stepBase, type: z.literal("email_auto"), ...mailText }),
  z.strictObject({ ...stepBase, type: z.literal("email_manual"), ...mailText }),
  z.strictObject({
    ...stepBase,
    type: z.literal("call"),
    title: line(1_000),
    script: text(20_000).default(""),
  }),
  z.strictObject({
    ...stepBase,
    type: z.literal("task"),
    kind: z.enum(taskKinds).default("todo"),
    title: line(1_000),
    note: text(20_000).default(""),
  }),
]);

const step = z
  .strictObject({
    id: stepId,
    name: z.string(),
    type: z.enum(stepTypes),
    delay: z.strictObject({ amount: z.number(), unit: z.enum(delayUnits) }),
    window: z.strictObject({ from: z.string(), to: z.string() }).nullable().optional().meta(stepWindow),
    subject: z.string().nullable().optional(),
    body: z.string().optional(),
    title: z.string().optional(),
    script: z.string().optional(),
    kind: z.enum(taskKinds).optional(),
    note: z.string().optional(),
  })
  .meta({ id: "Step" });

const visibility = z.enum(sequenceVisibilities).meta({
  description:
    "`private`: seen by its owner and by managers alone. An enrollment in it is also seen by whoever owns that.",
});

const sequenceFields = {
  id: publicId("seq"),
  name: z.string(),
  status: z.enum(sequenceStatuses),
  ownerId: publicId("mbr").nullable(),
  visibility,
  scheduleId: publicId("sch").nullable(),
  mailboxId: publicId("mbx").nullable(),
  versionId: publicId("ver").nullable(),
  pausedAt: instant().nullable(),
  rev: revision(),
  createdAt: instant(),
  updatedAt: instant(),
};

export const sequence = z
  .strictObject({
    ...sequenceFields,
    steps: z.array(step).meta({ description: "The draft: what the next publish makes a version of." }),
  })
  .meta({ id: "Sequence" });

const sequenceInList = z
  .strictObject({
    ...sequenceFields,
    stepCount: z.number().int(),
    active: z.number().int(),
    paused: z.number().int(),
    completed: z.number().int(),
  })
  .meta({ id: "SequenceSummary" });

export const version = z
  .strictObject({
    id: publicId("ver"),
    sequenceId: publicId("seq"),
    number: z.number().int(),
    name: z.string(),
    steps: z.array(step),
    publishedAt: instant(),
  })
  .meta({ id: "SequenceVersion" });

export const touch = z
  .strictObject({
    stepId: z.number().int(),
    stepName: z.string(),
    type: z.enum(stepTypes),
    at: instant().nullable().meta({ description: "Null: nothing happens there until somebody acts." }),
    zone: z.string(),
    reason: z.enum(waitReasons).meta({ description: "Why it is not earlier." }),
    conditional: z
      .boolean()
      .meta({ description: "It happens then if the open task before it is done by then." }),
    problem: z.strictObject({ reason: z.string(), detail: z.string() }).nullable(),
    mail: z.strictObject({ subject: z.string(), text: z.string(), html: z.string() }).nullable(),
    task: z.strictObject({ title: z.string(), body: z.string(), subject: z.string().nullable() }).nullable(),
  })
  .meta({ id: "Touch" });

const draftFields = {
  name: requiredLine(120),
  steps: z.array(stepInput).max(50),
  scheduleId: publicId("sch").nullable(),
  mailboxId: publicId("mbx").nullable(),
  ownerId: publicId("mbr").nullable().meta({ description: "Whoever creates it, unless you say." }),
  visibility,
};

const exampleStep = {
  id: 1,
  name: "Intro",
  type: "email_auto",
  delay: { amount: 0, unit: "minutes" },
  subject: "A question about {{ company.name }}",
  body: "Hi {{ contact.first_name }},\n\nis routing still done by hand at {{ company.name }}?",
};
const exampleSequence = {
  id: exampleIds.seq,
  name: "New lead",
  status: "active",
  ownerId: exampleIds.mbr,
  visibility: "shared",
  scheduleId: null,
  mailboxId: exampleIds.mbx,
  versionId: exampleIds.ver,
  pausedAt: null,
  rev: 3,
  createdAt: at,
  updatedAt: at,
  steps: [exampleStep],
};
const { steps: _steps, ...exampleFields } = exampleSequence;
const exampleVersion = {
  id: exampleIds.ver,
  sequenceId: exampleIds.seq,
  number: 2,
  name: "New lead",
  steps: [exampleStep],
  publishedAt: at,
};
export const exampleTouch = {
  stepId: 1,
  stepName: "Intro",
  type: "email_auto",
  at,
  zone: "Europe/Lisbon",
  reason: "window",
  conditional: false,
  problem: null,
  mail: {
    subject: "A question about Acme",
    text: "Hi Dana,\n\nis routing still done by hand at Acme?",
    html: "<!doctype html><p>Hi Dana,</p>",
  },
  task: null,
};
const id = z.strictObject({ id: publicId("seq") });

export const sequenceContracts = {
  "sequences.list": {
    summary: "List sequences",
    description:
      "Those you may see, newest first, with how many people are in each; a count stops at 10,000.",
    access: "read",
    query: z.strictObject({
      ...pageQuery,
      status: z.enum(sequenceStatuses).optional(),
      q: line(120)
        .optional()
        .meta({ description: "A part of the name, in capitals or not (as far as A to Z)." }),
    }),
    response: page(sequenceInList),
    example: {
      response: {
        items: [{ ...exampleFields, stepCount: 1, active: 12, paused: 1, completed: 40 }],
        nextCursor: null,
      },
    },
  },
  "sequences.create": {
    summary: "Create a sequence",
    description:
      "As a draft, `shared` unless you say. Its templates are checked at once; every problem points at its field.",
    access: "build",
    body: z.strictObject(draftFields).partial().required({ name: true }),
    response: sequence,
    status: 201,
    problems: ["sequence_exists", "schedule_not_found", "mailbox_not_found", "member_not_found"],
    example: {
      body: { name: "New lead", steps: [{ ...exampleStep, id: undefined }] },
      response: { ...exampleSequence, status: "draft", versionId: null, rev: 1 },
    },
  },
  "sequences.get": {
    summary: "Read a sequence",
    description: "With its draft steps.",
    access: "read",
    params: id,
    response: sequence,
    problems: ["sequence_not_found"],
    example: { response: exampleSequence },
  },
  "sequences.update": {
    summary: "Change the draft",
    description:
      "Fields that are left out stay; `steps` replaces the whole list, and a step that keeps its id stays that step. People in flight are not touched: they run on the version they were enrolled in.",
    access: "build",
    params: id,
    body: z.strictObject(draftFields).partial(),
    response: sequence,
    ifMatch: "optional",
    problems: [
      "sequence_not_found",
      "sequence_exists",
      "sequence_archived",
      "schedule_not_found",
      "mailbox_not_found",
      "member_not_found",
    ],
    example: { body: { name: "New lead, autumn" }, response: exampleSequence },
  },
  "sequences.publish": {
    summary: "Publish the draft",
    description: "Makes an immutable version that new enrollments run on, and the sequence active.",
    access: "build",
    params: id,
    response: z.strictObject({ sequence, version }),
    status: 201,
    problems: ["sequence_not_found", "sequence_archived", "sequence_not_ready", "revision_conflict"],
    example: { response: { sequence: exampleSequence, version: exampleVersion } },
  },
  "sequences.versions": {
    summary: "List versions",
    description: "Newest first. A version never changes.",
    access: "read",
    params: id,
    query: z.strictObject(pageQuery),
    response: page(version),
    problems: ["sequence_not_found"],
    example: { response: { items: [exampleVersion], nextCursor: null } },
  },
  "sequences.numbers": {
    summary: "Read what happened per step",
    description: "Counted in the transaction in which it happened, over all versions.",
    access: "read",
    params: id,
    response: z.strictObject({
      steps: z.array(
        z.strictObject({
          stepId: z.number().int(),
          sent: z.number().int(),
          failed: z.number().int(),
          uncertain: z.number().int(),
          replied: z.number().int(),
          bounced: z.number().int(),
          tasksDone: z.number().int(),
          tasksSkipped: z.number().int(),
        }),
      ),
    }),
    problems: ["sequence_not_found"],
    example: {
      response: {
        steps: [
          {
            stepId: 1,
            sent: 48,
            failed: 0,
            uncertain: 1,
            replied: 12,
            bounced: 1,
            tasksDone: 0,
            tasksSkipped: 0,
          },
        ],
      },
    },
  },
  "sequences.pause": {
    summary: "Pause a sequence",
    description: "Everybody in it stands still, their timers too, until it is resumed.",
    access: "build",
    params: id,
    response: sequence,
    problems: ["sequence_not_found", "sequence_not_active"],
    example: { response: { ...exampleSequence, status: "paused", pausedAt: at } },
  },
  "sequences.resume": {
    summary: "Resume a sequence",
    description:
      "Everybody goes on with the wait that was left; what is overdue spreads within windows and caps.",
    access: "build",
    params: id,
    response: sequence,
    problems: ["sequence_not_found", "sequence_not_paused"],
    example: { response: exampleSequence },
  },
  "sequences.archive": {
    summary: "Archive a sequence",
    description: "For good: nobody is enrolled any more, and everybody in it is canceled at the next tick.",
    access: "build",
    params: id,
    response: sequence,
    problems: ["sequence_not_found"],
    example: { response: { ...exampleSequence, status: "archived" } },
  },
  "sequences.preview": {
    summary: "Preview a person's calendar",
    description:
      "What would happen to this person, enrolled or not: every touch with its time and reason, every mail rendered, every problem found. Nothing is changed.",
    access: "read",
    params: id,
    body: z.strictObject({
      contactId: publicId("ctc"),
      dealId: publicId("dea").nullable().default(null),
      mailboxId: publicId("mbx").optional(),
      startAt: instant().optional(),
      draft: z.boolean().default(false).meta({ description: "The draft instead of the published version." }),
    }),
    response: z.strictObject({
      zone: z.string(),
      touches: z.array(touch),
      problems: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })),
    }),
    problems: ["sequence_not_found", "contact_not_found", "mailbox_not_found", "deal_not_found", "not_yours"],
    example: {
      body: { contactId: exampleIds.ctc },
      response: { zone: "Europe/Lisbon", touches: [exampleTouch], problems: [] },
    },
  },
} as const satisfies Record<string, Contract>;
