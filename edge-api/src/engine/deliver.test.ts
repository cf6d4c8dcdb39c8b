import { describe, expect, test } from "vitest";
import type { Decision } from "../domain/decision.ts";
import type { ClaimedSend } from "../domain/delivery.ts";
import {
  claimedSend,
  dayMs,
  email,
  factsOf,
  hourMs,
  mailboxOf,
  minuteMs,
  monday,
  officeHours,
  utc,
} from "../domain/facts.fixture.ts";
import type { Facts } from "../domain/facts.ts";
import type { EnrollmentId, MailboxId, SendKey } from "../domain/ids.ts";
import { hourOf } from "../domain/quota.ts";
import type { Transport, WireOutcome } from "../domain/transport.ts";
import { type BlockedRow, type DeliverDeps, deliver, deliverLimits, noDeliveries } from "./deliver.ts";

const sendOf = (id: number, more: Partial<ClaimedSend> = {}) =>
  claimedSend({
    enrollmentId: id as EnrollmentId,
    claim: "c1",
    attempt: 0,
    authorisedAt: null,
    firstAuthorisedAt: null,
    ...more,
  });
const keyOf = ({ enrollmentId, stepId, cycle }: SendKey): SendKey => ({ enrollmentId, stepId, cycle });

const nothingBlocks = {
  stands: 1,
  suppressed: 0,
  holdUntil: null,
  sequenceActive: 1,
  sendingStopped: 0,
  disabled: 0,
  disabledReason: null,
  notAfter: monday + 7 * hourMs,
  gapMs: 0,
  nextFreeAt: 0,
} as const;
const blockedRow = (send: ClaimedSend, more: Partial<BlockedRow> = {}): BlockedRow => ({
  ...keyOf(send),
  mailboxId: send.mailboxId,
  ...nothingBlocks,
  ...more,
});

type Stage = Partial<Omit<DeliverDeps, "authorise">> & {
  facts?: Partial<Facts>;
  blocks?: Record<number, Partial<BlockedRow>>;
  outcome?: (messageId: string) => WireOutcome;
  wire?: Partial<Transport>;
  authorise?: (granted: SendKey[]) => Awaited<ReturnType<DeliverDeps["authorise"]>>;
};

/** An outbox with one claim's worth of sends; authorise grants what `blocks` does not name. Calls are noted in order. */
function stage(sends: ClaimedSend[], over: Stage = {}) {
  const calls: string[] = [];
  const recorded: Decision[] = [];
  const errors: string[] = [];
  let left = sends;
  const ids = (list: { enrollmentId: number }[]) => list.map(({ enrollmentId }) => enrollmentId).join(" ");
  const { facts, blocks = {}, outcome, wire, authorise, ...deps } = over;
  const transport: Transport = {
    class: "blind",
    deliver: async ({ messageId }) => {
      calls.push(`wire ${messageId}`);
      return outcome?.(messageId) ?? { kind: "sent", providerMessageId: null, response: "250 ok" };
    },
    ...wire,
  };
  const all: DeliverDeps = {
    now: () => monday,
    wallNow: () => 0,
    newToken: () => "c1",
    sleep: async (ms) => void calls.push(`sleep ${ms}`),
    async claimSends() {
      const claimed = left;
      left = [];
      calls.push(`claim ${ids(claimed)}`);
      return claimed;
    },
    loadFactsOf: async (enrollmentIds) =>
      new Map(enrollmentIds.map((id) => [id, factsOf({ ...facts, enrollment: { id } })])),
    async prepare(send, _facts, at) {
      calls.push(`prepare ${send.enrollmentId}`);
      const messageId = `<${send.enrollmentId}@v>`;
      const message = {
        from: "sam@vendor.test",
        to: send.snapshot.to,
        mime: new Uint8Array([at % 251]),
        messageId,
        idempotencyKey: "k",
      };
      return { ok: true, subject: "Subject 1", message };
    },
    async authorise(group) {
      calls.push(`authorise ${ids(group)}`);
      const granted = group.filter(({ enrollmentId }) => !blocks[enrollmentId]).map(keyOf);
      const blocked = group.filter(({ enrollmentId }) => blocks[enrollmentId]);
      return (
        authorise?.(granted) ?? {
          granted,
          blocked: blocked.map((send) => blockedRow(send, blocks[send.enrollmentId])),
        }
      );
    },
    async readBack(group) {
      calls.push(`readBack ${ids(group)}`);
      return [];
    },
    giveBack: async (group) => void calls.push(`giveBack ${ids(group)}`),
    async listUsage(mailboxId) {
      calls.push(`listUsage ${mailboxId}`);
      return [];
    },
    async listSeniors(send, { limit }) {
      calls.push(`listSeniors ${send.enrollmentId} ${limit}`);
      return [];
    },
    pullForward: async (keys) => void calls.push(`pullForward ${ids(keys)}`),
    async reserveSlots(mailboxId, { from, count, spacingMs }) {
      calls.push(`reserve ${mailboxId}: ${count} from +${from - monday} every ${spacingMs}`);
      return from;
    },
    transportOf: async () => transport,
    async commit(decisions) {
      calls.push(
        `commit ${decisions.map(({ enrollmentId, sendChange }) => `${enrollmentId} ${sendChange?.state}`).join(", ")}`,
      );
      recorded.push(...decisions);
      return new Set(decisions.map(({ enrollmentId }) => enrollmentId));
    },
    logError: (message) => errors.push(message),
    ...deps,
  };
  const changeOf = (id: number) => recorded.find(({ enrollmentId }) => enrollmentId === id)?.sendChange;
  return { deps: all, calls, recorded, errors, changeOf };
}

