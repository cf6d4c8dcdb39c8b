/** Opportunities: what is being sold to whom, for how much, and where it stands. */
import * as z from "zod";
import type { Contract } from "./contract.ts";
import {
  custom,
  exampleIds,
  instant,
  line,
  page,
  pageQuery,
  publicId,
  reference,
  requiredLine,
  revision,
} from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const deal = z
  .strictObject({
    id: publicId("dea"),
    name: z.string(),
    stage: z.string().nullable(),
    amount: z.number().int().nullable(),
    currency: z.string().nullable(),
    contactId: publicId("ctc").nullable(),
    companyId: publicId("cmp").nullable(),
    ownerId: publicId("mbr").nullable(),
    custom: z.record(z.string(), z.unknown()),
    references: z.array(reference),
    rev: revision(),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: "Deal" });

const fields = {
  stage: line(80).nullable(),
  amount: z
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .nullable()
    .meta({ description: "In the currency's smallest unit: cents." }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "Write the three letters of the currency: EUR")
    .nullable()
    .meta({ description: "ISO 4217; an amount needs one.", examples: ["EUR"] }),
  contactId: publicId("ctc").nullable(),
  companyId: publicId("cmp").nullable(),
  ownerId: publicId("mbr").nullable(),
};
const references = z.array(reference).max(20);

const exampleDeal = {
  id: exampleIds.dea,
  name: "Acme, 20 seats",
  stage: "proposal",
  amount: 480_000,
  currency: "EUR",
  contactId: exampleIds.ctc,
  companyId: exampleIds.cmp,
  ownerId: exampleIds.mbr,
  custom: {},
  references: [{ system: "hubspot", type: "deal", id: "903" }],
  rev: 1,
  createdAt: at,
  updatedAt: at,
};
const dealId = z.strictObject({ id: publicId("dea") });

export const dealContracts = {
  "deals.list": {
    summary: "List deals",
    description: "Newest first; all, or one person's.",
    access: "read",
    query: z.strictObject({ ...pageQuery, contactId: publicId("ctc").optional() }),
    response: page(deal),
    example: { response: { items: [exampleDeal], nextCursor: null } },
  },
  "deals.create": {
    summary: "Create a deal",
    description: "Name the person it is with, so that it can be enrolled.",
    access: "work",
    body: z.strictObject({
      name: requiredLine(200),
      ...z.strictObject(fields).partial().shape,
      custom: custom().default({}),
      references: references.default([]),
    }),
    response: deal,
    status: 201,
    problems: ["contact_not_found", "company_not_found", "member_not_found", "not_yours", "reference_taken"],
    example: {
      body: {
        name: "Acme, 20 seats",
        stage: "proposal",
        amount: 480_000,
        currency: "EUR",
        contactId: exampleIds.ctc,
      },
      response: exampleDeal,
    },
  },
  "deals.get": {
    summary: "Read a deal",
    description: "With its external references.",
    access: "read",
    params: dealId,
    response: deal,
    problems: ["deal_not_found"],
    example: { response: exampleDeal },
  },
  "deals.update": {
    summary: "Change a deal",
    description:
      "Fields that are left out stay, `null` blanks; `references`, when given, replaces the list. A stage of `won` or `lost` (also `Closed Won`, `closedlost`) ends every enrollment for this deal.",
    access: "work",
    params: dealId,
    body: z.strictObject({
      name: requiredLine(200).optional(),
      ...z.strictObject(fields).partial().shape,
      custom: custom().optional(),
      references: references.optional(),
    }),
    response: deal,
    ifMatch: "optional",
    problems: [
      "deal_not_found",
      "contact_not_found",
      "company_not_found",
      "member_not_found",
      "not_yours",
      "reference_taken",
      "busy",
    ],
    example: { body: { stage: "won" }, response: { ...exampleDeal, stage: "won", rev: 2 } },
  },
  "lookup.get": {
    summary: "Find a record by its external reference",
    description: "“lead 4711 in hubspot” → our id. Exactly one of the three ids is set.",
    access: "read",
    query: z.strictObject({ system: requiredLine(64), type: requiredLine(64), id: requiredLine(200) }),
    response: z
      .strictObject({
        entity: z.enum(["contact", "company", "deal"]),
        contactId: publicId("ctc").nullable(),
        companyId: publicId("cmp").nullable(),
        dealId: publicId("dea").nullable(),
      })
      .meta({ id: "Lookup" }),
    problems: ["reference_not_found"],
    example: {
      query: { system: "hubspot", type: "lead", id: "4711" },
      response: { entity: "contact", contactId: exampleIds.ctc, companyId: null, dealId: null },
    },
  },
} as const satisfies Record<string, Contract>;
