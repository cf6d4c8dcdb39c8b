import { describe, expect, test } from "vitest";
import { complete, type Enrollment } from "../domain/enrollment.ts";
import { enrollmentOf, monday } from "../domain/facts.fixture.ts";
import type { ContactId, EnrollmentId, WorkspaceId } from "../domain/ids.ts";
import type { InboundMail } from "../domain/inbound.ts";
import type { AnsweredSend } from "../domain/reply.ts";
import { type IngestDeps, ingest } from "./ingest.ts";

const workspaceId = 1 as WorkspaceId;
const contactId = 9 as ContactId;
const answered: AnsweredSend = {
  enrollmentId: 7 as EnrollmentId,
  stepId: 2,
  cycle: 1,
  workspaceId,
  contactId,
  to: "dana@acme.test",
};

const mailOf = (more: Partial<InboundMail> = {}): InboundMail => ({
  messageId: "<in@acme.test>",
  inReplyTo: ["<ours@vendor.test>"],
  references: [],
  from: "dana@acme.test",
  to: ["sam@vendor.test"],
  subject: "Re: Hello",
  text: "Sounds good, let us talk next week.",
  date: monday,
  headers: {},
  report: null,
  feedback: false,
  ...more,
});

/** A person with live enrollments; a committed stop ends one. Every call that reads or writes is noted in order. */
function stage(over: Partial<IngestDeps> = {}, live: Enrollment[] = [enrollmentOf()]) {
  const calls: string[] = [];
  const rows = new Map(live.map((row) => [row.id, row]));
  const note = <Value>(name: string, value: Value): Value => {
    calls.push(name);
    return value;
  };
  const deps: IngestDeps = {
    now: () => monday,
    isConsumed: async (_, id) => note(`isConsumed ${id}`, false),
    isOwnAddress: async (_, address) => note(`isOwnAddress ${address}`, false),
    findAnswered: async (_, ids) => note(`findAnswered ${ids.join(" ")}`, answered),
    findPerson: async (_, address) => note(`findPerson ${address}`, null),
    findLeaving: async () => null,
    findPlace: async (_, id) => note(`findPlace ${id}`, { zone: "UTC", country: null }),
    holdAway: async (_, id, untilAt) =>
      note(`holdAway ${id} ${new Date(untilAt).toISOString().slice(0, 10)}`, undefined),
    listLive: async (id) => note(`listLive ${id}`, [...rows.values()]),
    commit: async (decisions) => {
      const stops = decisions.map(
        ({ enrollmentId, next }) => `${enrollmentId} ${next?.status}/${next?.reason}`,
      );
      for (const { enrollmentId } of decisions) rows.delete(enrollmentId);
      return note(`commit ${stops.join(", ")}`, new Set(decisions.map(({ enrollmentId }) => enrollmentId)));
    },
    suppress: async (_, id, reason) => note(`suppress ${id} ${reason}`, undefined),
    settleUncertain: async ({ enrollmentId, stepId }) => note(`settle ${enrollmentId}.${stepId}`, undefined),
    consume: async (_, mail) =>
      note(`consume ${mail.messageId} ${mail.replyClass} ${mail.enrollmentId}.${mail.stepId}`, undefined),
    ...over,
  };
  return { deps, calls, note };
}

const found = ["isConsumed <in@acme.test>", "isOwnAddress dana@acme.test", "findAnswered <ours@vendor.test>"];
const failure = {
  finalRecipient: "dana@acme.test",
  action: "failed",
  status: "5.1.1",
  originalMessageId: "<ours@vendor.test>",
};

