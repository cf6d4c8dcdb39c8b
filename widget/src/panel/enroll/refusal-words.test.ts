import { enrollRefusals } from "@cadenza/shared/vocabulary";
import { describe, expect, test } from "vitest";
import { refusalTexts } from "./refusal-words.ts";

const dana = { name: "Dana", email: "dana@acme.example", until: "Thu 10 Dec", ended: "Dana answered" };

describe.each(Object.entries(refusalTexts))("in %s", (_, { why }) => {
  test.each(enrollRefusals)("%s has a title and a sentence of its own, and no code in it", (code) => {
    const [title, text] = why[code](dana);
    expect(title.length).toBeGreaterThan(8);
    expect(text).toMatch(/[.!?]$/);
    expect(title + text).not.toMatch(/undefined|_|\{/);
    const others = enrollRefusals.filter((other) => other !== code).map((other) => why[other](dana)[0]);
    expect(others).not.toContain(title);
  });

  test("what is not known is left out, not left open", () => {
    const nothing = { name: "Dana", email: "", until: "", ended: "" };
    for (const code of ["on_hold", "enrolled_before"] as const) {
      expect(why[code](nothing).join(" ")).not.toMatch(/ {2}|: \.|undefined/);
    }
  });
});

test("no language says it in another one's words", () => {
  for (const code of enrollRefusals) {
    const titles = Object.values(refusalTexts).map(({ why }) => why[code](dana).join(" "));
    expect(new Set(titles).size).toBe(titles.length);
  }
});
