/** What is planned is what happens: over clock changes, nights, leap days and holidays, to the minute. */
import { Temporal } from "temporal-polyfill";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { loadEnrollmentFacts } from "../../src/commands/enrollments.ts";
import { plan } from "../../src/domain/plan.ts";
import { dayMs, hourMs, minuteMs } from "../world.ts";
import { after, call, calm, email, enrollmentOf, runThrough, type Stage, sendsOf, stage } from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });
beforeEach(calm);

const instant = (local: string, zone: string) =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds;
const local = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString()
    .slice(0, 16);

const daily = (from: string, to: string, days = [1, 2, 3, 4, 5, 6, 7]) => ({ windows: [{ days, from, to }] });

const sentAt = async (here: Stage, n = 0): Promise<number[]> =>
  (await sendsOf(here.system, here.ids[n]!)).map(({ sentAt }) => sentAt!);
const planned = async (here: Stage, n = 0): Promise<(number | null)[]> =>
  plan(await loadEnrollmentFacts(here.system, here.actor, here.ids[n]!), here.system.now()).map(
    ({ at }) => at,
  );

const changes = [
  ["Europe/Lisbon", "2027-03-28", "2026-10-25"],
  ["Europe/Berlin", "2027-03-28", "2026-10-25"],
  ["America/New_York", "2027-03-14", "2026-11-01"],
  ["Australia/Lord_Howe", "2026-10-04", "2027-04-04"],
] as const;

describe.each(changes)("in %s", (zone, forward, backward) => {
  test.each([
    ["forward", forward],
    ["back", backward],
  ])("days keep their local time when the clock goes %s, hours their length", async (_way, day) => {
    const eve = Temporal.PlainDate.from(day).subtract({ days: 1 }).toString();
    const here = await stage({
      at: instant(`${eve}T10:14`, zone),
      schedule: daily("09:00", "17:00"),
      contact: () => ({ timeZone: zone }),
      steps: [
        email(),
        email({ delay: after(1, "days") }),
        email({ delay: after(24, "hours") }),
        email({ delay: after(1, "days") }),
      ],
    });
    const calendar = await planned(here);
    const start = here.system.clock.at;
    await runThrough(here.system, start + 8 * dayMs);
    const happened = await sentAt(here);
    expect(happened).toEqual(calendar);
    const next = Temporal.PlainDate.from(day);
    expect(happened.map((at) => local(at, zone))).toEqual([
      `${eve}T10:15`,
      `${day}T10:15`,
      `${next.add({ days: 1 })}T10:15`,
      `${next.add({ days: 2 })}T10:15`,
    ]);
    expect(happened[2]! - happened[1]!).toBe(24 * hourMs);
    expect(happened[1]! - happened[0]!).not.toBe(24 * hourMs);
  });

  test("a delay in hours over the change slides back into the window on the other side of it", async () => {
    const eve = Temporal.PlainDate.from(forward).subtract({ days: 1 }).toString();
    const here = await stage({
      at: instant(`${eve}T16:29`, zone),
      schedule: daily("09:00", "16:45"),
      contact: () => ({ timeZone: zone }),
      steps: [email(), email({ delay: after(24, "hours") })],
    });
    const calendar = await planned(here);
    await runThrough(here.system, here.system.clock.at + 4 * dayMs);
    const happened = await sentAt(here);
    expect(happened).toEqual(calendar);
    // 24 hours later the clock shows more than 16:45, so it waits for the next morning.
    expect(local(happened[1]!, zone)).toBe(`${Temporal.PlainDate.from(forward).add({ days: 1 })}T09:00`);
  });
});

test("a window in the hour that the clock skips opens at the jump, one that is skipped whole on the next day", async () => {
  const zone = "America/New_York";
  for (const [window, expected] of [
    [daily("01:30", "02:30"), "2027-03-14T01:30"],
    [daily("02:15", "02:45"), "2027-03-15T02:15"],
    [daily("02:30", "03:30"), "2027-03-14T03:00"],
  ] as const) {
    await calm();
    const here = await stage({
      at: instant("2027-03-13T12:00", zone),
      schedule: { windows: [...window.windows] },
      contact: () => ({ timeZone: zone }),
    });
    const calendar = await planned(here);
    await runThrough(here.system, here.system.clock.at + 3 * dayMs);
    expect((await sentAt(here)).map((at) => local(at, zone))).toEqual([expected]);
    expect(await sentAt(here)).toEqual(calendar);
  }
});

test("a window over midnight is one window: open on both sides of it, and its mails are still in time", async () => {
  const zone = "Europe/Lisbon";
  const at = (time: string) => instant(time, zone);
  const here = async (time: string, steps = [email()]) =>
    stage({
      at: at(time),
      schedule: daily("22:00", "02:00", [5]),
      contact: () => ({ timeZone: zone }),
      steps,
    });
  for (const [enrolled, expected] of [
    ["2026-11-27T23:30", "2026-11-27T23:31"], // Friday night.
    ["2026-11-28T01:00", "2026-11-28T01:01"], // Saturday, still Friday's window.
    ["2026-11-28T01:59", "2026-12-04T22:00"], // A minute later it has closed.
    ["2026-11-28T12:00", "2026-12-04T22:00"],
  ] as const) {
    await calm();
    const one = await here(enrolled);
    await runThrough(one.system, one.system.clock.at + 9 * dayMs);
    expect([enrolled, ...(await sentAt(one)).map((sent) => local(sent, zone))]).toEqual([enrolled, expected]);
  }
});

