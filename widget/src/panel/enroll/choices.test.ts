import { describe, expect, test } from "vitest";
import type { PanelRecord } from "../headline.ts";
import { foreseenRefusal, mailboxOf, startOf } from "./choices.ts";
import { recentFirst, remember } from "./recent.ts";

const mailbox = (id: string, ownerId: string | null = null, disabledAt: string | null = null) =>
  ({ id, ownerId, disabledAt }) as Parameters<typeof mailboxOf>[1][number];

describe("the mailbox it goes from, unless somebody chooses", () => {
  // As the API lists them: newest first.
  const all = [mailbox("new", null), mailbox("lees", "lee"), mailbox("mine", "me"), mailbox("old", null)];

  test.each([
    ["is the sequence's", "lees", all, "me", "lees"],
    ["is one's own where the sequence names none", null, all, "me", "mine"],
    ["is nobody's, the oldest, for whoever has none", null, all, "else", "old"],
    ["is the oldest where all are somebody's", null, [mailbox("b", "lee"), mailbox("a", "kim")], "me", "a"],
    ["is left to the sequence where it is not for who asks to choose", "hidden", all, "me", ""],
    [
      "is another where the sequence's cannot send",
      "off",
      [mailbox("on"), mailbox("off", null, "x")],
      "me",
      "on",
    ],
    ["is none where none can send", null, [mailbox("off", "me", "x")], "me", null],
  ] as const)("%s", (_, mailboxId, mailboxes, memberId, expected) => {
    expect(mailboxOf({ mailboxId }, mailboxes, memberId)).toBe(expected);
  });
});

describe("the start", () => {
  const now = Date.parse("2026-11-23T09:00Z");
  test.each([
    ["now is no instant", { isNow: true, wallTime: "2026-11-26T09:00" }, null],
    [
      "is told on the person's clock",
      { isNow: false, wallTime: "2026-11-26T09:00" },
      Date.parse("2026-11-26T14:00Z"),
    ],
    ["has to be a date", { isNow: false, wallTime: "" }, "no_date"],
    ["cannot be over", { isNow: false, wallTime: "2026-11-23T04:00" }, "over"],
  ] as const)("%s", (_, start, expected) => {
    expect(startOf(start, now, "America/New_York")).toBe(expected);
  });
});

describe("what would be refused", () => {
  const mails = { writesMail: true, canSend: true };
  const ended = (reason: string) => [{ sequenceId: "seq_1", endedAt: "x", reason }];
  const record = (changes: Record<string, unknown>) =>
    ({
      contact: { email: "d@a.example" },
      suppression: null,
      hold: null,
      enrollments: [],
      ...changes,
    }) as unknown as PanelRecord;

  test.each([
    ["nothing", record({}), mails, null],
    ["no mailbox", record({}), { writesMail: true, canSend: false }, "no_mailbox"],
    ["no address", record({ contact: { email: null } }), mails, "no_email"],
    [
      "no address where nothing is written",
      record({ contact: { email: null } }),
      { writesMail: false, canSend: true },
      null,
    ],
    ["a suppression before a hold", record({ suppression: {}, hold: {} }), mails, "suppressed"],
    ["a hold", record({ hold: {} }), mails, "on_hold"],
    [
      "being in it",
      record({ enrollments: [{ sequenceId: "seq_1", endedAt: null }] }),
      mails,
      "already_enrolled",
    ],
    ["being in another", record({ enrollments: [{ sequenceId: "seq_2", endedAt: null }] }), mails, null],
    ["having answered in it", record({ enrollments: ended("replied") }), mails, "enrolled_before"],
    ["having been taken out of it", record({ enrollments: ended("manual") }), mails, null],
  ])("%s is known before anybody presses", (_, of, how, expected) => {
    expect(foreseenRefusal(of, "seq_1", how)).toBe(expected);
  });
});

test("the sequence somebody was enrolled in last is offered first, the others as they came", () => {
  const listed = ["a", "b", "c", "d"].map((id) => ({ id }));
  const order = () =>
    recentFirst(listed)
      .map(({ id }) => id)
      .join("");
  expect(order()).toBe("abcd");
  remember("c");
  remember("d");
  expect(order()).toBe("dcab");
  remember("c");
  for (let other = 0; other < 30; other++) remember(`x${other}`);
  expect(order()).toBe("abcd");
});
