/** What servers sign in with. */
import * as z from "zod";
import { scopes } from "../access.ts";
import type { Contract } from "./contract.ts";
import { exampleIds, instant, page, pageQuery, publicId, requiredLine } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const apiKey = z
  .strictObject({
    id: publicId("key"),
    name: z.string(),
    scopes: z.array(z.enum(scopes)),
    createdAt: instant(),
    expiresAt: instant().nullable(),
    lastUsedAt: instant().nullable(),
    revokedAt: instant().nullable(),
  })
  .meta({ id: "ApiKey" });

export const exampleKey = {
  id: exampleIds.key,
  name: "CRM sync",
  scopes: ["read", "write"],
  createdAt: at,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
};
/** Of the right form, and nobody's. */
export const exampleToken = `cdz_${exampleIds.key}_${"0".repeat(64)}`;

export const apiKeyContracts = {
  "apiKeys.list": {
    summary: "List API keys",
    description:
      "Newest first, without their secrets: those are not kept. `lastUsedAt` is right to the hour.",
    access: "administer",
    query: z.strictObject(pageQuery),
    response: page(apiKey),
    example: { response: { items: [exampleKey], nextCursor: null } },
  },
  "apiKeys.create": {
    summary: "Create an API key",
    description:
      "`token` is shown this once; send it as `Authorization: Bearer …`. Unless told, a key may read and write.",
    access: "administer",
    body: z.strictObject({
      name: requiredLine(120),
      scopes: z.array(z.enum(scopes)).min(1).default(["read", "write"]),
      expiresAt: instant().nullable().optional(),
    }),
    response: z.strictObject({ apiKey, token: z.string() }),
    status: 201,
    answersSecret: true,
    example: { body: { name: "CRM sync" }, response: { apiKey: exampleKey, token: exampleToken } },
  },
  "apiKeys.revoke": {
    summary: "Revoke an API key",
    description: "From now on it opens nothing. Revoking it again changes nothing.",
    access: "administer",
    params: z.strictObject({ id: publicId("key") }),
    response: apiKey,
    problems: ["api_key_not_found"],
    example: { response: { ...exampleKey, revokedAt: at } },
  },
} as const satisfies Record<string, Contract>;
