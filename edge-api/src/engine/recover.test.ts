import { describe, expect, test } from "vitest";
import type { Decision } from "../domain/decision.ts";
import type { ClaimedSend } from "../domain/delivery.ts";
import { claimedSend, factsOf, hourMs, minuteMs, monday } from "../domain/facts.fixture.ts";
import type { EnrollmentId } from "../domain/ids.ts";
import type { Transport, WireOutcome } from "../domain/transport.ts";
import { type RecoverDeps, recover } from "./recover.ts";

const wall = 1_000_000_000;

/** The sends found in `sending` long after whoever put them there must be gone. Calls are noted in order. */
function stage(stale: ClaimedSend[], wire: Partial<Transport>, over: Partial<RecoverDeps> = {}) {
  const calls: string[] = [];
  const committed: Decision[] = [];
  const errors: unknown[] = [];
  const transport: Transport = {
    class: "blind",
    deliver: async () => {
      throw new Error("nobody may send this again");
    },
    ...wire,
  };
  const deps: RecoverDeps = {
    now: () => monday,
    wallNow: () => wall,
    async releaseStaleClaims(at) {
      calls.push(`release ${at.now === monday && at.wallNow === wall}`);
      return 3;
    },
    async listStaleSending({ authorisedBefore }) {
      calls.push(`list before -${(wall - authorisedBefore) / minuteMs} min`);
      return stale;
    },
    loadFactsOf: async (ids) => new Map(ids.map((id) => [id, factsOf({ enrollment: { id } })])),
    async prepare(send, _facts, at) {
      calls.push(`prepare ${send.enrollmentId} at ${at - monday}`);
      const messageId = `<${send.enrollmentId}@v>`;
      const message = {
        from: "a@v",
        to: send.snapshot.to,
        mime: new Uint8Array(),
        messageId,
        idempotencyKey: "key-1",
      };
      return { ok: true, subject: "Subject 1", message };
    },
    transportOf: async () => transport,
    async noteLook(send, look) {
      calls.push(`noteLook ${send.enrollmentId} ${look.absent ? "absent" : "open"} ${look.wallNow === wall}`);
    },
    async reauthorise(send) {
      calls.push(`reauthorise ${send.enrollmentId}`);
      return "granted";
    },
    async commit(decisions) {
      calls.push(
        `commit ${decisions.map(({ enrollmentId, sendChange }) => `${enrollmentId} ${sendChange?.state}`).join(", ")}`,
      );
      committed.push(...decisions);
      return new Set(decisions.map(({ enrollmentId }) => enrollmentId));
    },
    async settleUncertain(send) {
      calls.push(`settleUncertain ${send.enrollmentId}`);
    },
    logError: (_, error) => errors.push(error),
    ...over,
  };
  return { deps, calls, committed, errors };
}

const staleSend = (more: Partial<ClaimedSend> = {}) =>
  claimedSend({ firstAuthorisedAt: monday - hourMs, authorisedAt: wall - hourMs, ...more });
const begun = ["release true", "list before -20 min"];
const broke = "The connection broke after the mail was handed over and before it was confirmed.";

test("claims that ran out go back; what is on the wire is only looked at after 20 minutes", async () => {
  const { deps, calls } = stage([], {});
  expect(await recover(deps)).toEqual({ released: 3, resolved: 0, open: 0 });
  expect(calls).toEqual(begun);
});

test("the bytes are made again with the date of the first authorisation", async () => {
  const { deps, calls } = stage([staleSend()], {});
  await recover(deps);
  expect(calls).toContain(`prepare 7 at ${-hourMs}`);
});

describe("at a blind provider", () => {
  test("nobody can say: it is uncertain, its person stops, the rep is asked, and it is never sent again", async () => {
    const { deps, calls, committed } = stage([staleSend()], { class: "blind" });
    expect(await recover(deps)).toEqual({ released: 3, resolved: 1, open: 0 });
    expect(calls.slice(3)).toEqual(["commit 7 uncertain"]);
    expect(committed[0]).toMatchObject({
      sendChange: { giveBack: false, error: broke },
      next: { status: "paused", reason: "uncertain_send" },
      tasks: [{ purpose: "uncertain_send" }],
    });
  });
});

