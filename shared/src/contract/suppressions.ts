/** Addresses and domains that are never written to. */
import * as z from "zod";
import { givenSuppressionReasons, suppressionKinds, suppressionReasons } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { exampleIds, instant, line, page, pageQuery, publicId, requiredLine, text } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const suppression = z
  .strictObject({
    id: publicId("sup"),
    kind: z.enum(suppressionKinds),
    value: z.string().nullable().meta({ description: "Null of an erased address: only its hash is kept." }),
    reason: z.enum(suppressionReasons),
    note: z.string().nullable(),
    createdAt: instant(),
  })
  .meta({ id: "Suppression" });

const exampleSuppression = {
  id: exampleIds.sup,
  kind: "address",
  value: "dana@acme.example",
  reason: "manual",
  note: "Asked by phone",
  createdAt: at,
};

export const suppressionContracts = {
  "suppressions.list": {
    summary: "List suppressions",
    description: "Newest first; `value` finds one address or domain, an erased address too.",
    access: "read",
    query: z.strictObject({ ...pageQuery, value: line(254).optional() }),
    response: page(suppression),
    example: { response: { items: [exampleSuppression], nextCursor: null } },
  },
  "suppressions.create": {
    summary: "Suppress an address or a domain",
    description:
      "Nothing is sent there from this moment on, and running enrollments end with the reason. What is already " +
      "suppressed stays as it was, an erased address too.",
    access: "build",
    body: z.strictObject({
      kind: z.enum(suppressionKinds),
      value: requiredLine(254),
      reason: z.enum(givenSuppressionReasons).default("manual"),
      note: text(500).nullable().optional(),
    }),
    response: suppression,
    status: 201,
    example: {
      body: { kind: "address", value: "dana@acme.example", note: "Asked by phone" },
      response: exampleSuppression,
    },
  },
  "suppressions.delete": {
    summary: "Lift a suppression",
    description:
      "It may be written to again; what was canceled stays canceled. A person with an erased address may be taken in anew.",
    access: "administer",
    params: z.strictObject({ id: publicId("sup") }),
    problems: ["suppression_not_found"],
    example: {},
  },
} as const satisfies Record<string, Contract>;
