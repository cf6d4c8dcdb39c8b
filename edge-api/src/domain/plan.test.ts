import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { decide } from "../engine/tick.ts";
import { sent } from "./delivery.ts";
import { type Enrollment, pause, resume } from "./enrollment.ts";
import {
  after,
  call,
  claimedSend,
  dayMs,
  email,
  enrollmentOf,
  factsOf,
  hourMs,
  manualEmail,
  minuteMs,
  monday,
  neverOpen,
  officeHours,
  rep,
  sendFact,
  taskFact,
  taskOf,
  todo,
  utc,
} from "./facts.fixture.ts";
import type { Facts } from "./facts.ts";
import { standingOn } from "./next-step.ts";
import { type PlannedTouch, plan } from "./plan.ts";
import { floorMinute, nextOpening, type Schedule } from "./schedule.ts";
import { type Delay, type Step, stepAt } from "./sequence.ts";
import { endTask } from "./task.ts";

const shown = (touches: PlannedTouch[]) =>
  touches.map(({ stepId, at, reason, conditional }) => [
    stepId,
    at === null ? null : new Date(at).toISOString().slice(0, 16),
    reason,
    ...(conditional ? ["if"] : []),
  ]);

type Touch = { stepId: number; at: number };

/**
 * What the engine does with these facts: each look decides, each mail leaves and each task ends the moment it is made,
 * `lateMs` after the minute it was due in. A hold is over when its time has come.
 */
function execute(start: Facts, lateMs: number): Touch[] {
  const touches: Touch[] = [];
  let { enrollment } = start;
  for (let looks = 0; looks < 500; looks++) {
    const at = enrollment.wakeAt! + lateMs;
    const facts = { ...start, enrollment, hold: start.hold && at < start.hold.until ? start.hold : null };
    const made = decide(facts, at);
    const begun = { ...facts, enrollment: made.next! };
    const [send] = made.sends;
    const [task] = made.tasks;
    let next: Enrollment = made.next!;
    if (send) {
      const mail = {
        messageId: `<${send.stepId}@v>`,
        subject: `Subject ${send.stepId}`,
        providerMessageId: null,
      };
      next = sent(claimedSend(send), begun, mail, at).next!;
    } else if (task) {
      const ended = endTask(
        begun,
        taskOf(task),
        { status: "done", outcome: "sent_elsewhere", note: null },
        { ...rep, at },
      );
      if (!ended.ok) throw new Error(ended.reason);
      next = ended.decision.next!;
    }
    if (send ?? task) touches.push({ stepId: made.next!.stepId, at });
    if (next.status !== "active") return touches;
    enrollment = next;
  }
  throw new Error("it never ends");
}

