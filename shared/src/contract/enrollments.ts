/** Enrolling people and what can be done with, and asked about, an enrollment. */
import * as z from "zod";
import {
  cancelReasons,
  completeReasons,
  enrollmentStatuses,
  enrollRefusals,
  enrollWarnings,
  entityTypes,
  pauseReasons,
  sendStates,
  undoSecondsDefault,
  undoSecondsMax,
  waitReasons,
} from "../vocabulary.ts";
import { personInput } from "./contacts.ts";
import type { Contract } from "./contract.ts";
import { each, exampleIds, instant, line, page, pageQuery, publicId, reference } from "./fields.ts";
import { exampleTouch, touch } from "./sequences.ts";

const at = "2026-11-23T09:30:00.000Z";
export const statusReasons = [...pauseReasons, ...completeReasons, ...cancelReasons] as const;

export const enrollment = z
  .strictObject({
    id: publicId("enr"),
    sequenceId: publicId("seq"),
    sequenceName: z.string().optional(),
    versionId: publicId("ver"),
    contactId: publicId("ctc"),
    contact: z
      .strictObject({
        email: z.string().nullable(),
        firstName: z.string().nullable(),
        lastName: z.string().nullable(),
      })
      .optional(),
    dealId: publicId("dea").nullable(),
    mailboxId: publicId("mbx").nullable(),
    ownerId: publicId("mbr").nullable(),
    status: z.enum(enrollmentStatuses),
    reason: z.enum(statusReasons).nullable().meta({ description: "Why it is not active." }),
    detail: z.string().nullable().meta({ description: "The missing variable, the refusal's text." }),
    waitReason: z.enum(waitReasons).nullable().meta({ description: "What an active one waits for." }),
    stepId: z.number().int(),
    wakeAt: instant().nullable().meta({ description: "When the engine looks again." }),
    enrolledAt: instant(),
    endedAt: instant().nullable(),
  })
  .meta({ id: "Enrollment" });

/** What holds an enrollment at this moment, or why it is no longer active; `due`: nothing does. */
export const enrollmentRule = z.enum([...new Set([...waitReasons, ...statusReasons, "due" as const])]);

export const send = z
  .strictObject({
    id: publicId("snd"),
    enrollmentId: publicId("enr"),
    contactId: publicId("ctc"),
    stepId: z.number().int(),
    cycle: z.number().int(),
    state: z.enum(sendStates),
    to: z.string(),
    dueAt: instant().nullable(),
    waitReason: z.enum(waitReasons).nullable(),
    attempt: z.number().int(),
    sentAt: instant().nullable(),
    error: z.string().nullable(),
    contentHash: z.string(),
    createdAt: instant(),
  })
  .meta({ id: "Send" });

/** Exactly one way to say who. */
const who = {
  contactId: publicId("ctc").optional(),
  dealId: publicId("dea").optional().meta({ description: "The deal's contact is enrolled, for this deal." }),
  reference: reference
    .extend({ entity: z.enum(entityTypes).optional() })
    .optional()
    .meta({ description: "A lead, party or deal by the host system's own id." }),
  person: personInput.optional().meta({ description: "Created, or merged by normalised email." }),
};
const oneWho = (target: Partial<Record<keyof typeof who, unknown>>): boolean =>
  Object.keys(who).filter((key) => target[key as keyof typeof who] !== undefined).length === 1;
const oneWhoText = "Say who in exactly one way: contactId, dealId, reference or person";

const options = {
  mailboxId: publicId("mbx")
    .optional()
    .meta({ description: "One's own, or one nobody owns; a manager may take any." }),
  ownerId: publicId("mbr").optional().meta({
    description:
      "Whoever enrolls, unless a manager says; with a key the person's owner, else the sequence's.",
  }),
  startAt: instant().optional().meta({ description: "Not before this instant." }),
  undoSeconds: z.number().int().min(0).max(undoSecondsMax).default(undoSecondsDefault).meta({
    description:
      "How long the first step waits at the least, a mail as well as a task: canceled within it, nothing of it ever happened.",
  }),
  again: z.boolean().default(false).meta({
    description:
      "Begins anew with whoever answered, opted out of or completed this sequence before; else they are refused with `enrolled_before`.",
  }),
};

/** What whoever enrolls should know and nothing is refused for. */
const warnings = z.array(z.strictObject({ code: z.enum(enrollWarnings), detail: z.string() })).meta({
  description:
    "`also_in`: the person is in other sequences, which it names; `role_address`: a machine or a department reads it.",
});

