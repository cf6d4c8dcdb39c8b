/** The people of the simulated world: reps, managers, operators, and those who get the mails. */
import {
  cancelEnrollment,
  enroll,
  pauseEnrollment,
  reopenEnrollment,
  resumeEnrollment,
  skipStep,
} from "../src/commands/enrollments.ts";
import { hold, release } from "../src/commands/holds.ts";
import { settleSend } from "../src/commands/sends.ts";
import { archiveSequence, pauseSequence, resumeSequence } from "../src/commands/sequences.ts";
import { approveTaskEmail, finishTask, snooze } from "../src/commands/tasks.ts";
import { suppressContact } from "../src/db/suppress.ts";
import type { Actor } from "../src/domain/actor.ts";
import type { ContactId, EnrollmentId, SendKey, SequenceId, TaskId, WorkspaceId } from "../src/domain/ids.ts";
import type { System } from "../src/domain/system.ts";
import type { Commit } from "./audit.ts";
import { deliverLater, letters } from "./letters.ts";
import type { Simulation } from "./simulation.ts";
import { zones } from "./world.ts";

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
} as const;

/** Where a race is to be had: a mail under way, a lease taken. */
const atWork = `SELECT enrollment_id FROM sends WHERE state IN ('queued', 'claimed', 'sending', 'uncertain')
  UNION ALL SELECT id FROM enrollments WHERE lease_token IS NOT NULL`;

type Act = (system: System) => Promise<unknown>;

const hourMs = 3_600_000;

/** How often each thing is done, against the others. */
const habits = {
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
} as const;

export class People {
  private readonly sim: Simulation;
  readonly actor: Actor;

  constructor(sim: Simulation) {
    this.sim = sim;
    this.actor = { workspaceId: sim.world.workspaceId as WorkspaceId, name: "member:1", memberId: null, role: null, reach: "all" };
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
    for (const { id } of this.rows<{ id: EnrollmentId }>(
      "SELECT id FROM enrollments WHERE status = 'paused'",
    )) {
      if (random.chance(0.7)) this.act("resume", (system) => resumeEnrollment(system, this.actor, id));
    }
  }

  /** In quiet times every task is done within a while. @returns whether there was anything to do. */
  finishTasks(): boolean {
    const { random } = this.sim;
    const open = this.rows<{ id: TaskId }>("SELECT id FROM tasks WHERE status = 'open' AND purpose = 'step'");
    for (const { id } of open)
      if (random.chance(0.8)) this.act("end a task", (system) => this.endTask(system, id));
    return open.length > 0;
  }

  private begin(habit: keyof typeof habits, on?: EnrollmentId): void {
    const act = this.actOf(habit, on);
    if (act) this.sim.invoke(habit, act);
  }

  /** Starts a person's request at the next event. */
  private act(name: string, act: Act): void {
    const { scheduler, random } = this.sim;
    scheduler.at(scheduler.now + random.int(0, 900), () => this.sim.invoke(name, act));
  }

