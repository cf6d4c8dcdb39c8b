/** Passing over the step an enrollment stands on. */
import { decision, eventOf } from "./decision.ts";
import { threaded } from "./delivery.ts";
import { type By, type Change, complete, type Enrollment } from "./enrollment.ts";
import type { Facts } from "./facts.ts";
import { advanced } from "./next-step.ts";

/** The next step's delay counts from now. A mail on the wire cannot be passed over any more. */
export function skip(facts: Facts, by: By): Change {
  const { enrollment, send } = facts;
  if (enrollment.status !== "active" && enrollment.status !== "paused")
    return { ok: false, reason: "already_ended" };
  if (send?.state === "sending") return { ok: false, reason: "send_in_flight" };
  if (send?.state === "uncertain") return { ok: false, reason: "send_uncertain" };
  const skipped = eventOf(enrollment, "enrollment.step_skipped", by, {});
  const standing = advanced(threaded(facts), by.at);
  if (!standing) {
    const done = complete(enrollment, { reason: "all_steps_done" }, by);
    return done.ok
      ? {
          ok: true,
          decision: {
            ...done.decision,
            guard: { rev: enrollment.rev, lease: null, quiet: true },
            events: [skipped, ...done.decision.events],
          },
        }
      : done;
  }
  const raised = { ...standing, epoch: enrollment.epoch + 1 };
  const next = enrollment.status === "paused" ? afterPause(raised, by.at) : raised;
  const resumed = next.status === enrollment.status ? [] : [eventOf(next, "enrollment.resumed", by, {})];
  return {
    ok: true,
    decision: decision(enrollment, next, {
      guard: { rev: enrollment.rev, lease: null, quiet: true },
      cancelSends: ["queued", "claimed"],
      closeTasks: "step",
      events: [skipped, ...resumed],
    }),
  };
}

/** Pauses that were about the very step that is passed over: with it they are over. */
const aboutTheStep: ReadonlySet<string> = new Set(["missing_variable", "send_refused", "parked"]);

function afterPause(next: Enrollment, at: number): Enrollment {
  return next.reason && aboutTheStep.has(next.reason)
    ? { ...next, status: "active", reason: null, detail: null }
    : stillPaused(next, at);
}

/** Stands on the next step, its wait not running yet. */
export function stillPaused(next: Enrollment, at: number): Enrollment {
  return { ...next, wakeAt: null, waitReason: null, remainingMs: Math.max(0, next.dueAt - at) };
}
