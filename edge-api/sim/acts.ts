/**
 * Everything a person in the simulated world may do, each as one request to the shipped commands: whom it is done to is
 * picked here, when and how often it is done is up to people.ts.
 */
import { enroll } from "../src/commands/enrolling.ts";
import {
  cancelEnrollment,
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
import type { ContactId, EnrollmentId, SendKey, SequenceId, TaskId } from "../src/domain/ids.ts";
import type { System } from "../src/domain/system.ts";
import { deliverLater, letters } from "./letters.ts";
import type { Simulation } from "./simulation.ts";
import { zones } from "./world.ts";

export type Act = (system: System) => Promise<unknown>;

/** Who does it, and on what: picked anew for each act, so that every act draws the same number of chances. */
type Scene = {
  sim: Simulation;
  actor: Actor;
  /** The enrollment that is raced, where one is. */
  chosen: EnrollmentId | undefined;
  person: ContactId;
  sequence: SequenceId;
  mailbox: number;
  at: number;
};

const hourMs = 3_600_000;

const acts = {
  pause: (scene) =>
    on(enrollmentIn(scene, "status = 'active'"), (system, id) =>
      pauseEnrollment(system, scene.actor, id, null),
    ),
  resume: (scene) =>
    on(enrollmentIn(scene, "status = 'paused'"), (system, id) => resumeEnrollment(system, scene.actor, id)),
  cancel: (scene) =>
    on(enrollmentIn(scene, "status IN ('active', 'paused')"), (system, id) =>
      cancelEnrollment(system, scene.actor, id, null),
    ),
  reopen: (scene) =>
    on(enrollmentIn(scene, "status IN ('completed', 'canceled')"), (system, id) =>
      reopenEnrollment(system, scene.actor, id),
    ),
  skip: (scene) =>
    on(enrollmentIn(scene, "status IN ('active', 'paused')"), (system, id) =>
      skipStep(system, scene.actor, id),
    ),
  hold: ({ sim, actor, person, at }) => {
    const untilAt = at + sim.random.int(1, 72) * hourMs;
    return (system) => hold(system, actor, person, { kind: "manual", untilAt, note: null });
  },
  release: ({ sim, actor }) =>
    on(oneOf<{ id: ContactId }>(sim, "SELECT contact_id AS id FROM holds")?.id, (system, id) =>
      release(system, actor, id),
    ),
  suppress:
    ({ actor, person }) =>
    ({ db, now, nextEventId }) =>
      suppressContact({ db, now: now(), nextEventId }, actor.workspaceId, person, "manual", actor.name),
  unsuppress: ({ sim }) =>
    sql("DELETE FROM suppressions WHERE value = ?1", sim.random.pick(sim.world.contacts).email),
  "pause a sequence":
    ({ actor, sequence }) =>
    (system) =>
      pauseSequence(system, actor, sequence),
  "resume a sequence":
    ({ actor, sequence }) =>
    (system) =>
      resumeSequence(system, actor, sequence),
  "archive a sequence":
    ({ actor, sequence }) =>
    (system) =>
      archiveSequence(system, actor, sequence),
  "stop all sending": ({ sim, at }) =>
    sim.random.chance(0.5)
      ? sql("UPDATE workspaces SET sending_stopped_at = ?1", at)
      : sql(
          "INSERT INTO shard_state (id, sending_stopped_at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET sending_stopped_at = ?1",
          at,
        ),
  "start all sending": ({ sim }) =>
    sim.random.chance(0.5)
      ? sql("UPDATE workspaces SET sending_stopped_at = NULL")
      : sql("UPDATE shard_state SET sending_stopped_at = NULL"),
  "disable a mailbox": ({ mailbox, at }) =>
    sql(
      "UPDATE mailboxes SET disabled_at = ?2, disabled_reason = 'by hand', rev = rev + 1 WHERE id = ?1",
      mailbox,
      at,
    ),
  "enable a mailbox": ({ mailbox }) =>
    sql(
      "UPDATE mailboxes SET disabled_at = NULL, disabled_reason = NULL, rev = rev + 1 WHERE id = ?1",
      mailbox,
    ),
  "change a cap": ({ sim, mailbox }) =>
    sql(
      "UPDATE mailboxes SET daily_cap = ?2, rev = rev + 1 WHERE id = ?1",
      mailbox,
      sim.random.pick([1, 2, 5, 10, 50]),
    ),
  "move to another zone": ({ sim, person, at }) =>
    sql(
      "UPDATE contacts SET time_zone = ?2, updated_at = ?3 WHERE id = ?1",
      person,
      sim.random.pick(zones),
      at,
    ),
  "end a task": ({ sim, actor }) =>
    on(openTask(sim, "true"), (system, id) => endTask(sim, actor, system, id)),
  "snooze a task": ({ sim, actor, at }) =>
    on(openTask(sim, "true"), (system, id) => snooze(system, actor, id, at + sim.random.int(1, 48) * hourMs)),
  "approve a mail": ({ sim, actor }) =>
    on(openTask(sim, "type = 'email_manual'"), (system, id) =>
      approveTaskEmail(system, actor, id, {
        subject: "Approved",
        body: "These very words {{ not.a.template }}",
      }),
    ),
  settle: ({ sim, actor }) => {
    const send = oneOf<SendKey>(
      sim,
      "SELECT enrollment_id AS enrollmentId, step_id AS stepId, cycle FROM sends WHERE state = 'uncertain'",
    );
    return on(send, (system, key) =>
      settleSend(system, actor, key, sim.random.chance(0.7) === sim.wasAccepted(key)),
    );
  },
  "enroll again":
    ({ actor, sequence, person }) =>
    (system) =>
      enroll(system, actor, sequence, [{ contactId: person, dealId: null }], { again: true }),
  "write back": ({ sim, chosen }) => {
    const mails = chosen
      ? sim.mailBox.filter(({ messageId }) => messageId.includes(`.${chosen.toString(36)}.`))
      : sim.mailBox;
    const mail = mails.length ? sim.random.pick(mails) : null;
    if (mail) deliverLater(sim, sim.random.weighted(letters), mail);
    return null;
  },
} satisfies Record<string, (scene: Scene) => Act | null>;

export type Habit = keyof typeof acts;

/** @returns the request, or null where there is nobody to do it to. */
export function actOf(
  habit: Habit,
  sim: Simulation,
  actor: Actor,
  chosen: EnrollmentId | undefined,
): Act | null {
  const { random, world } = sim;
  return acts[habit]({
    sim,
    actor,
    chosen,
    person: chosen ? contactOf(sim, chosen) : (random.pick(world.contacts).id as ContactId),
    sequence: random.pick(world.sequences).id as SequenceId,
    mailbox: random.pick(world.mailboxes).id,
    at: sim.scheduler.now,
  });
}

export function endTask(sim: Simulation, actor: Actor, system: System, id: TaskId): Promise<unknown> {
  const { random } = sim;
  const outcome = random.weighted({ sent_elsewhere: 10, no_answer: 2, meeting_booked: 0.4 });
  return finishTask(system, actor, id, {
    status: random.chance(0.8) ? "done" : "skipped",
    outcome,
    note: null,
  });
}

const on = <Id>(id: Id | undefined, act: (system: System, id: Id) => Promise<unknown>): Act | null =>
  id === undefined ? null : (system) => act(system, id);

const sql =
  (text: string, ...params: unknown[]): Act =>
  ({ db }) =>
    db
      .prepare(text)
      .bind(...params)
      .run();

/** Where a race is to be had: a mail under way, a lease taken. */
const atWork = `SELECT enrollment_id FROM sends WHERE state IN ('queued', 'claimed', 'sending', 'uncertain')
  UNION ALL SELECT id FROM enrollments WHERE lease_token IS NOT NULL`;

/** The chosen one; else rather one that something is under way for. */
function enrollmentIn({ sim, chosen }: Scene, where: string): EnrollmentId | undefined {
  if (chosen) return chosen;
  const find = (more: string) =>
    oneOf<{ id: EnrollmentId }>(sim, `SELECT id FROM enrollments WHERE ${where} ${more}`)?.id;
  return (sim.random.chance(0.6) ? find(`AND id IN (${atWork})`) : undefined) ?? find("");
}

const contactOf = (sim: Simulation, id: EnrollmentId): ContactId =>
  oneOf<{ id: ContactId }>(sim, `SELECT contact_id AS id FROM enrollments WHERE id = ${id}`)!.id;

const openTask = (sim: Simulation, where: string): TaskId | undefined =>
  oneOf<{ id: TaskId }>(sim, `SELECT id FROM tasks WHERE status = 'open' AND purpose = 'step' AND ${where}`)
    ?.id;

function oneOf<Row>(sim: Simulation, text: string): Row | undefined {
  const rows = sim.shard.all<Row>(text);
  return rows.length ? sim.random.pick(rows) : undefined;
}
