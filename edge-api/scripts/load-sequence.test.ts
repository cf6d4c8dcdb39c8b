import { type Client, ProblemError } from "@cadenza/shared/client";
import { expect, it } from "vitest";
import { loadSequence, parseSequenceFile } from "./load-sequence.ts";

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
    "\n  name: This field is required.",
    "\n  step 1, delay.amount: This must be at least 0.",
    "\n  step 1, delay.unit: This must be ",
    "\n  step 1, body: This must be a text, not a number.",
    "\n  colour: there is no such field",
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

it("says so where the draft was saved and could not be published", async () => {
  const problem = {
    ...{
      type: "about:blank",
      status: 422,
      code: "invalid_request" as const,
      title: "Not right",
      requestId: "",
    },
    detail: "It cannot be published.",
    errors: [{ in: "body", pointer: "/steps/1/subject", detail: "There is no field contact.frist_name." }],
  } as const;
  const asked: string[] = [];
  const client = (async (name: string) => {
    asked.push(name);
    if (name === "sequences.publish") throw new ProblemError({ ...problem, errors: [...problem.errors] });
    return name === "sequences.list"
      ? { items: [], nextCursor: null }
      : { id: "seq_1", name: "A", steps: [{ name: "Hi" }] };
  }) as unknown as Client;
  const said = await loadSequence(client, parseSequenceFile('{"name":"A"}'), {
    publish: true,
    update: false,
  }).catch((error: Error) => error.message);
  expect(asked).toEqual(["sequences.list", "sequences.create", "sequences.publish"]);
  expect(said).toMatch(/step 2, subject: There is no field contact\.frist_name\./);
  expect(said).toMatch(/"A" \(seq_1\) was saved and is not published\..*--update --publish\.$/);
});
