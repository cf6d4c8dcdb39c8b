/** The programs and browsers that act in a person's name. */
import * as z from "zod";
import type { Contract } from "./contract.ts";
import { instant } from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

export const connection = z
  .strictObject({
    id: z.string(),
    kind: z.enum(["app", "browser"]),
    name: z.string().nullable().meta({ description: "As it calls itself." }),
    redirectHosts: z.array(z.string()).meta({ description: "An app's: where its answers go." }),
    ip: z.string().nullable().meta({ description: "A browser's: where it signed in from." }),
    workspaceName: z.string().nullable(),
    connectedAt: instant(),
    lastUsedAt: instant().nullable().meta({ description: "Right to the hour; a browser's to the day." }),
    isThisOne: z.boolean().meta({ description: "The browser that asks." }),
  })
  .meta({ id: "Connection" });

const exampleConnection = {
  id: "IeXogFvbYQOtWArckZHglyZieTpvudhR",
  kind: "app",
  name: "Cadenza in Chrome",
  redirectHosts: ["abcdefghijklmnop.chromiumapp.org"],
  ip: null,
  workspaceName: "Northwind",
  connectedAt: at,
  lastUsedAt: at,
  isThisOne: false,
};

export const connectionContracts = {
  "connections.list": {
    summary: "List your connected apps and browsers",
    description:
      "In all your workspaces; a hundred of either at most, the newest first. For signed-in people.",
    access: "self",
    response: z.strictObject({ items: z.array(connection) }),
    problems: ["session_needed"],
    example: { response: { items: [exampleConnection] } },
  },
  "connections.end": {
    summary: "Disconnect an app or sign a browser out",
    description:
      "From now on it opens nothing: its tokens and its session are gone, also those that still held.",
    access: "self",
    params: z.strictObject({ id: z.string().regex(/^[\w-]{1,100}$/) }),
    problems: ["session_needed", "connection_not_found"],
    example: {},
  },
} as const satisfies Record<string, Contract>;