describe("at a provider that can be asked", () => {
  const asked = (answer: "found" | "absent" | Error, send: Partial<ClaimedSend> = {}) => {
    const find = async (messageId: string) => {
      made.calls.push(`find ${messageId}`);
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const made = stage([staleSend(send)], { class: "lookup", find });
    return made;
  };

  test("found: it was sent, and its person goes on", async () => {
    const { deps, calls, committed } = asked("found");
    expect(await recover(deps)).toMatchObject({ resolved: 1 });
    expect(calls.slice(3)).toEqual(["find <7@v>", "commit 7 sent", "settleUncertain 7"]);
    expect(committed[0]).toMatchObject({
      next: { stepId: 2, threadReferences: ["<7@v>"] },
      counts: [{ count: "sent" }],
    });
  });

  test.each([0, 1])("absent after %i such answers: remembered, not believed", async (absentCount) => {
    const { deps, calls } = asked("absent", { absentCount });
    expect(await recover(deps)).toEqual({ released: 3, resolved: 0, open: 1 });
    expect(calls.slice(3)).toEqual(["find <7@v>", "noteLook 7 absent true"]);
  });

  test("absent for the third time: it never left, and goes back to the queue with its slot", async () => {
    const { deps, committed } = asked("absent", { absentCount: 2 });
    expect(await recover(deps)).toMatchObject({ resolved: 1 });
    expect(committed[0]).toMatchObject({
      next: null,
      sendChange: { state: "queued", dueAt: monday, giveBack: true },
    });
  });

  test("no answer: it stays open, and is not counted as absent", async () => {
    const { deps, calls, errors } = asked(new Error("503"), { absentCount: 2 });
    expect(await recover(deps)).toEqual({ released: 3, resolved: 0, open: 1 });
    expect(calls.slice(3)).toEqual(["find <7@v>", "noteLook 7 open true"]);
    expect(errors).toHaveLength(1);
  });
});

describe("at a provider with idempotency keys", () => {
  const keyed = (
    outcome: WireOutcome,
    over: { send?: Partial<ClaimedSend>; deps?: Partial<RecoverDeps>; keyLifeMs?: number } = {},
  ) => {
    const deliver: Transport["deliver"] = async ({ idempotencyKey }) => {
      made.calls.push(`wire ${idempotencyKey}`);
      return outcome;
    };
    const { keyLifeMs = 24 * hourMs } = over;
    const made = stage([staleSend(over.send)], { class: "key", keyLifeMs, deliver }, over.deps);
    return made;
  };
  const accepted: WireOutcome = { kind: "sent", providerMessageId: "re_1", response: "200" };
  const refusal = (permanent: boolean): WireOutcome => ({
    kind: "not_sent",
    permanent,
    scope: "message",
    retryAfterMs: null,
    detail: "422 no",
  });

  test("the same bytes under the same key tell, only after the enrollment was asked whether it still stands", async () => {
    const { deps, calls, committed } = keyed(accepted);
    expect(await recover(deps)).toMatchObject({ resolved: 1 });
    expect(calls.slice(3)).toEqual(["reauthorise 7", "wire key-1", "commit 7 sent", "settleUncertain 7"]);
    expect(committed[0]!.sendChange).toMatchObject({ providerMessageId: "re_1", sentAt: monday });
  });

  test.each<[string, Parameters<typeof keyed>[1]]>([
    ["the person was stopped", { deps: { reauthorise: async () => "stopped" } }],
    ["half the key's life is over", { keyLifeMs: 2 * hourMs - 2 }],
    ["nobody knows when it began", { send: { firstAuthorisedAt: null } }],
  ])("once %s, nothing is put on the wire: it is uncertain", async (_, over) => {
    const { deps, calls, committed } = keyed(accepted, over);
    expect(await recover(deps)).toMatchObject({ resolved: 1 });
    expect(calls.filter((name) => name.startsWith("wire"))).toEqual([]);
    expect(committed[0]!.sendChange).toMatchObject({ state: "uncertain", error: broke });
  });

  test("while another resolver is asking it, it is left to that one", async () => {
    const { deps, calls, committed } = keyed(accepted, { deps: { reauthorise: async () => "overtaken" } });
    expect(await recover(deps)).toEqual({ released: 3, resolved: 0, open: 1 });
    expect([calls.filter((name) => name.startsWith("wire")), committed]).toEqual([[], []]);
  });

  test("exactly half the key's life is still in time", async () => {
    const { deps, calls } = keyed(accepted, { keyLifeMs: 2 * hourMs });
    await recover(deps);
    expect(calls).toContain("wire key-1");
  });

  test("a refusal now proves nothing about the first try: it is uncertain, never queued", async () => {
    const { deps, committed } = keyed(refusal(true));
    await recover(deps);
    expect(committed[0]!.sendChange).toMatchObject({ state: "uncertain", error: "422 no", giveBack: false });
  });

  test.each([
    ["not now", refusal(false)],
    ["no answer", { kind: "ambiguous", detail: "timeout" } as WireOutcome],
  ])("%s: asked again later", async (_, outcome) => {
    const { deps, committed } = keyed(outcome);
    expect(await recover(deps)).toEqual({ released: 3, resolved: 0, open: 1 });
    expect(committed).toEqual([]);
  });
});

describe("what stands in the way of one", () => {
  test("stops no other: each is resolved by itself", async () => {
    const three = [1, 2, 3].map((id) => staleSend({ enrollmentId: id as EnrollmentId }));
    const { deps, calls, errors } = stage(three, { class: "blind" });
    const transportOf: RecoverDeps["transportOf"] = async (id) => {
      if (calls.includes("commit 1 uncertain") && !errors.length)
        throw new Error("the secret cannot be opened");
      return deps.transportOf(id);
    };
    expect(await recover({ ...deps, transportOf })).toEqual({ released: 3, resolved: 2, open: 1 });
    expect(calls.filter((name) => name.startsWith("commit"))).toEqual([
      "commit 1 uncertain",
      "commit 3 uncertain",
    ]);
  });

  test("facts that cannot be read leave it open, and it makes way for the others", async () => {
    const { deps, calls } = stage([staleSend()], {}, { loadFactsOf: async () => new Map() });
    expect(await recover(deps)).toEqual({ released: 3, resolved: 0, open: 1 });
    expect(calls).toEqual([...begun, "noteLook 7 open true"]);
  });

  test("a slow provider does not hold up the tick behind it: what is left waits for the next turn", async () => {
    let now = wall;
    const find = async () => {
      now += 30_000;
      return "absent" as const;
    };
    const slow = { class: "lookup" as const, find };
    const { deps, calls } = stage([staleSend(), staleSend({ stepId: 2 })], slow, { wallNow: () => now });
    expect(await recover(deps)).toEqual({ released: 3, resolved: 0, open: 2 });
    expect(calls.filter((call) => call.startsWith("noteLook"))).toHaveLength(1);
  });

  const gone: RecoverDeps["prepare"] = async () => ({ ok: false, detail: "The step is gone." });
  const throws: RecoverDeps["prepare"] = async () => {
    throw new Error("no such charset");
  };
  test.each([
    ["was made for a step that is gone", gone, "The step is gone."],
    ["cannot be made again", throws, "Error: no such charset"],
  ])("a mail that %s cannot be asked about: it is uncertain", async (_, prepare, error) => {
    const { deps, committed } = stage(
      [staleSend()],
      { class: "lookup", find: async () => "absent" },
      { prepare },
    );
    await recover(deps);
    expect(committed[0]!.sendChange).toMatchObject({ state: "uncertain", error });
  });
});
