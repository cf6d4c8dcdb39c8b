/** The people of a workspace and what each may do. */
import * as z from "zod";
import { roles } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { email, exampleIds, instant, page, pageQuery, publicId, requiredLine } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const member = z
  .strictObject({
    id: publicId("mbr"),
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    createdAt: instant(),
    removedAt: instant().nullable().meta({ description: "Since when they no longer belong here." }),
  })
  .meta({ id: "Member" });

/** What a member owns, as counts: what of it is still at work, and what is kept for good. */
const owned = z
  .strictObject({
    mailboxes: z.number().int(),
    sequences: z.number().int().meta({ description: "Not archived." }),
    enrollments: z.number().int().meta({ description: "Active or paused." }),
    tasks: z.number().int().meta({ description: "Open." }),
    contacts: z.number().int(),
    deals: z.number().int(),
  })
  .meta({ id: "OwnedCounts" });

export const exampleMember = {
  id: exampleIds.mbr,
  email: "robin@northwind.example",
  name: "Robin Reis",
  role: "rep",
  createdAt: at,
  removedAt: null,
};

export const memberContracts = {
  "members.list": {
    summary: "List members",
    description: "Newest first; those who were removed only with `removed=true`, and then only those.",
    access: "read",
    query: z.strictObject({
      ...pageQuery,
      removed: z.enum(["true", "false"]).default("false").meta({ description: "Those who were removed." }),
    }),
    response: page(member),
    example: { response: { items: [exampleMember], nextCursor: null } },
  },
  "members.create": {
    summary: "Add a member",
    description:
      "One member per address, without an invitation: they sign in with a link that is mailed there. Whoever was removed comes back with what they did and own.",
    access: "administer",
    liveOnly: true,
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
  "members.update": {
    summary: "Change a member",
    description:
      "Their role, at once for whoever is signed in, or the name they have in this workspace. The last admin stays one.",
    access: "administer",
    params: z.strictObject({ id: publicId("mbr") }),
    body: z.strictObject({ name: requiredLine(120).optional(), role: z.enum(roles).optional() }),
    response: member,
    problems: ["member_not_found", "member_removed", "last_admin"],
    example: { body: { role: "manager" }, response: { ...exampleMember, role: "manager" } },
  },
  "members.remove": {
    summary: "Remove a member",
    description:
      "From now on they get in nowhere in this workspace: no session, no connected app, no open invitation. What they own goes to `reassignTo`, or stays theirs and can be handed over later by removing them again.",
    access: "administer",
    params: z.strictObject({ id: publicId("mbr") }),
    query: z.strictObject({
      reassignTo: publicId("mbr").optional().meta({ description: "Who takes over what they own." }),
    }),
    response: z.strictObject({ member, owned, reassignedTo: publicId("mbr").nullable() }),
    problems: ["member_not_found", "last_admin"],
    example: {
      response: {
        member: { ...exampleMember, removedAt: at },
        owned: { mailboxes: 1, sequences: 2, enrollments: 140, tasks: 9, contacts: 310, deals: 12 },
        reassignedTo: null,
      },
    },
  },
} as const satisfies Record<string, Contract>;
