import { describe, expect, test } from "vitest";
import { holidayName, isCountry, isRegion } from "./holidays.ts";

describe("a public holiday is named", () => {
  test.each([
    ["PT", null, "2026-04-25", "Liberty Day"],
    ["PT", null, "2026-04-27", null],
    ["US", null, "2026-11-26", "Thanksgiving Day"],
    ["US", null, "2026-02-14", null],
    ["AU", null, "2026-04-06", "Easter Monday"],
    ["BR", null, "2026-09-07", "Independence Day"],
    ["IN", null, "2026-08-15", "Independence Day"],
    ["JP", null, "2026-05-05", "Children's Day"],
  ])("in %s (region %s), %s is %s", (country, region, isoDate, name) => {
    expect(holidayName(country, region, isoDate)).toBe(name);
  });
});

describe("a region has its own days beside those of its country", () => {
  test.each([
    ["DE", null, "2026-01-06", null],
    ["DE", "BE", "2026-01-06", null],
    ["DE", "BY", "2026-01-06", "Epiphany"],
    ["DE", "BY", "2026-12-25", "Christmas Day"],
    ["DE", "BY", "2026-08-08", null],
    ["DE", "BY.A", "2026-08-08", "Augsburg Peace Festival"],
    ["GB", "ENG", "2026-11-30", null],
    ["GB", "SCT", "2026-11-30", "St Andrew’s Day"],
  ])("in %s (region %s), %s is %s", (country, region, isoDate, name) => {
    expect(holidayName(country, region, isoDate)).toBe(name);
  });
});

test("a holiday that falls on a weekend also takes the working day its country gives for it", () => {
  expect(holidayName("US", null, "2026-07-03")).toBe("Independence Day (substitute day)");
  expect(holidayName("JP", null, "2026-05-06")).toBe("Constitution Day (substitute day)");
  expect(holidayName("US", null, "2027-12-31")).toBe("New Year's Day (substitute day)");
});

test("only public holidays count: the afternoon of Christmas Eve in Iceland and observances are working days", () => {
  expect(holidayName("IS", null, "2026-12-24")).toBeNull();
  expect(holidayName("DE", null, "2026-12-24")).toBeNull();
  expect(holidayName("US", null, "2026-10-31")).toBeNull();
});

test("a feast that begins at sunset takes the day after, not the day it begins on", () => {
  expect(holidayName("IL", null, "2026-04-01")).toBeNull();
  expect(holidayName("IL", null, "2026-04-02")).toBe("Passover (Pesach)");
  expect(holidayName("IL", null, "2026-04-03")).toBeNull();
});

test("a feast of several days takes every one of them, and not the half day it ends with", () => {
  const days = ["2026-03-19", "2026-03-20", "2026-03-21", "2026-03-22", "2026-03-23"];
  const eid = "End of Ramadan (Eid al-Fitr)";
  expect(days.map((day) => holidayName("TR", null, day))).toEqual([null, eid, eid, eid, null]);
});

test("a feast that begins in December lasts into January", () => {
  expect(holidayName("SZ", null, "2027-01-02")).toBe("Incwala Festival");
  expect(holidayName("SZ", null, "2027-01-03")).toBeNull();
});

test("an unknown country has no holidays, an unknown region those of its country", () => {
  expect(holidayName("XX", null, "2026-12-25")).toBeNull();
  expect(holidayName("DE", "ZZ", "2026-12-25")).toBe("Christmas Day");
});

test("the answer is the same when it is asked again, and after many other countries were asked", () => {
  for (let year = 2020; year < 2026; year++) {
    for (const country of ["AT", "BE", "CH", "CZ", "DK", "ES", "FI", "FR", "IT", "NL", "NO", "PL", "SE"]) {
      expect(holidayName(country, null, `${year}-12-25`)).not.toBeNull();
    }
  }
  expect(holidayName("PT", null, "2026-04-25")).toBe("Liberty Day");
});

test("a country is an upper-case code that has rules", () => {
  expect(["PT", "US", "DE", "JP"].every(isCountry)).toBe(true);
  expect(["pt", "XX", "", "toString", "Portugal"].some(isCountry)).toBe(false);
});

test("a region is one of its own country, or a part of one", () => {
  expect(isRegion("DE", "BY")).toBe(true);
  expect(isRegion("DE", "BY.A")).toBe(true);
  for (const region of ["XX", "BY.ZZ", "BY.A.B", "", "toString"]) expect(isRegion("DE", region)).toBe(false);
  expect(isRegion("XX", "BY")).toBe(false);
});
