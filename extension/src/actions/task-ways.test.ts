import { describe, expect, it } from "vitest";
import { profileToOpen, telLink, wayOf } from "./task-ways.ts";

describe("a task in the list", () => {
  it("is called, opened on LinkedIn, or looked at with the person", () => {
    const contact = { phone: "+351 21 000 00 00" };
    expect(wayOf({ type: "call", kind: null, contact })).toEqual({
      name: "call",
      href: "tel:+351210000000",
    });
    expect(wayOf({ type: "call", kind: null, contact: { phone: null } })).toEqual({ name: "open" });
    expect(wayOf({ type: "task", kind: "linkedin_message" })).toEqual({ name: "linkedin" });
    expect(wayOf({ type: "email_manual", kind: null })).toEqual({ name: "open" });
  });

  it.each([
    ["(+44) (0)20 7946-0958", "tel:+442079460958"],
    ["020 7946 0958", "tel:02079460958"],
    ["110", "tel:110"],
    ["12", null],
    ["ask reception", null],
    ["+1 555 0100 or +1 555 0101", null],
    ["javascript:alert(1)", null],
    [null, null],
  ])("dials %j as %j", (written, expected) => {
    expect(telLink(written)).toBe(expected);
  });

  it.each([
    ["https://www.linkedin.com/in/dana-w", "https://www.linkedin.com/in/dana-w"],
    ["https://pt.linkedin.com/in/dana-w", "https://pt.linkedin.com/in/dana-w"],
    ["http://www.linkedin.com/in/dana-w", null],
    ["https://linkedin.com.evil.example/in/dana-w", null],
    ["https://evillinkedin.com/", null],
    ["javascript:alert(1)//linkedin.com", null],
    [null, null],
  ])("opens %j as %j", (url, expected) => {
    expect(profileToOpen(url)).toBe(expected);
  });
});
