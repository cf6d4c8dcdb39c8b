/** Steps that keep to hours of their own, and sequences found by a part of their name. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { encodeId } from "../../src/http/public-id.ts";
import { createSchedule, dayMs, hourMs, iso, minuteMs, monday, unique } from "../world.ts";
import { at, call, type Desk, followUp, keyOf, mail, openOnlyDesk, pointersOf } from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

const create = (body: unknown) => desk.call("POST", "/v1/sequences", body);
const change = (id: string, body: unknown) => desk.call("PATCH", `/v1/sequences/${id}`, body);
const publish = (id: string) => desk.call("POST", `/v1/sequences/${id}/versions`);
const hours = (from: string, to: string) => ({ from, to });
const officeHours = () =>
  createSchedule(desk.system, desk.workspace.id, {
    windows: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }],
  });

describe("a step's own hours", () => {
  test("stay with the draft and the version, and a step without keeps none", async () => {
    const window = hours("09:00", "11:30");
    const { id, steps } = await desk.draft([mail({ window }), followUp({ window: null }), call()]);
    expect(steps.map((step) => step.window)).toEqual([window, undefined, undefined]);
    const { body } = await publish(id);
    expect(body.version.steps[0]).toMatchObject({ window });
    expect(body.version.steps[2]).not.toHaveProperty("window");
    const taken = await change(id, { steps: [{ ...steps[0], window: null }] });
    expect(taken.body.steps[0].window ?? null).toBeNull();
  });

  test.each<[string, unknown, string]>([
    ["end before they begin", hours("11:30", "09:00"), "/steps/1/window"],
    ["are too short", hours("09:00", "09:10"), "/steps/1/window"],
    ["are no times", hours("9", "11:30"), "/steps/1/window/from"],
    ["end behind the day", hours("09:00", "25:00"), "/steps/1/window/to"],
    ["begin at its end", hours("24:00", "24:00"), "/steps/1/window/from"],
    ["lack their end", { from: "09:00" }, "/steps/1/window/to"],
    ["are a text", "09:00-11:30", "/steps/1/window"],
  ])("that %s are refused where they stand", async (_title, window, pointer) => {
    const reply = await create({ name: unique("Sequence"), steps: [mail(), { ...call(), window }] });
    expect([reply.status, reply.body.code, pointersOf(reply)]).toEqual([422, "invalid_request", [pointer]]);
  });

  test("that never meet the sequence's schedule are refused, whichever of the two changes, and at publish", async () => {
    const office = encodeId("sch", 0, await officeHours());
    const evening = mail({ window: hours("18:00", "20:00") });
    const made = await create({ name: unique("Sequence"), scheduleId: office, steps: [mail(), evening] });
    expect([made.status, pointersOf(made)]).toEqual([422, ["/steps/1/window"]]);
    expect(made.body.detail).toContain("never open between 18:00 and 20:00");

    const { id, steps } = await desk.draft([mail(), evening]);
    const moved = await change(id, { scheduleId: office });
    expect([moved.status, pointersOf(moved)]).toEqual([422, ["/steps/1/window"]]);
    // What has nothing to do with it goes through.
    expect((await change(id, { name: unique("Other") })).status).toBe(200);

    // The schedule itself was changed since.
    await desk.client("schedules.update", {
      params: { id: desk.scheduleId as never },
      body: { windows: [{ days: [1], from: "09:00", to: "17:00" }] },
    });
    const late = await publish(id);
    expect([late.status, late.body.code, pointersOf(late)]).toEqual([
      422,
      "sequence_not_ready",
      ["/steps/1/window"],
    ]);
    const contactId = (await desk.person()) as never;
    const { problems } = await desk.client("sequences.preview", {
      params: { id },
      body: { contactId, draft: true },
    });
    expect(problems.map(({ pointer }) => pointer)).toEqual(["/steps/1/window"]);
    expect(
      (await change(id, { steps: [steps[0], { ...steps[1], window: hours("16:30", "20:00") }] })).status,
    ).toBe(200);
    expect((await publish(id)).status).toBe(201);
  });

  test("are asked of the workspace's schedule where the sequence names none, and of office hours where neither does", async () => {
    const body = {
      name: unique("Sequence"),
      scheduleId: null,
      steps: [mail({ window: hours("18:00", "20:00") })],
    };
    expect(pointersOf(await create(body))).toEqual(["/steps/0/window"]);
    await desk.client("workspace.update", { body: { defaultScheduleId: desk.scheduleId as never } });
    expect((await create(body)).status).toBe(201);
  });

  test("hold the mail until they begin, on the person's clock, and say so; planned is what is done", async () => {
    const scheduleId = encodeId("sch", 0, await officeHours()) as never;
    const steps = [
      mail({ window: hours("14:00", "15:00") }),
      followUp({ delay: at(1, "days"), window: hours("09:30", "10:00") }),
    ];
    const sequenceId = await desk.published(steps, { scheduleId });
    // New York is five hours behind.
    const contactId = await desk.person({ timeZone: "America/New_York" });
    const { id } = await desk.enroll(sequenceId, contactId);
    const opens = monday + 10 * hourMs;
    expect(await desk.explain(id)).toMatchObject({ rule: "window", nextLookAt: iso(opens) });
    const { touches } = await desk.client("enrollments.plan", { params: { id } });
    expect(touches.map((touch) => touch.at)).toEqual([
      iso(opens),
      iso(monday + dayMs + 5.5 * hourMs + dayMs),
    ]);

    desk.system.clock.set(opens - minuteMs);
    await desk.run();
    expect(desk.system.delivered).toEqual([]);
    await desk.pass(minuteMs);
    expect(desk.system.delivered).toHaveLength(1);
    desk.system.clock.set(Date.parse(touches[1]!.at!) - minuteMs);
    await desk.run();
    expect(desk.system.delivered).toHaveLength(1);
    await desk.pass(minuteMs);
    expect((await desk.get(id)).status).toBe("completed");
    expect((await desk.sendsOf(id)).map(({ sentAt }) => sentAt)).toEqual(touches.map((touch) => touch.at));
  });

  test("hold a mail that is made and was kept back, too", async () => {
    const sequenceId = await desk.published([mail({ window: hours("09:00", "11:00") })]);
    const { id } = await desk.enroll(sequenceId, await desk.person());
    desk.system.clock.advance(minuteMs);
    // No room until the hours are over: it goes on the next day.
    await env.DB.prepare("UPDATE mailboxes SET next_free_at = ?1, gap_ms = 1 WHERE workspace_id = ?2")
      .bind(monday + 3 * hourMs, desk.workspace.id)
      .run();
    await desk.run();
    expect((await desk.sendsOf(id))[0]).toMatchObject({ state: "queued", dueAt: iso(monday + dayMs) });
    await desk.pass(4 * hourMs);
    expect(desk.system.delivered).toEqual([]);
    desk.system.clock.set(monday + dayMs);
    await desk.run();
    expect(desk.system.delivered).toHaveLength(1);
  });

  test("are none in a version that was published before there were any", async () => {
    const { id } = await desk.enroll(await desk.published([mail()]), await desk.person());
    await env.DB.prepare(
      `UPDATE sequence_versions SET steps = json_remove(steps, '$[0].window')
       WHERE id = (SELECT version_id FROM enrollments WHERE id = ?1)`,
    )
      .bind(keyOf(id))
      .run();
    await desk.pass(minuteMs);
    expect(desk.system.delivered).toHaveLength(1);
  });
});

describe("sequences are found", () => {
  const found = async (query: string) =>
    (await desk.call("GET", `/v1/sequences?${query}`)).body.items.map(({ name }: { name: string }) => name);

  test("by any part of their name, in capitals or not, taken as it is written", async () => {
    for (const name of ["New lead", "Renewal 100%", "Über_uns", "A lead that is new"])
      await desk.draft([mail()], { name });
    expect(await found("q=LEAD")).toEqual(["A lead that is new", "New lead"]);
    expect(await found("q=new")).toEqual(["A lead that is new", "Renewal 100%", "New lead"]);
    expect(await found("q=100%25")).toEqual(["Renewal 100%"]);
    expect(await found("q=_")).toEqual(["Über_uns"]);
    expect(await found("q=%25%25")).toEqual([]);
    expect(await found(`q=${encodeURIComponent("Über_UNS")}`)).toEqual(["Über_uns"]);
    expect(await found("q=")).toHaveLength(4);
  });

  test("by a long part as well, page after page, and together with their status", async () => {
    const long = "A name so long that a database would refuse it as a pattern, twice over";
    for (const end of ["one", "two", "three"]) await desk.published([mail()], { name: `${long} ${end}` });
    await desk.draft([mail()], { name: `${long} draft` });
    const q = encodeURIComponent(long.toLowerCase());
    expect(await found(`q=${q}`)).toHaveLength(4);
    expect(await found(`q=${q}&status=draft`)).toEqual([`${long} draft`]);
    const { body } = await desk.call("GET", `/v1/sequences?q=${q}&status=active&limit=2`);
    expect(body.items).toHaveLength(2);
    expect(await found(`q=${q}&status=active&limit=2&cursor=${body.nextCursor}`)).toEqual([`${long} one`]);
    expect((await desk.call("GET", `/v1/sequences?q=${"x".repeat(121)}`)).status).toBe(422);
  });
});
