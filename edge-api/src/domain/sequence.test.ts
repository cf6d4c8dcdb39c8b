import { expect, test } from "vitest";
import { call, email, factsOf } from "./facts.fixture.ts";
import { stepAfter, stepAt } from "./sequence.ts";

/** Ids say nothing about the order: a step that was moved keeps its own. */
const { version } = factsOf({ steps: [email(5), call(2), email(9)] });

test.each([
  [5, "Mail 5", 2],
  [2, "Call 2", 9],
  [9, "Mail 9", null],
  [1, null, null],
])("step %i is found by its id (%s), and the one after it by place (%s)", (id, name, next) => {
  expect(stepAt(version, id)?.name ?? null).toBe(name);
  expect(stepAfter(version, id)?.id ?? null).toBe(next);
});

test("a version without steps has none", () => {
  const { version: empty } = factsOf({ steps: [] });
  expect([stepAt(empty, 1), stepAfter(empty, 1)]).toEqual([null, null]);
});
