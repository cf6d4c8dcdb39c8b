/**
 * Time, and who may go on: a discrete-event loop. Everything an invocation awaits of the outside is an event here, so
 * that the order in which things happen is the seed's and nobody else's.
 *
 * Invariant: at most one invocation runs between two events; an event is over when nobody can go on any more.
 */
import type { Random } from "./random.ts";

/** One run of a Worker: a tick, a delivery, a request. It lives 15 minutes at most, as on the platform. */
export type Invocation = {
  name: string;
  startedAt: number;
  /** What its clock shows is the true time plus this. */
  skewMs: number;
  /** How many of its awaits are under way. */
  waiting: number;
  state: "live" | "done" | "dead";
};

export const invocationMaxMs = 15 * 60_000;

type Event = { at: number; order: number; action: () => void; who: Invocation | null };

export class Scheduler {
  now: number;
  readonly random: Random;
  /** Where an invocation that rejects is reported. */
  onFailure: (invocation: Invocation, error: unknown) => void = () => {};
  steps = 0;
  private readonly heap: Event[] = [];

  constructor(random: Random, start: number) {
    this.random = random;
    this.now = start;
  }

  at(time: number, action: () => void, who: Invocation | null = null): void {
    push(this.heap, { at: Math.max(time, this.now), order: this.random.next(), action, who });
  }

  /** Starts an invocation now; it runs until its first await. Call it only from an event's action. */
  spawn(name: string, skewMs: number, body: (invocation: Invocation) => Promise<unknown>): Invocation {
    const invocation: Invocation = { name, startedAt: this.now, skewMs, waiting: 0, state: "live" };
    this.running = invocation;
    body(invocation).then(
      () => {
        if (invocation.state === "live") invocation.state = "done";
      },
      (error) => {
        if (invocation.state !== "live") return;
        invocation.state = "done";
        this.onFailure(invocation, error);
      },
    );
    return invocation;
  }

  /** Lets an awaiting invocation go on with `settle`, unless it is dead by then. */
  answer(invocation: Invocation, time: number, settle: () => void): void {
    this.at(
      time,
      () => {
        if (this.now - invocation.startedAt > invocationMaxMs) invocation.state = "dead";
        if (invocation.state === "dead") return;
        invocation.waiting--;
        this.running = invocation;
        settle();
      },
      invocation,
    );
  }

  /** Who runs at this moment: nobody but this one can be asking for anything. */
  running: Invocation | null = null;

  /** Plays events until none is left, or the next lies after `until`. */
  async run(until: number): Promise<void> {
    for (;;) {
      const next = this.heap[0];
      if (!next || next.at > until) break;
      pop(this.heap);
      this.now = Math.max(this.now, next.at);
      this.steps++;
      this.running = null;
      next.action();
      // Promises settle before an immediate runs; what takes longer (streams) is waited for.
      while (this.running) {
        const current: Invocation = this.running;
        await new Promise<void>((done) => setImmediate(done));
        if (current.state !== "live" || current.waiting > 0) break;
      }
    }
    this.now = Math.max(this.now, until);
  }

  get idle(): boolean {
    return this.heap.length === 0;
  }
}

const before = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Event[], event: Event): void {
  let place = heap.push(event) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!before(event, heap[parent]!)) break;
    heap[place] = heap[parent]!;
    place = parent;
  }
  heap[place] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop()!;
  if (!heap.length) return;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[place] = heap[child]!;
    place = child;
  }
  heap[place] = last;
}
