/** When mail may go out: weekly delivery windows and days off. */
import * as z from "zod";
import type { Contract } from "./contract.ts";
import {
  country,
  day,
  exampleIds,
  instant,
  line,
  page,
  pageQuery,
  publicId,
  requiredLine,
  revision,
} from "./fields.ts";

const at = "2026-11-23T09:30:00.000Z";

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
  jitterMinutes: z
    .number()
    .int()
    .min(0)
    .max(240)
    .meta({ description: "Spreads what a window's opening lets go." }),
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
const scheduleId = z.strictObject({ id: publicId("sch") });

export const scheduleContracts = {
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
    access: "build",
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
    description:
      "Fields that are left out stay. It counts from the next decision on; mails already planned keep theirs.",
    access: "build",
    params: scheduleId,
    body: z.strictObject(scheduleFields).partial(),
    response: schedule,
    ifMatch: "optional",
    problems: ["schedule_not_found", "schedule_exists"],
    example: { body: { jitterMinutes: 20 }, response: { ...exampleSchedule, jitterMinutes: 20, rev: 2 } },
  },
} as const satisfies Record<string, Contract>;
