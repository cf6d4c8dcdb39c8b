import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "./decision.ts";
import {
  attemptsMax,
  type Block,
  backoffMs,
  change,
  contentChanged,
  decideBlocked,
  decideOutcome,
  provenUnsent,
  sendKeyOf,
  sent,
  threaded,
  uncertain,
} from "./delivery.ts";
import {
  after,
  claimedSend,
  dayMs,
  email,
  factsOf,
  hourMs,
  minuteMs,
  monday,
  neverOpen,
  officeHours,
  sendFact,
  utc,
} from "./facts.fixture.ts";
import type { WireOutcome } from "./transport.ts";

const message = { messageId: "<1@vendor.test>", subject: "Subject 1" };
const mail = { ...message, providerMessageId: "re_1" };
const outcomeOf = (outcome: WireOutcome, send = claimedSend(), facts = factsOf()) =>
  decideOutcome(send, facts, outcome, message, monday);
const notSent = (more: Partial<Extract<WireOutcome, { kind: "not_sent" }>> = {}): WireOutcome => ({
  kind: "not_sent",
  permanent: false,
  scope: "recipient",
  retryAfterMs: null,
  detail: "450 later",
  ...more,
});
const typesOf = ({ events }: Decision) => events.map(({ type }) => type);

describe("a mail that left", () => {
  test("is recorded and moves its person on, the delay counted from the real send", () => {
    const facts = factsOf({ steps: [email(1), email(2, { delay: after(3, "days") })] });
    const at = monday + 90_000;
    const made = sent(claimedSend(), facts, mail, at);
    const recorded = {
      state: "sent",
      dueAt: null,
      sentAt: at,
      providerMessageId: "re_1",
      error: null,
      giveBack: false,
    };
    expect(made).toMatchObject({ guard: "send", sendChange: { claim: "claim-1", fence: 3, ...recorded } });
    expect(made.next).toMatchObject({
      status: "active",
      stepId: 2,
      cycle: 1,
      executedAt: at,
      waitReason: "delay",
    });
    expect(made.next).toMatchObject({
      dueAt: monday + minuteMs + 3 * dayMs,
      wakeAt: monday + minuteMs + 3 * dayMs,
    });
    expect(made).toMatchObject({
      raise: 0,
      counts: [{ stepId: 1, count: "sent" }],
      cancelSends: [],
      closeTasks: null,
    });
    expect(made.events).toMatchObject([
      { type: "send.sent", stepId: 1, at, data: { subject: "Subject 1", message_id: "<1@vendor.test>" } },
    ]);
  });

  test("as the last step completes the sequence", () => {
    const made = sent(claimedSend(), factsOf({ steps: [email(1)] }), mail, monday);
    expect(made.next).toMatchObject({
      status: "completed",
      reason: "all_steps_done",
      endedAt: monday,
      wakeAt: null,
    });
    expect(typesOf(made)).toEqual(["send.sent", "enrollment.completed"]);
  });

  test.each(["paused", "completed", "canceled"] as const)(
    "is recorded for a %s person, who stays where they are",
    (status) => {
      for (const steps of [[email(1)], [email(1), email(2)]]) {
        const made = sent(claimedSend(), factsOf({ steps, enrollment: { status } }), mail, monday);
        expect([made.next, made.sendChange!.state, typesOf(made)]).toEqual([null, "sent", ["send.sent"]]);
      }
    },
  );

  test("with a subject of its own opens a thread; an answer lengthens the one it is in", () => {
    const enrollment = { threadSubject: "Old", threadReferences: ["<0@v>"] };
    const opened = sent(claimedSend(), factsOf({ enrollment }), mail, monday);
    expect(opened.next).toMatchObject({ threadSubject: "Subject 1", threadReferences: ["<1@vendor.test>"] });
    const thread = { subject: "Old", references: ["<0@v>"] };
    const answer = claimedSend({ snapshot: { ...claimedSend().snapshot, thread } });
    const longer = sent(answer, factsOf({ enrollment }), mail, monday);
    expect(longer.next).toMatchObject({
      threadSubject: "Old",
      threadReferences: ["<0@v>", "<1@vendor.test>"],
    });
    const long = { threadSubject: "Old", threadReferences: Array.from({ length: 10 }, (_, i) => `<${i}@v>`) };
    const { threadReferences } = sent(answer, factsOf({ enrollment: long }), mail, monday).next!;
    expect(threadReferences).toEqual([...long.threadReferences.slice(1), "<1@vendor.test>"]);
  });
});