  private actOf(habit: keyof typeof habits, chosen?: EnrollmentId): Act | null {
    const { actor, sim } = this;
    const { random, world } = sim;
    const enrollment = (where: string) => chosen ?? this.enrollmentWhere(where);
    const on = <Id>(id: Id | undefined, act: (system: System, id: Id) => Promise<unknown>): Act | null =>
      id === undefined ? null : (system) => act(system, id);
    const person = chosen ? this.contactOf(chosen) : (random.pick(world.contacts).id as ContactId);
    const sequence = random.pick(world.sequences).id as SequenceId;
    const mailbox = random.pick(world.mailboxes).id;
    const at = sim.scheduler.now;
    const sql =
      (text: string, ...params: unknown[]): Act =>
      (system) =>
        system.db
          .prepare(text)
          .bind(...params)
          .run();
    switch (habit) {
      case "pause":
        return on(enrollment("status = 'active'"), (system, id) => pauseEnrollment(system, actor, id, null));
      case "resume":
        return on(enrollment("status = 'paused'"), (system, id) => resumeEnrollment(system, actor, id));
      case "cancel":
        return on(enrollment("status IN ('active', 'paused')"), (system, id) =>
          cancelEnrollment(system, actor, id, null),
        );
      case "reopen":
        return on(enrollment("status IN ('completed', 'canceled')"), (system, id) =>
          reopenEnrollment(system, actor, id),
        );
      case "skip":
        return on(enrollment("status IN ('active', 'paused')"), (system, id) => skipStep(system, actor, id));
      case "hold": {
        const untilAt = at + random.int(1, 72) * hourMs;
        return (system) => hold(system, actor, person, { kind: "manual", untilAt, note: null });
      }
      case "release":
        return on(this.one<{ id: ContactId }>("SELECT contact_id AS id FROM holds")?.id, (system, id) =>
          release(system, actor, id),
        );
      case "suppress":
        return (system) =>
          suppressContact(
            { db: system.db, now: system.now(), nextEventId: system.nextEventId },
            actor.workspaceId,
            person,
            "manual",
            actor.name,
          );
      case "unsuppress":
        return sql("DELETE FROM suppressions WHERE value = ?1", random.pick(world.contacts).email);
      case "pause a sequence":
        return (system) => pauseSequence(system, actor, sequence);
      case "resume a sequence":
        return (system) => resumeSequence(system, actor, sequence);
      case "archive a sequence":
        return (system) => archiveSequence(system, actor, sequence);
      case "stop all sending":
        return random.chance(0.5)
          ? sql("UPDATE workspaces SET sending_stopped_at = ?1", at)
          : sql(
              "INSERT INTO shard_state (id, sending_stopped_at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET sending_stopped_at = ?1",
              at,
            );
      case "start all sending":
        return random.chance(0.5)
          ? sql("UPDATE workspaces SET sending_stopped_at = NULL")
          : sql("UPDATE shard_state SET sending_stopped_at = NULL");
      case "disable a mailbox":
        return sql(
          "UPDATE mailboxes SET disabled_at = ?2, disabled_reason = 'by hand', rev = rev + 1 WHERE id = ?1",
          mailbox,
          at,
        );
      case "enable a mailbox":
        return sql(
          "UPDATE mailboxes SET disabled_at = NULL, disabled_reason = NULL, rev = rev + 1 WHERE id = ?1",
          mailbox,
        );
      case "change a cap":
        return sql(
          "UPDATE mailboxes SET daily_cap = ?2, rev = rev + 1 WHERE id = ?1",
          mailbox,
          random.pick([1, 2, 5, 10, 50]),
        );
      case "move to another zone":
        return sql(
          "UPDATE contacts SET time_zone = ?2, updated_at = ?3 WHERE id = ?1",
          person,
          random.pick(zones),
          at,
        );
      case "end a task":
        return on(this.openTask("true"), (system, id) => this.endTask(system, id));
      case "snooze a task":
        return on(this.openTask("true"), (system, id) =>
          snooze(system, actor, id, at + random.int(1, 48) * hourMs),
        );
      case "approve a mail":
        return on(this.openTask("type = 'email_manual'"), (system, id) =>
          approveTaskEmail(system, actor, id, {
            subject: "Approved",
            body: "These very words {{ not.a.template }}",
          }),
        );
      case "settle": {
        const send = this.one<SendKey>(
          "SELECT enrollment_id AS enrollmentId, step_id AS stepId, cycle FROM sends WHERE state = 'uncertain'",
        );
        return on(send, (system, key) =>
          settleSend(system, actor, key, random.chance(0.7) === this.sim.wasAccepted(key)),
        );
      }
      case "enroll again":
        return (system) => enroll(system, actor, sequence, [{ contactId: person, dealId: null }], {});
      case "write back": {
        const mails = chosen
          ? sim.mailBox.filter(({ messageId }) => messageId.includes(`.${chosen.toString(36)}.`))
          : sim.mailBox;
        const mail = mails.length ? random.pick(mails) : null;
        if (mail) deliverLater(sim, random.weighted(letters), mail);
        return null;
      }
    }
  }

  private endTask(system: System, id: TaskId): Promise<unknown> {
    const { random } = this.sim;
    const outcome = random.weighted({ completed: 10, no_answer: 2, meeting_booked: 0.4 });
    return finishTask(system, this.actor, id, {
      status: random.chance(0.8) ? "done" : "skipped",
      outcome,
      note: null,
    });
  }

  /** Rather one that something is under way for. */
  private enrollmentWhere(where: string): EnrollmentId | undefined {
    const find = (more: string) =>
      this.one<{ id: EnrollmentId }>(`SELECT id FROM enrollments WHERE ${where} ${more}`)?.id;
    return (this.sim.random.chance(0.6) ? find(`AND id IN (${atWork})`) : undefined) ?? find("");
  }

  private contactOf(id: EnrollmentId): ContactId {
    return this.one<{ id: ContactId }>(`SELECT contact_id AS id FROM enrollments WHERE id = ${id}`)!.id;
  }

  private openTask(where: string): TaskId | undefined {
    return this.one<{ id: TaskId }>(
      `SELECT id FROM tasks WHERE status = 'open' AND purpose = 'step' AND ${where}`,
    )?.id;
  }

  private rows<Row>(sql: string): Row[] {
    return this.sim.shard.all<Row>(sql);
  }

  private one<Row>(sql: string): Row | undefined {
    const rows = this.rows<Row>(sql);
    return rows.length ? this.sim.random.pick(rows) : undefined;
  }
}
