import { pauseReasons, waitReasons } from "@cadenza/shared/vocabulary";
import { describe, expect, it } from "vitest";
import { formatsOf } from "../formats.ts";
import type { PanelEnrollment, PanelRecord } from "../headline.ts";
import { whyOf } from "./why.ts";
import { enrollmentTexts } from "./words.ts";

type Language = keyof typeof enrollmentTexts;
const languages = Object.keys(enrollmentTexts) as Language[];
const now = Date.UTC(2026, 10, 23, 9);
const record = { contact: { firstName: "Dana" }, zone: "Europe/Lisbon" } as unknown as PanelRecord;

const why = (changes: Partial<PanelEnrollment>, language: Language = "en") => {
  const enrollment = {
    status: "active",
    reason: null,
    rule: null,
    value: null,
    detail: null,
    nextLookAt: null,
    next: null,
    mailboxAddress: "robin@northwind.example",
    ...changes,
  } as PanelEnrollment;
  const telling = { t: enrollmentTexts[language], formats: formatsOf(language), now, endedBecause: "Over" };
  return whyOf(record, enrollment, telling);
};
const tomorrow = "2026-11-24T10:00:00.000Z" as never;

describe("why an enrollment waits", () => {
  it("is said with what the rule holds, and when it is looked at again", () => {
    expect(why({ rule: "delay", value: "2 business days", nextLookAt: tomorrow })).toEqual({
      title: "Why it waits",
      sentences: ["This step comes 2 working days after the one before.", "Looked at again tomorrow 10:00."],
    });
    expect(why({ rule: "cap", value: "50 a day" })!.sentences).toEqual([
      "robin@northwind.example has sent its share for today (50 a day).",
    ]);
    expect(why({ rule: "window", value: tomorrow })!.sentences).toEqual([
      "Mail for Dana goes out in set hours only. They begin tomorrow 10:00.",
    ]);
    expect(why({ rule: "delay", value: "1 business day" }, "de")!.sentences[0]).toContain("1 Arbeitstag.");
    expect(why({ rule: "gap", value: "90 seconds" }, "fr")!.sentences[0]).toContain(": 90 secondes.");
  });

  it("is said of every rule in every language, with values nobody expected too", () => {
    for (const language of languages) {
      for (const rule of [...waitReasons, "due"] as const) {
        for (const value of [null, "", "soon", "3 fortnights", tomorrow]) {
          const [sentence = ""] = why({ rule, value }, language)!.sentences;
          expect([language, rule, sentence.length > 10]).toEqual([language, rule, true]);
          expect(sentence).not.toMatch(/undefined|null|fortnight|\s\.|\(\)/);
        }
      }
      for (const reason of pauseReasons) {
        const [sentence = ""] = why({ status: "paused", reason, detail: "550 no." }, language)!.sentences;
        expect([language, reason, sentence.length > 10]).toEqual([language, reason, true]);
        expect(sentence).not.toMatch(/undefined|null|\.\./);
      }
    }
  });

  it("says what the next turn will find, where it would pause or end there", () => {
    const missing = why({ rule: "missing_variable", value: "company.name", nextLookAt: tomorrow })!;
    expect(missing.sentences[0]).toBe("At its next turn it pauses.");
    expect(missing.sentences[1]).toContain("company.name, which is empty for Dana");
    expect(why({ rule: "deal_won" })!.sentences).toEqual(["At its next turn it ends."]);
  });

  it("is said of one that ended, with what somebody wrote; and is nothing where it cannot be read", () => {
    expect(why({ status: "canceled", reason: "manual", detail: "Moved abroad." })).toEqual({
      title: "Why it ended",
      sentences: ["Over: Moved abroad."],
    });
    expect(why({ rule: null })).toBeNull();
  });
});