describe("a mail that left while its person was stopped", () => {
  const { snapshot } = claimedSend();
  const rendered = { ...snapshot, values: { contact: { first_name: "Dana" } } };
  const factsWith = (mail: { messageId: string; snapshot: typeof snapshot }, enrollment = {}) =>
    factsOf({ send: sendFact({ state: "sent", dueAt: null, mail }), enrollment });

  test("is part of the thread once its person goes on", () => {
    const facts = factsWith({ messageId: "<1@v>", snapshot: rendered });
    expect(threaded(facts).enrollment).toEqual({
      ...facts.enrollment,
      threadSubject: "Subject 1",
      threadReferences: ["<1@v>"],
    });
  });

  test("by hand, with its own words", () => {
    const draft = { subject: "As approved", body: "Hi" };
    const facts = factsWith({ messageId: "<1@v>", snapshot: { ...snapshot, values: { draft } } });
    expect(threaded(facts).enrollment).toMatchObject({
      threadSubject: "As approved",
      threadReferences: ["<1@v>"],
    });
  });

  test("is named once; a mail that can no longer be made, or none, changes nothing", () => {
    const known = factsWith(
      { messageId: "<1@v>", snapshot },
      { threadSubject: "Old", threadReferences: ["<1@v>"] },
    );
    expect(threaded(known)).toBe(known);
    const unmade = factsWith({ messageId: "<1@v>", snapshot: { ...snapshot, values: {} } });
    expect(threaded(unmade)).toBe(unmade);
    const none = factsOf();
    expect(threaded(none)).toBe(none);
  });
});

