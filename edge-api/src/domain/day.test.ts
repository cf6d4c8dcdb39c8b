import { describe, expect, it } from "vitest";
import { instantsOfDay } from "./day.ts";

const hourMs = 3_600_000;

describe("a day somewhere", () => {
  it.each([
    ["2026-12-24", "UTC", "2026-12-24T00:00:00.000Z", 24],
    ["2026-12-24", "Pacific/Auckland", "2026-12-23T11:00:00.000Z", 24],
    ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z", 23],
    ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z", 25],
    // Midnight is skipped there on this day: it begins at one o'clock.
    ["2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z", 23],
  ])("%s in %s begins at %s and has %i hours", (on, zone, begins, hours) => {
    const { from, to } = instantsOfDay(on, zone);
    expect(new Date(from).toISOString()).toBe(begins);
    expect((to - from) / hourMs).toBe(hours);
  });
});