test("the 29th of February is a day, and the day after it is March", async () => {
  const here = await stage({
    at: instant("2028-02-28T11:58", "UTC"),
    steps: [email(), email({ delay: after(1, "days") }), email({ delay: after(1, "business_days") })],
  });
  const calendar = await planned(here);
  await runThrough(here.system, here.system.clock.at + 5 * dayMs);
  expect((await sentAt(here)).map((at) => local(at, "UTC"))).toEqual([
    "2028-02-28T11:59",
    "2028-02-29T11:59",
    "2028-03-01T11:59",
  ]);
  expect(await sentAt(here)).toEqual(calendar);
});

test("over thirty days, in three zones, over a clock change and holidays, everybody's mails leave when the plan said", async () => {
  const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata"];
  const here = await stage({
    at: Date.UTC(2027, 2, 10, 14, 3),
    people: 9,
    contact: (n) => ({ timeZone: zones[n % 3] }),
    schedule: {
      windows: [
        { days: [1, 2, 3, 4, 5], from: "09:00", to: "11:30" },
        { days: [1, 2, 3, 4], from: "14:00", to: "17:30" },
      ],
      country: "PT",
      holidays: ["2027-03-17"],
      jitterMinutes: 25,
    },
    steps: [
      email(),
      email({ delay: after(2, "days"), subject: null }),
      email({ delay: after(3, "business_days"), subject: null }),
      email({ delay: after(5, "hours") }),
      email({ delay: after(90, "minutes") }),
      email({ delay: after(6, "days") }),
      email({ delay: after(2, "business_days") }),
    ],
  });
  const calendars = await Promise.all(here.ids.map((_, n) => planned(here, n)));
  await runThrough(here.system, here.system.clock.at + 30 * dayMs);
  for (const [n, id] of here.ids.entries()) {
    expect(await enrollmentOf(here.system, id)).toMatchObject({
      status: "completed",
      reason: "all_steps_done",
    });
    const happened = (await sentAt(here, n)).map((at) => new Date(at).toISOString());
    expect(happened).toEqual(calendars[n]!.map((at) => new Date(at!).toISOString()));
    for (const text of happened) expect(text).not.toContain("2027-03-17");
  }
  // People of one zone are spread, not sent in one burst.
  const neighbours = await Promise.all([2, 5, 8].map((n) => sentAt(here, n)));
  expect(new Set(neighbours.map(String)).size).toBe(3);
});

test("a plan made anew at any time agrees with what then happens, also before the first step", async () => {
  const here = await stage({
    at: Date.UTC(2026, 11, 18, 16, 40),
    schedule: { ...daily("09:00", "17:00", [1, 2, 3, 4, 5]), country: "DE", jitterMinutes: 30 },
    contact: () => ({ timeZone: "Europe/Berlin" }),
    steps: [
      email(),
      email({ delay: after(3, "business_days"), subject: null }),
      email({ delay: after(4, "days") }),
    ],
  });
  const plans: { now: number; at: (number | null)[] }[] = [];
  for (let day = 0; day < 25; day++) {
    plans.push({ now: here.system.clock.at, at: await planned(here) });
    await runThrough(here.system, here.system.clock.at + dayMs + 7 * minuteMs);
  }
  const happened = await sentAt(here);
  expect(happened).toHaveLength(3);
  for (const { now, at } of plans) expect(at).toEqual(happened.filter((sent) => sent >= now));
});

test("behind a task the plan says if, and the next step counts from when it was done", async () => {
  const here = await stage({ steps: [call(), email({ delay: after(1, "days") })] });
  const touches = plan(await loadEnrollmentFacts(here.system, here.actor, here.ids[0]!), here.system.now());
  expect(touches.map(({ type, conditional }) => [type, conditional])).toEqual([
    ["call", false],
    ["email_auto", true],
  ]);
  await runThrough(here.system, here.system.clock.at + 2 * dayMs);
  expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({ waitReason: "task_open", stepId: 1 });
  const { finishTask } = await import("../../src/commands/tasks.ts");
  const { tasksOf } = await import("./stage.ts");
  const [task] = await tasksOf(here.system, here.ids[0]!);
  const done = here.system.clock.at;
  await finishTask(here.system, here.actor, task!.id, { status: "done", outcome: "connected", note: null });
  await runThrough(here.system, done + 3 * dayMs);
  expect(await sentAt(here)).toEqual([done + dayMs]);
});

test("who moves to another zone in mid-sequence gets the next mail in the new zone's hours", async () => {
  const here = await stage({
    at: instant("2026-11-24T09:59", "Europe/Lisbon"),
    schedule: daily("09:00", "17:00"),
    contact: () => ({ timeZone: "Europe/Lisbon" }),
    steps: [email(), email({ delay: after(1, "days") })],
  });
  await runThrough(here.system, here.system.clock.at + hourMs);
  await here.system.db
    .prepare("UPDATE contacts SET time_zone = 'Asia/Tokyo' WHERE id = ?1")
    .bind(here.contactIds[0]!)
    .run();
  await runThrough(here.system, here.system.clock.at + 3 * dayMs);
  // Due at 10:00 in Lisbon, which is evening in Tokyo: it waits for the morning there.
  expect(local((await sentAt(here))[1]!, "Asia/Tokyo")).toBe("2026-11-26T09:00");
});
