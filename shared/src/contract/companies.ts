/** The accounts people work at. */
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
} from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const company = z
  .strictObject({
    id: publicId("cmp"),
    name: z.string(),
    domain: z.string().nullable(),
    custom: z.record(z.string(), z.unknown()),
    references: z.array(reference),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: "Company" });

const domain = () =>
  line(253)
    .regex(/^[^\s@/:]+\.[^\s@/:]+$/, "Write a domain: example.com")
    .meta({ examples: ["acme.example"] });

const exampleCompany = {
  id: exampleIds.cmp,
  name: "Acme",
  domain: "acme.example",
  custom: { tier: "gold" },
  references: [{ system: "hubspot", type: "company", id: "88" }],
  createdAt: at,
  updatedAt: at,
};
const companyId = z.strictObject({ id: publicId("cmp") });
const references = z.array(reference).max(20);

export const companyContracts = {
  "companies.list": {
    summary: "List companies",
    description: "Newest first.",
    access: "read",
    query: z.strictObject(pageQuery),
    response: page(company),
    example: { response: { items: [exampleCompany], nextCursor: null } },
  },
  "companies.create": {
    summary: "Create a company",
    description: "One company per name. Contacts that name a company make it by themselves.",
    access: "work",
    body: z.strictObject({
      name: requiredLine(200),
      domain: domain().nullable().optional(),
      custom: custom().default({}),
      references: references.default([]),
    }),
    response: company,
    status: 201,
    problems: ["company_exists", "reference_taken"],
    example: { body: { name: "Acme", domain: "acme.example" }, response: exampleCompany },
  },
  "companies.get": {
    summary: "Read a company",
    description: "With its external references.",
    access: "read",
    params: companyId,
    response: company,
    problems: ["company_not_found"],
    example: { response: exampleCompany },
  },
  "companies.update": {
    summary: "Change a company",
    description: "Fields that are left out stay; `references`, when given, replaces the list.",
    access: "work",
    params: companyId,
    body: z.strictObject({
      name: requiredLine(200).optional(),
      domain: domain().nullable().optional(),
      custom: custom().optional(),
      references: references.optional(),
    }),
    response: company,
    problems: ["company_not_found", "company_exists", "reference_taken"],
    example: { body: { custom: { tier: "gold" } }, response: exampleCompany },
  },
} as const satisfies Record<string, Contract>;
