import { describe, expect, it } from "vitest";
import { doubtOf } from "./doubt.ts";
import { offendingIn } from "./offending.ts";
import { barsOf } from "./week.tsx";

describe("what a problem names", () => {
  const found = (text: string, detail: string) => {
    const at = offendingIn(text, detail);
    return at && text.slice(...at);
  };
  it("is found in the text with its braces", () => {
    const detail = "There is no {{ company.nam }}. Did you mean {{ company.name }}?";
    expect(found("Hi {{ contact.first_name }} of {{company.nam}}!", detail)).toBe("{{company.nam}}");
    expect(found("{{ company.nam | upcase }} it is", detail)).toBe("{{ company.nam | upcase }}");
  });
  it("is the placeholder that would go out, or the line that does not parse", () => {
    expect(found("Hi {first_name},", "{first_name} would be sent as it stands. Write …")).toBe(
      "{first_name}",
    );
    expect(found("Hi\n{% if x %}\nbye", "tag {% if x %} not closed (line 2)")).toBe("{% if x %}");
  });
  it("is nowhere where it names nothing of the text", () => {
    expect(found("Hi", "The mail has no text.")).toBeNull();
    expect(found("Hi", "There is no {{ a.b }}.")).toBeNull();
    expect(found("Hi", "wrong (line 9)")).toBeNull();
  });
});

describe("a share's doubt", () => {
  it("is told for ten and more, and shrinks with them", () => {
    expect(doubtOf(1, 9)).toBeNull();
    expect(doubtOf(12, 48)).toEqual({ percent: 25, margin: 12 });
    expect(doubtOf(1_200, 4_800)).toEqual({ percent: 25, margin: 1 });
    expect(doubtOf(0, 20)!.margin).toBeGreaterThan(5);
  });
});

describe("the picture of a week", () => {
  it("has a bar a day, and two where a window goes over midnight", () => {
    expect(barsOf([{ days: [1, 2], from: "09:00", to: "17:30" }])).toEqual([
      { day: 1, from: 540, to: 1_050 },
      { day: 2, from: 540, to: 1_050 },
    ]);
    expect(barsOf([{ days: [7], from: "22:00", to: "02:00" }])).toEqual([
      { day: 7, from: 1_320, to: 1_440 },
      { day: 1, from: 0, to: 120 },
    ]);
    expect(barsOf([{ days: [3], from: "20:00", to: "24:00" }])).toEqual([{ day: 3, from: 1_200, to: 1_440 }]);
  });
});