describe("what the wire said", () => {
  test("nothing certain changes nothing: the mail stays with the resolver", () => {
    expect(outcomeOf({ kind: "ambiguous", detail: "reset" })).toBeNull();
  });

  test("not now: it is queued again for later, its slot given back, its person untouched", () => {
    const made = outcomeOf(notSent())!;
    expect(made).toMatchObject({ next: null, events: [], counts: [], tasks: [], disableMailbox: null });
    const { dueAt, ...change } = made.sendChange!;
    expect(change).toMatchObject({
      state: "queued",
      giveBack: true,
      error: "450 later",
      deferReason: null,
      sentAt: null,
    });
    expect(dueAt! - monday).toBeGreaterThanOrEqual(2 * minuteMs);
    expect(dueAt! - monday).toBeLessThanOrEqual(3 * minuteMs);
  });

  test("the provider's own time is kept where it is longer", () => {
    expect(outcomeOf(notSent({ retryAfterMs: 2 * hourMs }))!.sendChange!.dueAt).toBe(monday + 2 * hourMs);
  });

  test("a retry past the window waits for the next one", () => {
    const late = decideOutcome(
      claimedSend(),
      factsOf({ schedule: officeHours }),
      notSent({ retryAfterMs: 20 * minuteMs }),
      message,
      utc("2026-03-02T16:50:00Z"),
    );
    expect(late!.sendChange).toMatchObject({
      dueAt: utc("2026-03-03T09:00:00Z"),
      notAfter: utc("2026-03-03T17:00:00Z"),
    });
  });

  test.each([
    ["never", claimedSend(), notSent({ permanent: true, detail: "550 no" }), "550 no"],
    ["not now, too often", claimedSend({ attempt: attemptsMax }), notSent(), "450 later"],
    [
      "this text never",
      claimedSend(),
      notSent({ permanent: true, scope: "message", detail: "554 spam" }),
      "554 spam",
    ],
  ])("%s: the try is over and a person decides", (_, send, outcome, detail) => {
    const made = outcomeOf(outcome, send)!;
    expect(made.sendChange).toMatchObject({ state: "failed", dueAt: null, error: detail, giveBack: true });
    expect(made.next).toMatchObject({ status: "paused", reason: "send_refused", detail, epoch: 2 });
    expect(made).toMatchObject({ counts: [{ stepId: 1, count: "failed" }], disableMailbox: null, raise: 1 });
    expect(typesOf(made)).toEqual(["send.failed", "enrollment.paused"]);
  });

  test("one try before the last still goes on", () => {
    expect(outcomeOf(notSent(), claimedSend({ attempt: attemptsMax - 1 }))!.sendChange!.state).toBe("queued");
  });

  test("a broken mailbox is closed and blamed, not the mail: it goes out once the mailbox works", () => {
    const made = outcomeOf(notSent({ permanent: true, scope: "mailbox", detail: "535 wrong password" }))!;
    expect(made.sendChange).toMatchObject({ state: "canceled", giveBack: true, error: "535 wrong password" });
    expect(made.next).toMatchObject({
      status: "paused",
      reason: "mailbox_unavailable",
      detail: "535 wrong password",
    });
    expect(made).toMatchObject({ counts: [], disableMailbox: { id: 2, reason: "535 wrong password" } });
    expect(typesOf(made)).toEqual(["send.canceled", "enrollment.paused"]);
  });

  test("only what provably did not leave goes back to the queue, and only that gives its slot back", () => {
    const outcome: fc.Arbitrary<WireOutcome> = fc.oneof(
      fc.constant<WireOutcome>({ kind: "sent", providerMessageId: null, response: "250" }),
      fc.constant<WireOutcome>({ kind: "ambiguous", detail: "timeout" }),
      fc
        .record({
          permanent: fc.boolean(),
          scope: fc.constantFrom("message" as const, "recipient" as const, "mailbox" as const),
          retryAfterMs: fc.option(fc.nat(dayMs)),
        })
        .map(notSent),
    );
    fc.assert(
      fc.property(outcome, fc.integer({ min: 1, max: 20 }), (said, attempt) => {
        const made = outcomeOf(said, claimedSend({ attempt }));
        if (said.kind === "ambiguous") {
          expect(made).toBeNull();
          return;
        }
        const { state, giveBack, dueAt } = made!.sendChange!;
        expect(giveBack).toBe(said.kind === "not_sent");
        if (state === "queued") expect([said.kind, dueAt! > monday]).toEqual(["not_sent", true]);
        else expect(dueAt).toBeNull();
      }),
    );
  });
});

test("the wait between tries doubles from two minutes to four hours and never shrinks", () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const waits = Array.from({ length: 12 }, (_, index) => backoffMs(index + 1, seed));
      waits.forEach((wait, index) => {
        const base = Math.min(2 ** (index + 1), 240) * minuteMs;
        expect(wait).toBeGreaterThanOrEqual(base);
        expect(wait).toBeLessThan(1.25 * base);
        expect(backoffMs(index + 1, seed)).toBe(wait);
      });
    }),
  );
  expect(backoffMs(5000, "x")).toBeLessThan(5 * hourMs);
});

describe("a mail of which nobody can say whether it left", () => {
  const made = uncertain(claimedSend(), factsOf(), "reset after the dot", monday);

  test("keeps its slot, stops its person and asks the rep", () => {
    expect(made.sendChange).toMatchObject({ state: "uncertain", dueAt: null, giveBack: false, sentAt: null });
    expect(made.next).toMatchObject({
      status: "paused",
      reason: "uncertain_send",
      detail: "reset after the dot",
      stepId: 1,
    });
    expect(made.counts).toEqual([{ stepId: 1, count: "uncertain" }]);
    expect(typesOf(made)).toEqual(["send.uncertain", "enrollment.paused"]);
    expect(made.tasks).toMatchObject([
      {
        enrollmentId: 7,
        stepId: 1,
        cycle: 1,
        ownerId: 3,
        type: "task",
        purpose: "uncertain_send",
        dueAt: monday,
      },
    ]);
    expect(made.tasks[0]!.title).toBe("Find out whether the mail to dana@acme.test arrived");
  });

  test("asks even about a person who was stopped meanwhile, and leaves them stopped", () => {
    const ended = uncertain(claimedSend(), factsOf({ enrollment: { status: "canceled" } }), "reset", monday);
    expect([ended.next, ended.tasks.length, typesOf(ended)]).toEqual([null, 1, ["send.uncertain"]]);
  });
});

