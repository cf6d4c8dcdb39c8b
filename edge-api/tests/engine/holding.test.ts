/**
 * Everything that keeps a mail back: caps, gaps, holds, pauses, brakes, suppressions. Each must keep back its own and
 * nobody else's, say so, and let go by itself or at once when it is lifted.
 */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { loadEnrollmentFacts, pauseEnrollment, resumeEnrollment } from "../../src/commands/enrollments.ts";
import { hold, release } from "../../src/commands/holds.ts";
import {
  createSequence,
  pauseSequence,
  publishSequence,
  resumeSequence,
} from "../../src/commands/sequences.ts";
import { suppressContact } from "../../src/db/suppress.ts";
import { plan } from "../../src/domain/plan.ts";
import { deliver } from "../../src/engine/deliver.ts";
import { deliverDeps, runEngine } from "../../src/run.ts";
import { createMailbox, dayMs, hourMs, minuteMs, sentOutcome } from "../world.ts";
import {
  acceptedOnce,
  after,
  call,
  calm,
  delivered,
  email,
  enrollMore,
  enrollmentOf,
  eventsOf,
  runThrough,
  runUntil,
  type Stage,
  sendsOf,
  stage,
  statesOf,
  ticked,
  usageOf,
} from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });
beforeEach(calm);

const set = ({ system, mailboxId }: Stage, columns: string) =>
  system.db.prepare(`UPDATE mailboxes SET ${columns} WHERE id = ?1`).bind(mailboxId).run();

/** When each mail was accepted, in order. */
const timed = (here: Stage): number[] => {
  const instants: number[] = [];
  here.system.wire.answer = () => {
    instants.push(here.system.clock.at);
    return sentOutcome;
  };
  return instants;
};

/** The most mails in any 24 hours. */
const busiestDay = (instants: number[]): number =>
  Math.max(...instants.map((from) => instants.filter((at) => at >= from && at < from + dayMs).length));

