import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../engine/tick.ts";
import { anyFacts } from "./any-facts.fixture.ts";
import {
  after,
  call,
  contactOf,
  dayMs,
  email,
  factsOf,
  hourMs,
  mailboxOf,
  manualEmail,
  minuteMs,
  monday,
  neverOpen,
  officeHours,
  sendFact,
  taskFact,
  todo,
  unsubscribeUrl,
  utc,
} from "./facts.fixture.ts";
import type { Facts } from "./facts.ts";
import {
  advanced,
  decideNextStep,
  frozenRemaining,
  type NextStep,
  standingOn,
  thawedDueAt,
} from "./next-step.ts";

const gist = (next: NextStep): unknown[] => {
  switch (next.kind) {
    case "wait":
      return [next.kind, next.reason, new Date(next.until).toISOString()];
    case "pause":
      return [next.kind, next.reason, next.detail];
    case "finish":
    case "cancel":
      return [next.kind, next.reason];
    case "advance":
      return [next.kind, new Date(next.executedAt).toISOString()];
    default:
      return [next.kind, next.step.id];
  }
};
const gistOf = (facts: Facts, now = monday) => gist(decideNextStep(facts, now));

const disabled = mailboxOf({ disabledAt: monday, disabledReason: "535 wrong password" });
const anHourLater = "2026-03-02T11:00:00.000Z";

describe("of several things in the way, the one that decides", () => {
  /** Each line lifts what decided the line before. */
  test("is the one for good, then what is already under way, then what a person stopped, then time, then the mailbox", () => {
    let facts = factsOf({
      steps: [email(1)],
      enrollment: { stepId: 9, dueAt: monday + hourMs },
      sequence: { id: factsOf().sequence.id, status: "archived", pausedAt: monday - hourMs },
      send: sendFact({ state: "sending" }),
      suppressed: true,
      hold: { since: monday - hourMs, until: monday + dayMs },
      sendingStopped: true,
      mailbox: null,
      contact: contactOf({ firstName: null, email: null }),
    });
    const lift = (more: Partial<Facts>) => {
      facts = { ...facts, ...more };
      return gistOf(facts);
    };
    expect(lift({})).toEqual(["cancel", "sequence_archived"]);
    expect(lift({ sequence: { ...facts.sequence, status: "paused" } })).toEqual(["finish", "all_steps_done"]);
    const standing = { ...facts.enrollment, stepId: 1 };
    expect(lift({ enrollment: standing })).toEqual(["wait", "send_in_flight", anHourLater]);
    expect(lift({ send: null })).toEqual(["cancel", "suppressed"]);
    expect(lift({ suppressed: false })).toEqual(["wait", "sequence_paused", anHourLater]);
    expect(lift({ sequence: { ...facts.sequence, status: "active" } })).toEqual([
      "wait",
      "hold",
      "2026-03-03T10:00:00.000Z",
    ]);
    expect(lift({ hold: null })).toEqual(["wait", "delay", anHourLater]);
    expect(lift({ enrollment: { ...standing, dueAt: monday } })).toEqual([
      "wait",
      "sending_stopped",
      anHourLater,
    ]);
    expect(lift({ sendingStopped: false })).toEqual(["pause", "mailbox_unavailable", "No mailbox is set."]);
    const why = "sam@vendor.test: 535 wrong password";
    expect(lift({ mailbox: disabled })).toEqual(["pause", "mailbox_unavailable", why]);
    expect(lift({ mailbox: mailboxOf() })).toEqual(["pause", "missing_variable", "contact.email"]);
    expect(lift({ contact: contactOf({ firstName: null }) })).toEqual([
      "pause",
      "missing_variable",
      "contact.first_name",
    ]);
    expect(lift({ contact: contactOf() })).toEqual(["send", 1]);
  });

  test("a stop of sending or a broken mailbox holds up mail, not the work of people", () => {
    const facts = factsOf({ steps: [call(1)], sendingStopped: true, mailbox: disabled });
    expect(gistOf(facts)).toEqual(["task", 1]);
  });
});

