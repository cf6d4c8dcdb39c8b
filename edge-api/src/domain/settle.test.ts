import { sendStates } from "@cadenza/shared/vocabulary";
import { describe, expect, test } from "vitest";
import { decide } from "../engine/tick.ts";
import type { Enrollment } from "./enrollment.ts";
import { after, claimedSend, dayMs, email, factsOf, hourMs, monday, rep, sendFact } from "./facts.fixture.ts";
import { settle } from "./settle.ts";

const asked: Partial<Enrollment> = {
  status: "paused",
  reason: "uncertain_send",
  detail: "reset",
  remainingMs: 0,
  wakeAt: null,
  waitReason: null,
  epoch: 2,
};
const authorisedAt = monday - 2 * hourMs;
const send = claimedSend({ firstAuthorisedAt: authorisedAt });
const steps = [email(1), email(2, { delay: after(1, "days"), subject: null })];

function settled(arrived: boolean, enrollment: Partial<Enrollment> = asked) {
  const answer = settle(factsOf({ steps, enrollment }), send, "uncertain", arrived, rep);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.decision;
}

test("only an uncertain mail can be settled", () => {
  const refused = sendStates.filter(
    (state) => !settle(factsOf({ enrollment: asked }), send, state, true, rep).ok,
  );
  expect(refused).toEqual(sendStates.filter((state) => state !== "uncertain"));
  expect(settle(factsOf(), send, "sent", true, rep)).toEqual({ ok: false, reason: "send_not_uncertain" });
});

describe("it arrived", () => {
  const made = settled(true);

  test("it counts as sent when it was authorised, and the question is closed", () => {
    const sendChange = { state: "sent", sentAt: authorisedAt, dueAt: null, error: null, giveBack: false };
    expect(made).toMatchObject({ guard: { rev: 1, lease: null }, sendChange, closeTasks: "uncertain_send" });
    expect(made.counts).toEqual([{ stepId: 1, count: "sent" }]);
    expect(made.events).toMatchObject([
      { type: "send.settled", actor: "member:3", stepId: 1, data: { arrived: true } },
      { type: "enrollment.resumed" },
    ]);
  });

  test("the person goes on with the next step, its delay from that send, in the mail's thread", () => {
    expect(made.next).toMatchObject({ status: "active", reason: null, cycle: 1, epoch: 3, wakeAt: monday });
    expect(made).toMatchObject({ guard: { rev: 1, lease: null }, cancelSends: [], sends: [] });
    const mail = { messageId: "<1@vendor.test>", snapshot: send.snapshot };
    const arrived = sendFact({ state: "sent", dueAt: null, sentAt: authorisedAt, mail });
    const { next } = decide(factsOf({ steps, send: arrived, enrollment: made.next! }), monday);
    expect(next).toMatchObject({ stepId: 2, dueAt: authorisedAt + dayMs, executedAt: authorisedAt });
    const followUp = decide(factsOf({ steps, enrollment: next! }), authorisedAt + dayMs).sends[0]!;
    expect(followUp.snapshot.thread).toEqual({ subject: "Subject 1", references: ["<1@vendor.test>"] });
  });
});

describe("it did not arrive", () => {
  const made = settled(false);

  test("the step is ordered again, as a new cycle with a key of its own", () => {
    expect(made).toMatchObject({
      sendChange: { state: "failed", sentAt: null, error: "It did not arrive." },
      counts: [],
    });
    expect(made.next).toMatchObject({
      status: "active",
      stepId: 1,
      cycle: 2,
      epoch: 3,
      threadSubject: null,
    });
    const [again] = decide(factsOf({ steps, enrollment: made.next! }), monday).sends;
    expect(again).toMatchObject({ stepId: 1, cycle: 2, snapshot: { thread: null } });
  });
});

test.each<[string, Partial<Enrollment>]>([
  ["was stopped meanwhile", { ...asked, status: "canceled", reason: "manual" }],
  ["was paused by a person", { ...asked, reason: "manual" }],
])(
  "a person who %s stays so; the key of a mail that did not arrive is used up all the same",
  (_, enrollment) => {
    expect(settled(true, enrollment)).toMatchObject({
      next: { ...enrollment, cycle: 1 },
      raise: 0,
      sendChange: { state: "sent" },
    });
    const { next, raise, events, sendChange } = settled(false, enrollment);
    expect({ next, raise, sendChange }).toMatchObject({
      next: { ...enrollment, cycle: 2 },
      raise: 0,
      sendChange: { state: "failed" },
    });
    expect(events.map(({ type }) => type)).toEqual(["send.settled"]);
  },
);

test.each<[string, Partial<Enrollment>]>([
  ["has moved on to another step", { ...asked, stepId: 2 }],
  ["has been ordered this step again", { ...asked, cycle: 2 }],
])("a person who %s stays there: only the mail is settled", (_, enrollment) => {
  for (const arrived of [true, false]) {
    const made = settled(arrived, enrollment);
    expect(made).toMatchObject({
      next: enrollment,
      raise: 0,
      sendChange: { state: arrived ? "sent" : "failed" },
    });
  }
});
