import { expect, it } from "vitest";
import { parseSequenceFile } from "./load-sequence.ts";

const problems = (file: unknown) => {
  try {
    parseSequenceFile(typeof file === "string" ? file : JSON.stringify(file));
  } catch (error) {
    return (error as Error).message;
  }
  return null;
};
const delay = { amount: 0, unit: "minutes" };

it("reads a sequence with its mailbox and schedule by name", () => {
  const file = parseSequenceFile(
    `\ufeff${JSON.stringify({ name: "A", mailbox: "r@x.example", steps: [{ type: "call", name: "Call", delay, title: "Call" }] })}`,
  );
  expect(file).toMatchObject({ name: "A", mailbox: "r@x.example", steps: [{ type: "call", script: "" }] });
});

it("names every problem by its path", () => {
  const text = problems({
    steps: [{ type: "email_auto", name: "Hi", delay: { amount: -1, unit: "weeks" }, body: 7 }],
    colour: "red",
  });
  for (const path of [
    "/name:",
    "/steps/0/delay/amount:",
    "/steps/0/delay/unit:",
    "/steps/0/body:",
    "/colour: there is no such field",
  ]) {
    expect(text).toContain(path);
  }
});

it("says where broken JSON breaks", () => {
  expect(problems('{\n  "name": "A",\n  "steps": [,]\n}')).toMatch(
    /^The file is not JSON: line 3, column 13: /,
  );
  expect(problems("")).toMatch(/^The file is not JSON/);
});
