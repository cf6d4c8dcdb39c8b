/** The shortest way through the whole engine: if this fails, look here first. */
import { beforeEach, expect, test } from "vitest";
import { runEngine, runTick } from "../../src/run.ts";
import { createWorkspace, dayMs } from "../world.ts";
import {
  after,
  calm,
  email,
  enrollmentOf,
  eventsOf,
  runThrough,
  sendsOf,
  stage,
  subjectOf,
} from "./stage.ts";

beforeEach(calm);

test("a person gets the mail of each step, in one thread, and is done", async () => {
  const here = await stage({
    steps: [email(), email({ delay: after(2, "days"), subject: null, body: "Did you see it?" })],
  });
  const { system } = here;
  const [id] = here.ids;
  await runEngine(system);
  expect(system.delivered.map(({ mime }) => subjectOf(mime))).toEqual(["Hello Dana"]);
  expect(await enrollmentOf(system, id!)).toMatchObject({ status: "active", waitReason: "delay", stepId: 2 });
  await runThrough(system, system.clock.at + 5 * dayMs);
  expect(system.delivered.map(({ mime }) => subjectOf(mime))).toEqual(["Hello Dana", "Re: Hello Dana"]);
  const [one, two] = await sendsOf(system, id!);
  expect(two!.sentAt! - one!.sentAt!).toBe(2 * dayMs);
  expect(await enrollmentOf(system, id!)).toMatchObject({
    status: "completed",
    reason: "all_steps_done",
    wakeAt: null,
  });
  expect(await eventsOf(system, id!)).toEqual([
    "enrollment.created",
    "send.queued",
    "send.sent",
    "send.queued",
    "send.sent",
    "enrollment.completed",
  ]);
  expect(system.errors).toEqual([]);
});

test("what happened is counted per step as it happens", async () => {
  const here = await stage({ people: 3 });
  await runEngine(here.system);
  const { results } = await here.system.db
    .prepare("SELECT step_id, sent, failed, uncertain FROM step_rollups WHERE sequence_id = ?1")
    .bind(here.sequenceId)
    .all();
  expect(results).toEqual([{ step_id: 1, sent: 3, failed: 0, uncertain: 0 }]);
});

test("a tick wakes the delivery, also for mails whose wake-up was lost", async () => {
  const here = await stage();
  await runTick(here.system);
  expect(here.system.woken).toEqual([{ kind: "deliver", shard: 0 }]);
  await runTick(here.system);
  expect(here.system.woken).toHaveLength(2);
  await runEngine(here.system);
  await runTick(here.system);
  expect(here.system.woken).toHaveLength(2);
});

test("an engine with nothing to do touches nobody", async () => {
  const { testSystem } = await import("../world.ts");
  const system = testSystem();
  await createWorkspace(system);
  expect(await runEngine(system)).toMatchObject({
    tick: { claimed: 0, drained: true },
    deliver: { sent: 0 },
    recover: { released: 0 },
  });
});
