import type { EnrollmentStatus, SendState } from "@cadenza/shared/vocabulary";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "./decision.ts";
import {
  type Change,
  cancel,
  complete,
  type Enrollment,
  pause,
  remainingOf,
  reopen,
  resume,
} from "./enrollment.ts";
import { dayMs, enrollmentOf, hourMs, minuteMs, monday, rep } from "./facts.fixture.ts";
import { thawedDueAt } from "./next-step.ts";

const byRep = (at: number) => ({ ...rep, at });

function decided(change: Change): Decision {
  if (!change.ok) throw new Error(`refused: ${change.reason}`);
  return change.decision;
}
const nextOf = (change: Change): Enrollment => decided(change).next!;

/** What the tick does at its first look after a resume: the timer runs again. */
const looked = (enrollment: Enrollment, at: number): Enrollment => ({
  ...enrollment,
  dueAt: thawedDueAt(enrollment, at),
  remainingMs: null,
});

const verbs: Record<string, (enrollment: Enrollment) => Change> = {
  pause: (row) => pause(row, { reason: "manual" }, rep),
  resume: (row) => resume(row, null, rep),
  cancel: (row) => cancel(row, { reason: "manual" }, rep),
  complete: (row) => complete(row, { reason: "replied" }, rep),
  reopen: (row) => reopen(row, rep),
};

describe("what may be done in which state", () => {
  const table: [string, Record<EnrollmentStatus, string>][] = [
    ["pause", { active: "ok", paused: "not_active", completed: "not_active", canceled: "not_active" }],
    ["resume", { active: "not_paused", paused: "ok", completed: "not_paused", canceled: "not_paused" }],
    ["cancel", { active: "ok", paused: "ok", completed: "already_ended", canceled: "already_ended" }],
    ["complete", { active: "ok", paused: "ok", completed: "already_ended", canceled: "already_ended" }],
    ["reopen", { active: "not_ended", paused: "not_ended", completed: "ok", canceled: "ok" }],
  ];
  test.each(table)("%s", (verb, expected) => {
    const answers = Object.keys(expected).map((status) => {
      const change = verbs[verb]!(enrollmentOf({ status: status as EnrollmentStatus, reason: "manual" }));
      return [status, change.ok ? "ok" : change.reason];
    });
    expect(Object.fromEntries(answers)).toEqual(expected);
  });

  test("a mail nobody is sure of must be settled before its enrollment goes on", () => {
    const paused = enrollmentOf({ status: "paused", reason: "uncertain_send" });
    expect(resume(paused, "uncertain", rep)).toEqual({ ok: false, reason: "send_uncertain" });
    const others: SendState[] = ["queued", "claimed", "sending", "sent", "failed", "canceled"];
    expect(others.map((state) => resume(paused, state, rep).ok)).toEqual(others.map(() => true));
  });

  test("a sequence whose steps are all done is not reopened", () => {
    const done = enrollmentOf({ status: "completed", reason: "all_steps_done" });
    expect(reopen(done, rep)).toEqual({ ok: false, reason: "all_steps_done" });
  });

  test("every change raises the epoch by one, so that no mail made before it can be authorised after it", () => {
    const states: Record<string, EnrollmentStatus> = {
      pause: "active",
      resume: "paused",
      reopen: "canceled",
    };
    for (const [verb, change] of Object.entries(verbs)) {
      const before = enrollmentOf({ status: states[verb] ?? "active", reason: "manual", epoch: 6 });
      expect([verb, nextOf(change(before)).epoch, decided(change(before)).raise]).toEqual([verb, 7, 1]);
    }
  });

  test("only what is active has a wait reason and a wake time", () => {
    for (const change of [verbs.pause!, verbs.cancel!, verbs.complete!]) {
      expect(nextOf(change(enrollmentOf()))).toMatchObject({ waitReason: null, wakeAt: null });
    }
    const back = nextOf(reopen(enrollmentOf({ status: "canceled", reason: "manual" }), rep));
    expect(back).toMatchObject({
      status: "active",
      reason: null,
      detail: null,
      waitReason: "delay",
      wakeAt: monday,
    });
  });
});

