import fc from "fast-check";
import { expect, test } from "vitest";
import { eventIdAt } from "./events.ts";

const year = (of: number) => Date.UTC(of, 0, 1);

test("event ids stay whole numbers a double can hold until after 2100", () => {
  expect(Number.isSafeInteger(eventIdAt(year(2128)) + 511)).toBe(true);
});

test("they rise with time, and those made before the scale changed stay where they were", () => {
  const at = Date.UTC(2026, 10, 23);
  expect(eventIdAt(at)).toBe(at * 4_096);
  const instant = fc.integer({ min: year(2026), max: year(2101) });
  fc.assert(
    fc.property(instant, fc.constantFrom(1, 1_000, 86_400_000), (from, step) => {
      // 256 starts and as many more ids fit between two milliseconds.
      expect(eventIdAt(from + step)).toBeGreaterThanOrEqual(eventIdAt(from) + 512);
    }),
    { examples: [[year(2027) - 1, 1]] },
  );
});
