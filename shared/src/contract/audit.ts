/** Who did what. */
import * as z from "zod";
import type { Contract } from "./contract.ts";
import { actorName, exampleIds, instant, line, page, pageQuery, publicId } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const auditEntry = z
  .strictObject({
    id: publicId("aud"),
    at: instant(),
    actor: actorName(),
    via: z.string().meta({ description: "How they got in: `session`, `key`, `embed:app_…`, `oauth:…`." }),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    action: z.string().meta({ description: "The route's name, or what happened at sign-in." }),
    record: z.string().nullable().meta({ description: "What it was done to." }),
    outcome: z.string().meta({ description: "`done`, or the code it was refused with." }),
    requestId: z.string(),
  })
  .meta({ id: "AuditEntry" });

const exampleEntry = {
  id: exampleIds.aud,
  at,
  actor: exampleIds.mbr,
  via: "session",
  ip: "203.0.113.7",
  userAgent: "Mozilla/5.0",
  action: "sequences.publish",
  record: exampleIds.seq,
  outcome: "done",
  requestId: "req_0123456789abcdef0123456789abcdef",
};

const filter = {
  actor: actorName().optional(),
  action: line(80).optional(),
  record: line(100).optional(),
  from: instant().optional(),
  to: instant().optional(),
};

export const auditContracts = {
  "audit.list": {
    summary: "Read the audit log",
    description:
      "Every change and every refusal for who asked, newest first. A page that looked through much may hold few " +
      "entries, or none, and still say where to go on.",
    access: "administer",
    query: z.strictObject({ ...pageQuery, ...filter }),
    response: page(auditEntry),
    example: { response: { items: [exampleEntry], nextCursor: null } },
  },
  "audit.export": {
    summary: "Export the audit log",
    description:
      "The same entries as a file, 100,000 at most: where it ends early, `to` the last one's instant gives the next.",
    access: "administer",
    query: z.strictObject({ ...filter, format: z.enum(["csv", "jsonl"]).default("csv") }),
    download: ["text/csv", "application/x-ndjson"],
    limit: "export",
    example: {},
  },
} as const satisfies Record<string, Contract>;
