import { describe, expect, it } from "vitest";
import { personInText } from "./person-in-text.ts";

describe("a piece of marked text", () => {
  it.each([
    ["dana@acme.example", { email: "dana@acme.example" }],
    [
      "Dana Whitfield <Dana@acme.example>",
      { email: "dana@acme.example", firstName: "Dana", lastName: "Whitfield" },
    ],
    [
      "  Dana\n Whitfield (dana@acme.example) ",
      { email: "dana@acme.example", firstName: "Dana", lastName: "Whitfield" },
    ],
    ["Dana Whitfield", { firstName: "Dana", lastName: "Whitfield" }],
  ])("%j names a person", (text, expected) => {
    expect(personInText(text)).toEqual(expected);
  });

  it.each([
    "",
    "...",
    "dana@acme.example, luis@acme.example",
    "It was the best of times, it was the worst of times, it was the age of wisdom.",
    "Room 101",
    "@",
    "<>".repeat(5_000),
  ])("%j names nobody: nothing is guessed", (text) => {
    expect(personInText(text)).toEqual({});
  });
});
