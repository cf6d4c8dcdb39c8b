import { describe, expect, it } from "vitest";
import { wallTimeOf } from "../wall-time.ts";
import { snoozeTimes } from "./snooze-times.ts";

const shown = (now: number, zone: string) => snoozeTimes(now, zone).map((at) => wallTimeOf(at, zone));

describe("a task", () => {
  it("can be put off to the next hour, tomorrow's, Monday's and next week's morning, where the person is", () => {
    // Wednesday 25 November 2026, 10:07 in Tokyo.
    expect(shown(Date.UTC(2026, 10, 25, 1, 7), "Asia/Tokyo")).toEqual([
      "2026-11-25T11:15",
      "2026-11-26T09:00",
      "2026-11-30T09:00",
      "2026-12-02T09:00",
    ]);
  });

  it("offers a morning once, where tomorrow is Monday or next week is", () => {
    expect(shown(Date.UTC(2026, 10, 29, 12), "Europe/Lisbon")).toEqual([
      "2026-11-29T13:00",
      "2026-11-30T09:00",
      "2026-12-06T09:00",
    ]);
    expect(shown(Date.UTC(2026, 10, 23, 12), "Europe/Lisbon")).toHaveLength(3);
  });
});