describe("pausing", () => {
  test("freezes what is left, takes back what is not on the wire and says why", () => {
    const before = enrollmentOf({ dueAt: monday + 3 * hourMs, wakeAt: monday + 3 * hourMs });
    const made = decided(pause(before, { reason: "missing_variable", detail: "contact.title" }, rep));
    expect(made.next).toEqual({
      ...before,
      status: "paused",
      reason: "missing_variable",
      detail: "contact.title",
      waitReason: null,
      wakeAt: null,
      remainingMs: 3 * hourMs,
      epoch: 2,
    });
    expect(made).toMatchObject({
      guard: { rev: 1, lease: null },
      cancelSends: ["queued", "claimed"],
      closeTasks: null,
    });
    expect(made.events).toEqual([
      {
        workspaceId: 1,
        contactId: 9,
        at: monday,
        type: "enrollment.paused",
        enrollmentId: 7,
        stepId: 1,
        actor: "member:3",
        data: { reason: "missing_variable", detail: "contact.title" },
      },
    ]);
  });

  test("an overdue step has nothing left to wait for", () => {
    expect(remainingOf(enrollmentOf({ dueAt: monday - hourMs }), monday)).toBe(0);
  });

  test("a timer that a hold already froze keeps what was left then", () => {
    const held = enrollmentOf({ dueAt: monday - dayMs, remainingMs: 5 * minuteMs });
    expect(nextOf(pause(held, { reason: "manual" }, rep)).remainingMs).toBe(5 * minuteMs);
  });

  test("pausing and resuming, however often, keeps the remaining wait exactly", () => {
    const ms = fc.integer({ min: 0, max: 30 * dayMs });
    fc.assert(
      fc.property(
        ms,
        fc.array(fc.record({ runs: ms, rests: ms, isLooked: fc.boolean() }), { maxLength: 6 }),
        (delay, pauses) => {
          let at = monday;
          let left = delay;
          let row = enrollmentOf({ dueAt: monday + delay });
          for (const { runs, rests, isLooked } of pauses) {
            // Between a resume and the tick's first look the timer does not run yet.
            const ran = row.remainingMs === null ? runs : 0;
            at += ran;
            left = Math.max(0, left - ran);
            row = nextOf(pause(row, { reason: "manual" }, byRep(at)));
            expect(row.remainingMs).toBe(left);
            at += rests;
            row = nextOf(resume(row, null, byRep(at)));
            expect(row).toMatchObject({ dueAt: at + left, wakeAt: at, stepId: 1, cycle: 1 });
            if (isLooked) row = looked(row, at);
          }
          expect(thawedDueAt(row, at)).toBe(pauses.length ? at + left : monday + delay);
        },
      ),
    );
  });

  test("resuming tries a refused mail again and takes back nothing else", () => {
    const made = decided(
      resume(enrollmentOf({ status: "paused", reason: "send_refused", detail: "550" }), "failed", rep),
    );
    expect(made).toMatchObject({ cancelSends: ["failed"], reopenTasks: false, sends: [] });
    expect(made.next).toMatchObject({ status: "active", reason: null, detail: null, wakeAt: monday });
    expect(made.events.map(({ type, data }) => [type, data])).toEqual([["enrollment.resumed", {}]]);
  });
});

describe("stopping and reopening", () => {
  test.each([
    [
      "completed",
      complete(enrollmentOf(), { reason: "replied" }, rep),
      { reason: "replied", detail: undefined },
    ],
    [
      "canceled",
      cancel(enrollmentOf(), { reason: "bounced", detail: "5.1.1" }, rep),
      { reason: "bounced", detail: "5.1.1" },
    ],
  ])("%s: takes back the mail, closes the task, says so once", (status, change, data) => {
    const made = decided(change);
    expect(made.next).toMatchObject({ status, reason: data.reason, endedAt: monday, epoch: 2 });
    expect(made).toMatchObject({
      cancelSends: ["queued", "claimed"],
      closeTasks: "step",
      reopenTasks: false,
    });
    expect(made.events.map((event) => [event.type, event.data])).toEqual([[`enrollment.${status}`, data]]);
  });

  test("reopening returns to the same step, cycle, thread and remaining wait", () => {
    const standing = fc.record({
      stepId: fc.integer({ min: 1, max: 50 }),
      cycle: fc.integer({ min: 1, max: 4 }),
      left: fc.integer({ min: 0, max: 60 * dayMs }),
      away: fc.integer({ min: 0, max: 400 * dayMs }),
      wasPaused: fc.boolean(),
    });
    fc.assert(
      fc.property(standing, ({ stepId, cycle, left, away, wasPaused }) => {
        const threadReferences = ["<a@b>"];
        const start = enrollmentOf({
          stepId,
          cycle,
          dueAt: monday + left,
          threadSubject: "Hi",
          threadReferences,
        });
        const before = wasPaused ? nextOf(pause(start, { reason: "manual" }, rep)) : start;
        const stopped = nextOf(complete(before, { reason: "replied" }, rep));
        expect(stopped.remainingMs).toBe(left);
        const back = nextOf(reopen(stopped, byRep(monday + away)));
        expect(back).toMatchObject({
          stepId,
          cycle,
          threadSubject: "Hi",
          threadReferences,
          status: "active",
        });
        expect(back).toMatchObject({ endedAt: null, wakeAt: monday + away, epoch: before.epoch + 2 });
        expect(thawedDueAt(back, monday + away)).toBe(monday + away + left);
      }),
    );
  });

  test("reopening asks again what stopping took off somebody's list, and remembers why it had ended", () => {
    const made = decided(reopen(enrollmentOf({ status: "completed", reason: "replied" }), rep));
    expect(made.reopenTasks).toBe(true);
    expect(made.events.map(({ type, data }) => [type, data])).toEqual([
      ["enrollment.reopened", { was: "replied" }],
    ]);
  });
});
