import { expect, test } from "vitest";
import { dealEnd } from "./deal.ts";

test.each([
  ["won", "won"],
  [" Won ", "won"],
  ["Closed Won", "won"],
  ["closedwon", "won"],
  ["closed_lost", "lost"],
  ["LOST", "lost"],
  ["Closed - lost", "lost"],
  ["won back", null],
  ["proposal", null],
  ["", null],
  [null, null],
] as const)("the stage %j says %j", (stage, end) => {
  expect(dealEnd(stage)).toBe(end);
});
