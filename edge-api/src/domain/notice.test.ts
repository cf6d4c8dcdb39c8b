import { describe, expect, it } from "vitest";
import { choiceOf, defaultChoice, type NoticeFacts, nextDigest, sayNotice } from "./notice.ts";

const facts = (given: Partial<NoticeFacts>): NoticeFacts => ({
  kind: "reply",
  at: 0,
  person: "Dana Silva",
  sequence: "New lead",
  mailbox: null,
  data: {},
  ...given,
});

describe("a notice", () => {
  it("is one sentence that says who, where and what", () => {
    expect(sayNotice(facts({ data: { class: "human", subject: " Re: Intro " } }))).toBe(
      'Dana Silva answered in New lead, "Re: Intro".',
    );
    expect(sayNotice(facts({ person: null, sequence: null, data: { subject: "" } }))).toBe(
      "Somebody answered.",
    );
    expect(sayNotice(facts({ data: { class: "unsubscribe_request", subject: "Stop" } }))).toContain(
      "asked not to be mailed again",
    );
    expect(
      sayNotice(facts({ kind: "mailbox_disabled", mailbox: "r@n.example", data: { why: "535 no" } })),
    ).toBe("The mailbox r@n.example was switched off, and nothing goes out from it: 535 no.");
  });
});

describe("choiceOf", () => {
  it("fills in what was not chosen, and forgets what there is no such thing as", () => {
    expect(choiceOf(null)).toEqual(defaultChoice);
    expect(choiceOf({ reply: "never", bounce: "hourly", other: "now" })).toEqual({
      ...defaultChoice,
      reply: "never",
    });
  });
});

describe("nextDigest", () => {
  const at = (text: string) => Date.parse(text);

  it("is the next 8:00 there, strictly later", () => {
    expect(nextDigest(at("2026-11-23T07:59:59Z"), "Europe/Lisbon")).toBe(at("2026-11-23T08:00:00Z"));
    expect(nextDigest(at("2026-11-23T08:00:00Z"), "Europe/Lisbon")).toBe(at("2026-11-24T08:00:00Z"));
    expect(nextDigest(at("2026-11-23T12:00:00Z"), "America/New_York")).toBe(at("2026-11-23T13:00:00Z"));
  });

  it("stays at 8:00 when the clocks change", () => {
    expect(nextDigest(at("2027-03-27T12:00:00Z"), "Europe/Berlin")).toBe(at("2027-03-28T06:00:00Z"));
    expect(nextDigest(at("2026-10-24T12:00:00Z"), "Europe/Berlin")).toBe(at("2026-10-25T07:00:00Z"));
  });
});
