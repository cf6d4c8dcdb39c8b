/** One bad row parks itself with a reason; it never stops the others, and repaired it goes on. */
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resumeEnrollment } from "../../src/commands/enrollments.ts";
import { runEngine } from "../../src/run.ts";
import { dayMs, hourMs, minuteMs } from "../world.ts";
import {
  acceptedOnce,
  after,
  calm,
  delivered,
  email,
  enrollmentOf,
  eventsOf,
  runThrough,
  type Stage,
  sendsOf,
  stage,
  statesOf,
  ticked,
} from "./stage.ts";

beforeEach(calm);
afterEach(() => env.DB.prepare("DROP TRIGGER IF EXISTS poison").run());

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
const parked = async (here: Stage, detail: RegExp, n = 0) =>
  expect(await enrollmentOf(here.system, here.ids[n]!)).toMatchObject({
    status: "paused",
    reason: "parked",
    detail: expect.stringMatching(detail),
    wakeAt: null,
  });

test("custom fields that are no JSON park that person, and repaired they go on", async () => {
  const here = await stage({ people: 4 });
  await run("UPDATE contacts SET custom = '{broken' WHERE id = ?1", here.contactIds[0]!);
  await runEngine(here.system);
  await parked(here, /custom fields cannot be read/);
  expect(here.system.delivered).toHaveLength(3);
  await run("UPDATE contacts SET custom = '{}' WHERE id = ?1", here.contactIds[0]!);
  await resumeEnrollment(here.system, here.actor, here.ids[0]!);
  await runEngine(here.system);
  expect([...acceptedOnce(here.system).values()]).toEqual([1, 1, 1, 1]);
});

test("broken while the mail is already queued: never sent, parked when the tick looks, the others unharmed", async () => {
  const here = await stage({ people: 4 });
  await ticked(here.system);
  await run("UPDATE contacts SET custom = '[1]' WHERE id = ?1", here.contactIds[0]!);
  await delivered(here.system);
  expect(here.system.delivered).toHaveLength(3);
  await runThrough(here.system, here.system.clock.at + 2 * hourMs);
  await parked(here, /custom fields cannot be read/);
  expect(await statesOf(here.system, here.ids)).toEqual({ sent: 3, canceled: 1 });
});

test.each([
  [
    "a template that does not parse",
    `'[{"id":1,"type":"email_auto","name":"x","delay":{"amount":0,"unit":"minutes"},"subject":"s","body":"{% if %}"}]'`,
    /./,
  ],
  ["steps that are no JSON", `'{nope'`, /./],
  [
    "a filter nobody knows",
    `'[{"id":1,"type":"email_auto","name":"x","delay":{"amount":0,"unit":"minutes"},"subject":"s","body":"{{ contact.first_name | nope }}"}]'`,
    /nope/,
  ],
])("a version with %s parks its own people", async (_what, steps, why) => {
  const here = await stage({ people: 2 });
  const beside = await stage({ people: 3 });
  await run(`UPDATE sequence_versions SET steps = ${steps} WHERE sequence_id = ?1`, here.sequenceId);
  // Another handle on the same database, as another isolate has: it has read no version yet.
  const db = {
    prepare: (text: string) => env.DB.prepare(text),
    batch: (list: D1PreparedStatement[]) => env.DB.batch(list),
  };
  await runEngine({ ...beside.system, db: db as D1Database });
  await parked(here, why, 0);
  await parked(here, why, 1);
  expect(beside.system.delivered).toHaveLength(3);
});

test("a time zone nobody knows parks that person, before the tick and with the mail queued", async () => {
  const here = await stage({ people: 3, steps: [email(), email({ delay: after(1, "days") })] });
  await run("UPDATE contacts SET time_zone = 'Mars/Phobos' WHERE id = ?1", here.contactIds[0]!);
  await ticked(here.system);
  await parked(here, /time ?zone/i, 0);
  await run("UPDATE contacts SET time_zone = 'Mars/Phobos' WHERE id = ?1", here.contactIds[1]!);
  await delivered(here.system);
  await parked(here, /time ?zone/i, 1);
  expect(here.system.delivered).toHaveLength(1);
  expect(await statesOf(here.system, here.ids)).toEqual({ canceled: 1, sent: 1 });
});