describe("a mail that may not go now", () => {
  const opens = utc("2026-03-03T09:00:00Z");
  const until = utc("2026-03-02T20:00:00Z");
  const blocked = (block: Block) =>
    decideBlocked(claimedSend(), factsOf({ schedule: officeHours }), block, monday);

  test.each(["hold", "window", "cap", "gap", "sequence_paused", "sending_stopped"] as const)(
    "%s: it waits for the first window after that, showing why",
    (why) => {
      const made = blocked({ why, until });
      expect(made.sendChange).toMatchObject({
        state: "queued",
        dueAt: opens,
        notAfter: opens + 8 * hourMs,
        deferReason: why,
        giveBack: false,
      });
      expect(made).toMatchObject({ next: null, events: [], counts: [], disableMailbox: null });
    },
  );

  test("inside a window it waits no longer than it must, so that no two slots fall together", () => {
    const made = blocked({ why: "gap", until: monday + 90_000 });
    expect(made.sendChange).toMatchObject({
      dueAt: monday + 90_000,
      notAfter: utc("2026-03-02T17:00:00Z"),
    });
  });

  test.each([
    ["stopped", null, ["send.canceled"]],
    ["suppressed", null, ["send.canceled"]],
    [
      "mailbox_unavailable",
      { status: "paused", reason: "mailbox_unavailable", detail: "Why.", epoch: 2 },
      ["send.canceled", "enrollment.paused"],
    ],
  ] as const)("%s: it is taken back", (why, next, events) => {
    const made = decideBlocked(claimedSend(), factsOf(), { why, detail: "Why." }, monday + 5);
    expect(made.sendChange).toMatchObject({ state: "canceled", dueAt: null, error: "Why.", giveBack: false });
    if (next) expect(made.next).toMatchObject(next);
    else expect(made).toMatchObject({ next: null, wake: true });
    expect(typesOf(made)).toEqual(events);
    expect(made.events[0]!.data).toEqual({ why: "Why." });
  });

  test("when its schedule will never open again it is looked at then all the same, and not lost", () => {
    const made = decideBlocked(
      claimedSend(),
      factsOf({ schedule: neverOpen }),
      { why: "cap", until },
      monday,
    );
    expect(made.sendChange).toMatchObject({
      state: "queued",
      dueAt: until,
      notAfter: claimedSend().notAfter,
    });
  });
});

test("a mail the provider has never seen is queued again at once", () => {
  const made = provenUnsent(claimedSend(), factsOf(), "No such mail.", monday);
  expect(made).toMatchObject({
    next: null,
    sendChange: { state: "queued", dueAt: monday, giveBack: true, error: "No such mail." },
  });
});

test("a mail that no longer renders as it was fixed is taken back and parks its person; it never goes out changed", () => {
  const made = contentChanged(claimedSend(), factsOf(), "It changed.", monday);
  expect(made.sendChange).toMatchObject({ state: "canceled", dueAt: null, error: "It changed." });
  expect(made.next).toMatchObject({ status: "paused", reason: "parked", detail: "It changed." });
  expect(typesOf(made)).toEqual(["send.canceled", "enrollment.paused"]);
});

test("a change names the claim and fence it was made under, and forgets what it is not told", () => {
  expect(change(claimedSend({ fence: 8 }), { state: "failed", dueAt: null })).toEqual({
    stepId: 1,
    cycle: 1,
    claim: "claim-1",
    fence: 8,
    notAfter: monday + 7 * hourMs,
    state: "failed",
    dueAt: null,
    deferReason: null,
    sentAt: null,
    error: null,
    providerMessageId: null,
    giveBack: false,
  });
});

test("a send's key tells enrollment, step and cycle apart", () => {
  const keys = [
    [1, 12, 3],
    [11, 2, 3],
    [1, 1, 23],
  ].map(([enrollmentId, stepId, cycle]) => sendKeyOf({ enrollmentId, stepId, cycle } as never));
  expect(keys).toEqual(["1.12.3", "11.2.3", "1.1.23"]);
});
