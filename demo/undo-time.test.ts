/** How long the demo's clock stands still for somebody who may think better of it. */
import { expect, it } from "vitest";
import { newcomers } from "./undo-time.ts";

it("somebody who was enrolled is new for as long as it can be undone, counted from when they were seen", () => {
  const areNew = newcomers(12_000);
  expect(areNew([], 0)).toBe(false);
  expect(areNew(["enr_a"], 1_000)).toBe(true);
  expect(areNew(["enr_a"], 12_999)).toBe(true);
  expect(areNew(["enr_a"], 13_000)).toBe(false);
  expect(areNew(["enr_a", "enr_b"], 20_000)).toBe(true);
  expect(areNew(["enr_a", "enr_b"], 32_000)).toBe(false);
});

it("somebody whose enrollment was undone holds nobody up", () => {
  const areNew = newcomers(12_000);
  expect(areNew(["enr_a"], 0)).toBe(true);
  expect(areNew([], 1_000)).toBe(false);
});