const report = noDeliveries();

describe("delivering", () => {
  test("claims, makes the bytes, authorises, puts on the wire, records; then looks for more", async () => {
    const { deps, calls, recorded } = stage([sendOf(1), sendOf(2)]);
    expect(await deliver(deps)).toEqual({ ...report, sent: 2 });
    expect(calls).toEqual([
      "claim 1 2",
      "prepare 1",
      "prepare 2",
      "authorise 1 2",
      "wire <1@v>",
      "wire <2@v>",
      "commit 1 sent, 2 sent",
      "claim ",
    ]);
    expect(recorded.map(({ guard, next }) => [guard, next!.stepId])).toEqual([
      ["send", 2],
      ["send", 2],
    ]);
  });

  test("authorises no more at once than fit on the wire, each group recorded before the next is authorised", async () => {
    const { deps, calls } = stage([1, 2, 3].map((id) => sendOf(id)));
    await deliver(deps, { ...deliverLimits, group: 2 });
    const order = calls.filter((name) => /^(authorise|wire|commit)/.test(name));
    expect(order).toEqual([
      "authorise 1 2",
      "wire <1@v>",
      "wire <2@v>",
      "commit 1 sent, 2 sent",
      "authorise 3",
      "wire <3@v>",
      "commit 3 sent",
    ]);
  });

  test("with nothing queued does nothing", async () => {
    const { deps, calls } = stage([]);
    expect(await deliver(deps)).toEqual(report);
    expect(calls).toEqual(["claim "]);
  });

  test("out of time, gives back what it has not begun and says there is more", async () => {
    let wall = 0;
    const { deps, calls } = stage(
      [1, 2, 3].map((id) => sendOf(id)),
      { wallNow: () => (wall += 9_000) },
    );
    expect(await deliver(deps, { ...deliverLimits, group: 1 })).toEqual({
      ...report,
      sent: 2,
      drained: false,
    });
    expect(calls.at(-1)).toBe("giveBack 3");
  });

  test("makes the bytes of a second try with the date of the first", async () => {
    const dates: number[] = [];
    const { deps } = stage([sendOf(1, { firstAuthorisedAt: monday - dayMs, attempt: 1 }), sendOf(2)]);
    const prepare = deps.prepare;
    await deliver({
      ...deps,
      prepare: (send, facts, at) => {
        dates.push(at);
        return prepare(send, facts, at);
      },
    });
    expect(dates).toEqual([monday - dayMs, monday]);
  });
});

