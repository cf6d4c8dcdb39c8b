/**
 * D1 failing at every single call of a run, before it ran or with its answer lost, once or from then on (the Worker
 * died). Whatever broke: once it is healthy again every mail was accepted exactly once or is known to be uncertain,
 * every slot is counted once, and nothing is stuck.
 */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { attemptsMax } from "../../src/domain/delivery.ts";
import type { System } from "../../src/domain/system.ts";
import type { OutgoingMessage, Transport } from "../../src/domain/transport.ts";
import { runDelivery, runEngine, runTick } from "../../src/run.ts";
import { minuteMs, sentOutcome } from "../world.ts";
import { withGate } from "./d1.ts";
import {
  after,
  calm,
  delivered,
  email,
  enrollmentOf,
  eventsOf,
  recovered,
  refusal,
  runThrough,
  type Stage,
  sendsOf,
  stage,
  tasksOf,
  ticked,
  usageOf,
} from "./stage.ts";

vi.setConfig({ testTimeout: 240_000 });
beforeEach(calm);

type Class = Transport["class"];

/** A provider that remembers what it accepted, and answers as one of its class would. */
function provider(kind: Class) {
  const accepted: OutgoingMessage[] = [];
  const transport: Transport = {
    class: kind,
    ...(kind === "key" ? { keyLifeMs: 24 * 60 * minuteMs } : {}),
    deliver: async (message) => {
      const known =
        kind === "key" && accepted.some(({ idempotencyKey }) => idempotencyKey === message.idempotencyKey);
      if (!known) accepted.push(message);
      return sentOutcome;
    },
    find: async (messageId) =>
      accepted.some((message) => message.messageId === messageId) ? "found" : "absent",
  };
  return { accepted, transport };
}

type Break = { name: string; at(k: number): { gate: Parameters<typeof withGate>[1]; struck(): boolean } };

const lost = () => new Error("D1_ERROR: Network connection lost.");

/** How a call fails: `fails` says for which calls, `ran` whether the struck one took effect. */
const breaks: Break[] = (
  [
    ["fails before it runs", (n: number, k: number) => n === k, false],
    ["runs and loses its answer", (n: number, k: number) => n === k, true],
    ["is where the Worker dies", (n: number, k: number) => n >= k, false],
    ["is the last that ran before the Worker died", (n: number, k: number) => n >= k, true],
  ] as const
).map(([name, fails, ran]) => ({
  name,
  at(k) {
    let n = 0;
    let struck = false;
    return {
      struck: () => struck,
      gate: async (_call, run) => {
        n++;
        if (!fails(n, k)) return run();
        if (ran && n === k) await run();
        struck = true;
        throw lost();
      },
    };
  },
}));

/** Leases run out, then whoever was on the wire is taken for dead, then a look-up has been asked three times. */
async function heal({ system }: Stage): Promise<void> {
  for (const minutes of [1, 2, 21, 21, 21, 1]) {
    system.clock.advance(minutes * minuteMs);
    await runEngine(system);
  }
}

async function audit(here: Stage, wire: ReturnType<typeof provider>, story: string): Promise<number> {
  const { system, ids } = here;
  let uncertain = 0;
  for (const id of ids) {
    const [send, ...more] = await sendsOf(system, id);
    const enrollment = await enrollmentOf(system, id);
    const times = wire.accepted.filter(({ idempotencyKey }) => idempotencyKey === `0.${id}.1.1`).length;
    const events = await eventsOf(system, id);
    expect(more, story).toEqual([]);
    if (send?.state === "uncertain") {
      uncertain++;
      expect(times, story).toBeLessThanOrEqual(1);
      expect(enrollment, story).toMatchObject({ status: "paused", reason: "uncertain_send" });
      expect(await tasksOf(system, id), story).toMatchObject([{ purpose: "uncertain_send", status: "open" }]);
      expect(
        events.filter((type) => type === "send.uncertain"),
        story,
      ).toHaveLength(1);
      expect(wire.transport.class, story).toBe("blind");
    } else {
      expect([send?.state, times], story).toEqual(["sent", 1]);
      expect(enrollment, story).toMatchObject({ status: "completed", reason: "all_steps_done" });
      expect(events, story).toEqual([
        "enrollment.created",
        "send.queued",
        "send.sent",
        "enrollment.completed",
      ]);
    }
  }
  expect(await usageOf(system, here.mailboxId), story).toBe(ids.length);
  return uncertain;
}

