import { describe, expect, test } from "vitest";
import { call, email, manualEmail, todo } from "./facts.fixture.ts";
import type { Step } from "./sequence.ts";
import { draftProblems, publishProblems } from "./sequence-problems.ts";

const places = (problems: { path: string }[]) => problems.map(({ path }) => path);
const broken = "{{ contact.first_name";

describe("a draft", () => {
  test("may be empty and unfinished", () => {
    expect(draftProblems([])).toEqual([]);
    expect(
      draftProblems([email(1, { subject: null, body: "" }), call(2, { title: "", script: "" })]),
    ).toEqual([]);
  });

  test.each<[string, Step, string[]]>([
    ["mail", email(1, { subject: broken, body: broken }), ["/1/subject", "/1/body"]],
    ["manual mail", manualEmail(1, { body: broken }), ["/1/body"]],
    ["call", call(1, { title: broken, script: broken }), ["/1/title", "/1/script"]],
    ["task", todo(1, { title: broken, note: broken }), ["/1/title", "/1/note"]],
  ])("names the field of a %s that does not parse by its place", (_, step, paths) => {
    expect(places(draftProblems([email(9), step, email(10)]))).toEqual(paths);
  });

  test("names what nobody has, by its place", () => {
    const steps = [email(1, { subject: "{{ contact.firstname }}" }), call(2, { script: "{{ foo }}" })];
    expect(draftProblems(steps)).toEqual([
      {
        path: "/0/subject",
        message: "There is no {{ contact.firstname }}. Did you mean {{ contact.first_name }}?",
      },
      { path: "/1/script", message: expect.stringContaining("There is no {{ foo }}.") },
    ]);
  });

  test("says what is wrong and where in the text", () => {
    const [problem] = draftProblems([email(1, { body: "Hello\n{{ contact.first_name | shout }}" })]);
    expect(problem).toEqual({
      path: "/0/body",
      message: expect.stringMatching(/^undefined filter: shout \(line 2\b/),
    });
  });
});

describe("a version", () => {
  test("with something to do and to say has no problems", () => {
    expect(
      publishProblems([email(1), email(2, { subject: null }), call(3), todo(4), manualEmail(5)]),
    ).toEqual([]);
  });

  test.each<[string, Step[], { path: string; message: string }[]]>([
    ["no step", [], [{ path: "", message: "A sequence needs at least one step." }]],
    [
      "a mail without words",
      [email(1, { body: " \n" }), manualEmail(2, { body: "" })],
      [
        { path: "/0/body", message: "The mail has no text." },
        { path: "/1/body", message: "The mail has no text." },
      ],
    ],
    [
      "a call and a task nobody could tell apart",
      [call(1, { title: " " }), todo(2, { title: "" })],
      [
        { path: "/0/title", message: "It needs a title that says what to do." },
        { path: "/1/title", message: "It needs a title that says what to do." },
      ],
    ],
    [
      "a subject no mail program shows",
      [email(1, { subject: "x".repeat(1021) })],
      [{ path: "/0/subject", message: "The subject is too long." }],
    ],
    [
      "an answer to nothing",
      [call(1), email(2, { subject: " " })],
      [
        {
          path: "/1/subject",
          message: "The first mail needs a subject: there is no thread it could answer in.",
        },
      ],
    ],
  ])("has %s: said by its place", (_, steps, problems) => {
    expect(publishProblems(steps)).toEqual(problems);
  });

  test("a mail a person may skip opens no thread; one the engine sends does", () => {
    const answer = email(2, { subject: null });
    expect(places(publishProblems([manualEmail(1), answer]))).toEqual(["/1/subject"]);
    expect(places(publishProblems([email(1), manualEmail(3, { subject: "" }), answer]))).toEqual([]);
  });

  test("of a mail in which something is not filled in has each named; a person fills in a manual one", () => {
    const body = "Hi {first_name}, from [Company]";
    expect(draftProblems([email(1, { body })])).toEqual([]);
    expect(publishProblems([email(1, { body }), manualEmail(2, { body })])).toEqual([
      { path: "/0/body", message: expect.stringMatching(/^\{first_name\} would be sent as it stands/) },
      { path: "/0/body", message: expect.stringMatching(/^\[Company\] would be sent as it stands/) },
    ]);
  });

  test("repeats what is wrong with the draft", () => {
    expect(places(publishProblems([email(1, { body: broken })]))).toEqual(["/0/body"]);
  });
});
