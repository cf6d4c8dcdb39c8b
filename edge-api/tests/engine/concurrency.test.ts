/** Everything twice, at once, and interrupted: whoever loses a race changes nothing, and nobody gets a mail twice. */
import { beforeEach, describe, expect, test } from "vitest";
import { enroll } from "../../src/commands/enrolling.ts";
import {
  cancelEnrollment,
  loadEnrollmentFacts,
  pauseEnrollment,
  resumeEnrollment,
  skipStep,
} from "../../src/commands/enrollments.ts";
import { commitDecisions } from "../../src/commands/ports.ts";
import { cancel, pause } from "../../src/domain/enrollment.ts";
import { type DeliverDeps, deliver } from "../../src/engine/deliver.ts";
import { type TickDeps, tick } from "../../src/engine/tick.ts";
import { onQueue } from "../../src/queue.ts";
import { deliverDeps, runEngine, tickDeps } from "../../src/run.ts";
import { dayMs, minuteMs, sentOutcome } from "../world.ts";
import {
  acceptedOnce,
  call,
  calm,
  createCrowd,
  delivered,
  email,
  enrollmentOf,
  eventsOf,
  recovered,
  runThrough,
  type Stage,
  sendsOf,
  stage,
  statesOf,
  tasksOf,
  ticked,
  twoMails,
  usageOf,
  writeBack,
} from "./stage.ts";

beforeEach(calm);

const once = (stage: Stage, mails: number) => {
  expect([...acceptedOnce(stage.system).values()]).toEqual(Array(mails).fill(1));
};

describe("doubled", () => {
  test("ten ticks at once make each step's mail and task once", async () => {
    const mails = await stage({ people: 30 });
    const calls = await stage({ people: 30, steps: [call()] });
    const reports = await Promise.all(Array.from({ length: 10 }, () => ticked(mails.system)));
    expect(reports.reduce((sum, { sends }) => sum + sends, 0)).toBe(30);
    expect(reports.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(30);
    expect(await statesOf(mails.system, mails.ids)).toEqual({ queued: 30 });
    for (const id of mails.ids)
      expect(await eventsOf(mails.system, id)).toEqual(["enrollment.created", "send.queued"]);
    for (const id of calls.ids) expect(await tasksOf(calls.system, id)).toHaveLength(1);
  });

  test("deliveries at once put each mail on the wire once and count each slot once", async () => {
    const here = await stage({ people: 40, steps: twoMails() });
    await ticked(here.system);
    await Promise.all([delivered(here.system), delivered(here.system), delivered(here.system)]);
    once(here, 40);
    expect(await usageOf(here.system, here.mailboxId)).toBe(40);
    for (const id of here.ids) {
      expect(await eventsOf(here.system, id)).toEqual(["enrollment.created", "send.queued", "send.sent"]);
    }
  });

  test("the same queue messages three times, ticks among deliveries, do the work once", async () => {
    const here = await stage({ people: 12, steps: twoMails() });
    const { system } = here;
    for (const _day of [1, 2, 3]) {
      const bodies = [
        { kind: "tick", shard: 0 },
        { kind: "deliver", shard: 0 },
      ] as const;
      const batch = () =>
        ({
          queue: "cadenza-wake",
          messages: [...bodies, ...bodies, ...bodies].map((body) => ({
            body,
            ack: () => {},
            retry: () => {
              throw new Error("it failed");
            },
          })),
        }) as unknown as MessageBatch<(typeof bodies)[number]>;
      await Promise.all([onQueue(batch(), [system]), onQueue(batch(), [system]), onQueue(batch(), [system])]);
      await onQueue(batch(), [system]);
      system.clock.advance(dayMs);
    }
    once(here, 24);
    for (const id of here.ids) expect(await enrollmentOf(system, id)).toMatchObject({ status: "completed" });
  });

  test("whole turns of the engine overlapping threefold through a sequence send every mail once", async () => {
    const here = await stage({ people: 15, steps: twoMails(), mailbox: { dailyCap: 500 } });
    const until = here.system.clock.at + 2 * dayMs;
    while (here.system.clock.at < until) {
      await Promise.all([runEngine(here.system), runEngine(here.system), runEngine(here.system)]);
      here.system.clock.advance(6 * 3_600_000);
    }
    once(here, 30);
    expect(await statesOf(here.system, here.ids)).toEqual({ sent: 30 });
  });

  test("the same people enrolled five times at once are in once, each with one event", async () => {
    const here = await stage({ people: 0 });
    const contactIds = await createCrowd(here, 10);
    const targets = contactIds.map((contactId) => ({ contactId, dealId: null }));
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        enroll(here.system, here.actor, here.sequenceId, [...targets, ...targets], {}),
      ),
    );
    const enrolled = answers.flat().filter(({ ok }) => ok);
    expect(enrolled).toHaveLength(10);
    for (const refused of answers.flat().filter(({ ok }) => !ok))
      expect(refused).toMatchObject({ reason: "already_enrolled" });
    for (const one of enrolled)
      if (one.ok) expect(await eventsOf(here.system, one.enrollmentId)).toEqual(["enrollment.created"]);
  });
});