describe("caps and gaps", () => {
  test("a cap of one lets one mail through ten ticks and deliveries at once; the rest say why and when", async () => {
    const here = await stage({ people: 20, mailbox: { dailyCap: 1 } });
    await Promise.all(Array.from({ length: 10 }, () => ticked(here.system)));
    await Promise.all(Array.from({ length: 10 }, () => delivered(here.system)));
    expect(here.system.delivered).toHaveLength(1);
    const waiting = (await Promise.all(here.ids.map((id) => sendsOf(here.system, id))))
      .flat()
      .filter(({ state }) => state !== "sent");
    expect(waiting).toHaveLength(19);
    for (const send of waiting) {
      expect(send).toMatchObject({ state: "queued", deferReason: "cap" });
      expect(send.dueAt).toBeGreaterThan(here.system.clock.at + 23 * hourMs);
    }
    // Spread over the days to come, not all knocking when the first slot frees.
    expect(new Set(waiting.map(({ dueAt }) => Math.floor(dueAt! / dayMs))).size).toBeGreaterThanOrEqual(19);
  });

  test("a full mailbox keeps back only its own people", async () => {
    const full = await stage({ people: 5, mailbox: { dailyCap: 2 } });
    const open = await stage({ people: 5, system: { at: full.system.clock.at - minuteMs } });
    await ticked(open.system);
    await delivered(open.system);
    expect(await statesOf(open.system, open.ids)).toEqual({ sent: 5 });
    expect(await statesOf(open.system, full.ids)).toEqual({ sent: 2, queued: 3 });
  });

  test("a cap holds over any 24 hours, day after day, until everybody is through", async () => {
    const here = await stage({ people: 30, mailbox: { dailyCap: 7 } });
    const instants = timed(here);
    await runThrough(here.system, here.system.clock.at + 10 * dayMs);
    expect(instants).toHaveLength(30);
    expect(busiestDay(instants)).toBeLessThanOrEqual(7);
    expect(instants.at(-1)! - instants[0]!).toBeLessThan(6 * dayMs);
    expect(await statesOf(here.system, here.ids)).toEqual({ sent: 30 });
  });

  test("a cap lowered below what is used sends nothing more, and nothing less than nothing", async () => {
    const here = await stage({ people: 8, mailbox: { dailyCap: 4 } });
    await runEngine(here.system);
    expect(here.system.delivered).toHaveLength(4);
    await set(here, "daily_cap = 2");
    await runThrough(here.system, here.system.clock.at + 20 * hourMs);
    expect(here.system.delivered).toHaveLength(4);
    await runThrough(here.system, here.system.clock.at + 6 * dayMs);
    expect(await statesOf(here.system, here.ids)).toEqual({ sent: 8 });
  });

  test("a cap of nothing waits without losing anybody, and a raised one sends", async () => {
    const here = await stage({ people: 3, mailbox: { dailyCap: 0 } });
    await runThrough(here.system, here.system.clock.at + 3 * dayMs);
    expect(here.system.delivered).toHaveLength(0);
    for (const id of here.ids)
      expect(await sendsOf(here.system, id)).toMatchObject([{ state: "queued", deferReason: "cap" }]);
    await set(here, "daily_cap = 10");
    await runThrough(here.system, here.system.clock.at + 2 * dayMs);
    expect(here.system.delivered).toHaveLength(3);
  });

  test("a gap lies between any two mails of a mailbox, and only there", async () => {
    const here = await stage({ people: 12, mailbox: { gapMs: 5 * minuteMs } });
    const instants = timed(here);
    await runThrough(here.system, here.system.clock.at + dayMs);
    expect(instants).toHaveLength(12);
    for (const [n, at] of instants.entries())
      if (n) expect(at - instants[n - 1]!).toBeGreaterThanOrEqual(5 * minuteMs);
    expect(instants.at(-1)! - instants[0]!).toBeLessThan(2 * hourMs);
  });

  test("after an outage a backlog of fifty spreads within cap and gap, by a cron that comes some seconds late", async () => {
    const here = await stage({ people: 50, mailbox: { dailyCap: 30, gapMs: 2 * minuteMs } });
    const instants = timed(here);
    here.system.clock.advance(9 * hourMs);
    await runThrough(here.system, here.system.clock.at + 3 * dayMs, (turn) => ((turn * 7) % 13) * 1000);
    expect(instants).toHaveLength(50);
    expect(busiestDay(instants)).toBeLessThanOrEqual(30);
    for (const [n, at] of instants.entries())
      if (n) expect(at - instants[n - 1]!).toBeGreaterThanOrEqual(2 * minuteMs);
    expect([...acceptedOnce(here.system).values()]).toEqual(Array(50).fill(1));
    // The first day's thirty are not slower than twice the gap.
    expect(instants[29]! - instants[0]!).toBeLessThan(2 * 30 * 2 * minuteMs);
  });

  test("mails shared by sequences of one mailbox share its cap", async () => {
    const here = await stage({ people: 4, mailbox: { dailyCap: 6 } });
    const other = await createSequence(here.system, here.actor, {
      name: "Other",
      steps: [email()],
      mailboxId: here.mailboxId,
      scheduleId: (await here.system.db
        .prepare("SELECT schedule_id AS id FROM sequences WHERE id = ?1")
        .bind(here.sequenceId)
        .first<{ id: never }>())!.id,
    });
    await publishSequence(here.system, here.actor, other.id);
    await enrollMore(here, 4, undefined, other.id);
    here.system.clock.advance(minuteMs);
    await runEngine(here.system);
    expect(here.system.delivered).toHaveLength(6);
    expect(await usageOf(here.system, here.mailboxId)).toBe(6);
  });
});

const laterMail = () => [email(), email({ delay: after(4, "days"), subject: null, body: "Did you see it?" })];
const held = (here: Stage, untilAt: number, kind: "manual" | "out_of_office" = "manual") =>
  hold(here.system, here.actor, here.contactIds[0]!, { kind, untilAt, note: null });