describe("nothing reaches the wire without a grant", () => {
  const blocked = { 2: { stands: 0 } } as const;

  test("what authorise keeps back is recorded as such, the others go", async () => {
    const { deps, calls, changeOf } = stage([sendOf(1), sendOf(2)], { blocks: blocked });
    expect(await deliver(deps)).toEqual({ ...report, sent: 1, canceled: 1 });
    expect(calls.filter((name) => name.startsWith("wire"))).toEqual(["wire <1@v>"]);
    expect(changeOf(2)).toMatchObject({
      state: "canceled",
      error: "Its sequence was stopped or moved on before it left.",
    });
  });

  test("what authorise does not mention at all (another's by now) is left alone", async () => {
    const { deps, calls } = stage([sendOf(1)], { authorise: () => ({ granted: [], blocked: [] }) });
    expect(await deliver(deps)).toEqual({ ...report, unresolved: 1 });
    expect(calls).toEqual(["claim 1", "prepare 1", "authorise 1", "claim "]);
  });

  test("a mail that does not come out as it was fixed is never authorised: a person looks", async () => {
    const { deps, calls, recorded } = stage([sendOf(1)], {
      prepare: async () => ({ ok: false, detail: "It changed." }),
    });
    expect(await deliver(deps)).toEqual({ ...report, canceled: 1 });
    expect(calls).toEqual(["claim 1", "commit 1 canceled", "claim "]);
    expect(recorded[0]!.next).toMatchObject({ status: "paused", reason: "parked", detail: "It changed." });
  });

  test("a mail that cannot be made at all is parked by itself, and the others go", async () => {
    const { deps, calls, recorded, errors } = stage([sendOf(1), sendOf(2)]);
    const prepare: DeliverDeps["prepare"] = async (send, facts, at) => {
      if (send.enrollmentId === 1) throw new Error("no such charset");
      return deps.prepare(send, facts, at);
    };
    expect(await deliver({ ...deps, prepare })).toEqual({ ...report, sent: 1, canceled: 1 });
    expect(calls).toEqual([
      "claim 1 2",
      "prepare 2",
      "authorise 2",
      "wire <2@v>",
      "commit 1 canceled, 2 sent",
      "claim ",
    ]);
    expect(recorded[0]!.next).toMatchObject({
      status: "paused",
      reason: "parked",
      detail: "Error: no such charset",
    });
    expect(errors).toEqual(["a mail could not be made"]);
  });

  test("a mail outside its window is put off without asking, unless a person approved it by hand", async () => {
    const night = utc("2026-03-02T22:00:00Z");
    const more = { facts: { schedule: officeHours }, now: () => night };
    const late = stage([sendOf(1)], more);
    expect(await deliver(late.deps)).toEqual({ ...report, deferred: 1 });
    expect(late.calls).toEqual(["claim 1", "commit 1 queued", "claim "]);
    expect(late.changeOf(1)).toMatchObject({ deferReason: "window", dueAt: utc("2026-03-03T09:00:00Z") });
    const draft = { ...claimedSend().snapshot, values: { draft: { subject: "Hi", body: "Hi" } } };
    const approved = stage([sendOf(1, { snapshot: draft })], more);
    expect(await deliver(approved.deps)).toEqual({ ...report, sent: 1 });
  });

  test("so is one outside its step's own hours, though the schedule is open", async () => {
    const { version } = factsOf({ steps: [email(1, { window: { from: "14:00", to: "15:00" } })] });
    const early = stage([sendOf(1)], { facts: { version }, now: () => monday });
    expect(await deliver(early.deps)).toEqual({ ...report, deferred: 1 });
    expect(early.changeOf(1)).toMatchObject({
      deferReason: "window",
      dueAt: utc("2026-03-02T14:00:00Z"),
      notAfter: utc("2026-03-02T15:00:00Z"),
    });
  });

  test("a mail whose facts cannot be read stays claimed, and the claim runs out", async () => {
    const { deps, calls } = stage([sendOf(1), sendOf(2)], {
      loadFactsOf: async () =>
        new Map([[2 as EnrollmentId, factsOf({ enrollment: { id: 2 as EnrollmentId } })]]),
    });
    expect(await deliver(deps)).toEqual({ ...report, sent: 1, unresolved: 1 });
    expect(calls[1]).toBe("prepare 2");
  });
});

