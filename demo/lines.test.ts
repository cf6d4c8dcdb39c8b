import { describe, expect, it } from "vitest";
import {
  delayText,
  eventText,
  line,
  nameOf,
  nextText,
  type Step,
  type TimelineEvent,
  type Touch,
  table,
  when,
} from "./lines.ts";

const steps: Step[] = [
  { id: 1, name: "Intro", type: "email_auto", delay: { amount: 0, unit: "minutes" } },
  { id: 4, name: "Call", type: "call", delay: { amount: 2, unit: "business_days" } },
];
const tuesday = Date.UTC(2027, 0, 12, 9);
const event = (
  type: TimelineEvent["type"],
  data: Record<string, unknown> = {},
  stepId: number | null = 1,
): TimelineEvent => ({
  type,
  at: "2027-01-12T09:00:00.000Z",
  actor: "engine",
  enrollmentId: null,
  stepId,
  data,
});
const touch = (values: Partial<Touch>): Touch => ({
  stepId: 4,
  stepName: "Call",
  type: "call",
  at: "2027-01-14T09:00:00.000Z",
  zone: "Europe/Lisbon",
  reason: "delay",
  conditional: false,
  problem: null,
  mail: null,
  task: null,
  ...values,
});

describe("a line of the demo", () => {
  it("begins with the weekday and the time where the person is", () => {
    expect(line(tuesday, "Europe/Lisbon", "x")).toBe("Tue 09:00 Lisbon    · x");
    expect(line(tuesday, "America/New_York", "x")).toBe("Tue 04:00 New York  · x");
    expect(line(tuesday, "Asia/Singapore", "x")).toBe("Tue 17:00 Singapore · x");
  });

  it("names the date where the weekday alone would mislead", () => {
    expect(when(Date.UTC(2027, 0, 15, 9), "UTC", tuesday)).toBe("Fri 09:00");
    expect(when(Date.UTC(2027, 0, 20, 9), "UTC", tuesday)).toBe("Wed 20 Jan 09:00");
  });
});

it("calls people by what is known of them", () => {
  const nobody = { firstName: null, lastName: null, email: null };
  expect([
    nameOf({ ...nobody, firstName: "Dana", lastName: "Reyes", email: "d@x.example" }),
    nameOf({ ...nobody, email: "d@x.example" }),
    nameOf(nobody),
  ]).toEqual(["Dana Reyes", "d@x.example", "somebody without a name"]);
});

describe("what happened", () => {
  const dana = { person: "Dana Reyes", steps };

  it.each([
    [event("send.sent"), 'sent step 1 "Intro" to Dana Reyes'],
    [
      event("enrollment.paused", { reason: "missing_variable", detail: "contact.custom.plan" }),
      "paused Dana Reyes: contact.custom.plan is empty",
    ],
    [
      event("task.done", { outcome: "meeting_booked" }, 4),
      'rep finished step 2 "Call" with Dana Reyes (meeting booked)',
    ],
    [event("task.created", { title: "Call Dana" }, 4), "task: Call Dana"],
    [event("task.created", { title: "Personal note" }, 4), "task: Personal note (Dana Reyes)"],
    [event("reply.received", { class: "human", subject: "Re: Hi" }), "Dana Reyes answered (human): Re: Hi"],
    [event("send.settled", { arrived: true }), 'step 1 "Intro" to Dana Reyes did arrive, says the rep'],
  ])("is said in words", (happened, text) => {
    expect(eventText(happened, dana)?.text).toBe(text);
  });

  it("is not told where it only prepares something", () => {
    expect(eventText(event("send.queued"), dana)).toBeNull();
    expect(eventText(event("contact.created"), dana)).toBeNull();
  });
});

describe("what comes next", () => {
  it.each([
    [touch({}), 'next "Call" Thu 09:00, 2 business days later'],
    [touch({ reason: "window" }), 'next "Call" Thu 09:00, because the window opens then'],
    [
      touch({ reason: "holiday", at: "2027-01-19T09:00:00.000Z" }),
      'next "Call" Tue 19 Jan 09:00, because a holiday lies between',
    ],
    [touch({ at: null, reason: "sequence_paused" }), 'next "Call" once the sequence goes on'],
  ])("is said with its reason", (next, text) => {
    expect(nextText(next, tuesday, "Europe/Lisbon", steps)).toBe(text);
  });

  it("is left out after the last step", () => {
    expect(nextText(undefined, tuesday, "UTC", steps)).toBe("");
  });

  it("counts delays in words", () => {
    expect([
      delayText({ amount: 1, unit: "business_days" }),
      delayText({ amount: 30, unit: "minutes" }),
    ]).toEqual(["1 business day", "30 minutes"]);
  });
});

it("aligns the summary", () => {
  expect(
    table([
      ["sent", 3],
      ["double sends", 0],
    ]),
  ).toEqual(["  sent          3", "  double sends  0"]);
});