describe("a person's answer", () => {
  test("stops everything they are in, and only then is the mail consumed", async () => {
    const rows = [
      enrollmentOf(),
      enrollmentOf({ id: 8 as EnrollmentId, status: "paused", reason: "manual" }),
    ];
    const { deps, calls } = stage({}, rows);
    expect(await ingest(deps, workspaceId, mailOf(), "digest")).toEqual({
      outcome: "stopped",
      replyClass: "human",
      contactId,
      stopped: [7, 8],
      why: null,
    });
    expect(calls).toEqual([
      ...found,
      "listLive 9",
      "commit 7 completed/replied, 8 completed/replied",
      "listLive 9",
      "settle 7.2",
      "consume <in@acme.test> human 7.2",
    ]);
  });

  test("that answers no known mail is theirs by its address", async () => {
    const { deps, calls, note } = stage({
      findAnswered: async () => null,
      findPerson: async (_, address) => note(`findPerson ${address}`, contactId),
    });
    expect(await ingest(deps, workspaceId, mailOf({ inReplyTo: [] }), "digest")).toMatchObject({
      outcome: "stopped",
      stopped: [7],
    });
    expect(calls.slice(2)).toEqual([
      "findPerson dana@acme.test",
      "listLive 9",
      "commit 7 completed/replied",
      "listLive 9",
      "consume <in@acme.test> human 7.null",
    ]);
  });

  test("is recorded for a person who is in nothing any more", async () => {
    const { deps, calls } = stage({}, []);
    expect(await ingest(deps, workspaceId, mailOf(), "digest")).toMatchObject({
      outcome: "recorded",
      stopped: [],
    });
    expect(calls.slice(3)).toEqual(["listLive 9", "settle 7.2", "consume <in@acme.test> human 7.2"]);
  });

  test("names what it answers nearest first: the reply, then the thread backwards, then a report's original", async () => {
    const { deps, calls } = stage();
    const mail = mailOf({
      inReplyTo: ["<c@v>"],
      references: ["<a@v>", "<b@v>"],
      report: { ...failure, originalMessageId: "<o@v>" },
    });
    await ingest(deps, workspaceId, mail, "digest");
    expect(calls[2]).toBe("findAnswered <c@v> <b@v> <a@v> <o@v>");
  });
});

describe("by its kind", () => {
  const kinds: [string, Partial<InboundMail>, string, string[]][] = [
    [
      "an accepted invitation",
      { calendarMethod: "REPLY" },
      "calendar",
      ["listLive 9", "commit 7 completed/replied", "listLive 9"],
    ],
    [
      "a wish to be left alone",
      { text: "unsubscribe" },
      "unsubscribe_request",
      ["suppress 9 opted_out", "listLive 9", "commit 7 canceled/opted_out", "listLive 9"],
    ],
    [
      "a report of spam",
      { feedback: true, report: failure },
      "complaint",
      ["suppress 9 complaint", "listLive 9", "commit 7 canceled/suppressed", "listLive 9"],
    ],
    [
      "a hard bounce",
      { report: failure },
      "bounce",
      ["suppress 9 bounced", "listLive 9", "commit 7 canceled/bounced", "listLive 9"],
    ],
    ["a soft bounce", { report: { ...failure, status: "4.2.2" } }, "bounce", []],
    [
      "an absence",
      { headers: { "auto-submitted": "auto-replied" }, text: "I am out of office." },
      "out_of_office",
      ["findPlace 9", "holdAway 9 2026-03-09"],
    ],
    [
      "another machine",
      { headers: { "auto-submitted": "auto-generated" }, text: "Ticket opened." },
      "auto_reply",
      [],
    ],
  ];
  test.each(kinds)("%s", async (_, more, replyClass, stops) => {
    const { deps, calls } = stage();
    const result = await ingest(deps, workspaceId, mailOf(more), "digest");
    const outcome = stops.some((call) => call.startsWith("commit")) ? "stopped" : "recorded";
    expect(result).toMatchObject({ replyClass, outcome });
    expect(calls.slice(3)).toEqual([...stops, "settle 7.2", `consume <in@acme.test> ${replyClass} 7.2`]);
  });

  test.each([
    ["a bounce", { report: failure }],
    ["a report of spam", { feedback: true }],
  ])("%s about no mail of ours stops and silences nobody: anybody can write one", async (_, more) => {
    const { deps, calls } = stage({ findAnswered: async () => null, findPerson: async () => contactId });
    expect(await ingest(deps, workspaceId, mailOf(more), "digest")).toMatchObject({
      outcome: "recorded",
      stopped: [],
    });
    expect(calls.map((name) => name.split(" ")[0])).toEqual(["isConsumed", "isOwnAddress", "consume"]);
  });
});

