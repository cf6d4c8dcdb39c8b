import { pauseReasons, type SendState } from "@cadenza/shared/vocabulary";
import { describe, expect, test } from "vitest";
import { after, call, email, factsOf, hourMs, monday, rep, sendFact, taskFact } from "./facts.fixture.ts";
import type { Facts } from "./facts.ts";
import { skip, stillPaused } from "./skip.ts";

const steps = [email(1), email(2, { delay: after(3, "hours") })];

function skipped(facts: Facts) {
  const change = skip(facts, rep);
  if (!change.ok) throw new Error(change.reason);
  return change.decision;
}

describe("passing over a step", () => {
  test("stands on the next one, its delay from now, with nothing of the old one left", () => {
    const made = skipped(
      factsOf({ steps, send: sendFact(), enrollment: { cycle: 2, dueAt: monday + 9 * hourMs } }),
    );
    const dueAt = monday + 3 * hourMs;
    expect(made.next).toMatchObject({
      status: "active",
      stepId: 2,
      cycle: 1,
      dueAt,
      wakeAt: dueAt,
      executedAt: monday,
      epoch: 2,
    });
    expect(made).toMatchObject({ cancelSends: ["queued", "claimed"], closeTasks: "step", raise: 1 });
    expect(made.events).toMatchObject([{ type: "enrollment.step_skipped", stepId: 1, actor: "member:3" }]);
  });

  test("of the last one completes the sequence, and the timeline says both", () => {
    const made = skipped(factsOf({ steps: [call(1)], task: taskFact() }));
    expect(made.next).toMatchObject({ status: "completed", reason: "all_steps_done" });
    expect(made).toMatchObject({ closeTasks: "step", cancelSends: ["queued", "claimed"] });
    expect(made.events.map(({ type }) => type)).toEqual(["enrollment.step_skipped", "enrollment.completed"]);
  });

  test.each<[SendState, string]>([
    ["queued", "ok"],
    ["claimed", "ok"],
    ["sending", "send_in_flight"],
    ["sent", "ok"],
    ["failed", "ok"],
    ["uncertain", "send_uncertain"],
    ["canceled", "ok"],
  ])("with its mail %s: %s", (state, expected) => {
    const change = skip(factsOf({ steps, send: sendFact({ state }) }), rep);
    expect(change.ok ? "ok" : change.reason).toBe(expected);
  });

  test("is refused once the person's sequence has ended", () => {
    for (const status of ["completed", "canceled"] as const) {
      expect(skip(factsOf({ enrollment: { status } }), rep)).toEqual({ ok: false, reason: "already_ended" });
    }
  });
});

describe("of a paused person", () => {
  test("ends the pauses that were about the step, and no others", () => {
    const going = pauseReasons.filter((reason) => {
      const made = skipped(
        factsOf({
          steps,
          enrollment: { status: "paused", reason, detail: "x", remainingMs: 5, wakeAt: null },
        }),
      );
      return made.next!.status === "active";
    });
    expect(going).toEqual(["missing_variable", "send_refused", "parked"]);
  });

  test("one that goes on waits its delay and says nothing of the pause any more", () => {
    const paused = { status: "paused" as const, reason: "parked" as const, detail: "x", remainingMs: 5 };
    const { next } = skipped(factsOf({ steps, enrollment: { ...paused, wakeAt: null } }));
    const wakeAt = monday + 3 * hourMs;
    expect(next).toMatchObject({
      reason: null,
      detail: null,
      remainingMs: null,
      wakeAt,
      waitReason: "delay",
    });
  });

  test("one that stays paused keeps the whole new delay for later", () => {
    const { next } = skipped(
      factsOf({ steps, enrollment: { status: "paused", reason: "manual", remainingMs: 5, wakeAt: null } }),
    );
    expect(next).toMatchObject({ status: "paused", reason: "manual", stepId: 2, remainingMs: 3 * hourMs });
    expect(next).toMatchObject({ wakeAt: null, waitReason: null });
    expect(stillPaused({ ...next!, dueAt: monday - 1 }, monday).remainingMs).toBe(0);
  });
});