describe("when the database's answer to an authorisation is lost", () => {
  const lost = (): never => {
    throw new Error("Network connection lost");
  };

  test("what was not authorised is given back first, and only then is asked what was", async () => {
    const { deps, calls, errors } = stage([sendOf(1), sendOf(2)], { authorise: lost });
    expect(await deliver(deps)).toEqual({ ...report, unresolved: 2 });
    expect(calls.slice(3)).toEqual(["authorise 1 2", "giveBack 1 2", "readBack 1 2", "claim "]);
    expect(errors).toEqual(["an authorisation was not answered"]);
  });

  test("what turns out to be granted goes on the wire, once", async () => {
    const { deps, calls } = stage([sendOf(1), sendOf(2)], { authorise: lost });
    const readBack: DeliverDeps["readBack"] = async (group, claim) => {
      await deps.readBack(group, claim);
      return [keyOf(sendOf(2))];
    };
    expect(await deliver({ ...deps, readBack })).toEqual({ ...report, sent: 1, unresolved: 1 });
    expect(calls.slice(3)).toEqual([
      "authorise 1 2",
      "giveBack 1 2",
      "readBack 1 2",
      "wire <2@v>",
      "commit 2 sent",
      "claim ",
    ]);
  });
});

describe("what the wire came to", () => {
  const refusal = (more: object): WireOutcome =>
    ({
      kind: "not_sent",
      permanent: false,
      scope: "recipient",
      retryAfterMs: null,
      detail: "450",
      ...more,
    }) as WireOutcome;

  test("one mail's refusal is its own: the others of the group are recorded as sent", async () => {
    const outcome = (id: string) =>
      id === "<1@v>" ? refusal({ permanent: true, detail: "550 no" }) : refusal({});
    const { deps, changeOf } = stage([sendOf(1), sendOf(2)], { outcome });
    expect(await deliver(deps)).toEqual({ ...report, failed: 1, deferred: 1 });
    expect(changeOf(1)).toMatchObject({ state: "failed", error: "550 no", giveBack: true });
    expect(changeOf(2)).toMatchObject({ state: "queued", error: "450", giveBack: true });
  });

  test("the try just made counts: the twelfth time a server puts this mail off is the last", async () => {
    const { deps, changeOf } = stage([sendOf(1, { attempt: 11 }), sendOf(2, { attempt: 10 })], {
      outcome: () => refusal({ scope: "message" }),
    });
    await deliver(deps);
    expect([changeOf(1)!.state, changeOf(2)!.state]).toEqual(["failed", "queued"]);
  });

  test("a server that cannot be reached says nothing about the mail: it is never given up for that", async () => {
    const { deps, changeOf } = stage([sendOf(1, { attempt: 500 })], {
      outcome: () => refusal({ scope: "mailbox" }),
    });
    await deliver(deps);
    expect(changeOf(1)).toMatchObject({ state: "queued", giveBack: true });
  });

  test.each(["key", "lookup"] as const)(
    "an unknown outcome at a %s provider stays `sending` for the resolver",
    async (kind) => {
      const wire = {
        class: kind,
        deliver: async (): Promise<WireOutcome> => ({ kind: "ambiguous", detail: "reset" }),
      };
      const { deps, recorded } = stage([sendOf(1)], { wire });
      expect(await deliver(deps)).toEqual({ ...report, unresolved: 1 });
      expect(recorded).toEqual([]);
    },
  );

  test("an unknown outcome at a blind provider is asked of a person at once", async () => {
    const { deps, recorded } = stage([sendOf(1)], {
      outcome: () => ({ kind: "ambiguous", detail: "reset after the dot" }),
    });
    expect(await deliver(deps)).toEqual({ ...report, uncertain: 1 });
    expect(recorded[0]).toMatchObject({
      sendChange: { state: "uncertain", giveBack: false, error: "reset after the dot" },
      tasks: [{ purpose: "uncertain_send" }],
      next: { status: "paused", reason: "uncertain_send" },
    });
  });

  test("a transport that throws has said nothing, so nothing is tried again", async () => {
    const deliverMail = async () => {
      throw new Error("socket");
    };
    const { deps, changeOf, errors } = stage([sendOf(1)], { wire: { deliver: deliverMail } });
    await deliver(deps);
    expect(changeOf(1)).toMatchObject({
      state: "uncertain",
      error: "The connection ended without an answer.",
      giveBack: false,
    });
    expect(errors).toEqual(["a transport threw"]);
  });

  test("a mailbox that cannot be opened has sent nothing: its mail is tried again later", async () => {
    const transportOf = async (): Promise<Transport> => {
      throw new Error("the secret cannot be opened");
    };
    const { deps, changeOf, calls } = stage([sendOf(1)], { transportOf });
    expect(await deliver(deps)).toEqual({ ...report, deferred: 1 });
    expect(changeOf(1)).toMatchObject({ state: "queued", giveBack: true });
    expect(calls).not.toContain("wire <1@v>");
  });

  test("an authorisation too old to act on is given back unsent, with its slot", async () => {
    let wall = 0;
    const { deps, calls, changeOf } = stage([sendOf(1)], { wallNow: () => wall });
    const transportOf = async (mailboxId: MailboxId) => {
      wall += deliverLimits.authorisedMaxMs + 1;
      return deps.transportOf(mailboxId);
    };
    expect(await deliver({ ...deps, transportOf })).toEqual({ ...report, deferred: 1 });
    expect(changeOf(1)).toMatchObject({
      state: "queued",
      giveBack: true,
      error: "It took too long to begin.",
    });
    expect(calls).toEqual(["claim 1", "prepare 1", "authorise 1", "commit 1 queued", "claim "]);
  });
});

