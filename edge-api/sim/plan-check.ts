/** Executed = planned, to the minute: for people nobody touched, on mailboxes with room, when nothing fails. */

import { listEnrollmentsById } from "../src/db/enrollment-rows.ts";
import { loadFacts } from "../src/db/facts.ts";
import type { EnrollmentId } from "../src/domain/ids.ts";
import { type PlannedTouch, plan } from "../src/domain/plan.ts";
import type { Simulation } from "./simulation.ts";
import { d1Of } from "./sqlite-d1.ts";

const minuteMs = 60_000;

export async function checkPlan(sim: Simulation): Promise<void> {
  sim.people.enrollSome();
  await sim.scheduler.run(sim.scheduler.now + 5_000);
  const planned = await plansOf(sim);
  await sim.run({ enrolled: true });
  const [unfinished] = sim.shard.all(
    "SELECT id, status, detail FROM enrollments WHERE reason IS NOT 'all_steps_done'",
  );
  if (unfinished) sim.invariants.broken("who is left alone gets to the end", JSON.stringify(unfinished));
  for (const [id, touches] of planned) {
    const done = sim.shard.all<{ sent_at: number | null }>(
      "SELECT sent_at FROM sends WHERE enrollment_id = ?1 ORDER BY step_id",
      id,
    );
    const [plan, run] = [
      touches.map(({ at }) => at),
      done.map(({ sent_at: at }) => at && Math.floor(at / minuteMs) * minuteMs),
    ];
    if (JSON.stringify(plan) !== JSON.stringify(run)) {
      const show = (list: (number | null)[]) =>
        list.map((at) => at && new Date(at).toISOString().slice(0, 16)).join(" ");
      sim.invariants.broken(
        "executed = planned, to the minute",
        `enrollment ${id}: ${show(plan)} ≠ ${show(run)}`,
      );
    }
  }
}

async function plansOf(sim: Simulation): Promise<Map<EnrollmentId, PlannedTouch[]>> {
  const { now } = sim.scheduler;
  const db = d1Of(sim.shard, async (_queries, effect) => effect());
  const ids = sim.shard.all<{ id: EnrollmentId }>("SELECT id FROM enrollments").map(({ id }) => id);
  const { facts } = await loadFacts(
    {
      db,
      now,
      erasedKeyOf: () => "",
      messageIdOf: () => "<x@y>",
      unsubscribeUrl: () => "https://cadenza.test/u/x",
    },
    await listEnrollmentsById(db, ids),
  );
  return new Map([...facts].map(([id, known]) => [id, plan(known, now)]));
}