export const exampleEnrollment = {
  id: exampleIds.enr,
  sequenceId: exampleIds.seq,
  versionId: exampleIds.ver,
  contactId: exampleIds.ctc,
  dealId: null,
  mailboxId: exampleIds.mbx,
  ownerId: null,
  status: "active",
  reason: null,
  detail: null,
  waitReason: "delay",
  stepId: 1,
  wakeAt: at,
  enrolledAt: at,
  endedAt: null,
};
const exampleSend = {
  id: exampleIds.snd,
  enrollmentId: exampleIds.enr,
  contactId: exampleIds.ctc,
  stepId: 1,
  cycle: 1,
  state: "uncertain",
  to: "dana@example.com",
  dueAt: null,
  waitReason: null,
  attempt: 1,
  sentAt: null,
  error: "The connection broke after the mail was handed over.",
  contentHash: "9f2c",
  createdAt: at,
};
const id = z.strictObject({ id: publicId("enr") });
const sequenceId = z.strictObject({ id: publicId("seq") });
const why = z.strictObject({ detail: line(500).nullable().default(null) }).optional();
const live = ["enrollment_not_found", "not_yours", "enrollment_unreadable", "busy"] as const;

export const enrollmentContracts = {
  "enrollments.create": {
    summary: "Enroll a person",
    description:
      "A lead, a party or a deal's contact: by id, by the host's own reference, or as a person created on the way. Refused with the one reason that stands in the way, and then nothing at all is written.",
    access: "work",
    limit: "enroll",
    params: sequenceId,
    body: z.strictObject({ ...who, ...options }).refine(oneWho, oneWhoText),
    response: enrollment.extend({ warnings }).meta({ id: "NewEnrollment" }),
    status: 201,
    problems: [
      "sequence_not_found",
      "contact_not_found",
      "deal_not_found",
      "reference_not_found",
      "mailbox_not_found",
      "member_not_found",
      "not_yours",
      ...enrollRefusals,
    ],
    example: {
      body: { contactId: exampleIds.ctc },
      response: {
        ...exampleEnrollment,
        warnings: [{ code: "also_in", detail: 'This person is also in "Onboarding".' }],
      },
    },
  },
  "enrollments.createMany": {
    summary: "Enroll many people",
    description: "Up to 1,000 a request. Every item is answered by itself, in the order given.",
    access: "work",
    limit: "enrollMany",
    params: sequenceId,
    body: z.strictObject({
      items: z
        .array(each(z.strictObject(who).refine(oneWho, oneWhoText)))
        .min(1)
        .max(1_000),
      ...options,
    }),
    response: z.strictObject({
      enrolled: z.number().int(),
      refused: z.number().int(),
      items: z.array(
        z.strictObject({
          outcome: z.enum(["enrolled", "refused"]),
          enrollmentId: publicId("enr").nullable(),
          contactId: publicId("ctc").nullable(),
          code: z.string().nullable(),
          detail: z.string().nullable(),
          pointer: z.string().nullable(),
          warnings,
        }),
      ),
    }),
    problems: ["sequence_not_found", "mailbox_not_found", "member_not_found", "not_yours"],
    example: {
      body: { items: [{ contactId: exampleIds.ctc }] },
      response: {
        enrolled: 1,
        refused: 0,
        items: [
          {
            outcome: "enrolled",
            enrollmentId: exampleIds.enr,
            contactId: exampleIds.ctc,
            code: null,
            detail: null,
            pointer: null,
            warnings: [],
          },
        ],
      },
    },
  },
  "enrollments.list": {
    summary: "List enrollments",
    description: "Those you may see, newest first.",
    access: "read",
    query: z.strictObject({
      ...pageQuery,
      status: z.enum(enrollmentStatuses).optional(),
      sequenceId: publicId("seq").optional(),
      contactId: publicId("ctc").optional(),
    }),
    response: page(enrollment),
    example: { response: { items: [exampleEnrollment], nextCursor: null } },
  },
  "enrollments.get": {
    summary: "Read an enrollment",
    description: "Where a person stands.",
    access: "read",
    params: id,
    response: enrollment,
    problems: ["enrollment_not_found"],
    example: { response: exampleEnrollment },
  },
  "enrollments.update": {
    summary: "Hand an enrollment on",
    description:
      "Its open tasks go with it. A manager hands on anybody's to anybody; a rep takes what nobody owns, or lets go of their own (`null`).",
    access: "work",
    params: id,
    body: z.strictObject({ ownerId: publicId("mbr").nullable() }),
    response: enrollment,
    problems: ["enrollment_not_found", "member_not_found", "not_yours", "busy"],
    example: {
      body: { ownerId: exampleIds.mbr },
      response: { ...exampleEnrollment, ownerId: exampleIds.mbr },
    },
  },
  "enrollments.pause": {
    summary: "Pause an enrollment",
    description: "What is left of the wait is kept. Mail not yet on the wire is taken back.",
    access: "work",
    params: id,
    body: why,
    response: enrollment,
    problems: [...live, "enrollment_not_active"],
    example: {
      body: { detail: "Talking to them at the fair" },
      response: { ...exampleEnrollment, status: "paused", reason: "manual" },
    },
  },
  "enrollments.resume": {
    summary: "Resume an enrollment",
    description:
      "It goes on with the wait that was left. A refused mail is tried again; an uncertain one must be settled first.",
    access: "work",
    params: id,
    response: enrollment,
    problems: [...live, "enrollment_not_paused", "send_uncertain"],
    example: { response: exampleEnrollment },
  },
  "enrollments.cancel": {
    summary: "Cancel an enrollment",
    description: "For good, unless it is reopened.",
    access: "work",
    params: id,
    body: why,
    response: enrollment,
    problems: [...live, "enrollment_ended"],
    example: { response: { ...exampleEnrollment, status: "canceled", reason: "manual", endedAt: at } },
  },
  "enrollments.skip": {
    summary: "Skip the step it stands on",
    description: "The next step's delay counts from now.",
    access: "work",
    params: id,
    response: enrollment,
    problems: [...live, "enrollment_ended", "send_in_flight", "send_uncertain"],
    example: { response: { ...exampleEnrollment, stepId: 2 } },
  },
  "enrollments.reopen": {
    summary: "Reopen an ended enrollment",
    description: "Undoes a stop, say a reply that was misread: same step, same wait left.",
    access: "work",
    params: id,
    response: enrollment,
    problems: [...live, "enrollment_not_ended", "enrollment_all_steps_done", "already_enrolled"],
    example: { response: exampleEnrollment },
  },
  "enrollments.plan": {
    summary: "Read its remaining calendar",
    description:
      "Every remaining touch with its instant, zone, step and reason, by the very rules that carry it out.",
    access: "read",
    params: id,
    response: z.strictObject({ zone: z.string(), touches: z.array(touch) }),
    problems: ["enrollment_not_found", "enrollment_unreadable"],
    example: { response: { zone: "Europe/Lisbon", touches: [exampleTouch] } },
  },
  "enrollments.explain": {
    summary: "Ask why it is waiting",
    description: "The one rule that blocks, its value, and when it is looked at again.",
    access: "read",
    params: id,
    response: z.strictObject({
      status: z.enum(enrollmentStatuses),
      rule: enrollmentRule,
      value: z.string().nullable(),
      nextLookAt: instant().nullable(),
      stepId: z.number().int(),
      sentence: z.string(),
    }),
    problems: ["enrollment_not_found", "enrollment_unreadable"],
    example: {
      response: {
        status: "active",
        rule: "window",
        value: "2026-11-26T10:00:00.000Z",
        nextLookAt: "2026-11-26T10:00:00.000Z",
        stepId: 2,
        sentence: "Waiting for the delivery window, which opens Thu 26 Nov, 10:00 (Europe/Lisbon).",
      },
    },
  },
  "enrollments.sends": {
    summary: "List its mails",
    description: "Every mail of this enrollment, in the order they were made.",
    access: "read",
    params: id,
    response: z.strictObject({ items: z.array(send) }),
    problems: ["enrollment_not_found"],
    example: { response: { items: [exampleSend] } },
  },
  "sends.list": {
    summary: "List the outbox",
    description:
      "`queued`: what is waiting to leave, with the reason. `uncertain`: what a person must settle.",
    access: "read",
    query: z.strictObject({ ...pageQuery, state: z.enum(["queued", "uncertain"]).default("queued") }),
    response: page(send),
    example: { response: { items: [exampleSend], nextCursor: null } },
  },
  "sends.get": {
    summary: "Read a send",
    description: "One mail: its state, its tries, why it waits.",
    access: "read",
    params: z.strictObject({ id: publicId("snd") }),
    response: send,
    problems: ["send_not_found"],
    example: { response: exampleSend },
  },
  "sends.settle": {
    summary: "Settle an uncertain send",
    description:
      "Arrived: the sequence goes on from when it was sent. Not arrived: the step is sent again, as a new mail.",
    access: "work",
    params: z.strictObject({ id: publicId("snd") }),
    body: z.strictObject({ arrived: z.boolean() }),
    response: send,
    problems: ["send_not_found", "not_yours", "send_not_uncertain", "busy", "enrollment_unreadable"],
    example: {
      body: { arrived: true },
      response: { ...exampleSend, state: "sent", sentAt: at, error: null },
    },
  },
} as const satisfies Record<string, Contract>;
