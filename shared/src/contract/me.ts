/** Whoever asks, about themselves: who they are here, what they may, and where else they could be. */
import * as z from "zod";
import { type Permission, permissions } from "../access.ts";
import { modes, roles } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import { exampleIds, publicId, requiredLine } from "./fields.ts";
import { exampleMember, member } from "./members.ts";

const permissionNames = Object.keys(permissions) as [Permission, ...Permission[]];

/** Not read as an id of the caller's shard: the workspaces of one person may lie on several. */
const anyWorkspaceId = () =>
  z
    .string()
    .max(80)
    .regex(/^wsp_[0-9A-Za-z]+$/, "Write the id of a workspace: wsp_…")
    .meta({ description: "The id of a workspace.", examples: [exampleIds.wsp] });

const home = z
  .strictObject({ id: anyWorkspaceId(), name: z.string(), role: z.enum(roles) })
  .meta({ id: "OwnWorkspace" });
const exampleHome = { id: exampleIds.wsp, name: "Northwind", role: "rep" };

export const meContracts = {
  "me.get": {
    summary: "Who am I",
    description:
      "The member who asks, what they may here as far as the program they came through goes, and, for a person in a session, the workspaces they can switch to.",
    access: "self",
    response: z
      .strictObject({
        member,
        user: z
          .strictObject({ email: z.string(), name: z.string() })
          .nullable()
          .meta({ description: "Who signs in; null for somebody a host's page vouches for." }),
        workspace: z.strictObject({
          id: publicId("wsp"),
          name: z.string(),
          mode: z.enum(modes),
          timeZone: z.string(),
        }),
        role: z.enum(roles),
        permissions: z.array(z.enum(permissionNames)),
        workspaces: z.array(home),
      })
      .meta({ id: "Me" }),
    example: {
      response: {
        member: exampleMember,
        user: { email: exampleMember.email, name: exampleMember.name },
        workspace: { id: exampleIds.wsp, name: "Northwind", mode: "live", timeZone: "Europe/Lisbon" },
        role: "rep",
        permissions: ["read", "work", "connect", "self"],
        workspaces: [exampleHome],
      },
    },
  },
  "me.update": {
    summary: "Change my name",
    description: "In this workspace, and as the name one signs in under. Other workspaces keep theirs.",
    access: "self",
    body: z.strictObject({ name: requiredLine(120) }),
    response: member,
    problems: ["session_needed"],
    example: { body: { name: exampleMember.name }, response: exampleMember },
  },
  "me.switchWorkspace": {
    summary: "Switch to another workspace",
    description: "For this session, from the next request on.",
    access: "self",
    body: z.strictObject({ workspaceId: anyWorkspaceId() }),
    response: home,
    problems: ["session_needed", "workspace_not_found"],
    example: { body: { workspaceId: exampleIds.wsp }, response: exampleHome },
  },
} as const satisfies Record<string, Contract>;
