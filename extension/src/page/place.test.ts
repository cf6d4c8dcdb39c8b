import { expect, it } from "vitest";
import { isPlace, maybePlace } from "./place.ts";

it.each([
  "Utrecht, Netherlands",
  "München, Bayern, Deutschland",
  "Lyon, Auvergne-Rhône-Alpes, France",
  "Stockholm, Stockholms län, Sverige",
  "Schweden",
  "Greater Lyon Area",
  "San Francisco Bay Area",
  "Greater Stockholm Metropolitan Area",
  "Großraum München",
  "Paris et périphérie",
  "Madrid y alrededores",
  "日本 東京都, 日本",
  "Москва, Россия",
  "İstanbul, Türkiye",
  "London, England, United Kingdom",
  "Berlin Area, Germany",
])("%j is a place", (text) => {
  expect(isPlace(text)).toBe(true);
});

it.each([
  "Area Sales Manager",
  "Sales, Marketing, Strategy",
  "Chief Revenue Officer | Board Member",
  "CEO at Georgia Pacific",
  "Researcher.",
  "12,147 followers",
  "Regional Director EMEA",
])("%j is no place", (text) => {
  expect(isPlace(text)).toBe(false);
});

it("capitalised words with a comma may be one", () => {
  expect(maybePlace("Mountain View, California")).toBe(true);
  expect(maybePlace("helping teams, one call at a time")).toBe(false);
});