describe("a step already begun", () => {
  test.each([
    ["a queued mail is waited for", sendFact(), ["wait", "send_in_flight", anHourLater]],
    [
      "a deferred one with its reason, past its own time",
      sendFact({ deferReason: "cap", dueAt: monday + 2 * hourMs }),
      ["wait", "cap", "2026-03-02T13:00:00.000Z"],
    ],
    [
      "an overdue one from now",
      sendFact({ state: "claimed", dueAt: monday - dayMs }),
      ["wait", "send_in_flight", anHourLater],
    ],
    [
      "one on the wire too",
      sendFact({ state: "sending", dueAt: null }),
      ["wait", "send_in_flight", anHourLater],
    ],
    [
      "one that left moves it on from when it left",
      sendFact({ state: "sent", dueAt: null, sentAt: monday - hourMs }),
      ["advance", "2026-03-02T09:00:00.000Z"],
    ],
    [
      "a refused one pauses with the refusal",
      sendFact({ state: "failed", error: "550 no" }),
      ["pause", "send_refused", "550 no"],
    ],
    [
      "an uncertain one is never sent again by itself",
      sendFact({ state: "uncertain" }),
      ["pause", "uncertain_send", "Nobody can say whether this mail arrived."],
    ],
    ["one taken back is made anew", sendFact({ state: "canceled", dueAt: null }), ["send", 1]],
  ])("%s", (_, send, expected) => {
    expect(gistOf(factsOf({ send }))).toEqual(expected);
  });

  test.each([
    ["an open task is waited for", taskFact(), ["wait", "task_open", anHourLater]],
    [
      "a snoozed one until after it",
      taskFact({ dueAt: monday + dayMs }),
      ["wait", "task_open", "2026-03-03T11:00:00.000Z"],
    ],
    [
      "a done one moves it on from then",
      taskFact({ status: "done", doneAt: monday - 1 }),
      ["advance", "2026-03-02T09:59:59.999Z"],
    ],
    ["a skipped one too", taskFact({ status: "skipped" }), ["advance", "2026-03-02T10:00:00.000Z"]],
  ])("%s", (_, task, expected) => {
    expect(gistOf(factsOf({ steps: [call(1)], task }))).toEqual(expected);
  });

  test("an approved mail that was taken back before it left is asked for again, under a key of its own", () => {
    const facts = factsOf({
      steps: [manualEmail(1), email(2)],
      send: sendFact({ state: "canceled", dueAt: null }),
      task: taskFact({ status: "done", doneAt: monday - hourMs }),
    });
    expect(gistOf(facts)).toEqual(["task", 1]);
    const made = decide(facts, monday);
    expect(made.tasks).toMatchObject([{ stepId: 1, cycle: 2, type: "email_manual", purpose: "step" }]);
    expect(made.next).toMatchObject({ stepId: 1, cycle: 2, waitReason: "task_open" });
  });
});

describe("time", () => {
  const waitingFor = (facts: Facts, now: number) => {
    const next = decideNextStep(facts, now);
    return next.kind === "wait" ? [next.reason, next.movedBy, new Date(next.until).toISOString()] : next.kind;
  };
  const due = (text: string, more: Partial<Facts> = {}) =>
    factsOf({ schedule: officeHours, ...more, enrollment: { dueAt: utc(text), wakeAt: utc(text) } });

  test.each([
    [
      "the delay runs, into an open window",
      "2026-03-02T12:00:00Z",
      ["delay", null, "2026-03-02T12:00:00.000Z"],
    ],
    [
      "the delay runs, and the window moves it further",
      "2026-03-02T20:00:00Z",
      ["window", "window", "2026-03-03T09:00:00.000Z"],
    ],
    ["the delay is over, the window was not open since", "2026-03-01T20:00:00Z", "send"],
    [
      "a delay that ends inside a minute is over with that minute",
      "2026-03-02T10:00:00.001Z",
      ["delay", null, "2026-03-02T10:01:00.000Z"],
    ],
  ])("%s", (_, dueAt, expected) => {
    expect(waitingFor(due(dueAt), monday)).toEqual(expected);
  });

  test("what is due outside the window waits for the window, and a holiday is named", () => {
    const friday = due("2026-03-06T16:00:00Z");
    expect(waitingFor(friday, utc("2026-03-06T19:00:00Z"))).toEqual([
      "window",
      "window",
      "2026-03-09T09:00:00.000Z",
    ]);
    const closed = due("2026-03-02T03:00:00Z", { schedule: { ...officeHours, holidays: ["2026-03-02"] } });
    expect(waitingFor(closed, monday)).toEqual(["holiday", "holiday", "2026-03-03T09:00:00.000Z"]);
  });

  test("a mail may leave until the window it is sent in closes", () => {
    expect(decideNextStep(due("2026-03-02T09:30:00Z"), monday)).toMatchObject({
      kind: "send",
      notAfter: utc("2026-03-02T17:00:00Z"),
    });
  });

  test("after an outage that outlasted the window it is sent in the next one, not at night", () => {
    const night = utc("2026-03-02T23:00:00Z");
    expect(waitingFor(due("2026-03-02T10:00:00Z"), night)).toEqual([
      "window",
      "window",
      "2026-03-03T09:00:00.000Z",
    ]);
  });

  test("a schedule that never opens parks the person, saying so", () => {
    const why = ["pause", "parked", "Its schedule has no opening within a year."];
    expect(gistOf(factsOf({ schedule: neverOpen }))).toEqual(why);
  });

  test("jitter depends on who and which step, so a preview before enrolling agrees with what then happens", () => {
    const jittery = { ...officeHours, jitterMinutes: 60 };
    const at = (id: number, contactId: number) => {
      const enrollment = { id, contactId, dueAt: utc("2026-03-02T03:00:00Z"), wakeAt: null } as never;
      const next = decideNextStep(factsOf({ schedule: jittery, enrollment }), utc("2026-03-02T04:00:00Z"));
      return next.kind === "wait" ? next.until : null;
    };
    expect(at(0, 9)).toBe(at(70, 9));
    expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map((contactId) => at(7, contactId))).size).toBeGreaterThan(4);
  });
});