test("a schedule that cannot be read parks who needs it", async () => {
  const here = await stage({ people: 2 });
  const beside = await stage({ people: 2 });
  await run("UPDATE schedules SET windows = '{' WHERE workspace_id = ?1", here.workspaceId);
  await runEngine(beside.system);
  await parked(here, /./, 0);
  expect(beside.system.delivered).toHaveLength(2);
});

test("a snapshot that cannot be read is not sent, and the mail is made anew when the person is resumed", async () => {
  const here = await stage({ people: 3 });
  await ticked(here.system);
  await run("UPDATE sends SET snapshot = '{' WHERE enrollment_id = ?1", here.ids[0]!);
  await delivered(here.system);
  await parked(here, /./, 0);
  expect(here.system.delivered).toHaveLength(2);
  await resumeEnrollment(here.system, here.actor, here.ids[0]!);
  await runEngine(here.system);
  expect([...acceptedOnce(here.system).values()]).toEqual([1, 1, 1]);
});

test("a thread that cannot be read does not keep a tick from everybody else", async () => {
  const here = await stage({ people: 3 });
  await run("UPDATE enrollments SET thread_references = '[' WHERE id = ?1", here.ids[0]!);
  await runEngine(here.system);
  expect(here.system.delivered.length).toBeGreaterThanOrEqual(2);
  expect(await statesOf(here.system, here.ids.slice(1))).toEqual({ sent: 2 });
});

test("content that no longer renders as it was fixed is not sent: a person looks first", async () => {
  const here = await stage({ people: 2 });
  await ticked(here.system);
  await run("UPDATE sends SET content_hash = 'another' WHERE enrollment_id = ?1", here.ids[0]!);
  await delivered(here.system);
  await parked(here, /no longer renders/);
  expect(here.system.delivered).toHaveLength(1);
});

test("a variable that is missing pauses that person and names it", async () => {
  const here = await stage({ people: 2, contact: (n) => (n ? {} : { firstName: null }) });
  await runEngine(here.system);
  expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
    status: "paused",
    reason: "missing_variable",
    detail: "contact.first_name",
  });
  expect(here.system.delivered).toHaveLength(1);
});

test("a row the database refuses parks alone: no event, no send of it, everything of the others", async () => {
  const here = await stage({ people: 9 });
  await env.DB.prepare(
    `CREATE TRIGGER poison BEFORE INSERT ON sends WHEN NEW.enrollment_id = ${here.ids[4]}
     BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: poison'); END`,
  ).run();
  const report = await ticked(here.system);
  expect(report).toMatchObject({ claimed: 9, sends: 8 });
  await parked(here, /constraint failed/, 4);
  expect(await eventsOf(here.system, here.ids[4]!)).toEqual(["enrollment.created", "enrollment.paused"]);
  expect(await statesOf(here.system, here.ids)).toEqual({ queued: 8 });
});

test("an outcome the database refuses is left to the resolver; the outcomes beside it are recorded", async () => {
  const here = await stage({ people: 5 });
  await ticked(here.system);
  await env.DB.prepare(
    `CREATE TRIGGER poison BEFORE INSERT ON events WHEN NEW.enrollment_id = ${here.ids[2]} AND NEW.type = 'send.sent'
     BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: poison'); END`,
  ).run();
  await delivered(here.system);
  expect(here.system.delivered).toHaveLength(5);
  expect(await statesOf(here.system, here.ids)).toEqual({ sent: 4, sending: 1 });
  here.system.clock.advance(25 * minuteMs);
  await runEngine(here.system);
  expect(await sendsOf(here.system, here.ids[2]!)).toMatchObject([{ state: "uncertain" }]);
  await runThrough(here.system, here.system.clock.at + dayMs);
  expect([...acceptedOnce(here.system).values()]).toEqual([1, 1, 1, 1, 1]);
});

test("a merge value that breaks a header is refused, not repaired and not sent", async () => {
  const here = await stage({
    people: 2,
    contact: (n) => (n ? {} : { firstName: "Eve\r\nBcc: all@x.example" }),
  });
  await runEngine(here.system);
  await parked(here, /line break/);
  expect(here.system.delivered).toHaveLength(1);
});