describe("nothing happens", () => {
  test("to a mail that was dealt with before", async () => {
    const { deps, calls } = stage({ isConsumed: async () => true });
    expect(await ingest(deps, workspaceId, mailOf(), "digest")).toMatchObject({
      outcome: "duplicate",
      stopped: [],
      why: null,
    });
    expect(calls).toEqual([]);
  });

  test("for a mail of our own, though it stands in the thread", async () => {
    const { deps, calls } = stage({ isOwnAddress: async () => true });
    expect(await ingest(deps, workspaceId, mailOf(), "digest")).toMatchObject({
      outcome: "ignored",
      why: "own_mail",
      contactId: null,
    });
    expect(calls).toEqual(["isConsumed <in@acme.test>"]);
  });

  test("for a stranger", async () => {
    const { deps, calls } = stage({ findAnswered: async () => null });
    expect(await ingest(deps, workspaceId, mailOf(), "digest")).toMatchObject({
      outcome: "ignored",
      why: "unknown_sender",
    });
    expect(calls.slice(2)).toEqual(["findPerson dana@acme.test"]);
  });

  test("for a mail without a sender that answers nothing", async () => {
    const { deps, calls } = stage({ findAnswered: async () => null });
    expect(await ingest(deps, workspaceId, mailOf({ from: null }), "digest")).toMatchObject({
      why: "unknown_sender",
    });
    expect(calls).toEqual(["isConsumed <in@acme.test>"]);
  });
});

test("a mail without a Message-ID is known by its bytes", async () => {
  const { deps, calls } = stage();
  await ingest(deps, workspaceId, mailOf({ messageId: null }), "digest");
  expect([calls[0], calls.at(-1)]).toEqual(["isConsumed digest", "consume digest human 7.2"]);
});

describe("when somebody else changes the enrollment at the same moment", () => {
  test("the stop is made anew on what stands by then, until it lands", async () => {
    let tries = 0;
    const { deps, calls, note } = stage({
      listLive: async () =>
        note(`listLive (rev ${tries + 1})`, tries < 3 ? [enrollmentOf({ rev: tries + 1 })] : []),
      commit: async ([made]) => {
        const { rev } = made!.guard as { rev: number };
        return note(`commit on rev ${rev}`, new Set(++tries === 3 ? [made!.enrollmentId] : []));
      },
    });
    expect(await ingest(deps, workspaceId, mailOf(), "digest")).toMatchObject({
      outcome: "stopped",
      stopped: [7],
    });
    expect(calls.slice(3, -2)).toEqual([
      "listLive (rev 1)",
      "commit on rev 1",
      "listLive (rev 2)",
      "commit on rev 2",
      "listLive (rev 3)",
      "commit on rev 3",
      "listLive (rev 4)",
    ]);
  });

  test("a stop that never lands leaves the mail unconsumed, so that it comes again", async () => {
    const { deps, calls } = stage({ commit: async () => new Set() });
    await expect(ingest(deps, workspaceId, mailOf(), "digest")).rejects.toThrow("kept changing");
    expect(calls.filter((name) => name.startsWith("listLive"))).toHaveLength(20);
    expect(calls.some((name) => /^(consume|settle)/.test(name))).toBe(false);
  });

  test("what ended by itself meanwhile is no stop of ours", async () => {
    const ended = complete(enrollmentOf(), { reason: "all_steps_done" }, { actor: "engine", at: monday });
    const { deps, calls } = stage({}, [ended.ok ? ended.decision.next! : enrollmentOf()]);
    expect(await ingest(deps, workspaceId, mailOf(), "digest")).toMatchObject({
      outcome: "recorded",
      stopped: [],
    });
    expect(calls.some((name) => name.startsWith("commit"))).toBe(false);
  });
});
