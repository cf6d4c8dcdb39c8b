import { describe, expect, it } from "vitest";
import { choice, field, formNote, hidden, instant, note, nothingEntered } from "./parts.ts";

const hostile = `"><script>alert('x')</script>&`;

describe("a field", () => {
  it("says what is wrong beside it, keeps what was typed, and is where to go on", () => {
    const entered = { values: { email: "ada@" }, errors: { email: "Write an address." } };
    const shown = String(field(entered, { name: "email", label: "Email", type: "email", hint: "At work." }));
    expect(shown).toContain('value="ada@"');
    expect(shown).toContain('aria-describedby="f-email-error f-email-hint" aria-invalid="true" autofocus');
    expect(shown).toContain('<p class="error" id="f-email-error">Write an address.</p>');
    const other = String(field(entered, { name: "name", label: "Name", first: true }));
    expect(other).not.toMatch(/autofocus|aria-invalid/);
  });

  it("is where to begin only while nothing is wrong", () => {
    expect(String(field(nothingEntered, { name: "name", label: "Name", first: true }))).toContain(
      " autofocus",
    );
  });

  it("never shows a secret again", () => {
    const entered = { values: { token: "s3cret" }, errors: {} };
    expect(String(field(entered, { name: "token", label: "Token", type: "password" }))).not.toContain(
      "s3cret",
    );
  });

  it("shows anything as text", () => {
    const entered = { values: { name: hostile }, errors: { name: hostile, "": hostile } };
    const shown = [
      field(entered, { name: "name", label: hostile, hint: hostile }),
      choice(entered, {
        ...{ name: "name", label: hostile, value: "" },
        groups: [{ heading: hostile, options: [{ value: hostile, text: hostile }] }],
      }),
      formNote(entered),
      note("bad", hostile, hostile),
      hidden("next", hostile),
    ].join("");
    expect(shown).not.toContain("<script>");
    expect(shown.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(9);
  });
});

describe("an instant", () => {
  const at = Date.UTC(2026, 11, 1, 23, 30);

  it.each([
    ["UTC", "Tue 1 Dec 2026, 23:30 UTC"],
    ["Asia/Tokyo", "Wed 2 Dec 2026, 08:30 Tokyo"],
    ["America/New_York", "Tue 1 Dec 2026, 18:30 New York"],
    ["America/Argentina/Buenos_Aires", "Tue 1 Dec 2026, 20:30 Buenos Aires"],
  ])("is said as it is in %s", (zone, text) => {
    expect(String(instant(at, zone))).toBe(`<time datetime="2026-12-01T23:30:00.000Z">${text}</time>`);
  });
});