/** Runs `turn` with the k-th call broken, for every k until a run passes unbroken; then heals and audits each. */
async function sweep(
  kind: Class,
  broken: Break,
  prepare: (here: Stage) => Promise<unknown>,
  turn: (system: System) => Promise<unknown>,
): Promise<{ calls: number; uncertain: number }> {
  let uncertain = 0;
  for (let k = 1; k < 200; k++) {
    await calm();
    const wire = provider(kind);
    const here = await stage({ people: 3, system: { openTransport: async () => wire.transport } });
    await prepare(here);
    const { gate, struck } = broken.at(k);
    await turn(withGate(here.system, gate)).catch((error: Error) => {
      // Drizzle wraps what the database says.
      expect(`${error} ${error.cause ?? ""}`).toContain("connection lost");
    });
    await heal(here);
    uncertain += await audit(here, wire, `${kind}, call ${k} ${broken.name}`);
    if (!struck()) return { calls: k - 1, uncertain };
  }
  throw new Error("a run never passed unbroken");
}

const classes: Class[] = ["blind", "lookup", "key"];

describe.each(breaks)("a call that $name", (broken) => {
  test("costs no step of a tick", async () => {
    const { calls, uncertain } = await sweep(
      "blind",
      broken,
      async () => {},
      (system) => runTick(system),
    );
    expect(calls).toBeGreaterThanOrEqual(5);
    expect(uncertain).toBe(0);
  });

  test.each(classes)("costs no mail of a delivery to a %s provider", async (kind) => {
    const { calls, uncertain } = await sweep(
      kind,
      broken,
      ({ system }) => ticked(system),
      (system) => runDelivery(system),
    );
    expect(calls).toBeGreaterThanOrEqual(6);
    if (kind !== "blind") expect(uncertain).toBe(0);
  });

  test.each(classes)("costs nothing of the resolver's work with a %s provider", async (kind) => {
    const died = async ({ system }: Stage) => {
      await ticked(system);
      // The wire said yes, and nobody was left to write it down.
      await delivered(
        withGate(system, async (call, run) => {
          if (call.sql.some((sql) => sql.startsWith("UPDATE sends AS g"))) throw lost();
          return run();
        }),
      );
      system.clock.advance(21 * minuteMs);
    };
    const { calls } = await sweep(kind, broken, died, (system) => recovered(system));
    expect(calls).toBeGreaterThanOrEqual(4);
  });
});

