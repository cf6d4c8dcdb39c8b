/** People: found or made by address and external reference, merged and never blanked; and what happened to them. */
import * as z from "zod";
import { contactKinds, eventTypes } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import {
  actorName,
  custom,
  each,
  email,
  exampleIds,
  instant,
  line,
  page,
  pageQuery,
  publicId,
  reference,
  revision,
  timeZone,
} from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const contact = z
  .strictObject({
    id: publicId("ctc"),
    kind: z.enum(contactKinds),
    email: z.string().nullable().meta({ description: "The address sequences write to." }),
    otherEmails: z.array(z.string()),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    title: z.string().nullable(),
    phone: z.string().nullable(),
    linkedinUrl: z.string().nullable(),
    company: z.strictObject({ id: publicId("cmp"), name: z.string() }).nullable(),
    ownerId: publicId("mbr").nullable(),
    timeZone: z.string().nullable(),
    country: z.string().nullable(),
    locale: z.string().nullable(),
    custom: z.record(z.string(), z.unknown()),
    references: z.array(reference),
    rev: revision(),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: "Contact" });

/** A person has a handful of addresses; a mailing list pasted into the field has more. */
const otherEmails = z.array(email()).max(20);
const references = z.array(reference).max(20);

const fields = {
  email: line(254)
    .regex(/^$|^[^\s@]+@[^\s@]+$/, "Write an e-mail address, like dana@example.com")
    .nullable()
    .meta({ examples: ["dana@acme.example"] }),
  firstName: line(120).nullable(),
  lastName: line(120).nullable(),
  title: line(200).nullable(),
  phone: line(60).nullable(),
  linkedinUrl: line(300)
    .regex(/^$|^https:\/\/\S+$/, "Write a link: https://…")
    .nullable(),
  companyName: line(200).nullable().meta({ description: "Found by name, or made." }),
  ownerId: publicId("mbr").nullable(),
  timeZone: timeZone().nullable(),
  country: z
    .string()
    .regex(/^$|^[A-Z]{2}$/, "Write the two letters of the country: PT")
    .nullable()
    .meta({ examples: ["PT"] }),
  locale: line(35)
    .regex(/^$|^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "Write a language tag: pt-PT")
    .nullable(),
};

export const personInput = z
  .strictObject({
    kind: z.enum(contactKinds).optional().meta({ description: "`lead` unless told." }),
    ...z.strictObject(fields).partial().shape,
    otherEmails: otherEmails.default([]),
    custom: custom().default({}),
    references: references.default([]),
  })
  .meta({ id: "ContactInput" });

/** `unchanged`: everything named was already so. */
export const contactOutcomes = ["created", "merged", "unchanged"] as const;

export const timelineEvent = z
  .strictObject({
    type: z.enum(eventTypes),
    at: instant(),
    actor: actorName(),
    enrollmentId: publicId("enr").nullable(),
    stepId: z.number().int().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "TimelineEvent" });

export const exampleContact = {
  id: exampleIds.ctc,
  kind: "lead",
  email: "dana@acme.example",
  otherEmails: [],
  firstName: "Dana",
  lastName: "Silva",
  title: "Head of Operations",
  phone: null,
  linkedinUrl: null,
  company: { id: exampleIds.cmp, name: "Acme" },
  ownerId: null,
  timeZone: "Europe/Lisbon",
  country: "PT",
  locale: null,
  custom: { plan: "pro" },
  references: [{ system: "hubspot", type: "lead", id: "4711" }],
  rev: 1,
  createdAt: at,
  updatedAt: at,
};
const exampleInput = {
  email: "dana@acme.example",
  firstName: "Dana",
  lastName: "Silva",
  title: "Head of Operations",
  companyName: "Acme",
  timeZone: "Europe/Lisbon",
  country: "PT",
  custom: { plan: "pro" },
  references: [{ system: "hubspot", type: "lead", id: "4711" }],
};
const contactId = z.strictObject({ id: publicId("ctc") });

export const contactContracts = {
  "contacts.list": {
    summary: "List contacts",
    description:
      "Newest first; by the beginning of a name or an address (`q`), or by one whole address (`email`).",
    access: "read",
    query: z.strictObject({
      ...pageQuery,
      q: line(100).optional().meta({ description: "What a name or an address begins with." }),
      email: email().optional().meta({ description: "Any of the person's addresses." }),
    }),
    response: page(contact),
    example: { query: { q: "dan" }, response: { items: [exampleContact], nextCursor: null } },
  },
  "contacts.create": {
    summary: "Create or merge a contact",
    description:
      "Whoever has one of these addresses or references is the same person: what is new is added, what is filled " +
      "replaces, what is empty blanks nothing. `outcome` says which it was. Somebody who was erased is not taken in " +
      "again: `suppressed`.",
    access: "work",
    body: personInput,
    response: z.strictObject({ outcome: z.enum(contactOutcomes), contact }),
    problems: ["contact_ambiguous", "suppressed", "busy", "member_not_found", "not_yours"],
    example: { body: exampleInput, response: { outcome: "created", contact: exampleContact } },
  },
  "contacts.createBatch": {
    summary: "Create or merge up to 500 contacts",
    description:
      "Each row as `POST /v1/contacts` would take it, and answered by itself, in order. A row that is refused says " +
      "where and why; the others go through.",
    access: "work",
    body: z.strictObject({ items: z.array(each(personInput)).min(1).max(500) }),
    response: z.strictObject({
      items: z.array(
        z
          .strictObject({
            outcome: z.enum([...contactOutcomes, "refused"]),
            id: publicId("ctc").nullable(),
            errors: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })),
          })
          .meta({ id: "BatchItem" }),
      ),
    }),
    example: {
      body: { items: [exampleInput, { email: "nobody" }] },
      response: {
        items: [
          { outcome: "created", id: exampleIds.ctc, errors: [] },
          {
            outcome: "refused",
            id: null,
            errors: [{ pointer: "/items/1/email", detail: "Write an e-mail address, like dana@example.com" }],
          },
        ],
      },
    },
  },
  "contacts.get": {
    summary: "Read a contact",
    description: "With addresses, company and external references.",
    access: "read",
    params: contactId,
    response: contact,
    problems: ["contact_not_found"],
    example: { response: exampleContact },
  },
  "contacts.update": {
    summary: "Change a contact",
    description:
      "Fields that are left out stay, `null` blanks. A new `email` keeps the old one as another address; " +
      "`otherEmails` and `references`, when given, replace those lists.",
    access: "work",
    params: contactId,
    body: z.strictObject({
      kind: z.enum(contactKinds).optional(),
      ...z.strictObject(fields).partial().shape,
      otherEmails: otherEmails.optional(),
      custom: custom().optional(),
      references: references.optional(),
    }),
    response: contact,
    ifMatch: "optional",
    problems: [
      "contact_not_found",
      "address_taken",
      "suppressed",
      "reference_taken",
      "member_not_found",
      "not_yours",
    ],
    example: { body: { title: "COO" }, response: { ...exampleContact, title: "COO", rev: 2 } },
  },
  "contacts.timeline": {
    summary: "Read a contact's timeline",
    description:
      "Everything that happened to this person, newest first, less what is in sequences you do not see.",
    access: "read",
    params: contactId,
    query: z.strictObject(pageQuery),
    response: page(timelineEvent),
    problems: ["contact_not_found"],
    example: {
      response: {
        items: [
          { type: "contact.created", at, actor: exampleIds.key, enrollmentId: null, stepId: null, data: {} },
        ],
        nextCursor: null,
      },
    },
  },
} as const satisfies Record<string, Contract>;
