/** What servers sign in with. */
import * as z from "zod";
import { scopes } from "../access.ts";
import { modes } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { actorName, exampleIds, instant, page, pageQuery, publicId, requiredLine } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";
const mode = z
  .enum(modes)
  .meta({ description: "`test`: for the workspace's test twin, from which no mail leaves." });

export const apiKey = z
  .strictObject({
    id: publicId("key"),
    name: z.string(),
    mode,
    prefix: z.string().meta({ description: "What the token starts with; the rest of it is the secret." }),
    scopes: z.array(z.enum(scopes)),
    createdBy: actorName().nullable().meta({ description: "Null: the operator, or not known any more." }),
    createdAt: instant(),
    expiresAt: instant().nullable(),
    lastUsedAt: instant().nullable().meta({ description: "Right to the hour." }),
    revokedAt: instant().nullable(),
    replacedBy: publicId("key").nullable().meta({ description: "The key it was rotated to." }),
  })
  .meta({ id: "ApiKey" });

export const exampleKey = {
  id: exampleIds.key,
  name: "CRM sync",
  mode: "live",
  prefix: `cdz_${exampleIds.key}`,
  scopes: ["read", "write"],
  createdBy: exampleIds.mbr,
  createdAt: at,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  replacedBy: null,
};
/** Of the right form, and nobody's. */
export const exampleToken = `cdz_${exampleIds.key}_${"0".repeat(64)}`;

const keyId = z.strictObject({ id: publicId("key") });
const madeKey = z.strictObject({ apiKey, token: z.string() });

export const apiKeyContracts = {
  "apiKeys.list": {
    summary: "List API keys",
    description:
      "Newest first, those for the test twin among them, without their secrets: those are not kept.",
    access: "administer",
    query: z.strictObject(pageQuery),
    response: page(apiKey),
    example: { response: { items: [exampleKey], nextCursor: null } },
  },
  "apiKeys.create": {
    summary: "Create an API key",
    description:
      "`token` is shown this once; send it as `Authorization: Bearer …`. Unless told, a key may read and write. " +
      "Asked for with a key that expires, it ends with that key at the latest.",
    access: "administer",
    liveOnly: true,
    body: z.strictObject({
      name: requiredLine(120),
      mode: mode.default("live"),
      scopes: z.array(z.enum(scopes)).min(1).default(["read", "write"]),
      expiresAt: instant().nullable().optional(),
    }),
    response: madeKey,
    status: 201,
    answersSecret: true,
    problems: ["api_key_would_outlive"],
    example: { body: { name: "CRM sync" }, response: { apiKey: exampleKey, token: exampleToken } },
  },
  "apiKeys.rotate": {
    summary: "Rotate an API key",
    description:
      "Makes a key of the same name, scopes and mode, for as long as the old one was made for, and shows its `token` " +
      "this once. The old one goes on for `oldExpiresInHours`, so that nothing stops while you put the new one in place.",
    access: "administer",
    liveOnly: true,
    params: keyId,
    body: z
      .strictObject({
        oldExpiresInHours: z.number().int().min(0).max(168).default(24).meta({
          description: "0 ends the old one at once.",
        }),
      })
      .default({ oldExpiresInHours: 24 }),
    response: madeKey,
    status: 201,
    answersSecret: true,
    problems: ["api_key_not_found", "api_key_over", "api_key_would_outlive"],
    example: {
      body: { oldExpiresInHours: 24 },
      response: { apiKey: exampleKey, token: exampleToken },
    },
  },
  "apiKeys.revoke": {
    summary: "Revoke an API key",
    description: "From now on it opens nothing. Revoking it again changes nothing.",
    access: "administer",
    liveOnly: true,
    params: keyId,
    response: apiKey,
    problems: ["api_key_not_found"],
    example: { response: { ...exampleKey, revokedAt: at } },
  },
} as const satisfies Record<string, Contract>;
