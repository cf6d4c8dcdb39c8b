import { describe, expect, test } from "vitest";
import type { Decision } from "../domain/decision.ts";
import { type Enrollment, resume } from "../domain/enrollment.ts";
import {
  call,
  contactOf,
  dayMs,
  email,
  enrollmentOf,
  factsOf,
  hourMs,
  mailboxOf,
  monday,
  sendFact,
  taskFact,
} from "../domain/facts.fixture.ts";
import type { Facts } from "../domain/facts.ts";
import type { EnrollmentId } from "../domain/ids.ts";
import { decide, type TickDeps, tick, tickLimits } from "./tick.ts";

type Row = {
  id: number;
  facts?: Partial<Facts>;
  broken?: string;
  throws?: string;
  enrollment?: Partial<Enrollment>;
};

/** A database of rows due now: each claim takes the next `limit` of them. Every call is noted in order. */
function stage(
  rows: Row[],
  over: Partial<TickDeps> & { refuses?: (decisions: Decision[]) => Error | null } = {},
) {
  const calls: string[] = [];
  const committed: Decision[] = [];
  const errors: string[] = [];
  const left = [...rows];
  let tokens = 0;
  const ids = (list: { id: number }[]) => list.map(({ id }) => id).join(" ");
  const rowOf = ({ id, enrollment }: Row) => enrollmentOf({ id: id as EnrollmentId, ...enrollment });
  const deps: TickDeps = {
    now: () => monday,
    wallNow: () => 0,
    newToken: () => `t${++tokens}`,
    async claimDue({ token, limit }) {
      const claimed = left.splice(0, limit);
      calls.push(`claim ${token}: ${ids(claimed)}`);
      return claimed.map(rowOf);
    },
    async loadFacts(claimed) {
      calls.push(`load ${ids(claimed)}`);
      const facts = new Map<EnrollmentId, Facts>();
      const broken = new Map<EnrollmentId, string>();
      for (const row of claimed) {
        const known = rows.find(({ id }) => id === row.id)!;
        if (known.broken) broken.set(row.id, known.broken);
        if (known.broken !== undefined) continue;
        const found = { ...factsOf(known.facts as never), enrollment: row };
        const poison = {
          get version(): never {
            throw new Error(known.throws);
          },
        };
        facts.set(
          row.id,
          known.throws ? Object.defineProperties(found, Object.getOwnPropertyDescriptors(poison)) : found,
        );
      }
      return { facts, broken };
    },
    async commit(decisions) {
      const refusal = over.refuses?.(decisions);
      calls.push(
        `${refusal ? "refuse" : "commit"} ${decisions.map(({ enrollmentId }) => enrollmentId).join(" ")}`,
      );
      if (refusal) throw refusal;
      committed.push(...decisions);
      return new Set(decisions.map(({ enrollmentId }) => enrollmentId));
    },
    async wakeDelivery() {
      calls.push("wake");
    },
    logError: (message) => errors.push(message),
    ...over,
  };
  const stateOf = (id: number) => committed.find(({ enrollmentId }) => enrollmentId === id)?.next;
  return { deps, calls, committed, errors, stateOf };
}

const report = {
  claimed: 0,
  sends: 0,
  tasks: 0,
  waits: 0,
  finished: 0,
  paused: 0,
  overtaken: 0,
  drained: true,
};
const limits = { ...tickLimits, chunk: 2 };

describe("a tick", () => {
  test("claims, loads, decides, commits, again until nothing is due, and then wakes the delivery once", async () => {
    const { deps, calls, committed } = stage([
      { id: 1 },
      { id: 2, facts: { steps: [call(1)] } as never },
      { id: 3 },
    ]);
    expect(await tick(deps, limits)).toEqual({ ...report, claimed: 3, sends: 2, tasks: 1 });
    expect(calls).toEqual([
      "claim t1: 1 2",
      "load 1 2",
      "commit 1 2",
      "claim t2: 3",
      "load 3",
      "commit 3",
      "wake",
    ]);
    expect(committed.map(({ guard }) => guard)).toEqual([
      { rev: 1, lease: "t1" },
      { rev: 1, lease: "t1" },
      { rev: 1, lease: "t2" },
    ]);
  });

  test("with nothing due does nothing, and wakes nobody", async () => {
    const { deps, calls } = stage([]);
    expect(await tick(deps, limits)).toEqual(report);
    expect(calls).toEqual(["claim t1: "]);
  });

  test("without mail wakes nobody", async () => {
    const { deps, calls } = stage([{ id: 1, facts: { suppressed: true } }]);
    expect(await tick(deps, limits)).toEqual({ ...report, claimed: 1, finished: 1 });
    expect(calls.at(-1)).toBe("commit 1");
  });

  test("counts what it did, and what somebody else overtook", async () => {
    const { deps } = stage(
      [
        { id: 1 },
        { id: 2, facts: { hold: { since: monday, until: monday + dayMs } } },
        { id: 3, facts: { mailbox: null } },
        { id: 4, facts: { suppressed: true } },
        { id: 5 },
      ],
      {
        commit: async (made) =>
          new Set(made.map(({ enrollmentId }) => enrollmentId).filter((id) => id !== 5)),
      },
    );
    expect(await tick(deps)).toEqual({
      ...report,
      claimed: 5,
      sends: 1,
      waits: 1,
      paused: 1,
      finished: 1,
      overtaken: 1,
    });
  });

  test("stops when its time is over, says there is more, and wakes the delivery for what it made", async () => {
    let wall = 0;
    const { deps, calls } = stage([{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }, { id: 5 }], {
      wallNow: () => (wall += 9_000),
    });
    expect(await tick(deps, limits)).toEqual({ ...report, claimed: 4, sends: 4, drained: false });
    expect(calls.filter((name) => name.startsWith("claim"))).toEqual(["claim t1: 1 2", "claim t2: 3 4"]);
    expect(calls.at(-1)).toBe("wake");
  });
});