describe("overtaken between load and commit", () => {
  const tickWith = (here: Stage, over: (deps: TickDeps) => Partial<TickDeps>) => {
    const deps = { ...tickDeps(here.system), wakeDelivery: async () => {} };
    return tick({ ...deps, ...over(deps) });
  };
  /** Runs `meanwhile` after the facts were read and before anything is written. */
  const interrupted = (here: Stage, meanwhile: () => Promise<unknown>) =>
    tickWith(here, (deps) => ({
      loadFacts: async (rows) => {
        const facts = await deps.loadFacts(rows);
        await meanwhile();
        return facts;
      },
    }));

  test("a row whose lease was stolen is left out whole, the others land", async () => {
    const here = await stage({ people: 5 });
    const [stolen, ...rest] = here.ids;
    const report = await interrupted(here, () =>
      here.system.db
        .prepare("UPDATE enrollments SET lease_token = 'thief', lease_until = ?2 WHERE id = ?1")
        .bind(stolen!, here.system.wallNow() + 60_000)
        .run(),
    );
    expect(report).toMatchObject({ claimed: 5, sends: 4, overtaken: 1 });
    expect(await sendsOf(here.system, stolen!)).toEqual([]);
    expect(await eventsOf(here.system, stolen!)).toEqual(["enrollment.created"]);
    expect(await enrollmentOf(here.system, stolen!)).toMatchObject({
      leaseToken: "thief",
      waitReason: "delay",
    });
    expect(await statesOf(here.system, rest)).toEqual({ queued: 4 });
    here.system.clock.wallAt += 120_000;
    await runEngine(here.system);
    once(here, 5);
  });

  test.each([
    [
      "paused",
      (here: Stage) => pauseEnrollment(here.system, here.actor, here.ids[0]!, null),
      "enrollment.paused",
    ],
    [
      "canceled",
      (here: Stage) => cancelEnrollment(here.system, here.actor, here.ids[0]!, null),
      "enrollment.canceled",
    ],
    ["answered", reply, "enrollment.completed"],
  ])("a person %s meanwhile gets nothing", async (_how, stop, event) => {
    const here = await stage({ people: 3 });
    expect(await interrupted(here, () => stop(here))).toMatchObject({ sends: 2, overtaken: 1 });
    expect(await sendsOf(here.system, here.ids[0]!)).toEqual([]);
    expect(await eventsOf(here.system, here.ids[0]!)).toContain(event);
    expect(await eventsOf(here.system, here.ids[0]!)).not.toContain("send.queued");
    await runThrough(here.system, here.system.clock.at + dayMs);
    once(here, 2);
  });

  test("a skip meanwhile wins: the step passed over is never sent, the next one is", async () => {
    const here = await stage({ steps: [email({ subject: "One" }), email({ subject: "Two" })] });
    expect(await interrupted(here, () => skipStep(here.system, here.actor, here.ids[0]!))).toMatchObject({
      overtaken: 1,
    });
    await runThrough(here.system, here.system.clock.at + dayMs);
    const sends = await sendsOf(here.system, here.ids[0]!);
    expect(sends.map(({ stepId, state }) => [stepId, state])).toEqual([[2, "sent"]]);
  });

  test("a commit that happened although its answer was lost is not made again by the next tick", async () => {
    const here = await stage({ people: 4 });
    const lost = tickWith(here, (deps) => ({
      commit: async (decisions) => {
        await deps.commit(decisions);
        throw new Error("Network connection lost");
      },
    }));
    await expect(lost).rejects.toThrow("lost");
    here.system.clock.wallAt += 120_000;
    expect(await ticked(here.system)).toMatchObject({ sends: 0 });
    await runThrough(here.system, here.system.clock.at + dayMs);
    once(here, 4);
    for (const id of here.ids) {
      expect(await eventsOf(here.system, id)).toEqual([
        "enrollment.created",
        "send.queued",
        "send.sent",
        "enrollment.completed",
      ]);
    }
  });
});

