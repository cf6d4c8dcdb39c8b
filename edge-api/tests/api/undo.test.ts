/** Taking an enrollment back within its time: nothing of it ever happened, and the person can be enrolled anew. */
import { beforeEach, describe, expect, test } from "vitest";
import { dayMs, iso, minuteMs, monday } from "../world.ts";
import { call, type Desk, mail, openOnlyDesk, pointersOf, todo } from "./desk.ts";

let desk: Desk;
beforeEach(async () => {
  desk = await openOnlyDesk();
});

const second = 1_000;
/** Steps happen on whole minutes: ten seconds before one, to see the second in which each may. */
const atTheMinutesEnd = () =>
  desk.system.clock.set(Math.ceil(desk.system.now() / minuteMs) * minuteMs + 50 * second);
const enroll = (sequenceId: string, contactId: string, undoSeconds?: number) =>
  desk.enroll(sequenceId, {
    contactId: contactId as never,
    ...(undoSeconds !== undefined && { undoSeconds }),
  });

describe("an enrollment that may be taken back for ten seconds", () => {
  test("mails after them and not within", async () => {
    const sequenceId = await desk.published([mail()]);
    atTheMinutesEnd();
    const { id } = await enroll(sequenceId, await desk.person(), 10);
    expect((await desk.pass(9 * second)).tick).toMatchObject({ claimed: 0 });
    expect((await desk.pass(2 * second)).deliver).toMatchObject({ sent: 1 });
    expect(desk.system.delivered).toHaveLength(1);
    expect(await desk.events(await desk.get(id))).toContain("send.sent");
  });

  test.each([
    ["a mail", () => mail()],
    ["a call", () => call()],
    ["a task", () => todo()],
  ])(
    "leaves nothing of %s once it was taken back, and the person can be enrolled at once",
    async (_what, step) => {
      const sequenceId = await desk.published([step()]);
      const contactId = await desk.person();
      atTheMinutesEnd();
      const { id } = await enroll(sequenceId, contactId, 10);
      await desk.pass(9 * second);
      await desk.client("enrollments.cancel", { params: { id } });
      const again = await enroll(sequenceId, contactId, 10);
      expect(again.id).not.toBe(id);
      await desk.client("enrollments.cancel", { params: { id: again.id } });
      await desk.pass(dayMs);
      await desk.pass(dayMs);
      expect(desk.system.delivered).toEqual([]);
      expect(await desk.sendsOf(id)).toEqual([]);
      expect((await desk.client("tasks.list", { query: { enrollmentId: id as never } })).items).toEqual([]);
      expect(await desk.events(await desk.get(id))).toEqual(["enrollment.created", "enrollment.canceled"]);
    },
  );

  test("waits so long also where it is paused and resumed, or put on hold and released", async () => {
    const sequenceId = await desk.published([mail()]);
    atTheMinutesEnd();
    const paused = await enroll(sequenceId, await desk.person(), 60);
    await desk.client("enrollments.pause", { params: { id: paused.id } });
    await desk.client("enrollments.resume", { params: { id: paused.id } });
    const held = await enroll(sequenceId, await desk.person(), 60);
    const params = { id: held.contactId };
    await desk.client("holds.place", { params, body: { untilAt: iso(desk.system.now() + dayMs) } });
    await desk.client("holds.release", { params });
    await desk.pass(59 * second);
    expect(desk.system.delivered).toEqual([]);
    await desk.pass(minuteMs);
    expect(desk.system.delivered).toHaveLength(2);
  });
});

test("each asks for its own time, sixty seconds at most; left out it is ten, as the preview has it", async () => {
  const sequenceId = await desk.published([mail()]);
  const minuteOf = async (undoSeconds?: number) => {
    atTheMinutesEnd();
    desk.system.clock.advance(5 * second);
    const { wakeAt } = await enroll(sequenceId, await desk.person(), undoSeconds);
    return (Date.parse(wakeAt!) - desk.system.now()) / second;
  };
  // Five seconds before the minute.
  expect(await minuteOf(0)).toBe(5);
  expect(await minuteOf(5)).toBe(5);
  expect(await minuteOf(6)).toBe(65);
  expect(await minuteOf(60)).toBe(65);
  expect(await minuteOf()).toBe(65);
  const contactId = (await desk.person()) as never;
  const { touches } = await desk.client("sequences.preview", {
    params: { id: sequenceId as never },
    body: { contactId },
  });
  expect(Date.parse(touches[0]!.at!) - desk.system.now()).toBe(65 * second);
  for (const undoSeconds of [61, -1, 1.5, "10"]) {
    const body = { contactId, undoSeconds };
    const reply = await desk.call("POST", `/v1/sequences/${sequenceId}/enrollments`, body);
    expect([reply.status, pointersOf(reply)]).toEqual([422, ["/undoSeconds"]]);
  }
});

test("many are enrolled with one time for all, and it gives way to a later beginning", async () => {
  const sequenceId = await desk.published([mail()]);
  atTheMinutesEnd();
  const people = await Promise.all([desk.person(), desk.person()]);
  const items = people.map((contactId) => ({ contactId: contactId as never }));
  await desk.client("enrollments.createMany", {
    params: { id: sequenceId as never },
    body: { items, undoSeconds: 20 },
  });
  await desk.pass(11 * second);
  expect(desk.system.delivered).toEqual([]);
  await desk.pass(minuteMs);
  expect(desk.system.delivered).toHaveLength(2);
  const startAt = iso(monday + 5 * dayMs);
  const later = await desk.enroll(sequenceId, {
    contactId: (await desk.person()) as never,
    startAt,
    undoSeconds: 60,
  });
  expect(later.wakeAt).toBe(startAt);
});
