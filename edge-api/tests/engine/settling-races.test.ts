/**
 * An uncertain mail settled while somebody else writes about the same person. Each of the two is let in whole before
 * every single call of the other to D1, so that whatever one has read is old by the time it writes.
 */
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  cancelEnrollment,
  pauseEnrollment,
  resumeEnrollment,
  skipStep,
} from "../../src/commands/enrollments.ts";
import { settleSend } from "../../src/commands/sends.ts";
import { loadSend } from "../../src/db/sends.ts";
import type { Actor } from "../../src/domain/actor.ts";
import type { ClaimedSend } from "../../src/domain/delivery.ts";
import { AppError } from "../../src/domain/errors.ts";
import type { EnrollmentId, SendKey } from "../../src/domain/ids.ts";
import type { InboundMail } from "../../src/domain/inbound.ts";
import type { System } from "../../src/domain/system.ts";
import type { OutgoingMessage } from "../../src/domain/transport.ts";
import { ingest } from "../../src/engine/ingest.ts";
import { recover } from "../../src/engine/recover.ts";
import { ingestDeps, recoverDeps, runEngine } from "../../src/run.ts";
import { dayMs, sentOutcome } from "../world.ts";
import { overtakenAt } from "./d1.ts";
import {
  after,
  calm,
  email,
  enrollmentOf,
  runThrough,
  type Stage,
  sendsOf,
  stage,
  tasksOf,
} from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });
beforeEach(calm);

type Person = { id: EnrollmentId; key: SendKey; lost: OutgoingMessage };
type Unsure = Stage & { people: Person[] };
type Write = (system: System, actor: Actor, person: Person) => Promise<unknown>;

/** The first mail of each was handed over and never answered; the wire is well again. */
async function unsure(people: number): Promise<Unsure> {
  const here = await stage({
    people,
    steps: [email(), email({ delay: after(1, "days"), subject: "Did you see it?" })],
  });
  const { system, ids } = here;
  const lost = new Map<string, OutgoingMessage>();
  system.wire.answer = (message) => {
    lost.set(message.idempotencyKey, message);
    return { kind: "ambiguous", detail: "closed after DATA" };
  };
  await runEngine(system);
  system.wire.answer = () => sentOutcome;
  const key = (id: EnrollmentId) => ({ enrollmentId: id, stepId: 1, cycle: 1 });
  return { ...here, people: ids.map((id) => ({ id, key: key(id), lost: lost.get(`0.${id}.1.1`)! })) };
}

const settle =
  (arrived: boolean): Write =>
  (system, actor, { key }) =>
    settleSend(system, actor, key, arrived);

const letter =
  (over: (lost: OutgoingMessage) => Partial<InboundMail>): Write =>
  (system, { workspaceId }, { lost }) =>
    ingest(
      ingestDeps(system),
      workspaceId,
      {
        messageId: `<${crypto.randomUUID()}@buyer.example>`,
        inReplyTo: [lost.messageId],
        references: [],
        from: lost.to,
        to: [],
        subject: "Re: Hello",
        text: "Yes, please.",
        date: system.now(),
        headers: {},
        report: null,
        feedback: false,
        calendarMethod: null,
        ...over(lost),
      },
      "digest",
    );

const reply = letter(() => ({}));
const automaticAnswer = letter(() => ({ headers: { "auto-submitted": "auto-replied" } }));
const bounce = letter(({ messageId, to }) => ({
  from: "mailer-daemon@mx.example",
  inReplyTo: [],
  text: "",
  report: { finalRecipient: to, originalMessageId: messageId, action: "failed", status: "5.1.1" },
}));
const cancel: Write = (system, actor, { id }) => cancelEnrollment(system, actor, id, null);
const pause: Write = (system, actor, { id }) => pauseEnrollment(system, actor, id, null);
const resume: Write = (system, actor, { id }) => resumeEnrollment(system, actor, id);
const skip: Write = (system, actor, { id }) => skipStep(system, actor, id);

/** "done", or the code of the problem. Anything else that is thrown is a bug. */
const told = (writing: Promise<unknown>): Promise<string> =>
  writing.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );

