import { describe, expect, it } from "vitest";
import {
  area,
  checks,
  choice,
  copyable,
  field,
  formNote,
  hidden,
  note,
  nothingEntered,
  state,
} from "./parts.ts";
import { instant, until } from "./time.ts";

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

  it("shows a day again, and nothing for what is none", () => {
    const shown = (when: string) =>
      String(field({ values: { when }, errors: {} }, { name: "when", label: "When", type: "date" }));
    expect(shown("2026-12-24")).toContain('value="2026-12-24"');
    expect(shown("soon")).toContain('value=""');
  });

  it("shows anything as text", () => {
    const entered = { values: { name: hostile }, errors: { name: hostile, "": hostile } };
    const shown = [
      field(entered, { name: "name", label: hostile, hint: hostile }),
      choice(entered, {
        ...{ name: "name", label: hostile, value: "" },
        groups: [{ heading: hostile, options: [{ value: hostile, text: hostile }] }],
      }),
      area(entered, { name: "name", label: hostile, hint: hostile }),
      checks(entered, {
        ...{ name: "name", label: hostile, value: "" },
        options: [{ value: hostile, text: hostile, hint: hostile }],
      }),
      copyable(hostile, hostile),
      state("on", hostile),
      formNote(entered),
      note("bad", hostile, hostile),
      hidden("next", hostile),
    ].join("");
    expect(shown).not.toContain("<script>");
    expect(shown.match(/&lt;script&gt;/g)!.length).toBeGreaterThan(20);
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

describe("an end", () => {
  it.each([
    ["Europe/Lisbon", "2026-12-25T00:00:00.000Z", "the end of Thu 24 Dec 2026, Lisbon"],
    ["Asia/Tokyo", "2026-12-24T15:00:00.000Z", "the end of Thu 24 Dec 2026, Tokyo"],
    ["Europe/Lisbon", "2026-12-25T00:00:20.000Z", "Fri 25 Dec 2026, 00:00 Lisbon"],
  ])("in %s at %s is %s: a day that was chosen is said again", (zone, at, text) => {
    expect(String(until(Date.parse(at), zone))).toBe(`<time datetime="${at}">${text}</time>`);
  });
});

describe("several boxes", () => {
  const asked = {
    ...{ name: "scopes", label: "What it may do", value: "read\nwrite" },
    options: ["read", "write", "admin"].map((value) => ({ value, text: value, hint: "" })),
  };
  const ticked = (html: unknown) =>
    [...String(html).matchAll(/value="(\w+)" checked/g)].map(([, value]) => value);

  it("are ticked as they were, also where none was", () => {
    expect(ticked(checks(nothingEntered, asked))).toEqual(["read", "write"]);
    expect(ticked(checks({ values: { scopes: "admin" }, errors: {} }, asked))).toEqual(["admin"]);
    expect(ticked(checks({ values: { scopes: "" }, errors: {} }, asked))).toEqual([]);
  });
});
