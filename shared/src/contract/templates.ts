/** What a text of a step may read, and what is wrong with one that is being written. */
import * as z from "zod";
import type { Contract } from "./contract.ts";
import { exampleIds, line, publicId, text } from "./fields.ts";

const texts = {
  subject: line(1_000).optional(),
  body: text(20_000).optional().meta({ description: "A mail's text, a call script or a note." }),
  title: line(1_000).optional(),
};

const rendered = z.string().nullable().optional();

export const mergeField = z
  .strictObject({
    path: z.string().meta({ description: "What stands between the braces: `contact.first_name`." }),
    label: z.string(),
    sample: z.string().nullable().meta({ description: "What it may look like; a field of your own in use." }),
  })
  .meta({ id: "MergeField" });

export const templateContracts = {
  "mergeFields.list": {
    summary: "List what templates may read",
    description:
      "The fixed fields, then the workspace's own as its newest contacts, companies and deals carry them: at most 200.",
    access: "read",
    response: z.strictObject({ items: z.array(mergeField) }),
    example: {
      response: { items: [{ path: "contact.first_name", label: "First name", sample: "Dana" }] },
    },
  },
  "templates.check": {
    summary: "Check texts before they are saved",
    description:
      "The problems that saving a step with these texts would meet and, with `contactId`, how they read for this " +
      "person in a mail of yours. Nothing is changed.",
    access: "read",
    limit: "check",
    body: z.strictObject({ ...texts, contactId: publicId("ctc").optional() }),
    response: z.strictObject({
      problems: z.array(z.strictObject({ pointer: z.string(), detail: z.string() })).meta({
        description: "Each by its field; a value this person lacks, too.",
      }),
      rendered: z.strictObject({ subject: rendered, body: rendered, title: rendered }).nullable().meta({
        description: "Null without `contactId`; a text that cannot be rendered is left out.",
      }),
    }),
    problems: ["contact_not_found"],
    example: {
      body: { subject: "A question about {{ company.name }}", contactId: exampleIds.ctc },
      response: { problems: [], rendered: { subject: "A question about Acme" } },
    },
  },
} as const satisfies Record<string, Contract>;
