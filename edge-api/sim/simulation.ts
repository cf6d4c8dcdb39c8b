/**
 * One seeded run: a world, the cron, the queue and the people in it, faults for a while, then quiet until nothing is
 * left to do. The engine under it is the shipped one, wired by src/run.ts over a System of this file's making.
 */
import type { SendKey } from "../src/domain/ids.ts";
import type { System, Wake } from "../src/domain/system.ts";
import { runDelivery, runEngine, runTick } from "../src/run.ts";
import { keyOf, watch } from "./audit.ts";
import { checkEnd } from "./end-check.ts";
import { calm, Faults, type Profile } from "./faults.ts";
import { Invariants } from "./invariants.ts";
import type { Mutant } from "./mutants.ts";
import { People } from "./people.ts";
import { type Accepted, Provider } from "./provider.ts";
import { type Random, randomOf } from "./random.ts";
import { type Invocation, Scheduler } from "./scheduler.ts";
import { d1Of, type Shard } from "./sqlite-d1.ts";
import { seedWorld, startOf, type World, type WorldShape } from "./world.ts";

export const secret = "simulated-secret-simulated-secret";

export type Options = {
  profile: Profile;
  shape: WorldShape;
  turns: number;
  mutant: Mutant | null;
  shard: Shard;
};

const minuteMs = 60_000;
/** An hourly look that finds nothing new costs a turn each: they're let pile up for a while. */
const watchdogsWaitMs = 5 * 3_600_000;
/** No run needs more quiet turns than this, or something is stuck. */
const quietTurnsMax = 3_000;

export class Simulation {
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly shard: Shard;
  readonly faults: Faults;
  /** One binding for all, so that drizzle's handle is built once: whoever runs is who asks. */
  private readonly db: D1Database;
  readonly world: World;
  readonly providers = new Map<number, Provider>();
  readonly invariants: Invariants;
  readonly people: People;
  readonly options: Options;
  invocations = 0;
  private tokens = 0;

  constructor(seed: number, options: Options) {
    this.options = options;
    this.shard = options.shard;
    this.db = d1Of(this.shard, (_queries, effect) => this.faults.d1(this.scheduler.running!, effect));
    this.random = randomOf(seed);
    this.scheduler = new Scheduler(this.random, startOf(this.random));
    this.faults = new Faults(this.scheduler, calm);
    if (options.mutant?.rewrite) this.shard.rewrite = options.mutant.rewrite;
    this.world = seedWorld(this.shard, this.random, options.shape, this.scheduler.now);
    this.invariants = new Invariants(this);
    for (const { id, kind } of this.world.mailboxes) {
      const provider = new Provider(kind, this.scheduler, this.faults, this.invariants.broken);
      provider.onTry = this.invariants.onTry;
      provider.onAccept = this.invariants.onAccept;
      this.providers.set(id, provider);
    }
    this.people = new People(this);
    watch(this.shard, (commit) => {
      this.invariants.onCommit(commit);
      this.people.watch(commit);
    });
    this.scheduler.onFailure = (invocation, error) =>
      this.invariants.onError(`${invocation.name} failed`, error);
  }

  async run({ enrolled = false } = {}): Promise<void> {
    const { scheduler, faults, options, invariants, people } = this;
    if (!enrolled) people.enrollSome();
    await scheduler.run(scheduler.now + 1_000);
    faults.profile = options.profile;
    for (let turn = 0; turn < options.turns && !invariants.problems.length; turn++) {
      this.cronMinute();
      people.actSometimes(minuteMs);
      await scheduler.run(this.nextMinute());
      // Nothing left to break.
      if (scheduler.idle && this.interestingAt() === null) break;
    }
    faults.profile = { ...calm };
    people.throwSwitchesBack();
    await this.quiet();
    if (!invariants.problems.length) checkEnd(this);
  }

  private async quiet(): Promise<void> {
    const { scheduler, invariants, people, options } = this;
    const calmFrom = scheduler.now;
    for (let turn = 0; !invariants.problems.length; turn++) {
      if (turn > quietTurnsMax)
        return invariants.broken("stuck", `after ${turn} quiet turns: ${this.openWork()}`);
      const busy = people.finishTasks();
      if (this.interestingAt() === null && !busy && scheduler.idle) return;
      this.cronMinute();
      invariants.inQuiet(scheduler.now - calmFrom);
      // Ticks needn't come every minute: what is due together is done together.
      const pace = options.shape.uncontended ? 1 : this.random.pick([1, 10, 30, 60]);
      await scheduler.run(Math.max(this.nextMinute(), scheduler.now + pace * minuteMs));
    }
  }

  /** The next whole minute at which anything could happen. */
  private nextMinute(): number {
    const soonest = (Math.floor(this.scheduler.now / minuteMs) + 1) * minuteMs;
    const wanted = this.interestingAt() ?? soonest;
    return Math.max(soonest, Math.ceil(wanted / minuteMs) * minuteMs);
  }

