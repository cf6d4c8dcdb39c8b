/** The workspace itself, its brake, its members and its API keys. */
import * as z from "zod";
import { roles } from "../vocabulary.ts";
import { type Contract, scopes } from "./contract.ts";
import {
  country,
  email,
  exampleIds,
  instant,
  page,
  pageQuery,
  publicId,
  requiredLine,
  text,
  timeZone,
} from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const workspace = z
  .strictObject({
    id: publicId("wsp"),
    name: z.string(),
    timeZone: z.string(),
    country: z.string().nullable(),
    postalAddress: z.string().nullable(),
    defaultScheduleId: publicId("sch").nullable(),
    sendingStoppedAt: instant().nullable(),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: "Workspace" });

export const member = z
  .strictObject({
    id: publicId("mbr"),
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    createdAt: instant(),
  })
  .meta({ id: "Member" });

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

const exampleWorkspace = {
  id: exampleIds.wsp,
  name: "Northwind",
  timeZone: "Europe/Lisbon",
  country: "PT",
  postalAddress: "Northwind Lda, Rua do Ouro 1, 1100-060 Lisboa",
  defaultScheduleId: exampleIds.sch,
  sendingStoppedAt: null,
  createdAt: at,
  updatedAt: at,
};
const exampleMember = {
  id: exampleIds.mbr,
  email: "robin@northwind.example",
  name: "Robin Reis",
  role: "rep",
  createdAt: at,
};
const exampleKey = {
  id: exampleIds.key,
  name: "CRM sync",
  scopes: ["read", "write"],
  createdAt: at,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
};
/** Of the right form, and nobody's. */
const exampleToken = `cdz_${exampleIds.key}_${"0".repeat(64)}`;

export const workspaceContracts = {
  "workspace.get": {
    summary: "Read the workspace",
    description: "The workspace the key belongs to.",
    access: "read",
    response: workspace,
    example: { response: exampleWorkspace },
  },
  "workspace.update": {
    summary: "Change the workspace",
    description: "Fields that are left out stay. The postal address stands in the footer of every mail.",
    access: "admin",
    body: z.strictObject({
      name: requiredLine(120).optional(),
      timeZone: timeZone().optional(),
      country: country().nullable().optional(),
      postalAddress: text(500).nullable().optional(),
      defaultScheduleId: publicId("sch").nullable().optional(),
    }),
    response: workspace,
    problems: ["schedule_not_found"],
    example: { body: { timeZone: "Europe/Lisbon" }, response: exampleWorkspace },
  },
  "workspace.stopSending": {
    summary: "Stop all sending",
    description: "The brake: no mail of this workspace leaves until it is released. Nobody loses their place.",
    access: "admin",
    response: workspace,
    example: { response: { ...exampleWorkspace, sendingStoppedAt: at } },
  },
  "workspace.resumeSending": {
    summary: "Release the brake",
    description: "What waited because of it is looked at again at once, within windows and caps.",
    access: "admin",
    response: workspace,
    example: { response: exampleWorkspace },
  },
  "members.list": {
    summary: "List members",
    description: "Newest first.",
    access: "read",
    query: z.strictObject(pageQuery),
    response: page(member),
    example: { response: { items: [exampleMember], nextCursor: null } },
  },
  "members.create": {
    summary: "Add a member",
    description: "One member per address.",
    access: "admin",
    body: z.strictObject({ email: email(), name: requiredLine(120), role: z.enum(roles).default("rep") }),
    response: member,
    status: 201,
    problems: ["member_exists"],
    example: {
      body: { email: "robin@northwind.example", name: "Robin Reis", role: "rep" },
      response: exampleMember,
    },
  },
  "members.get": {
    summary: "Read a member",
    description: "One person of the workspace.",
    access: "read",
    params: z.strictObject({ id: publicId("mbr") }),
    response: member,
    problems: ["member_not_found"],
    example: { response: exampleMember },
  },
  "apiKeys.list": {
    summary: "List API keys",
    description: "Newest first, without their secrets: those are not kept. `lastUsedAt` is right to the hour.",
    access: "admin",
    query: z.strictObject(pageQuery),
    response: page(apiKey),
    example: { response: { items: [exampleKey], nextCursor: null } },
  },
  "apiKeys.create": {
    summary: "Create an API key",
    description:
      "`token` is shown this once; send it as `Authorization: Bearer …`. Unless told, a key may read and write.",
    access: "admin",
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
    access: "admin",
    params: z.strictObject({ id: publicId("key") }),
    response: apiKey,
    problems: ["api_key_not_found"],
    example: { response: { ...exampleKey, revokedAt: at } },
  },
  "internal.createWorkspace": {
    summary: "Create a workspace",
    description: "With its first admin and a first key, whose `token` is shown this once.",
    access: "service",
    body: z.strictObject({
      name: requiredLine(120),
      timeZone: timeZone(),
      country: country().nullable().optional(),
      postalAddress: text(500).nullable().optional(),
      admin: z.strictObject({ email: email(), name: requiredLine(120) }),
    }),
    response: z.strictObject({ workspace, member, apiKey, token: z.string() }),
    status: 201,
    answersSecret: true,
    example: {
      body: {
        name: "Northwind",
        timeZone: "Europe/Lisbon",
        admin: { email: "ada@northwind.example", name: "Ada Alves" },
      },
      response: {
        workspace: { ...exampleWorkspace, country: null, postalAddress: null, defaultScheduleId: null },
        member: { ...exampleMember, email: "ada@northwind.example", name: "Ada Alves", role: "admin" },
        apiKey: { ...exampleKey, name: "First key", scopes: ["read", "write", "admin"] },
        token: exampleToken,
      },
    },
  },
  "internal.stopSending": {
    summary: "Stop every workspace's sending",
    description: "The operator's brake, over all shards.",
    access: "service",
    response: z.strictObject({ sendingStoppedAt: instant().nullable() }),
    example: { response: { sendingStoppedAt: at } },
  },
  "internal.resumeSending": {
    summary: "Release the operator's brake",
    description: "Workspaces that pulled their own brake stay stopped.",
    access: "service",
    response: z.strictObject({ sendingStoppedAt: instant().nullable() }),
    example: { response: { sendingStoppedAt: null } },
  },
} as const satisfies Record<string, Contract>;
