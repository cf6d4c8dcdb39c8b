import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { explain } from "./explain.ts";
import {
  after,
  alwaysOpen,
  call,
  email,
  factsOf,
  minuteMs,
  monday,
  neverOpen,
  officeHours,
  utc,
} from "./facts.fixture.ts";
import { decideNextStep, standingOn } from "./next-step.ts";
import { plan } from "./plan.ts";
import { nextOpening, type Schedule } from "./schedule.ts";
import { hoursProblems, scheduleAt, scheduleOfStep } from "./step-hours.ts";

const morning = { from: "09:00", to: "11:30" };
const opened = (
  schedule: Schedule,
  window: { from: string; to: string } | null,
  from: string,
  zone = "UTC",
) => {
  const opening = nextOpening(scheduleOfStep(schedule, { window }), zone, utc(from));
  return opening && [opening.at, opening.closesAt].map((at) => new Date(at).toISOString().slice(0, 16));
};

describe("a step with hours of its own", () => {
  const lunch: Schedule = {
    ...officeHours,
    windows: [
      { days: [1, 2, 3, 4, 5], from: "09:00", to: "12:00" },
      { days: [1, 2, 3, 4, 5], from: "13:00", to: "18:00" },
    ],
  };
  const night: Schedule = { ...officeHours, windows: [{ days: [1, 5], from: "22:00", to: "02:00" }] };

  test.each<[string, Schedule, { from: string; to: string } | null, string, [string, string] | null]>([
    ["opens with them", officeHours, morning, "2026-03-02T06:00Z", ["2026-03-02T09:00", "2026-03-02T11:30"]],
    [
      "goes at once inside",
      officeHours,
      morning,
      "2026-03-02T10:00Z",
      ["2026-03-02T10:00", "2026-03-02T11:30"],
    ],
    [
      "waits for the next day behind",
      officeHours,
      morning,
      "2026-03-02T11:30Z",
      ["2026-03-03T09:00", "2026-03-03T11:30"],
    ],
    [
      "waits over the weekend",
      officeHours,
      morning,
      "2026-03-06T12:00Z",
      ["2026-03-09T09:00", "2026-03-09T11:30"],
    ],
    [
      "opens no earlier than the schedule",
      officeHours,
      { from: "06:00", to: "10:00" },
      "2026-03-02T05:00Z",
      ["2026-03-02T09:00", "2026-03-02T10:00"],
    ],
    [
      "closes no later than the schedule",
      officeHours,
      { from: "16:00", to: "24:00" },
      "2026-03-02T10:00Z",
      ["2026-03-02T16:00", "2026-03-02T17:00"],
    ],
    [
      "keeps a break",
      lunch,
      { from: "11:00", to: "14:00" },
      "2026-03-02T10:00Z",
      ["2026-03-02T11:00", "2026-03-02T12:00"],
    ],
    [
      "goes on after a break",
      lunch,
      { from: "11:00", to: "14:00" },
      "2026-03-02T12:00Z",
      ["2026-03-02T13:00", "2026-03-02T14:00"],
    ],
    [
      "opens before midnight in a window over it",
      night,
      { from: "23:00", to: "24:00" },
      "2026-03-02T10:00Z",
      ["2026-03-02T23:00", "2026-03-03T00:00"],
    ],
    [
      "opens behind midnight in a window over it",
      night,
      { from: "00:30", to: "09:00" },
      "2026-03-02T10:00Z",
      ["2026-03-03T00:30", "2026-03-03T02:00"],
    ],
    [
      "has all of the schedule without",
      officeHours,
      null,
      "2026-03-02T06:00Z",
      ["2026-03-02T09:00", "2026-03-02T17:00"],
    ],
    [
      "has all of the schedule with a whole day",
      night,
      { from: "00:00", to: "24:00" },
      "2026-03-02T10:00Z",
      ["2026-03-02T22:00", "2026-03-03T02:00"],
    ],
    [
      "never opens where they never meet",
      officeHours,
      { from: "18:00", to: "20:00" },
      "2026-03-02T10:00Z",
      null,
    ],
  ])("%s", (_title, schedule, window, from, expected) => {
    expect(opened(schedule, window, from)).toEqual(expected);
  });

  test("keeps them on the person's clock, also across a change of it", () => {
    expect(opened(alwaysOpen, morning, "2026-03-27T12:00Z", "Europe/Lisbon")).toEqual([
      "2026-03-28T09:00",
      "2026-03-28T11:30",
    ]);
    expect(opened(alwaysOpen, morning, "2026-03-28T12:00Z", "Europe/Lisbon")).toEqual([
      "2026-03-29T08:00",
      "2026-03-29T10:30",
    ]);
    // The clock goes from 01:00 to 02:00 that day: hours it skips have no touch.
    const skipped = { from: "01:15", to: "01:45" };
    expect(opened(alwaysOpen, skipped, "2026-03-28T12:00Z", "Europe/Lisbon")).toEqual([
      "2026-03-30T00:15",
      "2026-03-30T00:45",
    ]);
  });

  test("stays shut with the schedule on a holiday, and says so", () => {
    const schedule = { ...officeHours, holidays: ["2026-03-03"] };
    const opening = nextOpening(
      scheduleOfStep(schedule, { window: morning }),
      "UTC",
      utc("2026-03-02T12:00Z"),
    );
    expect(opening).toMatchObject({ at: utc("2026-03-04T09:00Z"), movedBy: "holiday" });
    // A window over midnight is closed by the day it begins on, whichever side the hours are on.
    const over = { ...night, holidays: ["2026-03-02"] };
    expect(opened(over, { from: "00:30", to: "01:30" }, "2026-03-02T10:00Z")).toEqual([
      "2026-03-07T00:30",
      "2026-03-07T01:30",
    ]);
  });

  test("is the same schedule each time it is asked for, so that what follows from it is worked out once", () => {
    expect(scheduleOfStep(officeHours, { window: { ...morning } })).toBe(
      scheduleOfStep(officeHours, { window: { ...morning } }),
    );
    expect(scheduleOfStep(officeHours, { window: null })).toBe(officeHours);
    expect(scheduleOfStep(officeHours, {})).toBe(officeHours);
  });

  test("opens at the first minute that lies in both, whatever the two are", () => {
    const time = fc.integer({ min: 0, max: 95 }).map((quarter) => quarter * 15);
    const text = (minute: number) =>
      `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    const windows = fc.array(
      fc.record({
        days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
        from: time.map(text),
        to: fc.oneof(time.map(text), fc.constant("24:00")),
      }),
      { minLength: 1, maxLength: 3 },
    );
    const hours = fc
      .record({ from: time, long: fc.integer({ min: 1, max: 40 }) })
      .map(({ from, long }) => ({ from: text(from), to: text(Math.min(1_440, from + long * 15)) }));
    // A week without a change of any of these clocks.
    const zone = fc.constantFrom("UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati");
    const from = fc
      .integer({ min: 0, max: 7 * 1_440 })
      .map((minute) => utc("2026-06-08T00:00Z") + minute * minuteMs);
    fc.assert(
      fc.property(windows, hours, zone, from, (windows, window, zone, from) => {
        const schedule = { ...alwaysOpen, windows };
        const inBoth = (at: number) => {
          const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
          const clock = text(hour * 60 + minute);
          return (
            clock >= window.from && clock < window.to && nextOpening(schedule, zone, at)!.movedBy === null
          );
        };
        const opening = nextOpening(scheduleOfStep(schedule, { window }), zone, from);
        // Everything here is on the quarter of an hour, so that only quarters and the beginning can be first.
        const quarter = 15 * minuteMs;
        const quarters = Array.from(
          { length: 8 * 96 },
          (_, i) => (Math.floor(from / quarter) + i + 1) * quarter,
        );
        expect(opening?.at ?? null).toBe([from, ...quarters].find(inBoth) ?? null);
        if (!opening) return;
        expect(inBoth(opening.closesAt - minuteMs)).toBe(true);
        expect(inBoth(opening.closesAt)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the tick and the plan", () => {
  const steps = [
    email(1, { window: morning }),
    call(2, { delay: after(1, "days"), window: { from: "16:00", to: "16:30" } }),
    email(3, { delay: after(2, "hours") }),
  ];
  const facts = factsOf({ steps, schedule: officeHours });
  const enrolled = (at: number) => ({ ...facts, enrollment: standingOn(facts, steps[0]!, at) });

  test("slide each step into its own hours, and name the window", () => {
    const at = utc("2026-03-02T12:00Z");
    expect(
      plan(enrolled(at), at).map(({ at: when, reason }) => [new Date(when!).toISOString(), reason]),
    ).toEqual([
      ["2026-03-03T09:00:00.000Z", "window"],
      ["2026-03-04T16:00:00.000Z", "window"],
      ["2026-03-05T09:00:00.000Z", "window"],
    ]);
    expect(decideNextStep(enrolled(at), at)).toMatchObject({
      kind: "wait",
      reason: "window",
      until: utc("2026-03-03T09:00Z"),
    });
    expect(explain(enrolled(at), at)).toMatchObject({ rule: "window", value: "2026-03-03T09:00:00.000Z" });
  });

  test("make the mail good until its hours are over, and make none behind them", () => {
    expect(decideNextStep(enrolled(monday), monday)).toMatchObject({
      kind: "send",
      notAfter: utc("2026-03-02T11:30Z"),
    });
    const late = utc("2026-03-02T11:30Z");
    expect(decideNextStep(enrolled(monday), late)).toMatchObject({
      kind: "wait",
      reason: "window",
      until: utc("2026-03-03T09:00Z"),
    });
  });

  test("spread by jitter within the hours and not beyond", () => {
    const jittery = { ...officeHours, jitterMinutes: 240 };
    for (let contactId = 1; contactId < 60; contactId++) {
      const one = { ...facts, schedule: jittery };
      const enrollment = { ...one.enrollment, contactId: contactId as never };
      const { wakeAt } = standingOn({ ...one, enrollment }, steps[0]!, utc("2026-03-02T12:00Z"));
      expect(wakeAt).toBeGreaterThanOrEqual(utc("2026-03-03T09:00Z"));
      expect(wakeAt).toBeLessThan(utc("2026-03-03T11:30Z"));
    }
  });

  test("park whoever comes to hours their schedule does not meet, and say which", () => {
    const shut = factsOf({
      steps: [email(1, { window: { from: "18:00", to: "20:00" } })],
      schedule: officeHours,
    });
    expect(decideNextStep(shut, monday)).toEqual({
      kind: "pause",
      reason: "parked",
      detail: "Its schedule is not open between 18:00 and 20:00, the hours of this step, within a year.",
    });
  });

  test("leave a version that was published without hours as it is", () => {
    expect(scheduleAt(facts, 3)).toBe(officeHours);
    expect(scheduleAt(facts, 99)).toBe(officeHours);
    expect(scheduleAt(facts, 1).hours).toEqual(morning);
  });
});

describe("hours are refused", () => {
  const of = (window: { from: string; to: string } | null, schedule = officeHours) =>
    hoursProblems([{}, { window }], schedule).map(({ path, message }) => `${path} ${message}`);

  test.each([
    [{ from: "11:30", to: "09:00" }, "/1/window A step's hours end after they begin, on the same day."],
    [{ from: "09:00", to: "09:00" }, "/1/window A step's hours end after they begin, on the same day."],
    [{ from: "9 am", to: "11:00" }, "/1/window A step's hours end after they begin, on the same day."],
    [{ from: "09:00", to: "09:14" }, "/1/window A step's hours are at least 15 minutes long."],
    [{ from: "17:00", to: "20:00" }, "/1/window The schedule is never open between 17:00 and 20:00."],
    [{ from: "06:00", to: "09:00" }, "/1/window The schedule is never open between 06:00 and 09:00."],
  ])("%o: where they stand and why", (window, problem) => {
    expect(of(window)).toEqual([problem]);
  });

  test("and not where there is any time in both", () => {
    expect(of(null)).toEqual([]);
    expect(of({ from: "09:00", to: "09:15" })).toEqual([]);
    expect(of({ from: "16:59", to: "24:00" })).toEqual([]);
    expect(
      of(
        { from: "00:30", to: "01:00" },
        { ...officeHours, windows: [{ days: [1], from: "22:00", to: "02:00" }] },
      ),
    ).toEqual([]);
    expect(of(morning, neverOpen)).toHaveLength(1);
  });
});
