/** The workspace itself and its brake; how the operator makes one, and the operator's own brake. */
import * as z from "zod";
import { modes } from "../vocabulary.ts";
import { apiKey, exampleKey, exampleToken } from "./api-keys.ts";
import type { Contract } from "./contract.ts";
import { country, email, exampleIds, instant, publicId, requiredLine, text, timeZone } from "./fields.ts";
import { exampleMember, member } from "./members.ts";

const at = "2026-11-23T09:30:00.000Z";

export const workspace = z
  .strictObject({
    id: publicId("wsp"),
    mode: z.enum(modes).meta({ description: "`test`: the twin that test keys see. No mail leaves it." }),
    name: z.string(),
    timeZone: z.string(),
    country: z.string().nullable(),
    postalAddress: z.string().nullable(),
    defaultScheduleId: publicId("sch").nullable(),
    sendingStoppedAt: instant().nullable(),
    eventsKeptDays: z
      .number()
      .int()
      .nullable()
      .meta({ description: "How long what happened is kept; null keeps it." }),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: "Workspace" });

const exampleWorkspace = {
  id: exampleIds.wsp,
  mode: "live",
  name: "Northwind",
  timeZone: "Europe/Lisbon",
  country: "PT",
  postalAddress: "Northwind Lda, Rua do Ouro 1, 1100-060 Lisboa",
  defaultScheduleId: exampleIds.sch,
  sendingStoppedAt: null,
  eventsKeptDays: null,
  createdAt: at,
  updatedAt: at,
};
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
    description:
      "Fields that are left out stay. The postal address stands in the footer of every mail. Events older than " +
      "`eventsKeptDays` are deleted once nothing runs for the person any more; `null` keeps them.",
    access: "administer",
    body: z.strictObject({
      name: requiredLine(120).optional(),
      timeZone: timeZone().optional(),
      country: country().nullable().optional(),
      postalAddress: text(500).nullable().optional(),
      defaultScheduleId: publicId("sch").nullable().optional(),
      eventsKeptDays: z.number().int().min(30).max(3_650).nullable().optional(),
    }),
    response: workspace,
    problems: ["schedule_not_found"],
    example: { body: { timeZone: "Europe/Lisbon" }, response: exampleWorkspace },
  },
  "workspace.stopSending": {
    summary: "Stop all sending",
    description:
      "The brake: no mail of this workspace leaves until it is released. Nobody loses their place.",
    access: "administer",
    response: workspace,
    example: { response: { ...exampleWorkspace, sendingStoppedAt: at } },
  },
  "workspace.resumeSending": {
    summary: "Release the brake",
    description: "What waited because of it is looked at again at once, within windows and caps.",
    access: "administer",
    response: workspace,
    example: { response: exampleWorkspace },
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