describe("recording", () => {
  test("is tried three times, further and further apart, and then left to the resolver", async () => {
    const { deps, calls, errors } = stage([sendOf(1)]);
    const commit = async (): Promise<never> => {
      calls.push("commit fails");
      throw new Error("overloaded");
    };
    expect(await deliver({ ...deps, commit })).toMatchObject({ sent: 1 });
    const tries = ["commit fails", "sleep 200", "commit fails", "sleep 800", "commit fails"];
    expect(calls.slice(3)).toEqual(["wire <1@v>", ...tries, "claim "]);
    expect(errors).toEqual(Array(3).fill("an outcome could not be recorded"));
  });

  test("one outcome the database refuses does not take the others with it", async () => {
    const { deps, calls } = stage([sendOf(1), sendOf(2), sendOf(3)]);
    const { commit } = deps;
    const refusing: typeof commit = async (decisions) => {
      if (decisions.some(({ enrollmentId }) => enrollmentId === 2))
        throw new Error("CHECK constraint failed");
      return commit(decisions);
    };
    await deliver({ ...deps, commit: refusing });
    expect(calls.filter((name) => name.startsWith("commit"))).toEqual(["commit 1 sent", "commit 3 sent"]);
  });

  test("an outcome nobody can decide on stays with the resolver, and the others are written down", async () => {
    const outcome = (id: string) =>
      id === "<1@v>" ? (null as never) : { kind: "sent" as const, providerMessageId: null, response: "" };
    const { deps, calls, errors } = stage([sendOf(1), sendOf(2)], {
      wire: { deliver: async ({ messageId }) => outcome(messageId) },
    });
    expect(await deliver(deps)).toEqual({ ...report, sent: 1, unresolved: 1 });
    expect(calls.slice(-2)).toEqual(["commit 2 sent", "claim "]);
    expect(errors).toEqual(["what the wire said could not be decided on"]);
  });

  test("what was sent is written down also when the slots of those that wait cannot be looked up", async () => {
    const listUsage = async (): Promise<never> => {
      throw new Error("overloaded");
    };
    const { deps, calls, errors } = stage([sendOf(1), sendOf(2)], { blocks: { 2: {} }, listUsage });
    expect(await deliver(deps)).toEqual({ ...report, sent: 1, unresolved: 1 });
    expect(calls.slice(-2)).toEqual(["commit 1 sent", "claim "]);
    expect(errors).toEqual(["blocked sends could not be put off"]);
  });
});

