import { expect, test } from "vitest";
import { runEngine } from "../../src/run.ts";
import { dayMs, minuteMs } from "../world.ts";
import { after, email, enrollmentOf, eventsOf, runThrough, sendsOf, stage, subjectOf } from "./stage.ts";

test("a person gets the mail of each step, in one thread, and is done", async () => {
  const {
    system,
    ids: [id],
  } = await stage({
    steps: [email(), email({ delay: after(2, "days"), subject: null, body: "Did you see it?" })],
  });
  console.log(await runEngine(system), system.errors);
  console.log(await enrollmentOf(system, id!), await sendsOf(system, id!));
  expect(system.delivered.map(({ mime }) => subjectOf(mime))).toEqual(["Hello Dana"]);
  const first = system.clock.at;
  await runThrough(system, first + 5 * dayMs);
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
  void minuteMs;
});