  interestingAt(): number | null {
    return this.shard.all<{ at: number | null }>(`
      SELECT min(at) AS at FROM (
        SELECT min(max(wake_at, coalesce(lease_until, 0)) + CASE
          WHEN wait_reason IN ('task_open', 'send_in_flight', 'sequence_paused', 'sending_stopped') THEN ${watchdogsWaitMs} ELSE 0 END) AS at
        FROM enrollments WHERE wake_at IS NOT NULL
        UNION ALL SELECT min(due_at) FROM sends WHERE state = 'queued'
        UNION ALL SELECT min(max(due_at, lease_until)) FROM sends WHERE state = 'claimed'
        UNION ALL SELECT min(max(due_at, authorised_at, coalesce(looked_at, 0)) + 1200001) FROM sends WHERE state = 'sending')`)[0]!
      .at;
  }

  private openWork(): string {
    const rows = this.shard.all(`
      SELECT 'enrollment' AS what, id, status, wait_reason, wake_at, step_id FROM enrollments WHERE wake_at IS NOT NULL
      UNION ALL SELECT 'send', enrollment_id, state, defer_reason, due_at, step_id FROM sends WHERE due_at IS NOT NULL LIMIT 5`);
    return JSON.stringify(rows);
  }

  /** Once a minute, in truth: also twice, three times over each other, or not for an hour. */
  private cronMinute(): void {
    const { scheduler, faults, random } = this;
    if (this.cronDeadUntil > scheduler.now) return;
    if (faults.strikes("cron", "cron missing for an hour", 0.2)) {
      this.cronDeadUntil = scheduler.now + 3_600_000;
      return;
    }
    const copies = faults.strikes("cron", "cron doubled", 2) ? random.int(2, 3) : 1;
    for (let copy = 0; copy < copies; copy++) {
      const late = faults.strikes("cron", "cron late") ? random.int(0, 90_000) : copy * random.int(0, 300);
      scheduler.at(scheduler.now + late, () =>
        random.chance(0.1) && faults.profile.cron
          ? this.invoke("run", (system) => runEngine(system))
          : this.invoke("tick", (system) => runTick(system)),
      );
    }
  }
  private cronDeadUntil = 0;

  private deliverNow = () => {
    const { mutant } = this.options;
    this.invoke("delivery", (system) => (mutant?.deliver ? mutant.deliver(system) : runDelivery(system)));
  };

  /** A queue: at least once, in any order, or (a lost wake-up) never. */
  private enqueue(message: Wake): void {
    const { scheduler, faults, random } = this;
    if (faults.strikes("queue", "wake-up dropped")) return;
    const copies = faults.strikes("queue", "wake-up doubled") ? random.int(2, 5) : 1;
    for (let copy = 0; copy < copies; copy++) {
      const wait = faults.strikes("queue", "wake-up late") ? random.int(0, 600_000) : random.int(5, 500);
      scheduler.at(scheduler.now + wait, () =>
        message.kind === "deliver" ? this.deliverNow() : this.invoke("tick", (system) => runTick(system)),
      );
    }
  }

  /** Starts an invocation at this very moment; only from an event's action. */
  invoke(name: string, body: (system: System, invocation: Invocation) => Promise<unknown>): void {
    this.invocations++;
    const { skewMs } = this.faults.profile;
    const skew = skewMs ? this.random.int(-skewMs, skewMs) : 0;
    this.scheduler.spawn(name, skew, (invocation) => body(this.systemOf(invocation), invocation));
  }

  private systemOf(invocation: Invocation): System {
    const { scheduler, faults, random } = this;
    let lastEventId = 0;
    const now = () => scheduler.now + invocation.skewMs;
    return {
      db: this.db,
      shard: 0,
      now,
      // A wall clock may step back a little under a running invocation.
      wallNow: () => now() - (invocation.skewMs && random.chance(0.05) ? random.int(1, 1_500) : 0),
      newToken: () => `token-${++this.tokens}`,
      nextEventId: () => {
        lastEventId = Math.max(lastEventId + 1, now() * 4096 + random.int(0, 2047));
        return lastEventId;
      },
      sleep: (ms) => faults.call(invocation, ms, () => undefined, 0),
      secret,
      publicUrl: "https://cadenza.test",
      seal: async (text) => text,
      unseal: async (sealed) => sealed,
      openTransport: async ({ id }) => {
        if (faults.strikes("wire", "mailbox cannot be opened", 0.1))
          throw new Error("the simulated secret is broken");
        return this.providers.get(id)!.transport(invocation);
      },
      sendSystemMail: null,
      wake: (message) => {
        const broken = faults.strikes("queue", "queue refuses", 0.3);
        return faults.call(invocation, faults.latencyMs(), () => {
          if (broken) throw new Error("the simulated queue is down");
          this.enqueue(message);
        });
      },
      logError: (message, error) => this.invariants.onError(message, error),
    };
  }

  /** Whether the provider has it: what a rep who asks around would find out. */
  wasAccepted({ enrollmentId, stepId, cycle }: SendKey): boolean {
    return this.invariants.wasAccepted(keyOf(enrollmentId, stepId, cycle));
  }

  /** Every mail that reached somebody. */
  get mailBox(): Accepted[] {
    return [...this.providers.values()].flatMap(({ accepted }) => accepted);
  }
}
