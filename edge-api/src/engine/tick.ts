/**
 * The tick: claim what is due, load facts, decide, commit, wake the delivery; again until nothing is due. Called by
 * the cron, by the queue and by hand, any number of times at once. It never touches a wire.
 */
import { type Decision, decision, eventOf } from "../domain/decision.ts";
import { threaded } from "../domain/delivery.ts";
import { cancel, complete, type Enrollment, pause } from "../domain/enrollment.ts";
import type { Facts } from "../domain/facts.ts";
import type { EnrollmentId } from "../domain/ids.ts";
import {
  advanced,
  decideNextStep,
  frozenRemaining,
  type NextStep,
  thawedDueAt,
  watchdogMs,
} from "../domain/next-step.ts";
import { isConstraint } from "./refused.ts";

export interface TickDeps {
  now(): number;
  wallNow(): number;
  newToken(): string;
  claimDue(claim: {
    token: string;
    now: number;
    wallNow: number;
    leaseMs: number;
    limit: number;
  }): Promise<Enrollment[]>;
  loadFacts(
    rows: Enrollment[],
  ): Promise<{ facts: Map<EnrollmentId, Facts>; broken: Map<EnrollmentId, string> }>;
  commit(decisions: Decision[]): Promise<Set<EnrollmentId>>;
  wakeDelivery(): Promise<void>;
  logError(message: string, error: unknown): void;
}

export type TickLimits = { chunk: number; leaseMs: number; budgetMs: number };

/** 500 rows a cycle is where set-based SQL stops getting cheaper; a lease outlives any chunk many times over. */
export const tickLimits: TickLimits = { chunk: 500, leaseMs: 60_000, budgetMs: 20_000 };

export type TickReport = {
  claimed: number;
  sends: number;
  tasks: number;
  waits: number;
  finished: number;
  paused: number;
  /** Overtaken between claim and commit: somebody else's change stands, ours is left out. */
  overtaken: number;
  /** False when the budget ended the tick while there was more to do. */
  drained: boolean;
};

export async function tick(deps: TickDeps, limits: TickLimits = tickLimits): Promise<TickReport> {
  const report: TickReport = {
    claimed: 0,
    sends: 0,
    tasks: 0,
    waits: 0,
    finished: 0,
    paused: 0,
    overtaken: 0,
    drained: true,
  };
  const startedAt = deps.wallNow();
  for (;;) {
    const token = deps.newToken();
    const rows = await deps.claimDue({
      token,
      now: deps.now(),
      wallNow: deps.wallNow(),
      leaseMs: limits.leaseMs,
      limit: limits.chunk,
    });
    if (!rows.length) break;
    const decisions = decideChunk(await deps.loadFacts(rows), rows, deps.now()).map((made) =>
      underLease(made, token),
    );
    const landed = await commitOrPark(deps, decisions, rows, token);
    count(
      report,
      rows.length,
      decisions.filter(({ enrollmentId }) => landed.has(enrollmentId)),
    );
    if (rows.length < limits.chunk) break;
    if (deps.wallNow() - startedAt > limits.budgetMs) {
      report.drained = false;
      break;
    }
  }
  if (report.sends) await deps.wakeDelivery();
  return report;
}

function decideChunk(
  { facts, broken }: Awaited<ReturnType<TickDeps["loadFacts"]>>,
  rows: Enrollment[],
  now: number,
): Decision[] {
  return rows.flatMap((row) => {
    // Nothing but a person sets those going again: it leaves the queue.
    if (row.status !== "active") return [decision(row, { ...row, wakeAt: null }, {})];
    try {
      const known = facts.get(row.id);
      return [known ? decide(known, now) : park(row, broken.get(row.id) ?? "Its data is missing.", now)];
    } catch (error) {
      return [park(row, error instanceof Error ? error.message : String(error), now)];
    }
  });
}