describe("pauses and holds keep what was left of a wait", () => {
  test("a person paused for a week goes on with the rest of the delay", async () => {
    const here = await stage({ steps: laterMail() });
    const instants = timed(here);
    await runEngine(here.system);
    await runThrough(here.system, instants[0]! + dayMs);
    await pauseEnrollment(here.system, here.actor, here.ids[0]!, null);
    await runThrough(here.system, instants[0]! + 8 * dayMs);
    expect(instants).toHaveLength(1);
    await resumeEnrollment(here.system, here.actor, here.ids[0]!);
    await runThrough(here.system, instants[0]! + 20 * dayMs);
    expect(instants[1]! - instants[0]!).toBe(11 * dayMs);
  });

  test("a paused sequence moves everybody by as long as it stood, also who joined meanwhile", async () => {
    const here = await stage({ people: 2, steps: laterMail() });
    await runEngine(here.system);
    const first = here.system.clock.at;
    const on = (hours: number) => runThrough(here.system, first + hours * hourMs);
    await on(24);
    await pauseSequence(here.system, here.actor, here.sequenceId);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "active",
      waitReason: "sequence_paused",
    });
    await on(30);
    const [late] = await enrollMore(here, 1);
    await on(36);
    expect(here.system.delivered).toHaveLength(2);
    expect(await enrollmentOf(here.system, late!)).toMatchObject({
      status: "active",
      waitReason: "sequence_paused",
    });
    await resumeSequence(here.system, here.actor, here.sequenceId);
    const resumedAt = here.system.clock.at;
    await on(30 * 24);
    for (const id of here.ids.slice(0, 2)) {
      expect((await sendsOf(here.system, id)).map(({ sentAt }) => sentAt! - first)).toEqual([
        0,
        4 * dayMs + 12 * hourMs,
      ]);
    }
    // Their first step was due a minute after they joined: that minute is what was left.
    expect((await sendsOf(here.system, late!))[0]!.sentAt! - resumedAt).toBeLessThanOrEqual(minuteMs);
  });

  test("a sequence paused while a mail is on the wire keeps still the wait that begins when it lands", async () => {
    const here = await stage({ steps: laterMail() });
    let first = 0;
    here.system.wire.answer = async () => {
      if (!first) {
        first = here.system.clock.at;
        await pauseSequence(here.system, here.actor, here.sequenceId);
      }
      return sentOutcome;
    };
    await runEngine(here.system);
    await runThrough(here.system, first + 12 * hourMs);
    await resumeSequence(here.system, here.actor, here.sequenceId);
    await runThrough(here.system, first + 10 * dayMs);
    expect((await sendsOf(here.system, here.ids[0]!))[1]!.sentAt! - first).toBe(4 * dayMs + 12 * hourMs);
  });

  test("a mail claimed or queued when its sequence pauses waits with that reason, and goes when it resumes", async () => {
    const here = await stage({ people: 3 });
    await ticked(here.system);
    const deps = deliverDeps(here.system);
    await deliver({
      ...deps,
      authorise: async (...args) => {
        await pauseSequence(here.system, here.actor, here.sequenceId).catch(() => {});
        return deps.authorise(...args);
      },
    });
    expect(here.system.delivered).toHaveLength(0);
    for (const id of here.ids)
      expect(await sendsOf(here.system, id)).toMatchObject([
        { state: "queued", deferReason: "sequence_paused" },
      ]);
    await runThrough(here.system, here.system.clock.at + 2 * hourMs);
    expect(here.system.delivered).toHaveLength(0);
    await resumeSequence(here.system, here.actor, here.sequenceId);
    await runEngine(here.system);
    expect(here.system.delivered).toHaveLength(3);
  });

  test("a hold freezes every timer of the person and lets go by itself, to the minute", async () => {
    const here = await stage({ people: 2, steps: laterMail() });
    await runEngine(here.system);
    const first = here.system.clock.at;
    await runThrough(here.system, first + dayMs);
    await held(here, first + 10 * dayMs, "out_of_office");
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "active",
      waitReason: "hold",
      wakeAt: first + 10 * dayMs,
    });
    await runThrough(here.system, first + 30 * dayMs);
    expect((await sendsOf(here.system, here.ids[0]!))[1]!.sentAt! - first).toBe(13 * dayMs);
    expect((await sendsOf(here.system, here.ids[1]!))[1]!.sentAt! - first).toBe(4 * dayMs);
  });

  test("a hold taken away early goes on with the wait that was left", async () => {
    const here = await stage({ steps: laterMail() });
    await runEngine(here.system);
    const first = here.system.clock.at;
    await runThrough(here.system, first + dayMs);
    await held(here, first + 30 * dayMs);
    await runThrough(here.system, first + 5 * dayMs);
    await release(here.system, here.actor, here.contactIds[0]!);
    await runThrough(here.system, first + 40 * dayMs);
    expect((await sendsOf(here.system, here.ids[0]!))[1]!.sentAt! - first).toBe(8 * dayMs);
  });

  test("a hold, a pause and a paused sequence over one another leave the wait that was left at the first of them", async () => {
    const here = await stage({ steps: laterMail() });
    const { system, actor, ids, sequenceId } = here;
    await runEngine(system);
    const first = system.clock.at;
    const on = (day: number) => runThrough(system, first + day * dayMs);
    await on(1); // Three days left.
    await held(here, first + 6 * dayMs);
    await on(2);
    await pauseEnrollment(system, actor, ids[0]!, null);
    await on(4);
    await resumeEnrollment(system, actor, ids[0]!); // Still on hold until 6.
    await on(5);
    await pauseSequence(system, actor, sequenceId);
    await on(9);
    await resumeSequence(system, actor, sequenceId);
    await on(30);
    expect((await sendsOf(system, ids[0]!))[1]!.sentAt! - first).toBe(12 * dayMs);
  });

  test("a hold placed while the mail is queued, claimed or on the wire: kept back, kept back, landed", async () => {
    for (const moment of ["queued", "claimed", "sending"] as const) {
      await calm();
      const here = await stage({ steps: laterMail() });
      const { system, ids } = here;
      const until = system.clock.at + 3 * dayMs;
      const place = () => held(here, until);
      const instants: number[] = [];
      system.wire.answer = async () => {
        instants.push(system.clock.at);
        if (moment === "sending" && instants.length === 1) await place();
        return sentOutcome;
      };
      await ticked(system);
      if (moment === "queued") await place();
      const deps = deliverDeps(system);
      await deliver({
        ...deps,
        authorise: async (...args) => {
          if (moment === "claimed") await place();
          return deps.authorise(...args);
        },
      });
      const started = system.clock.at;
      if (moment !== "sending")
        expect(await sendsOf(system, ids[0]!)).toMatchObject([
          { state: "queued", deferReason: "hold", dueAt: until },
        ]);
      await runThrough(system, started + 20 * dayMs);
      expect([moment, instants[0]!]).toEqual([moment, moment === "sending" ? started : until]);
      expect([moment, instants[1]! - Math.max(until, instants[0]!)]).toEqual([moment, 4 * dayMs]);
    }
  });

  test("what the plan says during a hold is what happens after it", async () => {
    const here = await stage({ steps: laterMail() });
    await runEngine(here.system);
    const first = here.system.clock.at;
    await runThrough(here.system, first + dayMs);
    await held(here, first + 6 * dayMs);
    const planned = plan(await loadEnrollmentFacts(here.system, here.actor, here.ids[0]!), here.system.now());
    await runThrough(here.system, first + 30 * dayMs);
    expect(planned.map(({ at }) => at)).toEqual([(await sendsOf(here.system, here.ids[0]!))[1]!.sentAt]);
  });
});