describe("stopped while a delivery holds the mail", () => {
  const deliverWith = (here: Stage, over: (deps: DeliverDeps) => Partial<DeliverDeps>) => {
    const deps = deliverDeps(here.system);
    return deliver({ ...deps, ...over(deps) });
  };
  const afterClaim = (here: Stage, meanwhile: () => Promise<unknown>) => {
    let done = false;
    return deliverWith(here, (deps) => ({
      claimSends: async (claim) => {
        const claimed = await deps.claimSends(claim);
        if (!done) {
          done = true;
          await meanwhile();
        }
        return claimed;
      },
    }));
  };
  /** Prepared, and the very next statement is the authorisation. */
  const beforeAuthorise = (here: Stage, meanwhile: () => Promise<unknown>) => {
    let done = false;
    return deliverWith(here, (deps) => ({
      authorise: async (...args) => {
        if (!done) {
          done = true;
          await meanwhile();
        }
        return deps.authorise(...args);
      },
    }));
  };

  const stops = [
    ["a pause", (here: Stage) => pauseEnrollment(here.system, here.actor, here.ids[0]!, null)],
    ["a cancel", (here: Stage) => cancelEnrollment(here.system, here.actor, here.ids[0]!, null)],
    ["a reply", reply],
    ["a skip", (here: Stage) => skipStep(here.system, here.actor, here.ids[0]!)],
  ] as const;
  for (const [name, stop] of stops) {
    for (const [where, at] of [
      ["claim and authorisation", afterClaim],
      ["facts and authorisation", beforeAuthorise],
    ] as const) {
      test(`${name} between ${where} keeps that mail off the wire and lets the others go`, async () => {
        const here = await stage({ people: 4, steps: [email(), call()] });
        await ticked(here.system);
        await at(here, () => stop(here));
        once(here, 3);
        const [send] = await sendsOf(here.system, here.ids[0]!);
        expect(send).toMatchObject({ state: "canceled", attempt: 0, authorisedAt: null, dueAt: null });
        expect(await usageOf(here.system, here.mailboxId)).toBe(3);
        here.system.clock.advance(10 * minuteMs);
        await runEngine(here.system);
        once(here, 3);
      });
    }
  }

  test("a stop while the mail is on the wire lets it land, recorded, and nothing after it", async () => {
    const here = await stage({ steps: twoMails() });
    here.system.wire.answer = async () => {
      await reply(here);
      return sentOutcome;
    };
    await runEngine(here.system);
    const [id] = here.ids;
    expect(await sendsOf(here.system, id!)).toMatchObject([{ state: "sent", sentAt: expect.any(Number) }]);
    expect(await enrollmentOf(here.system, id!)).toMatchObject({
      status: "completed",
      reason: "replied",
      stepId: 1,
    });
    await runThrough(here.system, here.system.clock.at + 3 * dayMs);
    once(here, 1);
  });

  test("paused on the wire, resumed later: the mail counts, the next step waits from it and stays in its thread", async () => {
    const here = await stage({ steps: twoMails() });
    const [id] = here.ids;
    here.system.wire.answer = async () => {
      await pauseEnrollment(here.system, here.actor, id!, null);
      return sentOutcome;
    };
    await runEngine(here.system);
    const sentAt = here.system.clock.at;
    here.system.wire.answer = () => sentOutcome;
    expect(await enrollmentOf(here.system, id!)).toMatchObject({ status: "paused", stepId: 1 });
    here.system.clock.advance(60 * minuteMs);
    await resumeEnrollment(here.system, here.actor, id!);
    await runThrough(here.system, sentAt + 3 * dayMs);
    const sends = await sendsOf(here.system, id!);
    expect(sends.map(({ state, sentAt }) => [state, sentAt])).toEqual([
      ["sent", sentAt],
      ["sent", sentAt + dayMs],
    ]);
    const second = new TextDecoder().decode(here.system.delivered[1]!.mime);
    expect(second).toContain(`In-Reply-To: ${here.system.delivered[0]!.messageId}`);
    expect(second).toContain("Subject: Re: Hello Dana");
  });

  test("two pauses and resumes while it is claimed never mint a second mail", async () => {
    const here = await stage();
    const [id] = here.ids;
    await ticked(here.system);
    await afterClaim(here, async () => {
      for (const _again of [1, 2]) {
        await pauseEnrollment(here.system, here.actor, id!, null);
        await resumeEnrollment(here.system, here.actor, id!);
        await ticked(here.system);
      }
    });
    await runThrough(here.system, here.system.clock.at + dayMs);
    once(here, 1);
    expect(await sendsOf(here.system, id!)).toHaveLength(1);
  });
});

