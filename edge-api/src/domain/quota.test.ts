import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayMs, hourMs, minuteMs, monday } from "./facts.fixture.ts";
import { bucketsInDay, firstFreeAt, freeSlots, hourOf, type Usage } from "./quota.ts";

const now = monday;
const usageAt = (...used: [hoursAgo: number, used: number][]): Usage[] =>
  used.map(([hoursAgo, count]) => ({ hour: hourOf(now) - hoursAgo, used: count }));
const anyUsage = fc
  .uniqueArray(fc.integer({ min: -1, max: 40 }), { maxLength: 20 })
  .chain((hours) =>
    fc.tuple(
      ...hours.map((hoursAgo) => fc.integer({ min: 0, max: 9 }).map((used) => usageAt([hoursAgo, used])[0]!)),
    ),
  );

describe("free slots", () => {
  test.each<[string, Usage[], number, number]>([
    ["all, where nothing was sent", [], 50, 50],
    ["less what this hour and the 24 before it used", usageAt([0, 3], [24, 4]), 50, 43],
    ["what is older counts no more", usageAt([25, 50], [26, 50]), 50, 50],
    ["none, where the cap was lowered below what is used", usageAt([1, 30]), 10, 0],
    ["none under a cap of 0", [], 0, 0],
  ])("%s", (_, usage, cap, free) => {
    expect(freeSlots(usage, cap, now)).toBe(free);
  });

  test("whoever sends only into free slots never exceeds the cap in any 24 hours", () => {
    const steps = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 150 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 6 }), fc.nat(59), (waits, cap, startMinute) => {
        const sentAt: number[] = [];
        const used = new Map<number, number>();
        let at = now + startMinute * minuteMs;
        for (const wait of waits) {
          at += wait * minuteMs;
          const usage = [...used].map(([hour, count]) => ({ hour, used: count }));
          if (freeSlots(usage, cap, at) === 0) continue;
          sentAt.push(at);
          used.set(hourOf(at), (used.get(hourOf(at)) ?? 0) + 1);
        }
        const most = sentAt.map(
          (end) => sentAt.filter((other) => other > end - dayMs && other <= end).length,
        );
        expect(Math.max(0, ...most)).toBeLessThanOrEqual(cap);
        if (cap > 0) expect(sentAt.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe("the first free slot", () => {
  test.each<[string, Usage[], number, number]>([
    ["is now, where there is one", usageAt([0, 9], [3, 40]), 50, now],
    ["comes when the oldest hour falls out of the day", usageAt([20, 5], [3, 5]), 10, now + 5 * hourMs],
    ["waits for more hours where the cap was lowered", usageAt([20, 5], [3, 5]), 5, now + 22 * hourMs],
    ["does not depend on the order the hours are listed in", usageAt([3, 5], [20, 5]), 10, now + 5 * hourMs],
  ])("%s", (_, usage, cap, at) => {
    expect(firstFreeAt(usage, cap, now)).toBe(at);
  });

  test("has room, the instant before had none, and it is never in the past", () => {
    fc.assert(
      fc.property(anyUsage, fc.integer({ min: 1, max: 40 }), fc.nat(hourMs - 1), (usage, cap, later) => {
        const from = now + later;
        const at = firstFreeAt(usage, cap, from);
        expect(freeSlots(usage, cap, at)).toBeGreaterThan(0);
        if (at === from) return;
        expect(at).toBeGreaterThan(from);
        expect(freeSlots(usage, cap, at - 1)).toBe(0);
        expect(at % hourMs).toBe(0);
      }),
    );
  });

  test("is within a rolling day of the last mail, however far the cap was lowered", () => {
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const latest = Math.max(hourOf(now), ...usage.map(({ hour }) => hour));
        expect(firstFreeAt(usage, 1, now)).toBeLessThanOrEqual((latest + bucketsInDay) * hourMs);
      }),
    );
  });
});
