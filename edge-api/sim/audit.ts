/**
 * Every change of a send, an enrollment and the event log, in the order of the commits: written by triggers inside the
 * transaction itself, so nothing the engine does can go unseen, and dropped with it when it is rolled back.
 */
import type { Query, Shard } from "./sqlite-d1.ts";

export type SendRow = {
  key: string;
  enrollmentId: number;
  stepId: number;
  cycle: number;
  mailboxId: number;
  from: string | null;
  to: string;
  attemptBefore: number;
  attempt: number;
};
export type EnrollmentRow = {
  id: number;
  from: string | null;
  to: string;
  reason: string | null;
  waitReason: string | null;
  wakeAt: number | null;
  stepBefore: number | null;
  stepId: number;
  cycle: number;
};
export type EventRow = {
  type: string;
  enrollmentId: number | null;
  stepId: number | null;
  contactId: number;
  id: number;
};

export type Commit = {
  seq: number;
  queries: Query[];
  sends: SendRow[];
  enrollments: EnrollmentRow[];
  events: EventRow[];
};

export const keyOf = (enrollmentId: number, stepId: number, cycle: number): string =>
  `${enrollmentId}.${stepId}.${cycle}`;

/** Calls `onCommit` after each transaction that changed something, before anybody else can write. */
export function watch(shard: Shard, onCommit: (commit: Commit) => void): void {
  const empty = (): Commit => ({ seq: 0, queries: [], sends: [], enrollments: [], events: [] });
  let open = empty();
  let seq = 0;
  const note = (name: string, record: (...values: never[]) => void) =>
    shard.sqlite.function(name, { varargs: true }, (...values: unknown[]) => {
      record(...(values as never[]));
      return null;
    });

  note(
    "note_send",
    (
      enrollmentId: number,
      stepId: number,
      cycle: number,
      mailboxId: number,
      from: string | null,
      to: string,
      attemptBefore: number,
      attempt: number,
    ) => {
      const key = keyOf(enrollmentId, stepId, cycle);
      open.sends.push({ key, enrollmentId, stepId, cycle, mailboxId, from, to, attemptBefore, attempt });
    },
  );
  note(
    "note_enrollment",
    (
      id: number,
      from: string | null,
      to: string,
      reason: string | null,
      waitReason: string | null,
      wakeAt: number | null,
      stepBefore: number | null,
      stepId: number,
      cycle: number,
    ) => {
      open.enrollments.push({ id, from, to, reason, waitReason, wakeAt, stepBefore, stepId, cycle });
    },
  );
  note(
    "note_event",
    (type: string, enrollmentId: number | null, stepId: number | null, contactId: number, id: number) => {
      open.events.push({ type, enrollmentId, stepId, contactId, id });
    },
  );

  const send = "NEW.enrollment_id, NEW.step_id, NEW.cycle, NEW.mailbox_id";
  const enrollment = "NEW.status, NEW.reason, NEW.wait_reason, NEW.wake_at";
  shard.sqlite.exec(`
    CREATE TEMP TRIGGER sends_in AFTER INSERT ON sends
      BEGIN SELECT note_send(${send}, NULL, NEW.state, 0, NEW.attempt); END;
    CREATE TEMP TRIGGER sends_up AFTER UPDATE ON sends WHEN OLD.state <> NEW.state OR OLD.attempt <> NEW.attempt
      BEGIN SELECT note_send(${send}, OLD.state, NEW.state, OLD.attempt, NEW.attempt); END;
    CREATE TEMP TRIGGER enrollments_in AFTER INSERT ON enrollments
      BEGIN SELECT note_enrollment(NEW.id, NULL, ${enrollment}, NULL, NEW.step_id, NEW.cycle); END;
    CREATE TEMP TRIGGER enrollments_up AFTER UPDATE OF status, wait_reason, wake_at, step_id, cycle ON enrollments
      BEGIN SELECT note_enrollment(NEW.id, OLD.status, ${enrollment}, OLD.step_id, NEW.step_id, NEW.cycle); END;
    CREATE TEMP TRIGGER events_in AFTER INSERT ON events
      BEGIN SELECT note_event(NEW.type, NEW.enrollment_id, NEW.step_id, NEW.contact_id, NEW.id); END;
    CREATE TEMP TRIGGER events_up AFTER UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;`);

  shard.onRollback = () => {
    open = empty();
  };
  shard.onCommit = (queries) => {
    if (!open.sends.length && !open.enrollments.length && !open.events.length) return;
    const done = { ...open, seq: ++seq, queries };
    open = empty();
    onCommit(done);
  };
}
