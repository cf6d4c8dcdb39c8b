import { expect, test } from "vitest";
import { decision, eventOf, sendDecision } from "./decision.ts";
import { change } from "./delivery.ts";
import { claimedSend, enrollmentOf, monday, rep } from "./facts.fixture.ts";

const noEffects = {
  sends: [],
  wake: false,
  cancelSends: [],
  tasks: [],
  taskChange: null,
  closeTasks: null,
  reopenTasks: false,
  events: [],
  counts: [],
  disableMailbox: null,
};

test("a change lands only on the very revision it was made for, and by itself does nothing else", () => {
  const before = enrollmentOf({ rev: 12, epoch: 4 });
  const next = { ...before, epoch: 5 };
  expect(decision(before, next, {})).toEqual({
    enrollmentId: 7,
    guard: { rev: 12, lease: null },
    next,
    raise: 1,
    sendChange: null,
    ...noEffects,
  });
});

test("the epoch travels as how far it rises, never as a number that a stale read could lower", () => {
  const before = enrollmentOf({ epoch: 9 });
  expect(decision(before, before, {}).raise).toBe(0);
  expect(decision(before, { ...before, epoch: 11 }, {}).raise).toBe(2);
  const sendChange = change(claimedSend(), { state: "sent", dueAt: null });
  expect(sendDecision(before, sendChange, { next: { ...before, epoch: 10 } }).raise).toBe(1);
});

test("what a try came to is guarded by the send's claim and fence, and leaves the enrollment alone unless told", () => {
  const sendChange = change(claimedSend(), { state: "queued", dueAt: monday });
  expect(sendDecision(enrollmentOf(), sendChange)).toEqual({
    enrollmentId: 7,
    guard: "send",
    next: null,
    raise: 0,
    sendChange,
    ...noEffects,
  });
  expect(sendChange).toMatchObject({ stepId: 1, cycle: 1, claim: "claim-1", fence: 3 });
});

test("an event says who, whom, which step and when", () => {
  expect(eventOf(enrollmentOf({ stepId: 3 }), "send.queued", rep, { subject: "Hi" })).toEqual({
    workspaceId: 1,
    contactId: 9,
    at: monday,
    type: "send.queued",
    enrollmentId: 7,
    stepId: 3,
    actor: "member:3",
    data: { subject: "Hi" },
  });
});