describe("what the wire says", () => {
  const answering = async (
    outcomes: Parameters<typeof refusal>[0][],
    steps = [email(), email({ delay: after(1, "days") })],
  ) => {
    const here = await stage({ steps });
    const left = [...outcomes];
    here.system.wire.answer = () => {
      const next = left.shift();
      return next ? refusal(next) : sentOutcome;
    };
    return here;
  };

  test("a refusal for now is tried again later, its slot given back, and then counts as one mail", async () => {
    const here = await answering([{}, {}, { retryAfterMs: 3 * 60 * minuteMs }], [email()]);
    const [id] = here.ids;
    await runEngine(here.system);
    const [waiting] = await sendsOf(here.system, id!);
    expect(waiting).toMatchObject({ state: "queued", attempt: 1, error: "451 later" });
    expect(waiting!.dueAt! - here.system.clock.at).toBeGreaterThanOrEqual(2 * minuteMs);
    expect(await usageOf(here.system, here.mailboxId)).toBe(0);
    await runThrough(here.system, here.system.clock.at + 12 * 60 * minuteMs);
    expect(here.system.delivered).toHaveLength(1);
    expect(await sendsOf(here.system, id!)).toMatchObject([{ state: "sent", attempt: 4 }]);
    expect(await usageOf(here.system, here.mailboxId)).toBe(1);
    // The same bytes on every try: the Date header is the first authorisation's.
    expect(new TextDecoder().decode(here.system.delivered[0]!.mime)).toContain(
      "Date: Mon, 23 Nov 2026 09:01:00 +0000",
    );
  });

  test("a server that never says yes is given up after about a day, and the person told why", async () => {
    const here = await answering(Array.from({ length: 50 }, () => ({ detail: "450 greylisted" })));
    await runThrough(here.system, here.system.clock.at + 4 * 24 * 60 * minuteMs);
    const [id] = here.ids;
    expect(await sendsOf(here.system, id!)).toMatchObject([
      { state: "failed", attempt: attemptsMax, error: "450 greylisted" },
    ]);
    expect(await enrollmentOf(here.system, id!)).toMatchObject({
      status: "paused",
      reason: "send_refused",
      detail: "450 greylisted",
    });
  });

  test("a refusal for good pauses the person alone; resumed, the mail is tried again under the same key", async () => {
    const here = await answering([{ permanent: true, detail: "550 no such user" }], [email()]);
    const [id] = here.ids;
    await runEngine(here.system);
    expect(await enrollmentOf(here.system, id!)).toMatchObject({ status: "paused", reason: "send_refused" });
    expect(await eventsOf(here.system, id!)).toEqual([
      "enrollment.created",
      "send.queued",
      "send.failed",
      "enrollment.paused",
    ]);
    expect(await usageOf(here.system, here.mailboxId)).toBe(0);
    const { resumeEnrollment } = await import("../../src/commands/enrollments.ts");
    await resumeEnrollment(here.system, here.actor, id!);
    await runEngine(here.system);
    expect(here.system.delivered.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`0.${id}.1.1`]);
  });

  test("a mailbox that is refused for good is disabled: its people pause with the reason and nobody else does", async () => {
    const here = await answering(
      [{ permanent: true, scope: "mailbox", detail: "535 wrong password" }],
      [email()],
    );
    const beside = await stage({ people: 2 });
    await runEngine(here.system);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "paused",
      reason: "mailbox_unavailable",
      detail: "535 wrong password",
    });
    expect(await sendsOf(here.system, here.ids[0]!)).toMatchObject([{ state: "canceled" }]);
    expect(here.system.delivered).toHaveLength(2);
    for (const id of beside.ids)
      expect(await enrollmentOf(here.system, id)).toMatchObject({ status: "completed" });
  });

  test("no answer after the mail was handed over is never tried again by anybody", async () => {
    const here = await stage({ people: 2 });
    let tries = 0;
    here.system.wire.answer = (message) =>
      message.to.includes("-1@") && ++tries
        ? { kind: "ambiguous", detail: "The server took too long" }
        : sentOutcome;
    await runThrough(here.system, here.system.clock.at + 5 * 24 * 60 * minuteMs);
    expect([tries, here.system.delivered.length]).toEqual([1, 1]);
    expect(await usageOf(here.system, here.mailboxId)).toBe(2);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "paused",
      reason: "uncertain_send",
    });
  });

  test("a transport that throws counts as no answer, one that cannot be opened as not sent", async () => {
    const here = await stage();
    const { system } = here;
    const open = system.openTransport;
    system.openTransport = async () => {
      throw new Error("the password does not open");
    };
    await runEngine(system);
    expect(await sendsOf(system, here.ids[0]!)).toMatchObject([{ state: "queued", attempt: 1 }]);
    system.openTransport = open;
    system.wire.answer = () => {
      throw new Error("boom");
    };
    await runThrough(system, system.clock.at + 60 * minuteMs);
    expect(await sendsOf(system, here.ids[0]!)).toMatchObject([{ state: "uncertain", attempt: 2 }]);
  });
});
