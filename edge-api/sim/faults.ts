/** What goes wrong, how often, and what did: every await of an invocation passes here. */
import type { Random } from "./random.ts";
import { type Invocation, invocationMaxMs, type Scheduler } from "./scheduler.ts";

/** Chances per await (crash, stall, d1), per try (wire), per message (queue), per cron minute (cron), per turn (people). */
export type Profile = {
  crash: number;
  stall: number;
  d1: number;
  wire: number;
  queue: number;
  cron: number;
  people: number;
  skewMs: number;
  /** Latencies: `calm` answers within milliseconds, `slow` in seconds, `rough` in anything up to half a minute. */
  latency: "calm" | "slow" | "rough";
};

export const calm: Profile = {
  crash: 0,
  stall: 0,
  d1: 0,
  wire: 0,
  queue: 0,
  cron: 0,
  people: 0,
  skewMs: 0,
  latency: "calm",
};

export function profileOf(random: Random): Profile {
  const level = () => random.pick([0, 0.3, 1, 1, 3]);
  return {
    crash: 0.005 * level(),
    stall: 0.01 * random.pick([0, 0, 0.3, 1, 3]),
    d1: 0.02 * level(),
    wire: 0.2 * level(),
    queue: 0.15 * level(),
    cron: 0.1 * level(),
    people: 0.2 * level(),
    skewMs: random.pick([0, 5_000, 120_000]),
    latency: random.pick(["calm", "slow", "slow", "rough"]),
  };
}

type D1Fate =
  | "throw_before"
  | "overloaded"
  | "commit_then_throw"
  | "throw_then_commit"
  | "hang_lost"
  | "hang_committed";

const d1Fates: Record<D1Fate, number> = {
  throw_before: 3,
  overloaded: 1,
  commit_then_throw: 4,
  throw_then_commit: 2,
  hang_lost: 1,
  hang_committed: 1,
};

const messages: Record<D1Fate, string> = {
  throw_before: "D1_ERROR: internal error; reference = sim",
  overloaded: "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  commit_then_throw: "D1_ERROR: Network connection lost.",
  throw_then_commit: "D1_ERROR: Network connection lost.",
  hang_lost: "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
  hang_committed: "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
};

export class Faults {
  profile: Profile;
  readonly counts = new Map<string, number>();
  private readonly scheduler: Scheduler;

  constructor(scheduler: Scheduler, profile: Profile) {
    this.scheduler = scheduler;
    this.profile = profile;
  }

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** True, and counted, with the chance the profile gives times `share`. */
  strikes(kind: "wire" | "queue" | "cron" | "people", name: string, share = 1): boolean {
    const struck = this.profile[kind] > 0 && this.scheduler.random.chance(this.profile[kind] * share);
    if (struck) this.count(name);
    return struck;
  }

  latencyMs(): number {
    const { random } = this.scheduler;
    if (this.profile.latency === "calm") return random.int(1, 10);
    if (this.profile.latency === "slow") return random.int(20, random.pick([200, 1_500]));
    const roll = random.next();
    if (roll < 0.7) return random.int(1, 30);
    if (roll < 0.95) return random.int(30, 500);
    return roll < 0.995 ? random.int(500, 8_000) : random.int(8_000, 40_000);
  }

  /** A call to D1. */
  d1<Value>(invocation: Invocation, effect: () => Value): Promise<Value> {
    const { random } = this.scheduler;
    const fate = this.profile.d1 > 0 && random.chance(this.profile.d1) ? random.weighted(d1Fates) : null;
    if (!fate) return this.call(invocation, this.latencyMs(), effect);
    this.count(`d1 ${fate}`);
    const failure = () => new Error(messages[fate]);
    switch (fate) {
      case "throw_before":
      case "overloaded":
        return this.call(invocation, this.latencyMs(), () => {
          throw failure();
        });
      case "commit_then_throw":
      case "hang_committed":
        return this.call(
          invocation,
          fate === "hang_committed" ? random.int(20_000, 60_000) : this.latencyMs(),
          () => {
            effect();
            throw failure();
          },
        );
      case "hang_lost":
        return this.call(invocation, random.int(20_000, 60_000), () => {
          throw failure();
        });
      case "throw_then_commit":
        // Given up by the client, and carried out all the same, soon after.
        this.scheduler.at(this.scheduler.now + random.int(20, 30_000), () => {
          try {
            effect();
          } catch {
            // Nobody is left to hear of it.
          }
        });
        return this.call(invocation, random.int(1, 20), () => {
          throw failure();
        });
    }
  }

  /** Any await: `effect` happens after a while, its answer comes a while later; the invocation may die on the way. */
  call<Value>(
    invocation: Invocation,
    effectMs: number,
    effect: () => Value,
    answerMs = this.latencyMs(),
  ): Promise<Value> {
    const { scheduler } = this;
    const { random } = scheduler;
    return new Promise((resolve, reject) => {
      if (invocation.state !== "live") return;
      invocation.waiting++;
      const { crash, stall } = this.profile;
      const dies = crash > 0 && random.chance(crash) ? random.pick(["before", "after"] as const) : null;
      // A stalled invocation comes back when nobody reckons with it any more.
      const stalls = !dies && stall > 0 && random.chance(stall);
      if (dies) this.count(`crash ${dies} an effect`);
      if (stalls) this.count("stalled for minutes");
      if (dies === "before") {
        invocation.state = "dead";
        return;
      }
      scheduler.at(scheduler.now + effectMs, () => {
        if (scheduler.now - invocation.startedAt > invocationMaxMs) invocation.state = "dead";
        // What a dead invocation had sent off may arrive or not.
        if (invocation.state === "dead" && random.chance(0.5)) return;
        let settle: () => void;
        try {
          const value = effect();
          settle = () => resolve(value);
        } catch (error) {
          settle = () => reject(error);
        }
        if (dies === "after") invocation.state = "dead";
        else
          scheduler.answer(
            invocation,
            scheduler.now + (stalls ? random.int(60, 800) * 1000 : answerMs),
            settle,
          );
      });
    });
  }
}
