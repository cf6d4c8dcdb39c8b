import { type PauseReason, pauseReasons, waitReasons } from "@cadenza/shared/vocabulary";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyFacts } from "./any-facts.fixture.ts";
import { explain } from "./explain.ts";
import {
  after,
  call,
  contactOf,
  dayMs,
  email,
  enrollmentOf,
  factsOf,
  hourMs,
  mailboxOf,
  minuteMs,
  monday,
  officeHours,
  sendFact,
  taskFact,
  utc,
} from "./facts.fixture.ts";
import type { Facts } from "./facts.ts";
import { standingOn } from "./next-step.ts";
import { plan } from "./plan.ts";

const evening = utc("2026-03-02T20:00:00Z");
const waitingSend = (deferReason: (typeof waitReasons)[number]) =>
  factsOf({
    send: sendFact({ deferReason, dueAt: monday + 2 * hourMs }),
    mailbox: mailboxOf({ gapMs: 90_000 }),
  });

describe("an active person", () => {
  const soon = "Mon 2 Mar, 12:00 (UTC)";
  const rows: [string, Facts, number, { value: string | null; nextLookAt: number; sentence: string }][] = [
    [
      "delay",
      factsOf({ steps: [email(1, { delay: after(3, "days") })], enrollment: { dueAt: monday + 2 * hourMs } }),
      monday,
      {
        value: "3 days",
        nextLookAt: monday + 2 * hourMs,
        sentence: `Waiting for the delay before this step; it is due ${soon}.`,
      },
    ],
    [
      "window",
      factsOf({ schedule: officeHours, zone: "Europe/Madrid", enrollment: { dueAt: evening } }),
      evening,
      {
        value: "2026-03-03T08:00:00.000Z",
        nextLookAt: utc("2026-03-03T08:00:00Z"),
        sentence: "Waiting for the delivery window, which opens Tue 3 Mar, 09:00 (Europe/Madrid).",
      },
    ],
    [
      "holiday",
      factsOf({ schedule: { ...officeHours, holidays: ["2026-03-02"] } }),
      monday,
      {
        value: "2026-03-03T09:00:00.000Z",
        nextLookAt: utc("2026-03-03T09:00:00Z"),
        sentence: "A holiday closes the schedule; it goes on Tue 3 Mar, 09:00 (UTC).",
      },
    ],
    [
      "hold",
      factsOf({ hold: { since: monday - dayMs, until: monday + 2 * hourMs } }),
      monday,
      {
        value: "2026-03-02T12:00:00.000Z",
        nextLookAt: monday + 2 * hourMs,
        sentence: `The person is on hold until ${soon}.`,
      },
    ],
    [
      "sequence_paused",
      factsOf({ sequence: { ...factsOf().sequence, status: "paused" } }),
      monday,
      {
        value: "2026-03-02T11:00:00.000Z",
        nextLookAt: monday + hourMs,
        sentence: "The whole sequence is paused.",
      },
    ],
    [
      "sending_stopped",
      factsOf({ sendingStopped: true }),
      monday,
      {
        value: "2026-03-02T11:00:00.000Z",
        nextLookAt: monday + hourMs,
        sentence: "Sending is stopped for the whole workspace.",
      },
    ],
    [
      "task_open",
      factsOf({ steps: [call(1)], task: taskFact(), enrollment: { wakeAt: monday + 30 * minuteMs } }),
      monday,
      {
        value: "2026-03-02T10:00:00.000Z",
        nextLookAt: monday + 30 * minuteMs,
        sentence: "Waiting for a person to finish the task of this step.",
      },
    ],
    [
      "send_in_flight",
      factsOf({ send: sendFact({ state: "claimed", dueAt: monday - minuteMs }) }),
      monday,
      { value: "claimed", nextLookAt: monday, sentence: "Its mail is on the way out." },
    ],
    [
      "send_in_flight",
      factsOf({ send: sendFact({ dueAt: monday + 2 * hourMs, error: "450 greylisted" }) }),
      monday,
      {
        value: "450 greylisted",
        nextLookAt: monday + 2 * hourMs,
        sentence: `The last try failed (450 greylisted); it is tried again ${soon}.`,
      },
    ],
    [
      "cap",
      waitingSend("cap"),
      monday,
      {
        value: "50 a day",
        nextLookAt: monday + 2 * hourMs,
        sentence: `sam@vendor.test has used its daily cap; the next free slot is ${soon}.`,
      },
    ],
    [
      "gap",
      waitingSend("gap"),
      monday,
      {
        value: "90 seconds",
        nextLookAt: monday + 2 * hourMs,
        sentence: `sam@vendor.test keeps a gap between mails; the next free slot is ${soon}.`,
      },
    ],
  ];
  test.each(rows)(
    "waits for %s: one rule, its value, the next look, a sentence",
    (rule, facts, now, expected) => {
      expect(explain(facts, now)).toEqual({ status: "active", stepId: 1, rule, ...expected });
    },
  );

  const overnight = { schedule: { ...officeHours, jitterMinutes: 30 }, enrollment: { dueAt: evening } };

  test("just enrolled at night: the window and not the delay of nothing, as the row and the plan say it", () => {
    const facts = factsOf(overnight);
    const now = evening - minuteMs / 2;
    const enrollment = standingOn(facts, email(1), evening);
    const { rule, value, nextLookAt, sentence } = explain({ ...facts, enrollment }, now);
    const [touch] = plan({ ...facts, enrollment }, now);
    expect([rule, touch!.reason, enrollment.waitReason]).toEqual(["window", "window", "window"]);
    expect([nextLookAt, touch!.at]).toEqual([enrollment.wakeAt, enrollment.wakeAt]);
    // It opens at nine; the rest is jitter, and said to be.
    expect(value).toBe("2026-03-03T09:00:00.000Z");
    expect(nextLookAt).toBeGreaterThan(utc("2026-03-03T09:00:00Z"));
    const goes = new Date(nextLookAt!).toISOString().slice(11, 16);
    expect(sentence).toMatch(
      new RegExp(`Tue 3 Mar, 09:00 .*Not all go at once: this one goes Tue 3 Mar, ${goes}`),
    );
  });

  test("a delay that ends on a shut window is the window's from its beginning, and says when both are over", () => {
    const steps = [email(1, { delay: after(10, "hours") })];
    const facts = factsOf({ steps, schedule: officeHours });
    const enrollment = standingOn(facts, steps[0]!, monday);
    const told = explain({ ...facts, enrollment }, monday);
    expect([told.rule, enrollment.waitReason, told.sentence]).toEqual([
      "window",
      "window",
      "When its delay ends, Mon 2 Mar, 20:00 (UTC), the delivery window is shut; it opens Tue 3 Mar, 09:00 (UTC).",
    ]);
  });

  test.each<[string, Facts]>([
    ["a window", factsOf({ ...overnight, sendingStopped: true })],
    ["the cap", { ...waitingSend("cap"), sendingStopped: true }],
    ["a delay", factsOf({ enrollment: { dueAt: evening + dayMs }, sendingStopped: true })],
  ])("under the brake is told of it first, whatever else it waits for: %s", (_, facts) => {
    const { rule, sentence } = explain(facts, evening);
    expect(rule).toBe("sending_stopped");
    expect(sentence).toMatch(/^Sending is stopped for the whole workspace\. Without that: .+/);
    expect(plan(facts, evening)[0]).toMatchObject({ at: null, reason: "sending_stopped" });
  });

  test("a call does not wait for the brake", () => {
    const steps = [call(1)];
    expect(explain(factsOf({ steps, sendingStopped: true, task: taskFact() }), monday).rule).toBe(
      "task_open",
    );
  });

  test.each([
    [1, "minutes", "1 minute"],
    [2, "business_days", "2 business days"],
    [1, "business_days", "1 business day"],
  ] as const)("a delay of %i %s is %s", (amount, unit, value) => {
    const steps = [email(1, { delay: after(amount, unit) })];
    expect(explain(factsOf({ steps, enrollment: { dueAt: monday + 1 } }), monday).value).toBe(value);
  });

  test("with nothing in the way is due", () => {
    const due = { status: "active", stepId: 1, rule: "due", value: null, nextLookAt: monday };
    expect(explain(factsOf(), monday)).toEqual({ ...due, sentence: "Due now: it happens at the next tick." });
  });

  test("whom the next look will pause or end is told so before", () => {
    const nameless = factsOf({
      contact: contactOf({ firstName: null }),
      enrollment: { wakeAt: monday + minuteMs },
    });
    expect(explain(nameless, monday)).toEqual({
      status: "active",
      stepId: 1,
      rule: "missing_variable",
      value: "contact.first_name",
      nextLookAt: monday + minuteMs,
      sentence:
        "At its next look it pauses: contact.first_name is empty for this person. Fill it in, then resume.",
    });
    expect(explain(factsOf({ suppressed: true }), monday)).toMatchObject({
      rule: "suppressed",
      sentence: "It ends at its next look.",
    });
  });
});