describe("suppressed, disabled, stopped", () => {
  const silence = (here: Stage) =>
    suppressContact(
      { db: here.system.db, now: here.system.now(), nextEventId: here.system.nextEventId },
      here.workspaceId,
      here.contactIds[0]!,
      "opted_out",
    );

  test.each(["before the tick", "queued", "claimed"] as const)(
    "a person suppressed %s gets no mail and is canceled",
    async (moment) => {
      const here = await stage({ people: 2, steps: laterMail() });
      if (moment === "before the tick") await silence(here);
      await ticked(here.system);
      if (moment === "queued") await silence(here);
      const deps = deliverDeps(here.system);
      await deliver({
        ...deps,
        authorise: async (...args) => {
          if (moment === "claimed") await silence(here);
          return deps.authorise(...args);
        },
      });
      await runThrough(here.system, here.system.clock.at + 10 * dayMs);
      expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
        status: "canceled",
        reason: "suppressed",
      });
      expect(await statesOf(here.system, [here.ids[0]!])).toEqual(
        moment === "before the tick" ? {} : { canceled: 1 },
      );
      expect(await statesOf(here.system, [here.ids[1]!])).toEqual({ sent: 2 });
    },
  );

  test("suppressed while the mail is on the wire: it lands, and nothing follows", async () => {
    const here = await stage({ steps: laterMail() });
    here.system.wire.answer = async () => {
      await silence(here);
      return sentOutcome;
    };
    await runThrough(here.system, here.system.clock.at + 10 * dayMs);
    expect(await statesOf(here.system, here.ids)).toEqual({ sent: 1 });
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "canceled",
      reason: "suppressed",
    });
  });

  test("a suppressed domain silences everybody there and nobody else", async () => {
    const here = await stage({
      people: 3,
      contact: (n) => ({ email: `p${n}.${crypto.randomUUID()}@${n ? "open" : "shut"}.example` }),
    });
    await here.system.db
      .prepare(
        "INSERT INTO suppressions (workspace_id, kind, value, reason, created_at) VALUES (?1, 'domain', 'shut.example', 'manual', 1)",
      )
      .bind(here.workspaceId)
      .run();
    await runEngine(here.system);
    expect(here.system.delivered.map(({ to }) => to.split("@")[1])).toEqual(["open.example", "open.example"]);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "canceled",
      reason: "suppressed",
    });
  });

  test("a mailbox disabled while mails are queued pauses its people with the reason; enabled and resumed, they go", async () => {
    const here = await stage({ people: 2, steps: [email(), email()] });
    await ticked(here.system);
    await set(here, `disabled_at = 1, disabled_reason = 'signed out'`);
    await delivered(here.system);
    for (const id of here.ids) {
      expect(await enrollmentOf(here.system, id)).toMatchObject({
        status: "paused",
        reason: "mailbox_unavailable",
        detail: "signed out",
      });
      expect(await eventsOf(here.system, id)).toEqual([
        "enrollment.created",
        "send.queued",
        "send.canceled",
        "enrollment.paused",
      ]);
    }
    await set(here, "disabled_at = NULL, disabled_reason = NULL");
    for (const id of here.ids) await resumeEnrollment(here.system, here.actor, id);
    await runThrough(here.system, here.system.clock.at + dayMs);
    expect(await statesOf(here.system, here.ids)).toEqual({ sent: 4 });
    expect([...acceptedOnce(here.system).values()]).toEqual([1, 1, 1, 1]);
  });

  test("a follow-up never leaves from another mailbox than the first mail, whatever the sequence says by then", async () => {
    const here = await stage({ steps: laterMail() });
    await runEngine(here.system);
    const other = await createMailbox(here.system, here.workspaceId);
    await here.system.db
      .prepare("UPDATE sequences SET mailbox_id = ?2 WHERE id = ?1")
      .bind(here.sequenceId, other)
      .run();
    await runThrough(here.system, here.system.clock.at + 10 * dayMs);
    expect(new Set(here.system.delivered.map(({ from }) => from)).size).toBe(1);
  });

  test.each(["the workspace", "the whole shard"])(
    "the brake of %s stops every mail, tasks go on, and released all go",
    async (whose) => {
      const here = await stage({ people: 2 });
      const brake = (at: number | null) =>
        whose === "the workspace"
          ? here.system.db
              .prepare("UPDATE workspaces SET sending_stopped_at = ?2 WHERE id = ?1")
              .bind(here.workspaceId, at)
              .run()
          : here.system.db
              .prepare(
                "INSERT INTO shard_state (id, sending_stopped_at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET sending_stopped_at = ?1",
              )
              .bind(at)
              .run();
      const calls = await stage({
        people: 1,
        steps: [call()],
        system: { at: here.system.clock.at - minuteMs },
      });
      await ticked(here.system);
      await brake(here.system.now());
      await delivered(here.system);
      for (const id of here.ids)
        expect(await sendsOf(here.system, id)).toMatchObject([
          { state: "queued", deferReason: "sending_stopped" },
        ]);
      await runUntil(here.system, here.system.clock.at + 40 * minuteMs, 5 * minuteMs);
      expect(here.system.delivered).toHaveLength(0);
      expect(await eventsOf(calls.system, calls.ids[0]!)).toEqual(["enrollment.created", "task.created"]);
      await brake(null);
      await runUntil(here.system, here.system.clock.at + 20 * minuteMs, minuteMs);
      expect(here.system.delivered).toHaveLength(2);
    },
  );

  test("with the brake on before the tick nothing is even queued, and the wait says so", async () => {
    const here = await stage();
    await here.system.db
      .prepare("UPDATE workspaces SET sending_stopped_at = 1 WHERE id = ?1")
      .bind(here.workspaceId)
      .run();
    await runEngine(here.system);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "active",
      waitReason: "sending_stopped",
    });
    expect(await sendsOf(here.system, here.ids[0]!)).toEqual([]);
  });
});