const zones = [
  "UTC",
  "America/New_York",
  "Europe/Lisbon",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Apia",
];
const delay: fc.Arbitrary<Delay> = fc.oneof(
  fc.record({ amount: fc.integer({ min: 0, max: 600 }), unit: fc.constant("minutes" as const) }),
  fc.record({ amount: fc.integer({ min: 0, max: 60 }), unit: fc.constant("hours" as const) }),
  fc.record({
    amount: fc.integer({ min: 0, max: 9 }),
    unit: fc.constantFrom("days" as const, "business_days" as const),
  }),
);
type Make = (id: number, more: { delay: Delay }) => Step;
const steps: fc.Arbitrary<Step[]> = fc
  .array(fc.record({ delay, make: fc.constantFrom<Make>(email, email, call, todo, manualEmail) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((drawn) => drawn.map(({ make, delay: wait }, index) => make(index + 1, { delay: wait })));
const clock = fc.integer({ min: 0, max: 47 }).map((half) => {
  return `${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 ? "30" : "00"}`;
});
const schedule: fc.Arbitrary<Schedule> = fc.record({
  windows: fc.array(
    fc.record({ days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), from: clock, to: clock }),
    { minLength: 1, maxLength: 3 },
  ),
  country: fc.constantFrom(null, "PT", "US"),
  region: fc.constant(null),
  holidays: fc.constantFrom([], ["2026-03-09", "2026-03-10"]),
  jitterMinutes: fc.constantFrom(0, 0, 7, 90),
});
/** Every third step keeps to hours of its own: to a window of the schedule, less its first quarter of an hour. */
const withHours = (steps: Step[], { windows }: Schedule, seed: number): Step[] =>
  steps.map((step, place) => {
    const { from, to } = windows[(seed + place) % windows.length]!;
    if ((seed + place) % 3) return step;
    const begins = `${from.slice(0, 3)}${from.endsWith("30") ? "45" : "15"}`;
    return { ...step, window: { from: begins, to: from < to ? to : "24:00" } };
  });
/** A person enrolled in the weeks in which most of these zones change their clocks. */
const enrolled = fc
  .record({
    steps,
    schedule,
    zone: fc.constantFrom(...zones),
    contactId: fc.integer({ min: 1, max: 1e6 }),
    startAt: fc
      .integer({ min: 0, max: 45 * 24 * 60 })
      .map((minutes) => utc("2026-02-27T00:00:00Z") + minutes * minuteMs),
  })
  .map(({ startAt, contactId, ...drawn }) => {
    const steps = withHours(drawn.steps, drawn.schedule, contactId);
    const enrollment = { contactId: contactId as never, enrolledAt: startAt };
    const facts = factsOf({ ...drawn, steps, enrollment });
    return { facts: { ...facts, enrollment: standingOn(facts, steps[0]!, startAt) }, startAt };
  });

const planned = (touches: PlannedTouch[]) => touches.map(({ stepId, at }) => ({ stepId, at }));
const toTheMinute = (touches: Touch[]) => touches.map(({ stepId, at }) => ({ stepId, at: floorMinute(at) }));

describe("planner = executor", () => {
  test("what is executed equals the plan to the minute, in every zone and across changes of the clock", () => {
    fc.assert(
      fc.property(enrolled, fc.integer({ min: 0, max: 59_999 }), ({ facts, startAt }, lateMs) => {
        expect(toTheMinute(execute(facts, lateMs))).toEqual(planned(plan(facts, startAt)));
      }),
      { numRuns: 300 },
    );
  });

  test("the plan still holds when it is made anew at any look on the way", () => {
    fc.assert(
      fc.property(enrolled, fc.nat(), ({ facts }, pick) => {
        const whole = execute(facts, 0);
        const place = pick % whole.length;
        const { at, stepId } = whole[place]!;
        const enrollment =
          place === 0 ? facts.enrollment : { ...facts.enrollment, stepId, dueAt: at, wakeAt: at };
        expect(planned(plan({ ...facts, enrollment }, at))).toEqual(whole.slice(place));
      }),
      { numRuns: 100 },
    );
  });

  test("a person on hold goes on as planned, whether or not the timer was frozen when the hold began", () => {
    const holds = fc.record({
      waited: fc.nat(5 * dayMs),
      lasts: fc.integer({ min: 1, max: 20 * dayMs }),
      isFrozen: fc.boolean(),
    });
    fc.assert(
      fc.property(enrolled, holds, ({ facts }, { waited, lasts, isFrozen }) => {
        const { dueAt, wakeAt } = facts.enrollment;
        const since = dueAt - waited;
        // Unless it is frozen at once, the hold is only met if it still lasts when the tick looks.
        const until = Math.max(since + lasts, isFrozen ? 0 : wakeAt! + 1);
        const frozen = { remainingMs: waited, wakeAt: until, waitReason: "hold" as const };
        const enrollment = { ...facts.enrollment, enrolledAt: since - dayMs, ...(isFrozen ? frozen : {}) };
        const held = { ...facts, enrollment, hold: { since, until } };
        const [first] = execute(held, 0);
        expect(first!.at).toBeGreaterThanOrEqual(until + waited);
        expect(planned(plan(held, since))).toEqual(toTheMinute(execute(held, 0)));
      }),
      { numRuns: 200 },
    );
  });

  test("a hold that began while a mail was on the wire leaves the whole delay, in the plan and in the run", () => {
    const enrollment = { dueAt: monday + 2 * dayMs, wakeAt: monday + 2 * dayMs, executedAt: monday };
    const hold = { since: monday - 5 * minuteMs, until: monday + 10 * dayMs };
    const facts = factsOf({ steps: [email(1)], enrollment, hold });
    expect(planned(plan(facts, monday))).toEqual([{ stepId: 1, at: monday + 12 * dayMs }]);
    expect(execute(facts, 0)).toEqual([{ stepId: 1, at: monday + 12 * dayMs }]);
  });

  test("a person resumed into a hold has all they had left still before them when it is over", () => {
    const enrollment = { dueAt: monday + hourMs, wakeAt: monday, remainingMs: hourMs };
    const facts = factsOf({
      steps: [email(1)],
      enrollment,
      hold: { since: monday - dayMs, until: monday + dayMs },
    });
    const at = monday + dayMs + hourMs;
    expect([planned(plan(facts, monday)), execute(facts, 0)]).toEqual([
      [{ stepId: 1, at }],
      [{ stepId: 1, at }],
    ]);
  });

  test("a paused person's plan is what happens when they are resumed this minute", () => {
    fc.assert(
      fc.property(enrolled, fc.nat(3 * dayMs), ({ facts, startAt }, rested) => {
        const paused = pause(facts.enrollment, { reason: "manual" }, { ...rep, at: startAt });
        const standing = paused.ok ? paused.decision.next! : facts.enrollment;
        const at = floorMinute(startAt + rested);
        const resumed = resume(standing, null, { ...rep, at });
        const going = { ...facts, enrollment: resumed.ok ? resumed.decision.next! : standing };
        expect(planned(plan({ ...facts, enrollment: standing }, at))).toEqual(toTheMinute(execute(going, 0)));
      }),
      { numRuns: 100 },
    );
  });
});

/** By Temporal's word alone. In the hour that a clock repeats, either pass will do. */
function isInHours({ window }: Step, zone: string, at: number): boolean {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const clock = local.toPlainTime().toString({ smallestUnit: "minute" });
  const changed = local.getTimeZoneTransition("previous");
  const isRepeated = changed !== null && local.since(changed, { largestUnit: "hour" }).hours < 2;
  return !window || isRepeated || (clock >= window.from && clock < window.to);
}

describe("the calendar", () => {
  test("has every step once and in order, never goes back in time, and touches nobody outside the window", () => {
    fc.assert(
      fc.property(enrolled, ({ facts, startAt }) => {
        const touches = plan(facts, startAt);
        expect(touches.map(({ stepId }) => stepId)).toEqual(facts.version.steps.map(({ id }) => id));
        let before = startAt;
        for (const { stepId, at } of touches) {
          expect(at).toBeGreaterThanOrEqual(before);
          expect(nextOpening(facts.schedule, facts.zone, at!)).toMatchObject({ at, movedBy: null });
          expect(isInHours(stepAt(facts.version, stepId)!, facts.zone, at!)).toBe(true);
          before = at!;
        }
      }),
      { numRuns: 300 },
    );
  });

  test("keeps the local time of day when the clocks change", () => {
    const facts = factsOf({
      steps: [email(1), email(2, { delay: after(1, "days") }), email(3, { delay: after(24, "hours") })],
      zone: "America/New_York",
      enrollment: { dueAt: utc("2026-03-06T14:00:00Z") },
    });
    const saturday = { ...facts, enrollment: { ...facts.enrollment, dueAt: utc("2026-03-07T14:00:00Z") } };
    const local = plan(saturday, utc("2026-03-07T14:00:00Z")).map(({ at }) =>
      Temporal.Instant.fromEpochMilliseconds(at!)
        .toZonedDateTimeISO("America/New_York")
        .toPlainDateTime()
        .toString(),
    );
    expect(local).toEqual(["2026-03-07T09:00:00", "2026-03-08T09:00:00", "2026-03-09T09:00:00"]);
  });

  test("says why each touch is not earlier, and shows the words", () => {
    const facts = factsOf({
      schedule: { ...officeHours, holidays: ["2026-03-04"] },
      steps: [
        email(1),
        email(2, { delay: after(8, "hours"), subject: null }),
        email(3, { delay: after(1, "days") }),
      ],
    });
    const touches = plan(facts, monday);
    expect(shown(touches)).toEqual([
      [1, "2026-03-02T10:00", "delay"],
      [2, "2026-03-03T09:00", "window"],
      [3, "2026-03-05T09:00", "holiday"],
    ]);
    expect(touches.map(({ mail }) => mail?.subject)).toEqual(["Subject 1", "Re: Subject 1", "Subject 3"]);
    expect(touches[0]).toMatchObject({
      stepName: "Mail 1",
      type: "email_auto",
      zone: "UTC",
      problem: null,
      task: null,
    });
  });

  test("behind a mail that lacks a value the follow-up says its subject as it will be, or what it lacks too", () => {
    const follow = email(2, { subject: null, body: "Again" });
    const about = (subject: string, body: string) =>
      plan(factsOf({ steps: [email(1, { subject, body }), follow] }), monday).map(({ mail, problem }) => [
        mail?.subject,
        problem?.detail,
      ]);
    expect(about("Hi {{ contact.first_name }}", "{{ company.name }}")).toEqual([
      [undefined, "company.name"],
      ["Re: Hi Dana", undefined],
    ]);
    expect(about("How {{ company.name }} does it", "Hello")).toEqual([
      [undefined, "company.name"],
      [undefined, "company.name"],
    ]);
  });

  test("the follow-up of a skipped first mail opens the thread itself, under that mail's subject", () => {
    const steps = [email(1), email(2, { subject: null }), email(3, { subject: null })];
    const facts = factsOf({ steps, enrollment: { stepId: 2 } });
    const subjects = plan(facts, monday).map(({ mail }) => mail?.subject);
    expect(subjects).toEqual(["Subject 1", "Re: Subject 1"]);
  });

  test("after a task it says if, from the first one on", () => {
    const facts = factsOf({ steps: [email(1), call(2), email(3, { delay: after(1, "hours") })] });
    const touches = plan(facts, monday);
    expect(shown(touches)).toEqual([
      [1, "2026-03-02T10:00", "delay"],
      [2, "2026-03-02T10:00", "delay"],
      [3, "2026-03-02T11:00", "delay", "if"],
    ]);
    expect(touches[1]!.task).toEqual({ title: "Call Dana", body: "Ask Dana about the team.", subject: null });
  });

  test("what cannot be rendered is named, and the rest still planned", () => {
    const facts = factsOf({
      steps: [email(1, { body: "{{ contact.title }}" }), email(2, { delay: after(1, "hours") })],
    });
    const touches = plan(facts, monday);
    expect(touches.map(({ problem }) => problem)).toEqual([
      { reason: "missing_variable", detail: "contact.title" },
      null,
    ]);
    expect(shown(touches)).toEqual([
      [1, "2026-03-02T10:00", "delay"],
      [2, "2026-03-02T11:00", "delay"],
    ]);
  });

  test.each([
    [
      "a paused sequence",
      { sequence: { ...factsOf().sequence, status: "paused" as const } },
      "sequence_paused",
    ],
    ["stopped sending", { sendingStopped: true }, "sending_stopped"],
  ])("gives no instant behind %s: only a person ends that", (_, more, reason) => {
    expect(shown(plan(factsOf(more), monday))).toEqual([[1, null, reason]]);
  });

  test.each([
    ["an archived sequence", { sequence: { ...factsOf().sequence, status: "archived" as const } }],
    ["a suppressed person", { suppressed: true }],
    ["a step that is gone", { enrollment: { stepId: 9 } }],
  ])("is empty for %s", (_, more) => {
    expect(plan(factsOf(more), monday)).toEqual([]);
  });

  test("a schedule that never opens is a problem, not an endless walk", () => {
    const problem = { reason: "parked", detail: "Its schedule has no opening within a year." };
    expect(plan(factsOf({ schedule: neverOpen, steps: [email(1)] }), monday)).toMatchObject([
      { stepId: 1, problem },
    ]);
  });
});

describe("a step already begun", () => {
  const rest = [email(1), email(2, { delay: after(1, "hours") })];

  test("is planned when its mail is due, with the reason it waits for", () => {
    const send = sendFact({ dueAt: monday + 3 * hourMs, deferReason: "cap" });
    expect(shown(plan(factsOf({ steps: rest, send }), monday))).toEqual([
      [1, "2026-03-02T13:00", "cap"],
      [2, "2026-03-02T14:00", "delay"],
    ]);
  });

  test("an open task happens when it is due, if somebody does it", () => {
    const task = taskFact({ dueAt: monday + dayMs });
    expect(shown(plan(factsOf({ steps: [call(1), rest[1]!], task }), monday))).toEqual([
      [1, "2026-03-03T10:00", "task_open"],
      [2, "2026-03-03T11:00", "delay", "if"],
    ]);
  });

  test("one that is over is not planned again: the next counts from when it happened", () => {
    const send = sendFact({ state: "sent", dueAt: null, sentAt: monday - 20 * minuteMs });
    expect(shown(plan(factsOf({ steps: rest, send }), monday))).toEqual([[2, "2026-03-02T10:40", "delay"]]);
  });

  test("a mail taken back is planned as if it had never been made", () => {
    const send = sendFact({ state: "canceled", dueAt: null });
    const task = taskFact({ status: "done", doneAt: monday });
    const enrollment = enrollmentOf({ dueAt: monday + hourMs });
    expect(shown(plan(factsOf({ steps: [manualEmail(1)], send, task, enrollment }), monday))).toEqual([
      [1, "2026-03-02T11:00", "delay"],
    ]);
  });
});
