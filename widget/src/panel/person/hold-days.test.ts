import { describe, expect, test } from "vitest";
import { holdDays, holdEnd } from "./hold-days.ts";

const at = (instant: string) => Date.parse(instant);

describe("the days a hold may last until", () => {
  test.each([
    ["a Monday", "2026-11-23T09:00Z", "2026-11-24", "2026-11-30", "2026-12-23"],
    ["a Sunday", "2026-11-29T09:00Z", "2026-11-30", "2026-11-30", "2026-12-29"],
    ["the end of January", "2027-01-31T09:00Z", "2027-02-01", "2027-02-01", "2027-02-28"],
    ["the end of a year", "2026-12-31T09:00Z", "2027-01-01", "2027-01-04", "2027-01-31"],
  ])("on %s are tomorrow, the next Monday, and the day a month on", (_, now, tomorrow, week, month) => {
    expect(holdDays(at(now), "Europe/Lisbon")).toEqual({ tomorrow, week, month });
  });

  test("are those of the person's calendar, not of ours", () => {
    expect(holdDays(at("2026-11-23T22:00Z"), "Asia/Tokyo").tomorrow).toBe("2026-11-25");
  });

  test("end as the day begins where the person is", () => {
    const now = at("2026-11-23T09:00Z");
    expect(holdEnd("2026-11-24", now, "America/New_York")).toBe(at("2026-11-24T05:00Z"));
    expect(holdEnd("2026-11-23", now, "Europe/Lisbon")).toBe("over");
    expect(holdEnd("2029-11-23", now, "Europe/Lisbon")).toBe("too_far");
    expect(holdEnd("", now, "Europe/Lisbon")).toBe("no_day");
    expect(holdEnd("next week", now, "Europe/Lisbon")).toBe("no_day");
  });
});