type Ended = {
  story: string;
  settling: string;
  other: string;
  arrived: boolean;
  status: string;
  reason: string | null;
  sends: [stepId: number, cycle: number, state: string][];
  resumed: number;
};

/**
 * Every order in which the two can meet, each with a person of their own, then three days of the engine.
 * @returns what became of each.
 */
async function raced(settling: Write, other: Write, calls = 6): Promise<Ended[]> {
  const here = await unsure(settlingCalls + calls);
  const ended = [];
  const unraced = new Set<boolean>();
  for (const [n, person] of here.people.entries()) {
    const settlingWaits = n < settlingCalls;
    const k = settlingWaits ? n + 1 : n + 1 - settlingCalls;
    const write = (by: Write, system: System) => told(by(system, here.actor, person));
    let inside = "";
    const [held, within] = settlingWaits ? [settling, other] : [other, settling];
    const { system, struck } = overtakenAt(here.system, k, async () => {
      inside = await write(within, here.system);
    });
    const outside = await write(held, system);
    // Beyond its last call nobody is let in any more: so every call has been raced.
    if (!struck()) unraced.add(settlingWaits);
    if (!struck()) continue;
    const story = `${settlingWaits ? "the settlement" : "the other"} overtaken at its call ${k}`;
    const [own, its] = settlingWaits ? [outside, inside] : [inside, outside];
    ended.push({ person, told: { story, settling: own, other: its } });
  }
  expect(unraced, "each makes fewer calls than there are people for").toEqual(new Set([true, false]));
  await runThrough(here.system, here.system.clock.at + 3 * dayMs);
  await expectTrueCounts(here);
  const all: Ended[] = [];
  for (const { person, told } of ended) all.push(await becameOf(here, person, told));
  return all;
}

/** More than a settlement makes. */
const settlingCalls = 10;
/** More than the taking in of a letter makes. */
const letterCalls = 19;

/** What must hold whoever won. */
async function becameOf(
  { system }: Unsure,
  { id, lost }: Person,
  told: Pick<Ended, "story" | "settling" | "other">,
): Promise<Ended> {
  const { story } = told;
  const { results: events } = await system.db
    .prepare(`SELECT v.type, v.data FROM enrollments e CROSS JOIN events v ON v.contact_id = e.contact_id
              WHERE e.id = ?1 AND v.enrollment_id = ?1 ORDER BY v.at, v.id`)
    .bind(id)
    .all<{ type: string; data: string }>();
  const of = (type: string) => events.filter((event) => event.type === type);
  const settled = of("send.settled").map(({ data }) => JSON.parse(data).arrived as boolean);
  expect(settled, story).toHaveLength(1);
  const sends = (await sendsOf(system, id)).map(
    ({ stepId, cycle, state }) => [stepId, cycle, state] as const,
  );
  expect(sends[0], story).toEqual([1, 1, settled[0] ? "sent" : "failed"]);
  expect(await tasksOf(system, id), story).toMatchObject([{ purpose: "uncertain_send", status: "done" }]);
  const again = system.delivered.filter(({ messageId }) => messageId === lost.messageId);
  expect(again, `${story}: the same mail went out again`).toEqual([]);
  const { status, reason } = await enrollmentOf(system, id);
  const resumed = of("enrollment.resumed").length;
  return { ...told, arrived: settled[0]!, status, reason, sends: sends.map((send) => [...send]), resumed };
}

async function expectTrueCounts({ system, sequenceId }: Unsure): Promise<void> {
  const row = await system.db
    .prepare(
      `SELECT (SELECT sum(sent) FROM step_rollups WHERE sequence_id = ?1) AS rolled,
         (SELECT count(*) FROM sends WHERE sequence_id = ?1 AND state = 'sent') AS counted`,
    )
    .bind(sequenceId)
    .first<{ rolled: number; counted: number }>();
  expect(row!.rolled).toBe(row!.counted);
}

/** A resolver that listed the mail while it was `sending` hears only now that the provider has it. */
const lateYes: Write = async (system, actor, { key }) => {
  const listed = (await loadSend(system.db, actor, key)) as unknown as ClaimedSend;
  await recover({
    ...recoverDeps(system),
    listStaleSending: async () => [listed],
    transportOf: async () => ({ class: "lookup", find: async () => "found", deliver: neverAgain }),
  });
};
const neverAgain = () => {
  throw new Error("it was put on the wire again");
};

