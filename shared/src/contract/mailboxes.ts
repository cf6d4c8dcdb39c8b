/** Sending identities and the schedules that say when they may speak. */
import * as z from "zod";
import { transports } from "../vocabulary.ts";
import type { Contract } from "./contract.ts";
import {
  country,
  day,
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
  password: z.string().max(1_000).nullable().default(null).meta({ description: "Sealed at once, never shown." }),
});

export const mailbox = z
  .strictObject({
    id: publicId("mbx"),
    address: z.string(),
    name: z.string().nullable(),
    ownerId: publicId("mbr").nullable(),
    transport: z.enum(transports),
    smtp: z.strictObject({
      host: z.string(),
      port: z.number().int(),
      security,
      user: z.string().nullable(),
      hasPassword: z.boolean(),
    }),
    timeZone: z.string().nullable(),
    signature: z.string().nullable(),
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

const window = z
  .strictObject({
    days: z.array(z.number().int()).max(7).meta({ description: "ISO weekdays it starts on: 1 is Monday." }),
    from: z.string().meta({ description: "HH:MM" }),
    to: z.string().meta({ description: "HH:MM, up to 24:00; not after `from`: the next day." }),
  })
  .meta({ id: "DeliveryWindow", examples: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }] });

export const schedule = z
  .strictObject({
    id: publicId("sch"),
    name: z.string(),
    windows: z.array(window),
    country: z.string().nullable(),
    region: z.string().nullable(),
    holidays: z.array(z.string()),
    jitterMinutes: z.number().int(),
    rev: revision(),
    createdAt: instant(),
    updatedAt: instant(),
  })
  .meta({ id: "Schedule" });

const scheduleFields = {
  name: requiredLine(120),
  windows: z.array(window).max(50),
  country: country().nullable().meta({ description: "Whose public holidays are closed." }),
  region: line(20).nullable().meta({ description: "A part of the country: BY, or BY.A below that." }),
  holidays: z.array(day()).max(400).meta({ description: "Further closed days." }),
  jitterMinutes: z.number().int().min(0).max(240).meta({ description: "Spreads what a window's opening lets go." }),
};

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
  dailyCap: 80,
  gapSeconds: 90,
  usedInDay: 12,
  disabledAt: null,
  disabledReason: null,
  rev: 1,
  createdAt: at,
  updatedAt: at,
};
const exampleSchedule = {
  id: exampleIds.sch,
  name: "Office hours",
  windows: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }],
  country: "PT",
  region: null,
  holidays: ["2026-12-24"],
  jitterMinutes: 10,
  rev: 1,
  createdAt: at,
  updatedAt: at,
};
const mailboxId = z.strictObject({ id: publicId("mbx") });
const scheduleId = z.strictObject({ id: publicId("sch") });

export const mailboxContracts = {
  "mailboxes.list": {
    summary: "List mailboxes",
    description: "Newest first, with what each used of its cap in the last rolling day.",
    access: "read",
    query: z.strictObject(pageQuery),
    response: page(mailbox),
    example: { response: { items: [exampleMailbox], nextCursor: null } },
  },
  "mailboxes.create": {
    summary: "Add a mailbox",
    description: "The password is sealed under the Worker's secret and never shown again.",
    access: "admin",
    body: z.strictObject({
      address: email(),
      name: line(120).nullable().optional(),
      ownerId: publicId("mbr").nullable().optional(),
      smtp: smtpInput,
      timeZone: timeZone().nullable().optional(),
      signature: text(2_000).nullable().optional(),
      dailyCap: dailyCap.default(50),
      gapSeconds: gapSeconds.default(60),
    }),
    response: mailbox,
    status: 201,
    problems: ["mailbox_exists", "member_not_found"],
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
    access: "admin",
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
      dailyCap: dailyCap.optional(),
      gapSeconds: gapSeconds.optional(),
    }),
    response: mailbox,
    ifMatch: "optional",
    problems: ["mailbox_not_found", "member_not_found"],
    example: { body: { dailyCap: 120 }, response: { ...exampleMailbox, dailyCap: 120, rev: 2 } },
  },
  "mailboxes.disable": {
    summary: "Disable a mailbox",
    description: "Nothing leaves from it; those it was to write to are paused with the reason.",
    access: "admin",
    params: mailboxId,
    body: z.strictObject({ reason: requiredLine(200).optional() }).optional(),
    response: mailbox,
    problems: ["mailbox_not_found"],
    example: {
      body: { reason: "Robin is on leave" },
      response: { ...exampleMailbox, disabledAt: at, disabledReason: "Robin is on leave", rev: 2 },
    },
  },
  "mailboxes.enable": {
    summary: "Enable a mailbox",
    description: "It may send again. Enrollments that were paused meanwhile are resumed by a person.",
    access: "admin",
    params: mailboxId,
    response: mailbox,
    problems: ["mailbox_not_found"],
    example: { response: exampleMailbox },
  },
  "schedules.list": {
    summary: "List schedules",
    description: "Newest first.",
    access: "read",
    query: z.strictObject(pageQuery),
    response: page(schedule),
    example: { response: { items: [exampleSchedule], nextCursor: null } },
  },
  "schedules.create": {
    summary: "Create a schedule",
    description: "Weekly delivery windows on the wall clock of the person who gets the mail, and days off.",
    access: "write",
    body: z.strictObject({
      ...scheduleFields,
      country: scheduleFields.country.default(null),
      region: scheduleFields.region.default(null),
      holidays: scheduleFields.holidays.default([]),
      jitterMinutes: scheduleFields.jitterMinutes.default(10),
    }),
    response: schedule,
    status: 201,
    problems: ["schedule_exists"],
    example: {
      body: { name: "Office hours", windows: exampleSchedule.windows, country: "PT" },
      response: exampleSchedule,
    },
  },
  "schedules.get": {
    summary: "Read a schedule",
    description: "Its windows and its days off.",
    access: "read",
    params: scheduleId,
    response: schedule,
    problems: ["schedule_not_found"],
    example: { response: exampleSchedule },
  },
  "schedules.update": {
    summary: "Change a schedule",
    description: "Fields that are left out stay. It counts from the next decision on; mails already planned keep theirs.",
    access: "write",
    params: scheduleId,
    body: z.strictObject(scheduleFields).partial(),
    response: schedule,
    ifMatch: "optional",
    problems: ["schedule_not_found", "schedule_exists"],
    example: { body: { jitterMinutes: 20 }, response: { ...exampleSchedule, jitterMinutes: 20, rev: 2 } },
  },
} as const satisfies Record<string, Contract>;
