/** One record of the host, with all that a panel beside it shows first: one question, one answer. */
import * as z from "zod";
import { entityTypes, stepTypes, suppressionKinds, suppressionReasons } from "../vocabulary.ts";
import { contact, exampleContact, timelineEvent } from "./contacts.ts";
import type { Contract } from "./contract.ts";
import { deal } from "./deals.ts";
import { hold } from "./engine.ts";
import { enrollment, enrollmentRule, exampleEnrollment } from "./enrollments.ts";
import { email, exampleIds, instant, page, publicId, requiredLine } from "./fields.ts";
import { exampleTouch, touch } from "./sequences.ts";
import { task } from "./tasks.ts";

const at = "2026-11-23T09:30:00.000Z";

const nextTouch = touch
  .extend({ mail: z.strictObject({ subject: z.string(), text: z.string() }).nullable() })
  .meta({ id: "NextTouch", description: "The first remaining touch, its mail without the HTML." });

const laterTouch = z
  .strictObject({
    stepId: touch.shape.stepId,
    stepName: touch.shape.stepName,
    type: touch.shape.type,
    at: touch.shape.at,
    conditional: touch.shape.conditional,
    reason: touch.shape.reason,
  })
  .meta({ id: "LaterTouch" });

export const recordEnrollment = z
  .strictObject({
    ...enrollment.omit({ contact: true }).shape,
    sequenceName: z.string(),
    mailboxAddress: z.string().nullable(),
    steps: z
      .array(z.strictObject({ id: z.number().int(), name: z.string(), type: z.enum(stepTypes) }))
      .meta({ description: "Of the version it runs on; empty where its data cannot be read." }),
    rule: enrollmentRule.nullable().meta({
      description: "The one rule, as `explain` gives it; null where its data cannot be read.",
    }),
    value: z.string().nullable().meta({ description: "What the rule holds." }),
    nextLookAt: instant().nullable(),
    next: nextTouch.nullable().meta({ description: "Null when it has ended." }),
    // biome-ignore lint/suspicious/noThenProperty: what comes after `next`; a list is never awaited
    then: z.array(laterTouch).meta({ description: "The touches after that one, ten at most." }),
    canWrite: z.boolean().meta({ description: "Whether you may pause, resume, skip or cancel it." }),
  })
  .meta({ id: "RecordEnrollment" });

export const record = z
  .strictObject({
    now: instant().meta({ description: "The engine's clock when this was read." }),
    contact,
    zone: z.string().meta({ description: "The time zone this person's touches are planned in." }),
    deal: deal.nullable().meta({ description: "The deal that was asked for." }),
    hold: hold.nullable(),
    suppression: z
      .strictObject({
        kind: z.enum(suppressionKinds),
        reason: z.enum(suppressionReasons),
        createdAt: instant(),
      })
      .nullable()
      .meta({ description: "What keeps mail from their address; the address's own before its domain's." }),
    enrollments: z.array(recordEnrollment).meta({
      description: "Those you may see, newest first: at most 5 that run, then at most 3 that have ended.",
    }),
    tasks: z.array(task).meta({ description: "Open ones you may see, by due date: 20 at most." }),
    timeline: page(timelineEvent).meta({
      description: "The newest 20; `nextCursor` goes on in `GET /v1/contacts/:id/timeline`.",
    }),
    may: z
      .strictObject({ enroll: z.boolean(), suppress: z.boolean(), build: z.boolean() })
      .meta({ description: "What your role and the program you came through allow." }),
  })
  .meta({ id: "Record" });

const ways = ["entity", "contactId", "email"] as const;

export const recordContracts = {
  "record.get": {
    summary: "Read a record for a panel",
    description:
      "One person with everything a panel beside them shows first. Say who by the host's own id (`entity`, `id` and, " +
      "where several systems use the same ids, `system`), by `contactId`, or by one whole address. A deal answers with " +
      "its contact. An id that fits several records is refused with `reference_ambiguous`.",
    access: "read",
    query: z
      .strictObject({
        entity: z.enum(entityTypes).optional(),
        id: requiredLine(200).optional().meta({ description: "The host's own id of that record." }),
        system: requiredLine(64).optional().meta({ description: "Left out: any system's." }),
        contactId: publicId("ctc").optional(),
        email: email().optional().meta({ description: "Any of the person's addresses." }),
      })
      .refine(
        (query) => ways.filter((way) => query[way] !== undefined).length === 1,
        "Say who in exactly one way: entity and id, contactId, or email",
      )
      .refine(
        ({ entity, id, system }) => (entity === undefined ? (id ?? system) === undefined : id !== undefined),
        "entity and id go together; system goes with them",
      ),
    response: record,
    problems: ["reference_not_found", "reference_ambiguous", "contact_not_found"],
    example: {
      query: { entity: "lead", id: "4711" },
      response: {
        now: at,
        contact: exampleContact,
        zone: "Europe/Lisbon",
        deal: null,
        hold: null,
        suppression: null,
        enrollments: [
          {
            ...exampleEnrollment,
            sequenceName: "New lead",
            mailboxAddress: "robin@northwind.example",
            steps: [{ id: 1, name: "Intro", type: "email_auto" }],
            rule: "window",
            value: "2026-11-26T10:00:00.000Z",
            nextLookAt: "2026-11-26T10:00:00.000Z",
            next: {
              ...exampleTouch,
              mail: { subject: exampleTouch.mail.subject, text: exampleTouch.mail.text },
            },
            // biome-ignore lint/suspicious/noThenProperty: see above
            then: [],
            canWrite: true,
          },
        ],
        tasks: [],
        timeline: {
          items: [
            {
              type: "contact.created",
              at,
              actor: exampleIds.key,
              enrollmentId: null,
              stepId: null,
              data: {},
            },
          ],
          nextCursor: null,
        },
        may: { enroll: true, suppress: false, build: false },
      },
    },
  },
} as const satisfies Record<string, Contract>;
