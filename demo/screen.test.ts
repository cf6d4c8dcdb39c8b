import { expect, it, vi } from "vitest";
import { say } from "./screen.ts";

it("the days never run backwards: what is told late stands under the day it is told on", () => {
  const said: string[] = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => void said.push(text));
  const at = (day: number) => Date.UTC(2027, 0, day, 9);
  for (const day of [11, 12, 11, 12, 13]) say(`on the ${day}th`, at(day), "Europe/Lisbon");
  vi.restoreAllMocks();
  expect(said).toEqual([
    ...[
      "\nMonday, 11 January 2027",
      "on the 11th",
      "\nTuesday, 12 January 2027",
      "on the 12th",
      "on the 11th",
      "on the 12th",
    ],
    ...["\nWednesday, 13 January 2027", "on the 13th"],
  ]);
});
