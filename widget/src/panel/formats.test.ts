import { describe, expect, it } from "vitest";
import { cityOf, formatsOf } from "./formats.ts";

const at = (iso: string) => Date.parse(iso);
/** Tuesday noon in Lisbon. */
const now = at("2026-11-24T12:00:00Z");
/** Not every ICU sets a comma after the day, and some set narrow spaces. */
const plain = (text: string) => text.replace(/\s+/g, " ").replace(/^(\w{3}),/, "$1");

describe("when something happens", () => {
  it.each([
    ["2026-11-24T15:30:00Z", "Europe/Lisbon", "today 15:30"],
    ["2026-11-25T10:00:00Z", "Europe/Lisbon", "tomorrow 10:00"],
    ["2026-11-23T10:00:00Z", "Europe/Lisbon", "yesterday 10:00"],
    ["2026-11-26T10:00:00Z", "Europe/Lisbon", "Thu 10:00"],
    ["2026-12-03T10:00:00Z", "Europe/Lisbon", "Thu 3 Dec 10:00"],
    ["2026-11-20T10:00:00Z", "Europe/Lisbon", "Fri 20 Nov 10:00"],
    // The same instant is another day elsewhere.
    ["2026-11-24T15:30:00Z", "Asia/Tokyo", "tomorrow 0:30"],
    ["2026-11-24T23:30:00Z", "America/Los_Angeles", "today 15:30"],
  ])("%s in %s is %s", (iso, zone, told) => {
    expect(plain(formatsOf("en").when(at(iso), now, zone)).replace(" 00:30", " 0:30")).toBe(told);
  });

  it("is told in the hours a clock shows there, on both sides of the change to summer time", () => {
    const { when } = formatsOf("en");
    const saturday = at("2027-03-27T12:00:00Z");
    expect(when(at("2027-03-27T14:00:00Z"), saturday, "America/New_York")).toBe("today 10:00");
    expect(when(at("2027-03-28T08:00:00Z"), saturday, "Europe/Berlin")).toBe("tomorrow 10:00");
    expect(when(at("2027-03-27T09:00:00Z"), saturday, "Europe/Berlin")).toBe("today 10:00");
  });

  it("is a day later when there are 23 hours between, and 25", () => {
    const { day } = formatsOf("en");
    expect(day(at("2027-03-28T09:00:00Z"), at("2027-03-27T10:00:00Z"), "Europe/Berlin")).toBe("tomorrow");
    expect(day(at("2026-10-25T10:00:00Z"), at("2026-10-24T09:00:00Z"), "Europe/Berlin")).toBe("tomorrow");
  });

  it.each([
    ["de", "morgen 10:00"],
    ["es", "mañana 10:00"],
    ["fr", "demain 10:00"],
    ["en-US", "tomorrow 10:00 AM"],
    ["en", "tomorrow 10:00"],
    ["no language", "tomorrow 10:00"],
    ["xx", "tomorrow 10:00"],
  ])("is told as people of %s write it", (locale, told) => {
    expect(plain(formatsOf(locale).when(at("2026-11-25T10:00:00Z"), now, "Europe/Lisbon"))).toBe(told);
  });

  it("names the place where it is told exactly", () => {
    expect(plain(formatsOf("en").exact(at("2026-12-03T15:00:00Z"), "America/New_York"))).toBe(
      "Thu 3 Dec, 10:00 (New York)",
    );
  });
});

it("a language's formats are made once for all panels of a page", () => {
  expect(formatsOf("de")).toBe(formatsOf("de"));
  expect(formatsOf("de")).not.toBe(formatsOf("fr"));
});

it.each([
  ["Europe/Lisbon", "Lisbon"],
  ["America/Argentina/Buenos_Aires", "Buenos Aires"],
  ["UTC", "UTC"],
])("%s is called %s", (zone, city) => {
  expect(cityOf(zone)).toBe(city);
});
