import { describe, expect, it } from "vitest";
import { recordContracts } from "../../../shared/src/contract/record.ts";
import { en } from "../messages/en.ts";
import { wholeEnglish as words } from "../messages/en-rare.ts";
import { formatsOf } from "./formats.ts";
import { firstNameOf, fullNameOf, headlineOf, type PanelEnrollment, type PanelRecord } from "./headline.ts";

const record = recordContracts["record.get"].example.response as unknown as PanelRecord;
const enrollment = record.enrollments[0]!;
const telling = { words, formats: formatsOf("en"), now: Date.parse("2026-11-24T12:00:00Z") };
const name = record.contact.firstName!;
const next = { ...enrollment.next!, at: "2026-11-26T15:00:00.000Z", zone: "America/New_York" };

const headline = (changes: Partial<PanelEnrollment>, over: Partial<typeof telling> = {}, shown = record) =>
  headlineOf(
    { ...shown },
    { ...enrollment, status: "active", reason: null, rule: "window", next, ...changes },
    { ...telling, ...over },
  );

describe("one that runs", () => {
  it("says what happens next in the person's hours, whose they are, and why then", () => {
    const { title, sub, mark } = headline({});
    expect(title).toBe("Email goes out Thu 10:00");
    expect(sub).toContain("New York time");
    expect(sub).toContain(`The mail window for ${name} opens then.`);
    expect(mark).toBe("wait");
  });

  it("says in a moment, and no place, for what is less than a minute away or late", () => {
    for (const at of ["2026-11-24T12:00:59.000Z", "2026-11-24T11:00:00.000Z"]) {
      const told = headline({ rule: "due", next: { ...next, at } });
      expect(told).toEqual({
        mark: "active",
        state: words.states.active,
        title: "Email goes out in a moment",
        sub: "",
      });
    }
  });

  it("says that it is your turn where a task is open, by that task's own title", () => {
    const tasks = [{ enrollmentId: enrollment.id, title: "Call Dana" }] as PanelRecord["tasks"];
    expect(headline({ rule: "task_open" }, {}, { ...record, tasks }).title).toBe("Your turn: Call Dana");
    expect(headline({ rule: "task_open" }).title).toBe(`Your turn: ${next.stepName}`);
  });

  it.each(["sequence_paused", "sending_stopped"] as const)("promises no time under %s", (rule) => {
    const { title, sub } = headline({ rule });
    expect([title, sub]).toEqual([words.standsStill, words.rules[rule]!(name)]);
  });

  it("promises nothing where its next step is not known", () => {
    expect(headline({ next: null, rule: null }).title).toBe(words.standsStill);
  });
});

describe("one that stands still or has ended", () => {
  it.each([
    ["paused", "manual", "pause"],
    ["paused", "mailbox_unavailable", "pause"],
    ["completed", "replied", "done"],
    ["canceled", "bounced", "stop"],
  ] as const)("%s as %s has a title, a line below and the mark %s", (status, reason, mark) => {
    const told = headline({ status, reason });
    expect(told.mark).toBe(mark);
    expect(told.title).not.toBe(words.standsStill);
    expect(told.sub).not.toBe("");
  });

  it("names the word that is missing, as it was written", () => {
    const told = headline({ status: "paused", reason: "missing_variable", detail: "$& {}" });
    expect(told.title).toContain("$& {}");
  });

  it("says what it comes to while a rare reason's words are not here yet", () => {
    const early = { words: { ...en, close: "" } };
    expect(headline({ status: "paused", reason: "restore" }, early).title).toBe(en.standsStill);
    expect(headline({ status: "canceled", reason: "deal_lost" }, early).title).toBe(en.standsStill);
  });
});

it.each([
  [{ firstName: "Dana", lastName: "Whitfield", email: "d@x.example" }, "Dana Whitfield", "Dana"],
  [{ firstName: null, lastName: "Whitfield", email: "d@x.example" }, "Whitfield", "Whitfield"],
  [{ firstName: null, lastName: null, email: "d@x.example" }, "d@x.example", "d@x.example"],
  [{}, "", ""],
])("a person %o is called %s, and %s for short", (contact, full, first) => {
  expect([fullNameOf(contact), firstNameOf(contact)]).toEqual([full, first]);
});