/** Step, cycle and state of each mail of somebody who gets to the end: what did not arrive is sent again, once. */
const toTheEnd = ({ arrived }: Ended): Ended["sends"] => [...(arrived ? once : again), [2, 1, "sent"]];
const once: Ended["sends"] = [[1, 1, "sent"]];
const again: Ended["sends"] = [
  [1, 1, "failed"],
  [1, 2, "sent"],
];
/** The person's word or, where the proof that it arrived was there first, none of it. */
const expectFirstWord = ({ settling, arrived, story }: Ended): void => {
  expect(["done", "send_not_uncertain"], story).toContain(settling);
  expect(arrived, story).toBe(settling !== "done");
};

describe("a settlement", () => {
  test("and another that says the opposite: one stands, and who came second is told so", async () => {
    for (const ended of await raced(settle(true), settle(false), settlingCalls)) {
      const { story, settling, other, arrived } = ended;
      expect([settling, other].sort(), story).toEqual(["done", "send_not_uncertain"]);
      expect(arrived, story).toBe(settling === "done");
      expect(ended, story).toMatchObject({ reason: "all_steps_done", resumed: 1, sends: toTheEnd(ended) });
    }
  });

  test.each([
    ["an answer", reply, "completed", "replied"],
    ["a bounce", bounce, "canceled", "bounced"],
  ])(
    "and %s: the sequence stops, whoever was first, and nothing is sent again",
    async (_what, letter, status, reason) => {
      for (const ended of await raced(settle(false), letter, letterCalls)) {
        expect(ended, ended.story).toMatchObject({ other: "done", status, reason });
        expect(ended.sends, ended.story).toHaveLength(1);
        expectFirstWord(ended);
      }
    },
  );

  test.each([
    ["an automatic answer", automaticAnswer],
    ["the provider's late yes", lateYes],
  ])("and %s: the first word stands, and the sequence goes on once", async (_what, proof) => {
    for (const ended of await raced(settle(false), proof, letterCalls)) {
      expect(ended, ended.story).toMatchObject({ other: "done", reason: "all_steps_done", resumed: 1 });
      expect(ended.sends, ended.story).toEqual(toTheEnd(ended));
      expectFirstWord(ended);
    }
  });

  test("and a cancel: both land, and nothing is sent again", async () => {
    for (const ended of await raced(settle(false), cancel)) {
      expect(ended, ended.story).toMatchObject({ settling: "done", other: "done", status: "canceled" });
      expect(ended.sends, ended.story).toEqual([[1, 1, "failed"]]);
    }
  });

  test("and a pause: it holds who goes on already, and is refused where the question still holds them", async () => {
    for (const ended of await raced(settle(false), pause)) {
      const { story, other, status, reason, sends } = ended;
      expect(ended, story).toMatchObject({ settling: "done", resumed: 1 });
      expect(
        [
          ["done", "paused", "manual", [[1, 1, "failed"]]],
          ["enrollment_not_active", "completed", "all_steps_done", toTheEnd(ended)],
        ],
        story,
      ).toContainEqual([other, status, reason, sends]);
    }
  });

  test("and a resume: the person is moved on by one of them, once", async () => {
    for (const ended of await raced(settle(false), resume)) {
      const { story, other } = ended;
      expect(ended, story).toMatchObject({ settling: "done", resumed: 1, sends: toTheEnd(ended) });
      expect(["send_uncertain", "enrollment_not_paused"], story).toContain(other);
    }
  });

  test("and a skip: a step passed over is not sent again", async () => {
    for (const ended of await raced(settle(false), skip)) {
      const { story, other, sends } = ended;
      expect(ended, story).toMatchObject({ settling: "done", resumed: 1, reason: "all_steps_done" });
      expect(
        [
          [
            "done",
            [
              [1, 1, "failed"],
              [2, 1, "sent"],
            ],
          ],
          ["send_uncertain", toTheEnd(ended)],
        ],
        story,
      ).toContainEqual([other, sends]);
    }
  });
});