describe("why a mail waits", () => {
  const later = monday + 3 * hourMs;
  const everything: Partial<BlockedRow> = {
    stands: 0,
    suppressed: 1,
    disabled: 1,
    disabledReason: "535",
    holdUntil: later,
    sequenceActive: 0,
    sendingStopped: 1,
    notAfter: monday,
  };
  const look = monday + 15 * minuteMs;

  /** Each line lifts what decided the line before. */
  test("is the gravest of several reasons", async () => {
    const rows: Partial<BlockedRow>[] = [
      everything,
      { stands: 1 },
      { suppressed: 0 },
      { disabled: 0 },
      { holdUntil: null },
      { sequenceActive: 1 },
      { sendingStopped: 0 },
    ];
    const said = [];
    let row: Partial<BlockedRow> = {};
    for (const lifted of rows) {
      row = { ...row, ...lifted };
      const { deps, changeOf } = stage([sendOf(1)], { blocks: { 1: row } });
      await deliver(deps);
      const { state, deferReason, error, dueAt } = changeOf(1)!;
      said.push([state, deferReason ?? error, dueAt]);
    }
    expect(said).toEqual([
      ["canceled", "Its sequence was stopped or moved on before it left.", null],
      ["canceled", "The address is suppressed.", null],
      ["canceled", "535", null],
      ["queued", "hold", later],
      ["queued", "sequence_paused", look],
      ["queued", "sending_stopped", look],
      ["queued", "window", monday],
    ]);
  });

  test("at the cap: slots from the first free hour on, spread over the day", async () => {
    const listUsage = async () => [{ hour: hourOf(monday) - 20, used: 4 }];
    const facts = { mailbox: mailboxOf({ dailyCap: 4 }) };
    const { deps, calls, changeOf } = stage([sendOf(1), sendOf(2)], {
      blocks: { 1: {}, 2: {} },
      listUsage,
      facts,
    });
    expect(await deliver(deps)).toEqual({ ...report, deferred: 2 });
    expect(calls).toContain(`reserve 2: 2 from +${5 * hourMs} every ${6 * hourMs}`);
    expect(changeOf(1)).toMatchObject({ deferReason: "cap", dueAt: monday + 5 * hourMs, giveBack: false });
    expect(changeOf(2)).toMatchObject({ deferReason: "cap", dueAt: monday + 11 * hourMs });
  });

  test("in the gap: slots one gap apart, behind the mailbox's next free moment", async () => {
    const gap = { gapMs: 5 * minuteMs, nextFreeAt: monday + 2 * minuteMs };
    const { deps, calls, changeOf } = stage([sendOf(1), sendOf(2)], { blocks: { 1: gap, 2: gap } });
    await deliver(deps);
    expect(calls.slice(4, 6)).toEqual([
      "listUsage 2",
      `reserve 2: 2 from +${2 * minuteMs} every ${5 * minuteMs}`,
    ]);
    expect(changeOf(1)).toMatchObject({ deferReason: "gap", dueAt: monday + 2 * minuteMs });
    expect(changeOf(2)).toMatchObject({ deferReason: "gap", dueAt: monday + 7 * minuteMs });
  });

  test("under a cap of 0: looked at again in a day, and no slot is promised", async () => {
    const facts = { mailbox: mailboxOf({ dailyCap: 0 }) };
    const { deps, calls, changeOf } = stage([sendOf(1), sendOf(2)], { blocks: { 1: {}, 2: {} }, facts });
    expect(await deliver(deps)).toEqual({ ...report, deferred: 2 });
    for (const id of [1, 2])
      expect(changeOf(id)).toMatchObject({ state: "queued", deferReason: "cap", dueAt: monday + dayMs });
    expect(calls.filter((name) => name.startsWith("reserve"))).toEqual([]);
  });

  test("each mailbox has slots of its own: a full one keeps back only its own mail", async () => {
    const other = 3 as MailboxId;
    const blocks = { 1: {}, 2: {} };
    const { deps, calls } = stage([sendOf(1), sendOf(2, { mailboxId: other }), sendOf(3)], { blocks });
    expect(await deliver(deps)).toEqual({ ...report, sent: 1, deferred: 2 });
    expect(calls.filter((name) => name.startsWith("reserve"))).toEqual([
      "reserve 2: 1 from +0 every 1000",
      "reserve 3: 1 from +0 every 1000",
    ]);
  });

  test("the last step's mail that waits leaves its person where they are", async () => {
    const { deps, recorded } = stage([sendOf(1)], {
      blocks: { 1: { holdUntil: later } },
      facts: { version: factsOf({ steps: [email(1)] }).version },
    });
    await deliver(deps);
    expect(recorded).toMatchObject([
      { next: null, events: [], sendChange: { state: "queued", deferReason: "hold", dueAt: later } },
    ]);
  });
});
