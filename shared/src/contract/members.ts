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
  })
  .meta({ id: "Member" });

export const exampleMember = {
  id: exampleIds.mbr,
  email: "robin@northwind.example",
  name: "Robin Reis",
  role: "rep",
  createdAt: at,
};

export const memberContracts = {
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
    access: "administer",
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
} as const satisfies Record<string, Contract>;
