/**
 * What must hold when all is quiet: nobody is stuck, no due mail is lost, nothing is half done, and every sum adds up.
 * Run after the last quiet turn, over the rows as they lie and what the invariants saw on the way.
 */
import { keyOf } from "./audit.ts";
import type { Simulation } from "./simulation.ts";

type EnrollmentRow = {
  id: number;
  status: string;
  reason: string | null;
  detail: string | null;
  wait_reason: string | null;
  steps: string;
  step_id: number;
};
type SendRow = { enrollment_id: number; step_id: number; cycle: number; state: string };

/** What the simulated world itself may do to a person: pass over the mail that a follow-up replies to. */
const ownFault = /no mail before to reply to/;

export function checkEnd(sim: Simulation): void {
  const { shard, invariants } = sim;
  const { statuses } = invariants;
  const rows = shard.all<EnrollmentRow>(
    "SELECT e.*, v.steps FROM enrollments e JOIN sequence_versions v ON v.id = e.version_id",
  );
  for (const row of rows) {
    if (row.status === "active")
      invariants.broken("nobody is stuck", `enrollment ${row.id} waits for ${row.wait_reason}`);
    if (statuses.has(row.id) && statuses.get(row.id) !== row.status) {
      invariants.broken(
        "the events fold to the status",
        `${row.id}: ${statuses.get(row.id)} ≠ ${row.status}`,
      );
    }
    if (row.reason === "parked" && !ownFault.test(row.detail ?? "")) {
      invariants.broken("only a broken row is parked", `enrollment ${row.id}: ${row.detail}`);
    }
    checkSteps(sim, row);
  }
  for (const send of shard.all<SendRow>("SELECT * FROM sends")) checkSend(sim, send);
  for (const twice of shard.all(
    "SELECT enrollment_id, step_id FROM sends WHERE state = 'sent' GROUP BY 1, 2 HAVING count(*) > 1",
  )) {
    invariants.broken("a step counts as sent once", JSON.stringify(twice));
  }
  checkSums(sim);
}

/** Every step it went past was done. */
function checkSteps({ shard, invariants }: Simulation, row: EnrollmentRow): void {
  const done = row.reason === "all_steps_done";
  for (const step of JSON.parse(row.steps) as { id: number; type: string }[]) {
    if (!done && step.id === row.step_id) return;
    if (invariants.skipped.has(`${row.id}.${step.id}`)) continue;
    const [found] = shard.all<{ sent: number; closed: number; tasks: number; cycles: number | null }>(
      `SELECT (SELECT count(*) FROM sends WHERE enrollment_id = ?1 AND step_id = ?2 AND state = 'sent') AS sent,
         count(*) AS tasks, coalesce(sum(status <> 'open'), 0) AS closed, max(cycle) AS cycles
       FROM tasks WHERE enrollment_id = ?1 AND step_id = ?2 AND purpose = 'step'`,
      row.id,
      step.id,
    );
    if (step.type === "email_auto" && !found!.sent)
      invariants.broken("no due mail is lost", `enrollment ${row.id} went past step ${step.id}`);
    // A mail by hand that did not arrive is asked for again, as a new cycle.
    if (step.type !== "email_auto" && (found!.tasks !== found!.cycles || found!.closed !== found!.tasks)) {
      invariants.broken("one task per manual step", `enrollment ${row.id} step ${step.id}: ${found!.tasks}`);
    }
  }
}

function checkSend({ invariants }: Simulation, send: SendRow): void {
  const key = keyOf(send.enrollment_id, send.step_id, send.cycle);
  const { accepted, settledByPerson } = invariants.historyOf(key);
  const count = (type: string) =>
    invariants.counted.get(`${type} ${send.enrollment_id}.${send.step_id}`) ?? 0;
  switch (send.state) {
    case "queued":
    case "claimed":
    case "sending":
      invariants.broken("nothing is left half done", `${key} is ${send.state}`);
      return;
    case "sent":
      if (accepted !== 1 && !settledByPerson)
        invariants.broken("what counts as sent was accepted", `${key}: ${accepted}`);
      if (!settledByPerson && count("send.sent") !== 1)
        invariants.broken("one send.sent a sent mail", `${key}: ${count("send.sent")}`);
      return;
    case "failed":
    case "canceled":
      if (accepted && !settledByPerson)
        invariants.broken("an accepted mail is never taken for unsent", `${key} is ${send.state}`);
  }
}

function checkSums({ shard, invariants }: Simulation): void {
  const one = (sql: string) => shard.all<{ n: number }>(sql)[0]!.n;
  const live = invariants.ledger.total;
  const used = one("SELECT coalesce(sum(used), 0) AS n FROM mailbox_usage");
  if (used !== live) invariants.broken("usage counts exactly what may have left", `${used} ≠ ${live}`);
  const rolled = (column: string) => one(`SELECT coalesce(sum(${column}), 0) AS n FROM step_rollups`);
  for (const [column, truth] of [
    ["sent", "sends WHERE state = 'sent'"],
    ["failed", "events WHERE type = 'send.failed'"],
    ["tasks_done", "tasks WHERE purpose = 'step' AND status = 'done'"],
  ] as const) {
    const [sum, counted] = [rolled(column), one(`SELECT count(*) AS n FROM ${truth}`)];
    if (sum !== counted) invariants.broken("the numbers per step add up", `${column}: ${sum} ≠ ${counted}`);
  }
}