describe("a timer that stands still", () => {
  test("says since when, so that what was left then is kept", () => {
    const hold = { since: monday - hourMs, until: monday + dayMs };
    expect(decideNextStep(factsOf({ hold }), monday)).toMatchObject({ frozenSince: monday - hourMs });
    const paused = factsOf({ sequence: { ...factsOf().sequence, status: "paused", pausedAt: monday - 5 } });
    expect(decideNextStep(paused, monday)).toMatchObject({ frozenSince: monday - 5 });
    expect(decideNextStep(factsOf({ enrollment: { dueAt: monday + 1 } }), monday)).toMatchObject({
      frozenSince: null,
    });
  });

  test.each([
    ["a running timer keeps what was left when the stop began", { executedAt: monday - dayMs }, 2 * hourMs],
    ["one that began while a mail was on the wire keeps all of it", { executedAt: monday + hourMs }, hourMs],
    ["one of a person enrolled into a stopped sequence too", { enrolledAt: monday + hourMs }, hourMs],
    ["one already frozen keeps what it has", { remainingMs: 5 }, 5],
    ["an overdue one keeps nothing", { dueAt: monday - 1 }, 0],
  ])("%s", (_, enrollment, left) => {
    const { enrollment: row } = factsOf({ enrollment: { dueAt: monday + 2 * hourMs, ...enrollment } });
    expect(frozenRemaining(row, monday)).toBe(left);
  });

  test("runs on from when it was to be looked at again, however late the look", () => {
    const { enrollment } = factsOf({
      enrollment: { remainingMs: 3 * hourMs, wakeAt: monday, dueAt: monday - dayMs },
    });
    expect(thawedDueAt(enrollment, monday)).toBe(monday + 3 * hourMs);
    expect(thawedDueAt(enrollment, monday + 2 * hourMs)).toBe(monday + 3 * hourMs);
    expect(thawedDueAt({ ...enrollment, remainingMs: null }, monday)).toBe(monday - dayMs);
  });
});

