/** States a person may be found in, drawn at random: for promises that hold whatever the state. */
import { waitReasons } from "@cadenza/shared/vocabulary";
import {
  alwaysOpen,
  call,
  contactOf,
  dayMs,
  email,
  factsOf,
  hourMs,
  mailboxOf,
  manualEmail,
  neverOpen,
  officeHours,
  sendFact,
  taskFact,
  todo,
} from "./facts.fixture.ts";
import type { Facts } from "./facts.ts";
import type { SequenceId } from "./ids.ts";
import type { Schedule } from "./schedule.ts";

const holidayToday: Schedule = { ...officeHours, holidays: ["2026-03-02", "2026-03-03"] };

/** Any state a person may be found in at `now`, also those that should not exist: `draw` takes one of a list. */
export function anyFacts(draw: <T>(from: readonly T[]) => T, now: number): Facts {
  const moment = () => now + draw([-9 * dayMs, -hourMs, -1, 0, 1, 90_000, 7 * hourMs, 3 * dayMs]);
  const steps = [draw([email(1), email(1, { subject: null }), manualEmail(1), call(1), todo(1)]), email(2)];
  return factsOf({
    steps,
    enrollment: {
      stepId: draw([1, 1, 1, 2, 99]),
      dueAt: moment(),
      wakeAt: draw([now, moment()]),
      remainingMs: draw([null, null, 0, 2 * hourMs]),
      executedAt: draw([null, now - 2 * dayMs]),
      threadSubject: draw([null, "Hello"]),
    },
    sequence: {
      id: 4 as SequenceId,
      status: draw(["active", "active", "paused", "archived"]),
      pausedAt: now - hourMs,
    },
    contact: contactOf({ firstName: draw(["Dana", null]), email: draw(["dana@acme.test", null]) }),
    mailbox: draw([mailboxOf(), null, mailboxOf({ disabledAt: now, disabledReason: draw([null, "535"]) })]),
    schedule: draw([alwaysOpen, officeHours, holidayToday, neverOpen]),
    zone: draw(["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]),
    hold: draw([null, null, { since: now - dayMs, until: now + 2 * dayMs }]),
    suppressed: draw([false, false, true]),
    sendingStopped: draw([false, false, true]),
    send: draw([
      null,
      null,
      sendFact({
        state: draw(["queued", "claimed", "sending"]),
        dueAt: moment(),
        deferReason: draw([null, ...waitReasons]),
      }),
      sendFact({ state: "sent", dueAt: null, sentAt: draw([null, moment()]) }),
      sendFact({ state: draw(["failed", "uncertain", "canceled"]), dueAt: null, error: draw([null, "550"]) }),
    ]),
    task: draw([
      null,
      null,
      taskFact({ dueAt: moment() }),
      taskFact({ status: draw(["done", "skipped"]), doneAt: draw([null, moment()]) }),
    ]),
  });
}