describe("each guard by itself, where no other would have helped", () => {
  test("of two changes made from the same read the second changes nothing and leaves no event", async () => {
    const here = await stage();
    const [id] = here.ids;
    const facts = await loadEnrollmentFacts(here.system, here.actor, id!);
    const by = { actor: "member:1", at: here.system.now() };
    const paused = pause(facts.enrollment, { reason: "manual" }, by);
    const canceled = cancel(facts.enrollment, { reason: "manual" }, by);
    if (!paused.ok || !canceled.ok) throw new Error("both were possible");
    expect(await commitDecisions(here.system, [paused.decision])).toEqual(new Set([id]));
    expect(await commitDecisions(here.system, [canceled.decision])).toEqual(new Set());
    expect(await enrollmentOf(here.system, id!)).toMatchObject({ status: "paused", rev: 2, epoch: 2 });
    expect(await eventsOf(here.system, id!)).toEqual(["enrollment.created", "enrollment.paused"]);
  });

  test.each([
    ["is not active any more", "status = 'canceled', wake_at = NULL"],
    ["goes on under a later epoch", "epoch = epoch + 1"],
    ["stands on another step", "step_id = 2"],
    ["was ordered another cycle", "cycle = 2"],
  ])(
    "a claimed mail whose enrollment %s is not authorised, though nobody took it back",
    async (_what, columns) => {
      const here = await stage({ steps: [email(), call()] });
      await ticked(here.system);
      const deps = deliverDeps(here.system);
      await deliver({
        ...deps,
        claimSends: async (claim) => {
          const claimed = await deps.claimSends(claim);
          await here.system.db
            .prepare(`UPDATE enrollments SET ${columns} WHERE id = ?1`)
            .bind(here.ids[0]!)
            .run();
          return claimed;
        },
      });
      expect(here.system.delivered).toEqual([]);
      expect(await sendsOf(here.system, here.ids[0]!)).toMatchObject([{ state: "canceled", attempt: 0 }]);
      expect(await eventsOf(here.system, here.ids[0]!)).toContain("send.canceled");
    },
  );

  test("an authorisation that commits after its answer was given up moves nobody", async () => {
    const here = await stage({ people: 3 });
    await ticked(here.system);
    const deps = deliverDeps(here.system);
    let late: (() => ReturnType<DeliverDeps["authorise"]>) | null = null;
    await deliver({
      ...deps,
      authorise: async (...args) => {
        if (late) return deps.authorise(...args);
        late = () => deps.authorise(...args);
        throw new Error("D1_ERROR: Network connection lost.");
      },
    });
    once(here, 3);
    expect(await late!()).toEqual({ granted: [], blocked: [] });
    expect(await statesOf(here.system, here.ids)).toEqual({ sent: 3 });
    expect(await usageOf(here.system, here.mailboxId)).toBe(3);
  });

  test("what a deliverer decided under a claim it has lost cannot put back a mail that another has on the wire", async () => {
    const here = await stage({ mailbox: { dailyCap: 0 } });
    const { system } = here;
    await ticked(system);
    let answer = () => {};
    let reached = () => {};
    const onTheWire = new Promise<void>((done) => {
      reached = done;
    });
    system.wire.answer = () => {
      reached();
      return new Promise((done) => {
        answer = () => done(sentOutcome);
      });
    };
    const deps = deliverDeps(system);
    let other: Promise<unknown> = Promise.resolve();
    await deliver({
      ...deps,
      commit: async (decisions) => {
        // It sleeps before it writes down "the mailbox is full": its claim runs out, the cap is raised, another sends.
        await system.db
          .prepare("UPDATE mailboxes SET daily_cap = 5 WHERE id = ?1")
          .bind(here.mailboxId)
          .run();
        system.clock.wallAt += 121_000;
        await recovered(system);
        other = delivered(system);
        await onTheWire;
        return deps.commit(decisions);
      },
    });
    expect(await sendsOf(system, here.ids[0]!)).toMatchObject([{ state: "sending" }]);
    answer();
    await other;
    await runThrough(system, system.clock.at + dayMs);
    once(here, 1);
    expect(await sendsOf(system, here.ids[0]!)).toMatchObject([{ state: "sent", attempt: 1 }]);
  });
});

async function reply(here: Stage): Promise<void> {
  expect(await writeBack(here, ["Subject: Re: Hello"], "Let us talk.")).toMatchObject({
    outcome: "stopped",
    replyClass: "human",
  });
}
