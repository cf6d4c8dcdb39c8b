import { describe, expect, it } from "vitest";
import { dayLater, instantOf, wallTimeOf, weekdayOf } from "./wall-time.ts";

const lisbon = "Europe/Lisbon";
const tokyo = "Asia/Tokyo";
const newYork = "America/New_York";

describe("wall time", () => {
  it("is what clocks show there, and leads back to the same instant, through a whole year of hours", () => {
    for (const zone of [lisbon, tokyo, newYork, "Asia/Kolkata", "Pacific/Auckland"]) {
      for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 7 * 3_600_000) {
        const back = instantOf(wallTimeOf(at, zone), zone)!;
        // The hour that comes twice in autumn has two instants; either shows the same.
        expect(wallTimeOf(back, zone)).toBe(wallTimeOf(at, zone));
        expect(Math.abs(back - at)).toBeLessThanOrEqual(3_600_000);
      }
    }
  });

  it("that clocks skip in spring is the hour after", () => {
    const skipped = instantOf("2026-03-29T01:30", lisbon)!;
    expect(wallTimeOf(skipped, lisbon)).toBe("2026-03-29T02:30");
    expect(wallTimeOf(instantOf("2026-03-08T02:30", newYork)!, newYork)).toBe("2026-03-08T03:30");
  });

  it("is nothing where the text is none", () => {
    for (const text of ["", "tomorrow", "2026-13-40T99:99", "2026-11-26"]) {
      expect(instantOf(text, lisbon)).toBeNull();
    }
  });

  it("counts days on that zone's calendar, not on ours", () => {
    // Monday 23:30 in London is Tuesday in Tokyo.
    const at = Date.UTC(2026, 10, 23, 23, 30);
    expect(weekdayOf(at, lisbon)).toBe(1);
    expect(weekdayOf(at, tokyo)).toBe(2);
    expect(wallTimeOf(dayLater(at, 1, 9, lisbon), lisbon)).toBe("2026-11-24T09:00");
    expect(wallTimeOf(dayLater(at, 1, 9, tokyo), tokyo)).toBe("2026-11-25T09:00");
  });
});
