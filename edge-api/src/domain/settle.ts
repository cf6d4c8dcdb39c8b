/** A person's word on a mail nobody was sure of. */
import type { Decision } from "./decision.ts";
import { decision, eventOf } from "./decision.ts";
import { type ClaimedSend, change } from "./delivery.ts";
import { type By, type Refusal, resume } from "./enrollment.ts";
import type { Facts } from "./facts.ts";

/**
 * Arrived: it counts as sent when it was authorised, and the next delay runs from there. Not arrived: the step is
 * ordered again, as a new cycle with a Message-ID of its own, so that the old mail can never be taken for it.
 */
export function settle(
  facts: Facts,
  send: ClaimedSend,
  state: string,
  arrived: boolean,
  by: By,
): { ok: true; decision: Decision } | { ok: false; reason: Refusal } {
  if (state !== "uncertain") return { ok: false, reason: "send_not_uncertain" };
  const { enrollment } = facts;
  const stands = enrollment.stepId === send.stepId && enrollment.cycle === send.cycle;
  // Also where it goes on only later (a reopening): this key is never sent again on a person's word.
  const next = stands && !arrived ? { ...enrollment, cycle: enrollment.cycle + 1 } : enrollment;
  const resumed = stands && enrollment.reason === "uncertain_send" ? resume(next, null, by) : null;
  const moved = resumed?.ok ? resumed.decision : decision(enrollment, next, {});
  return {
    ok: true,
    // One decision: the send is settled and the person moved on, or neither.
    decision: {
      ...moved,
      cancelSends: [],
      sendChange: change(send, {
        state: arrived ? "sent" : "failed",
        dueAt: null,
        sentAt: arrived ? (send.firstAuthorisedAt ?? by.at) : null,
        error: arrived ? null : "It did not arrive.",
      }),
      events: [
        { ...eventOf(enrollment, "send.settled", by, { arrived }), stepId: send.stepId },
        ...moved.events,
      ],
      closeTasks: "uncertain_send",
      counts: arrived ? [{ stepId: send.stepId, count: "sent" }] : [],
    },
  };
}