describe("one bad row never stops the others", () => {
  test("a row whose facts throw, are broken or missing is parked with the reason; the rest goes on", async () => {
    const { deps, stateOf, calls } = stage([
      { id: 1 },
      { id: 2, throws: "a step of no kind" },
      { id: 3, broken: "the contact's custom fields cannot be read" },
      { id: 4, broken: "" },
      { id: 5 },
    ]);
    expect(await tick(deps)).toEqual({ ...report, claimed: 5, sends: 2, paused: 3 });
    const parked = { status: "paused", reason: "parked", wakeAt: null, epoch: 2 };
    expect(stateOf(2)).toMatchObject({ ...parked, detail: "a step of no kind" });
    expect(stateOf(3)).toMatchObject({ ...parked, detail: "the contact's custom fields cannot be read" });
    expect(stateOf(4)).toMatchObject({ ...parked, detail: "Its data is missing." });
    expect(calls).toEqual(["claim t1: 1 2 3 4 5", "load 1 2 3 4 5", "commit 1 2 3 4 5", "wake"]);
  });

  test("a row that is not active but woke all the same is put to sleep, not worked on", async () => {
    const { deps, committed } = stage([
      { id: 1, enrollment: { status: "paused", reason: "manual" } },
      { id: 2 },
    ]);
    await tick(deps);
    expect(committed[0]).toMatchObject({
      next: { status: "paused", wakeAt: null },
      sends: [],
      events: [],
      raise: 0,
    });
    expect(committed[1]!.sends).toHaveLength(1);
  });

  test("a row the database refuses is found by halving and parked; the others land", async () => {
    const refuses = (made: Decision[]) =>
      made.some(({ enrollmentId, sends }) => enrollmentId === 4 && sends.length)
        ? new Error("D1_ERROR: UNIQUE constraint failed")
        : null;
    const { deps, calls, stateOf, errors } = stage(
      [1, 2, 3, 4, 5].map((id) => ({ id })),
      { refuses },
    );
    expect(await tick(deps)).toEqual({ ...report, claimed: 5, sends: 4, overtaken: 1 });
    expect(calls.slice(2)).toEqual([
      "refuse 1 2 3 4 5",
      "commit 1 2 3",
      "refuse 4 5",
      "refuse 4",
      "commit 4",
      "commit 5",
      "wake",
    ]);
    expect(stateOf(4)).toMatchObject({
      status: "paused",
      reason: "parked",
      detail: "Error: D1_ERROR: UNIQUE constraint failed",
    });
    expect(errors).toEqual(["a decision was refused by the database and its enrollment parked"]);
  });

  test("parks under the tick's own lease, so that somebody else's change still wins", async () => {
    const { deps, committed } = stage([{ id: 1 }], {
      refuses: ([made]) => (made!.sends.length ? new Error("datatype mismatch") : null),
    });
    await tick(deps);
    expect(committed.map(({ guard }) => guard)).toEqual([{ rev: 1, lease: "t1" }]);
  });

  test("an outage is nobody's fault: it ends the tick and parks no one", async () => {
    const { deps, calls, committed } = stage([{ id: 1 }, { id: 2 }], {
      refuses: () => new Error("Network connection lost"),
    });
    await expect(tick(deps)).rejects.toThrow("Network connection lost");
    expect(calls).toEqual(["claim t1: 1 2", "load 1 2", "refuse 1 2"]);
    expect(committed).toEqual([]);
  });
});