describe("a person who stands still", () => {
  const stopped = (reason: PauseReason, detail: string | null) =>
    explain(
      factsOf({ enrollment: enrollmentOf({ status: "paused", reason, detail, wakeAt: null }) }),
      monday,
    );

  test.each<[PauseReason, string | null, string]>([
    ["manual", null, "Paused: by a person."],
    ["manual", "On parental leave", "Paused: On parental leave."],
    [
      "missing_variable",
      "contact.title",
      "Paused: contact.title is empty for this person. Fill it in, then resume.",
    ],
    ["mailbox_unavailable", "535", "Paused: its mailbox cannot send. 535."],
    ["mailbox_unavailable", null, "Paused: its mailbox cannot send."],
    [
      "uncertain_send",
      "reset",
      "Paused: nobody can say whether the last mail arrived. Settle it, and the sequence goes on.",
    ],
    ["send_refused", "550 no", "Paused: the mail was refused: 550 no."],
    ["parked", "It threw", "Paused: it could not be worked on: It threw."],
    ["parked", "It has no opening.", "Paused: it could not be worked on: It has no opening."],
    ["restore", null, "Paused: by a person."],
  ])("paused for %s (%s)", (rule, value, sentence) => {
    expect(stopped(rule, value)).toEqual({
      status: "paused",
      stepId: 1,
      rule,
      value,
      nextLookAt: null,
      sentence,
    });
  });

  test.each([
    ["completed", "all_steps_done", null, "Completed: all steps done."],
    ["completed", "replied", null, "Completed: replied."],
    ["canceled", "bounced", "5.1.1", "Canceled: bounced (5.1.1)."],
  ] as const)("%s: %s", (status, reason, detail, sentence) => {
    const { rule, nextLookAt, ...said } = explain(
      factsOf({ enrollment: { status, reason, detail, wakeAt: null } }),
      monday,
    );
    expect([rule, nextLookAt, said.sentence]).toEqual([reason, null, sentence]);
  });

  test("no pause is without words", () => {
    for (const reason of pauseReasons) expect(stopped(reason, "x").sentence).toMatch(/^Paused: .+\.$/);
  });
});

test("whatever the state, there is one rule, a sentence and a next look that is not in the past", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.gen(), (gen) => {
      const { rule, sentence, nextLookAt } = explain(
        anyFacts((from) => gen(fc.constantFrom, ...from), monday),
        monday,
      );
      seen.add(rule);
      expect(sentence).toMatch(/^[A-Zs].*[^.]\.$/s);
      expect(sentence).not.toMatch(/undefined|null|NaN|Invalid/);
      expect(nextLookAt).toBeGreaterThanOrEqual(monday);
    }),
    // Fixed, so that the states met are too.
    { numRuns: 1000, seed: 7 },
  );
  expect(
    [...waitReasons, "due", "parked", "missing_variable", "suppressed", "sequence_archived"].filter(
      (rule) => !seen.has(rule),
    ),
  ).toEqual([]);
});