/** What the next step means for the rows. */
export function decide(facts: Facts, now: number): Decision {
  const { enrollment } = facts;
  const by = { actor: "engine", at: now };
  const next = decideNextStep(facts, now);
  switch (next.kind) {
    case "finish":
      return orThrow(complete(enrollment, { reason: next.reason }, by));
    case "cancel":
      return orThrow(cancel(enrollment, { reason: next.reason }, by));
    case "pause":
      return orThrow(pause(enrollment, { reason: next.reason, detail: next.detail }, by));
    case "wait":
      return decision(enrollment, waiting(enrollment, next, now), {});
    case "advance": {
      const standing = advanced(threaded(facts), next.executedAt);
      return standing
        ? decision(enrollment, standing, {})
        : orThrow(complete(enrollment, { reason: "all_steps_done" }, by));
    }
    case "send":
      return decision(
        enrollment,
        {
          ...enrollment,
          dueAt: now,
          remainingMs: null,
          waitReason: "send_in_flight",
          wakeAt: now + watchdogMs,
        },
        {
          sends: [
            {
              enrollmentId: enrollment.id,
              stepId: enrollment.stepId,
              cycle: enrollment.cycle,
              workspaceId: enrollment.workspaceId,
              sequenceId: enrollment.sequenceId,
              versionId: enrollment.versionId,
              contactId: enrollment.contactId,
              mailboxId: facts.mailbox!.id,
              epoch: enrollment.epoch,
              dueAt: now,
              notAfter: next.notAfter,
              snapshot: next.snapshot,
              contentHash: next.hash,
            },
          ],
          events: [eventOf(enrollment, "send.queued", by, { subject: next.content.subject })],
        },
      );
    case "task": {
      // Asked before, and what was approved then was taken back: a key of its own, as the old task's is used up.
      const cycle = facts.task ? enrollment.cycle + 1 : enrollment.cycle;
      return decision(
        enrollment,
        {
          ...enrollment,
          cycle,
          dueAt: now,
          remainingMs: null,
          waitReason: "task_open",
          wakeAt: now + watchdogMs,
        },
        {
          tasks: [
            {
              workspaceId: enrollment.workspaceId,
              enrollmentId: enrollment.id,
              stepId: enrollment.stepId,
              cycle,
              sequenceId: enrollment.sequenceId,
              versionId: enrollment.versionId,
              contactId: enrollment.contactId,
              ownerId: enrollment.ownerId,
              type: next.step.type,
              kind: next.step.type === "task" ? next.step.kind : null,
              purpose: "step",
              ...next.task,
              dueAt: now,
            },
          ],
          events: [eventOf(enrollment, "task.created", by, { type: next.step.type, title: next.task.title })],
        },
      );
    }
  }
}

function waiting(enrollment: Enrollment, next: Extract<NextStep, { kind: "wait" }>, now: number): Enrollment {
  if (next.frozenSince === null) {
    // A timer that stood still runs again: fixed here, or each later look would thaw it anew.
    return {
      ...enrollment,
      dueAt: thawedDueAt(enrollment, now),
      remainingMs: null,
      waitReason: next.reason,
      wakeAt: next.until,
    };
  }
  const remainingMs = frozenRemaining(enrollment, next.frozenSince);
  return { ...enrollment, waitReason: next.reason, wakeAt: next.until, remainingMs };
}

function park(enrollment: Enrollment, detail: string, now: number): Decision {
  return orThrow(pause(enrollment, { reason: "parked", detail }, { actor: "engine", at: now }));
}

function orThrow(change: ReturnType<typeof pause>): Decision {
  if (change.ok) return change.decision;
  throw new Error(`the enrollment refused: ${change.reason}`);
}

const underLease = (made: Decision, token: string): Decision =>
  made.guard === "send" ? made : { ...made, guard: { ...made.guard, lease: token } };

/** A row the database itself refuses is found by halving and parked; the others land. Anything else ends the tick. */
async function commitOrPark(
  deps: TickDeps,
  decisions: Decision[],
  rows: Enrollment[],
  token: string,
): Promise<Set<EnrollmentId>> {
  try {
    return await deps.commit(decisions);
  } catch (error) {
    if (!isConstraint(error)) throw error;
    if (decisions.length === 1) {
      deps.logError("a decision was refused by the database and its enrollment parked", error);
      const row = rows.find(({ id }) => id === decisions[0]!.enrollmentId)!;
      await deps.commit([underLease(park(row, String(error), deps.now()), token)]);
      return new Set();
    }
    const middle = Math.ceil(decisions.length / 2);
    const first = await commitOrPark(deps, decisions.slice(0, middle), rows, token);
    const second = await commitOrPark(deps, decisions.slice(middle), rows, token);
    return new Set([...first, ...second]);
  }
}

function count(report: TickReport, claimed: number, landed: Decision[]): void {
  report.claimed += claimed;
  report.overtaken += claimed - landed.length;
  for (const { next, sends, tasks } of landed) {
    report.sends += sends.length;
    report.tasks += tasks.length;
    if (next?.status === "paused") report.paused++;
    else if (next?.status === "completed" || next?.status === "canceled") report.finished++;
    else if (!sends.length && !tasks.length) report.waits++;
  }
}