describe("what a decision means for the rows", () => {
  test("a mail is fixed with its key, its epoch and the end of its window, and the person watched", () => {
    const made = decide(factsOf({ enrollment: { cycle: 2, epoch: 5 } }), monday);
    expect(made.sends).toMatchObject([
      {
        enrollmentId: 7,
        stepId: 1,
        cycle: 2,
        contactId: 9,
        mailboxId: 2,
        epoch: 5,
        dueAt: monday,
        snapshot: { to: "dana@acme.test" },
      },
    ]);
    expect(made.sends[0]!.notAfter).toBeGreaterThan(monday);
    expect(made.next).toMatchObject({
      waitReason: "send_in_flight",
      wakeAt: monday + hourMs,
      dueAt: monday,
      epoch: 5,
    });
    expect(made.events).toMatchObject([
      { type: "send.queued", actor: "engine", data: { subject: "Subject 1" } },
    ]);
  });

  test("a task is asked of the enrollment's owner", () => {
    const made = decide(factsOf({ steps: [call(1)] }), monday);
    expect(made.tasks).toEqual([
      {
        workspaceId: 1,
        enrollmentId: 7,
        stepId: 1,
        cycle: 1,
        sequenceId: 4,
        versionId: 5,
        contactId: 9,
        ownerId: 3,
        type: "call",
        kind: null,
        purpose: "step",
        title: "Call Dana",
        body: "Ask Dana about the team.",
        subject: null,
        dueAt: monday,
      },
    ]);
    expect(made.next).toMatchObject({ waitReason: "task_open", wakeAt: monday + hourMs, cycle: 1 });
    expect(made.events).toMatchObject([{ type: "task.created", data: { type: "call", title: "Call Dana" } }]);
  });

  test.each<[string, Facts, object, string[]]>([
    [
      "the end",
      factsOf({ enrollment: { stepId: 9 } }),
      { status: "completed", reason: "all_steps_done" },
      ["enrollment.completed"],
    ],
    [
      "a stop",
      factsOf({ suppressed: true }),
      { status: "canceled", reason: "suppressed" },
      ["enrollment.canceled"],
    ],
    [
      "a pause",
      factsOf({ contact: contactOf({ firstName: null }) }),
      { status: "paused", reason: "missing_variable", detail: "contact.first_name" },
      ["enrollment.paused"],
    ],
    [
      "a wait",
      factsOf({ sendingStopped: true }),
      { waitReason: "sending_stopped", wakeAt: monday + hourMs, rev: 1 },
      [],
    ],
    [
      "a mail nobody advanced",
      factsOf({ send: sendFact({ state: "sent", sentAt: monday - hourMs }) }),
      { stepId: 2, executedAt: monday - hourMs, dueAt: monday - hourMs },
      [],
    ],
    [
      "a last task nobody advanced",
      factsOf({ steps: [call(1)], task: taskFact({ status: "done", doneAt: monday }) }),
      { status: "completed", reason: "all_steps_done" },
      ["enrollment.completed"],
    ],
  ])("%s", (_, facts, next, events) => {
    const made = decide(facts, monday);
    expect(made.next).toMatchObject(next);
    expect(made.events.map(({ type }) => type)).toEqual(events);
    expect(made.events.every(({ actor, at }) => actor === "engine" && at === monday)).toBe(true);
    expect([made.sends, made.tasks]).toEqual([[], []]);
  });
});

describe("a hold", () => {
  const until = monday + 10 * dayMs;
  const waiting = { dueAt: monday + 2 * dayMs, wakeAt: monday + 2 * dayMs, executedAt: monday - dayMs };
  const lookedAt = (enrollment: Partial<Enrollment>, at: number, hold: Facts["hold"]) =>
    decide(factsOf({ steps: [email(1)], enrollment, hold, mailbox: mailboxOf() }), at);

  test("freezes what was left when it began, however late the look", () => {
    const { next } = lookedAt(waiting, monday + 3 * dayMs, { since: monday, until });
    expect(next).toMatchObject({ waitReason: "hold", wakeAt: until, remainingMs: 2 * dayMs });
  });

  test("that began while a mail was on the wire freezes the whole delay that mail began", () => {
    const { next } = lookedAt({ ...waiting, executedAt: monday }, waiting.wakeAt, {
      since: monday - hourMs,
      until,
    });
    expect(next).toMatchObject({ remainingMs: 2 * dayMs });
  });

  test("once over lets the rest of the delay run, once, from when it was over", () => {
    const held = lookedAt(waiting, monday, { since: monday, until }).next!;
    const late = until + 7 * hourMs;
    const going = lookedAt(held, late, null).next!;
    expect(going).toMatchObject({
      waitReason: "delay",
      wakeAt: until + 2 * dayMs,
      dueAt: until + 2 * dayMs,
      remainingMs: null,
    });
    expect(lookedAt(going, going.wakeAt!, null).sends).toHaveLength(1);
  });

  test("that a paused person is resumed into leaves what they had left when they were paused", () => {
    const paused = enrollmentOf({
      ...waiting,
      status: "paused",
      reason: "manual",
      remainingMs: 3 * hourMs,
      wakeAt: null,
    });
    const resumed = resume(paused, null, { actor: "member:3", at: monday });
    const { next } = lookedAt(resumed.ok ? resumed.decision.next! : paused, monday, {
      since: monday - dayMs,
      until,
    });
    expect(next).toMatchObject({
      status: "active",
      waitReason: "hold",
      remainingMs: 3 * hourMs,
      wakeAt: until,
    });
  });

  test("met a second time keeps what the first one froze", () => {
    const held = lookedAt(waiting, monday, { since: monday, until }).next!;
    const again = lookedAt(held, until, { since: monday, until: until + dayMs }).next!;
    expect(again).toMatchObject({ remainingMs: 2 * dayMs, wakeAt: until + dayMs });
  });
});
