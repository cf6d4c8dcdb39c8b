/** Applications whose pages show Cadenza: where they run, what their server signs with, and a user's way in. */
import * as z from "zod";
import { hostNewMemberRoles, roles } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { exampleIds, instant, page, pageQuery, publicId, requiredLine, revision } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const embedOriginsMax = 20;

export const embedApp = z
  .strictObject({
    id: publicId("app"),
    name: z.string(),
    origins: z.array(z.string()).meta({ description: "Where its pages run; nowhere else is answered." }),
    newMemberRole: z
      .enum(hostNewMemberRoles)
      .nullable()
      .meta({ description: "What a user of the host becomes who is no member yet; null: they are refused." }),
    secrets: z
      .array(z.strictObject({ kid: z.string(), createdAt: instant() }))
      .meta({ description: "Those that hold, the oldest first: two at most." }),
    disabledAt: instant().nullable(),
    rev: revision(),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: "EmbedApp" });

const name = requiredLine(120);
const origins = z
  .array(z.string().max(300))
  .min(1, "Name at least one origin")
  .max(embedOriginsMax, `At most ${embedOriginsMax} origins`)
  .meta({
    description: "`https://host` or `https://host:port`, nothing after it; `http` for localhost alone.",
    examples: [["https://crm.northwind.example"]],
  });
const newMemberRole = z.enum(hostNewMemberRoles).nullable();

const kid = "4f1c9a7be02d6853";
const exampleApp = {
  id: exampleIds.app,
  name: "Northwind CRM",
  origins: ["https://crm.northwind.example"],
  newMemberRole: "rep",
  secrets: [{ kid, createdAt: at }],
  disabledAt: null,
  rev: 1,
  createdAt: at,
  updatedAt: at,
};
const appId = z.strictObject({ id: publicId("app") });

export const embedContracts = {
  "embedApps.list": {
    summary: "List host apps",
    description: "Newest first.",
    access: "administer",
    query: z.strictObject(pageQuery),
    response: page(embedApp),
    example: { response: { items: [exampleApp], nextCursor: null } },
  },
  "embedApps.create": {
    summary: "Add a host app",
    description:
      "Its server needs a secret next. The app may name any member, so trust it as you trust its server.",
    access: "administer",
    liveOnly: true,
    body: z.strictObject({ name, origins, newMemberRole: newMemberRole.default(null) }),
    response: embedApp,
    status: 201,
    example: {
      body: { name: "Northwind CRM", origins: ["https://crm.northwind.example"], newMemberRole: "rep" },
      response: { ...exampleApp, secrets: [] },
    },
  },
  "embedApps.get": {
    summary: "Read a host app",
    description: "With the names of its secrets, without the secrets.",
    access: "administer",
    params: appId,
    response: embedApp,
    problems: ["embed_app_not_found"],
    example: { response: exampleApp },
  },
  "embedApps.update": {
    summary: "Change a host app",
    description: "`origins` replaces them all: sessions of pages on an origin that is gone end at once.",
    access: "administer",
    params: appId,
    body: z.strictObject({
      name: name.optional(),
      origins: origins.optional(),
      newMemberRole: newMemberRole.optional(),
    }),
    response: embedApp,
    ifMatch: "optional",
    problems: ["embed_app_not_found"],
    example: { body: { newMemberRole: null }, response: { ...exampleApp, newMemberRole: null, rev: 2 } },
  },
  "embedApps.disable": {
    summary: "Disable a host app",
    description: "Its tokens are refused, its sessions end and its pages are not answered, all at once.",
    access: "administer",
    params: appId,
    response: embedApp,
    problems: ["embed_app_not_found"],
    example: { response: { ...exampleApp, disabledAt: at, rev: 2 } },
  },
  "embedApps.enable": {
    summary: "Enable a host app",
    description: "It works again as it stands; sessions that have not run out go on.",
    access: "administer",
    params: appId,
    response: embedApp,
    problems: ["embed_app_not_found"],
    example: { response: { ...exampleApp, rev: 3 } },
  },
  "embedApps.createSecret": {
    summary: "Give a host app a secret",
    description:
      "`secret` is shown this once. Two hold at a time, so that a server changes over without a gap: make the second, sign with it, revoke the first.",
    access: "administer",
    params: appId,
    response: z.strictObject({
      kid: z.string().meta({ description: "Names the secret: the `kid` in the token's header." }),
      secret: z.string(),
      createdAt: instant(),
    }),
    status: 201,
    answersSecret: true,
    problems: ["embed_app_not_found", "embed_secret_limit"],
    example: { response: { kid, secret: `cdz_host_${"0".repeat(64)}`, createdAt: at } },
  },
  "embedApps.revokeSecret": {
    summary: "Revoke a host app's secret",
    description:
      "What was signed with it opens nothing from now on, nor do sessions it opened. Revoking it again changes nothing.",
    access: "administer",
    params: z.strictObject({ id: publicId("app"), kid: z.string().max(64) }),
    response: embedApp,
    problems: ["embed_app_not_found", "embed_secret_not_found"],
    example: { params: { id: exampleIds.app, kid }, response: { ...exampleApp, secrets: [] } },
  },
  "embed.session": {
    summary: "Exchange a host's token for a session",
    description:
      "A page of the host asks this, with its `Origin`. The token holds for the origin that was first to exchange it, as often as it asks until it expires. The session holds for minutes, for that origin: send `accessToken` as Bearer.",
    access: "public",
    limit: "embed",
    body: z.strictObject({
      token: z.string().min(1).max(4_000).meta({ description: "The JWT the host's server signed." }),
      parentOrigin: z.string().max(300).optional().meta({
        description: "For our own frame, which says whose page it stands in; refused from any other.",
      }),
    }),
    response: z.strictObject({
      accessToken: z.string(),
      expiresAt: instant(),
      // As text: a public route does not know the shard these ids are of.
      member: z.strictObject({ id: z.string(), name: z.string(), role: z.enum(roles) }),
      workspace: z.strictObject({
        id: z.string(),
        name: z.string(),
        test: z.boolean().meta({ description: "Nothing it sends leaves." }),
      }),
    }),
    problems: [
      "embed_token_malformed",
      "embed_algorithm_refused",
      "embed_issuer_wrong",
      "embed_kid_unknown",
      "embed_signature_wrong",
      "embed_claim_wrong",
      "embed_audience_wrong",
      "embed_token_expired",
      "embed_token_not_yet_valid",
      "embed_token_too_long_lived",
      "embed_kid_revoked",
      "embed_app_disabled",
      "embed_origin_refused",
      "embed_token_elsewhere",
      "embed_member_unknown",
    ],
    example: {
      body: { token: "eyJhbGciOiJIUzI1NiIsImtpZCI6IjRmMWM5YTdiZTAyZDY4NTMifQ.e30.c2lnbmF0dXJl" },
      response: {
        accessToken: "cdz_embed_eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl",
        expiresAt: "2026-11-23T09:40:00.000Z",
        member: { id: exampleIds.mbr, name: "Robin Reis", role: "rep" },
        workspace: { id: exampleIds.wsp, name: "Northwind", test: false },
      },
    },
  },
} as const satisfies Record<string, Contract>;
