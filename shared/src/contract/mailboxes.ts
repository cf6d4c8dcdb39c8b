/** Sending identities: an address, the server it speaks through, how much and how fast. */
import * as z from "zod";
import { transports } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import {
  email,
  exampleIds,
  instant,
  line,
  page,
  pageQuery,
  publicId,
  requiredLine,
  revision,
  text,
  timeZone,
} from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";
const security = z.enum(["tls", "starttls", "none"]);

const smtpInput = z.strictObject({
  host: requiredLine(253).regex(/^[0-9A-Za-z.:_-]+$/, "Write a host name or an IP address"),
  port: z.number().int().min(1).max(65_535),
  security: security.meta({ description: "`tls` from the first byte (465), `starttls` (587), or `none`." }),
  user: line(254).nullable().default(null),
  password: z
    .string()
    .max(1_000)
    .nullable()
    .default(null)
    .meta({ description: "Sealed at once, never shown." }),
});

const receives = z.boolean().meta({
  description:
    "Mail to this address is handed to Cadenza, by Email Routing or `POST /v1/inbound`: people may then unsubscribe by mail, too.",
});

export const mailbox = z
  .strictObject({
    id: publicId("mbx"),
    address: z.string(),
    name: z.string().nullable(),
    ownerId: publicId("mbr").nullable(),
    transport: z.enum(transports),
    smtp: z
      .strictObject({
        host: z.string(),
        port: z.number().int(),
        security,
        user: z.string().nullable(),
        hasPassword: z.boolean(),
      })
      .nullable()
      .meta({ description: "Null in test mode: what is given is checked and not kept." }),
    timeZone: z.string().nullable(),
    signature: z.string().nullable(),
    receives,
    dailyCap: z.number().int(),
    gapSeconds: z.number(),
    usedInDay: z
      .number()
      .int()
      .meta({ description: "Mails counted against `dailyCap` in the last rolling day (to the whole hour)." }),
    disabledAt: instant().nullable(),
    disabledReason: z.string().nullable(),
    rev: revision(),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: "Mailbox" });

const dailyCap = z.number().int().min(0).max(10_000).meta({ description: "Most mails in any 24 hours." });
const gapSeconds = z.number().int().min(0).max(86_400).meta({ description: "Least time between two mails." });

const exampleMailbox = {
  id: exampleIds.mbx,
  address: "robin@northwind.example",
  name: "Robin Reis",
  ownerId: exampleIds.mbr,
  transport: "smtp",
  smtp: {
    host: "smtp.northwind.example",
    port: 465,
    security: "tls",
    user: "robin@northwind.example",
    hasPassword: true,
  },
  timeZone: null,
  signature: "Robin Reis\nNorthwind",
  receives: true,
  dailyCap: 80,
  gapSeconds: 90,
  usedInDay: 12,
  disabledAt: null,
  disabledReason: null,
  rev: 1,
  createdAt: at,
  updatedAt: at,
};
const mailboxId = z.strictObject({ id: publicId("mbx") });

export const mailboxContracts = {
  "mailboxes.list": {
    summary: "List mailboxes",
    description:
      "Those you may send from, newest first, with what each used of its cap in the last rolling day; a disabled one says since when.",
    access: "read",
    query: z.strictObject(pageQuery),
    response: page(mailbox),
    example: { response: { items: [exampleMailbox], nextCursor: null } },
  },
  "mailboxes.create": {
    summary: "Add a mailbox",
    description:
      "It is yours unless you name its owner; `ownerId: null` makes it everybody's to send from. The password is sealed under the Worker's secret and never shown again.",
    access: "connect",
    body: z.strictObject({
      address: email(),
      name: line(120).nullable().optional(),
      ownerId: publicId("mbr").nullable().optional(),
      smtp: smtpInput,
      timeZone: timeZone().nullable().optional(),
      signature: text(2_000).nullable().optional(),
      receives: receives.default(false),
      dailyCap: dailyCap.default(50),
      gapSeconds: gapSeconds.default(60),
    }),
    response: mailbox,
    status: 201,
    problems: ["mailbox_exists", "member_not_found", "not_yours"],
    example: {
      body: {
        address: "robin@northwind.example",
        name: "Robin Reis",
        smtp: {
          host: "smtp.northwind.example",
          port: 465,
          security: "tls",
          user: "robin@northwind.example",
          password: "app-password",
        },
        dailyCap: 80,
        gapSeconds: 90,
      },
      response: exampleMailbox,
    },
  },
  "mailboxes.get": {
    summary: "Read a mailbox",
    description: "Without its password.",
    access: "read",
    params: mailboxId,
    response: mailbox,
    problems: ["mailbox_not_found"],
    example: { response: exampleMailbox },
  },
  "mailboxes.update": {
    summary: "Change a mailbox",
    description:
      "Fields that are left out stay, also within `smtp`. The address stays for good: conversations hang on it.",
    access: "connect",
    params: mailboxId,
    body: z.strictObject({
      name: line(120).nullable().optional(),
      ownerId: publicId("mbr").nullable().optional(),
      smtp: z
        .strictObject({
          host: smtpInput.shape.host.optional(),
          port: smtpInput.shape.port.optional(),
          security: security.optional(),
          user: line(254).nullable().optional(),
          password: z.string().max(1_000).nullable().optional(),
        })
        .optional(),
      timeZone: timeZone().nullable().optional(),
      signature: text(2_000).nullable().optional(),
      receives: receives.optional(),
      dailyCap: dailyCap.optional(),
      gapSeconds: gapSeconds.optional(),
    }),
    response: mailbox,
    ifMatch: "optional",
    problems: ["mailbox_not_found", "member_not_found", "not_yours"],
    example: { body: { dailyCap: 120 }, response: { ...exampleMailbox, dailyCap: 120, rev: 2 } },
  },
  "mailboxes.disable": {
    summary: "Disable a mailbox",
    description: "Nothing leaves from it; those it was to write to are paused with the reason.",
    access: "connect",
    params: mailboxId,
    body: z.strictObject({ reason: requiredLine(200).optional() }).optional(),
    response: mailbox,
    problems: ["mailbox_not_found", "not_yours"],
    example: {
      body: { reason: "Robin is on leave" },
      response: { ...exampleMailbox, disabledAt: at, disabledReason: "Robin is on leave", rev: 2 },
    },
  },
  "mailboxes.enable": {
    summary: "Enable a mailbox",
    description:
      "It may send again, and whoever was paused for want of it goes on, as far as its cap and gap let them.",
    access: "connect",
    params: mailboxId,
    response: mailbox,
    problems: ["mailbox_not_found", "not_yours"],
    example: { response: exampleMailbox },
  },
} as const satisfies Record<string, Contract>;
