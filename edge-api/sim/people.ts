/**
 * The people of the simulated world: reps, managers, operators, and those who get the mails. Who acts when, and how
 * often; what they do is in acts.ts.
 */
import { enroll } from "../src/commands/enrolling.ts";
import { resumeEnrollment } from "../src/commands/enrollments.ts";
import { resumeSequence } from "../src/commands/sequences.ts";
import type { Actor } from "../src/domain/actor.ts";
import type { ContactId, EnrollmentId, SequenceId, TaskId, WorkspaceId } from "../src/domain/ids.ts";
import { type Act, actOf, endTask, type Habit } from "./acts.ts";
import type { Commit } from "./audit.ts";
import type { Simulation } from "./simulation.ts";

const racingHabits = {
  pause: 3,
  resume: 2,
  cancel: 2,
  reopen: 1,
  skip: 2,
  hold: 3,
  release: 1,
  suppress: 1,
  "pause a sequence": 0.5,
  "write back": 2,
} satisfies Partial<Record<Habit, number>>;

/** How often each thing is done, against the others. */
const habits: Record<Habit, number> = {
  pause: 3,
  resume: 5,
  cancel: 1,
  reopen: 1.5,
  skip: 1.5,
  hold: 1.5,
  release: 1.5,
  suppress: 0.4,
  unsuppress: 0.4,
  "pause a sequence": 1,
  "resume a sequence": 3,
  "archive a sequence": 0.05,
  "stop all sending": 0.5,
  "start all sending": 2,
  "disable a mailbox": 0.5,
  "enable a mailbox": 2,
  "change a cap": 1,
  "move to another zone": 0.7,
  "end a task": 5,
  "snooze a task": 0.5,
  "approve a mail": 1.5,
  settle: 2,
  "enroll again": 1,
  "write back": 5,
};

export class People {
  private readonly sim: Simulation;
  readonly actor: Actor;

  constructor(sim: Simulation) {
    this.sim = sim;
    this.actor = {
      workspaceId: sim.world.workspaceId as WorkspaceId,
      name: "member:1",
      memberId: null,
      role: null,
      reach: "all",
    };
  }

  enrollSome(): void {
    for (const { id } of this.sim.world.sequences) {
      const contacts = this.sim.world.contacts
        .filter(() => this.sim.random.chance(0.5))
        .map((contact) => ({ contactId: contact.id as ContactId, dealId: null }));
      this.act("enroll", (system) => enroll(system, this.actor, id as SequenceId, contacts, {}));
    }
  }

  actSometimes(forMs: number): void {
    const { faults, random, scheduler } = this.sim;
    while (faults.strikes("people", "people acted")) {
      const habit = random.weighted(habits);
      // Mostly in the seconds in which the ticks and deliveries of this minute are at work.
      const within = random.weighted({ soon: 5, later: 3, any: 2 });
      scheduler.at(scheduler.now + random.int(0, { soon: 1_500, later: 8_000, any: forMs }[within]), () =>
        this.begin(habit),
      );
    }
  }

  /** Somebody else is always about to act on the very person a mail is on its way to, or a lease was taken of. */
  watch(commit: Commit): void {
    const { faults, random, scheduler } = this.sim;
    const racing = commit.sends
      .filter(({ to }) => to === "claimed" || to === "sending")
      .map(({ enrollmentId }) => enrollmentId);
    for (const id of racing) {
      if (!faults.strikes("people", "people raced a mail", 0.4)) continue;
      for (let both = random.int(1, 2); both > 0; both--) {
        const habit = random.weighted(racingHabits);
        scheduler.at(scheduler.now + random.int(0, 4 * faults.latencyMs()), () =>
          this.begin(habit, id as EnrollmentId),
        );
      }
    }
  }

  /** Every switch back on, every paused person resumed or left: then all can end. */
  throwSwitchesBack(): void {
    const { shard, random, world } = this.sim;
    shard.all("UPDATE shard_state SET sending_stopped_at = NULL");
    shard.all("UPDATE workspaces SET sending_stopped_at = NULL");
    shard.all("UPDATE mailboxes SET disabled_at = NULL, disabled_reason = NULL");
    // Small caps would only make the end take long.
    if (random.chance(0.8)) shard.all("UPDATE mailboxes SET daily_cap = max(daily_cap, 50)");
    for (const { id } of world.sequences)
      this.act("resume a sequence", (system) => resumeSequence(system, this.actor, id as SequenceId));
    for (const { id } of this.sim.shard.all<{ id: EnrollmentId }>(
      "SELECT id FROM enrollments WHERE status = 'paused'",
    )) {
      if (random.chance(0.7)) this.act("resume", (system) => resumeEnrollment(system, this.actor, id));
    }
  }

  /** In quiet times every task is done within a while. @returns whether there was anything to do. */
  finishTasks(): boolean {
    const { random } = this.sim;
    const open = this.sim.shard.all<{ id: TaskId }>(
      "SELECT id FROM tasks WHERE status = 'open' AND purpose = 'step'",
    );
    for (const { id } of open)
      if (random.chance(0.8)) this.act("end a task", (system) => endTask(this.sim, this.actor, system, id));
    return open.length > 0;
  }

  private begin(habit: Habit, on?: EnrollmentId): void {
    const act = actOf(habit, this.sim, this.actor, on);
    if (act) this.sim.invoke(habit, act);
  }

  /** Starts a person's request at the next event. */
  private act(name: string, act: Act): void {
    const { scheduler, random } = this.sim;
    scheduler.at(scheduler.now + random.int(0, 900), () => this.sim.invoke(name, act));
  }
}