describe("what a step becomes", () => {
  test("a mail is fixed from the step and the person, with only the values it reads", () => {
    const facts = factsOf({ contact: contactOf({ title: "CTO" }) });
    expect(decideNextStep(facts, monday)).toMatchObject({
      kind: "send",
      snapshot: {
        to: "dana@acme.test",
        toName: "Dana Reyes",
        from: "sam@vendor.test",
        fromName: "Sam",
        values: { contact: { first_name: "Dana" } },
        signature: null,
        postalAddress: null,
        unsubscribeUrl,
        renderedAt: monday,
        zone: "UTC",
        thread: null,
      },
      content: { subject: "Subject 1" },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test("a follow-up without a subject answers in the thread; one with a subject starts its own", () => {
    const enrollment = { threadSubject: "Hello", threadReferences: ["<1@v>", "<2@v>"] };
    const inThread = decideNextStep(factsOf({ steps: [email(1, { subject: " " })], enrollment }), monday);
    expect(inThread).toMatchObject({
      snapshot: { thread: { subject: "Hello", references: ["<1@v>", "<2@v>"] } },
      content: { subject: "Re: Hello" },
    });
    const own = decideNextStep(factsOf({ enrollment }), monday);
    expect(own).toMatchObject({ snapshot: { thread: null }, content: { subject: "Subject 1" } });
  });

  test.each([
    ["a call", call(1), { title: "Call Dana", body: "Ask Dana about the team.", subject: null }],
    ["a task", todo(1), { title: "Connect with Dana", body: "Without a note.", subject: null }],
    ["a manual mail", manualEmail(1), { title: "Mail 1", body: "Hello Dana", subject: "Subject 1" }],
    [
      "a manual answer",
      manualEmail(1, { subject: null }),
      { title: "Mail 1", body: "Hello Dana", subject: "Re: Hi" },
    ],
  ])("%s is rendered for the person who does it", (_, step, task) => {
    const facts = factsOf({ steps: [step], enrollment: { threadSubject: "Hi" } });
    expect(decideNextStep(facts, monday)).toEqual({ kind: "task", step, task });
  });

  test.each([
    ["a mail's subject", email(1, { subject: "{{ company.name }}" }), "company.name"],
    ["a mail's text", email(1, { body: "{{ contact.custom.plan }}" }), "contact.custom.plan"],
    ["a call's title", call(1, { title: "{{ deal.name }}" }), "deal.name"],
    ["a task's note", todo(1, { note: "{{ contact.title }}" }), "contact.title"],
    ["a manual mail", manualEmail(1, { body: "{{ contact.phone }}" }), "contact.phone"],
  ])("a variable missing in %s is named", (_, step, variable) => {
    expect(gistOf(factsOf({ steps: [step] }))).toEqual(["pause", "missing_variable", variable]);
  });

  test("a template that cannot be rendered parks the person with its error", () => {
    const broken = [
      email(1, { body: "{{ contact.first_name | nofilter }}" }),
      call(1, { script: "{% if %}" }),
    ];
    expect(broken.map((step) => gistOf(factsOf({ steps: [step] })).slice(0, 2))).toEqual([
      ["pause", "parked"],
      ["pause", "parked"],
    ]);
  });
});

describe("where the next step leaves a person", () => {
  test("the delay counts from the whole minute of the execution, in a fresh cycle", () => {
    const facts = factsOf({
      steps: [email(1), email(2, { delay: after(2, "days") })],
      enrollment: { cycle: 3, remainingMs: 9 },
    });
    const wakeAt = monday + 2 * dayMs;
    expect(advanced(facts, monday + 59_999)).toEqual({
      ...facts.enrollment,
      stepId: 2,
      cycle: 1,
      executedAt: monday + 59_999,
      dueAt: wakeAt,
      wakeAt,
      remainingMs: null,
      waitReason: "delay",
    });
  });

  test("it wakes when the window opens, and names the window: what says when, said from the beginning on", () => {
    const facts = factsOf({ schedule: officeHours });
    const evening = utc("2026-03-02T18:00:00Z");
    const opens = utc("2026-03-03T09:00:00Z");
    expect(standingOn(facts, email(2), evening)).toMatchObject({
      dueAt: evening,
      wakeAt: opens,
      waitReason: "window",
    });
    const later = standingOn(facts, email(2, { delay: after(90, "minutes") }), evening);
    expect(later).toMatchObject({ dueAt: evening + 90 * minuteMs, wakeAt: opens, waitReason: "window" });
  });

  test("after the last step there is nothing", () => {
    expect(advanced(factsOf({ steps: [email(1)] }), monday)).toBeNull();
  });
});

test("whatever the state: what waits is looked at later and says why, what stops says why, and nothing throws", () => {
  fc.assert(
    fc.property(fc.gen(), (gen) => {
      const facts = anyFacts((from) => gen(fc.constantFrom, ...from), monday);
      const next = decideNextStep(facts, monday);
      if (next.kind === "wait") expect(next.until).toBeGreaterThan(monday);
      if (next.kind === "pause") expect(next.detail).not.toBe("");
      const { next: row, sends, tasks } = decide(facts, monday);
      expect(sends.length + tasks.length).toBe(next.kind === "send" || next.kind === "task" ? 1 : 0);
      if (row!.status === "active") {
        expect(row!.waitReason).not.toBeNull();
        // Only a step that was carried out in the past may leave the next one due at once.
        if (next.kind !== "advance") expect(row!.wakeAt).toBeGreaterThan(monday);
        else expect(row!.wakeAt).not.toBeNull();
      } else {
        expect([row!.wakeAt, row!.waitReason]).toEqual([null, null]);
        expect(row!.reason).not.toBeNull();
      }
    }),
    { numRuns: 500 },
  );
});
