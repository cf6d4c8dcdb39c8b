/**
 * What nobody was sure of: mails whose outcome was lost, deliverers that died, replies that were misread. Time alone
 * never sends again; the provider, the person who answers or a rep says what became of it.
 */
import { beforeEach, describe, expect, test } from "vitest";
import {
  cancelEnrollment,
  pauseEnrollment,
  reopenEnrollment,
  resumeEnrollment,
  skipStep,
} from "../../src/commands/enrollments.ts";
import { erasedKeys } from "../../src/commands/ports.ts";
import { settleSend } from "../../src/commands/sends.ts";
import { finishTask } from "../../src/commands/tasks.ts";
import { authorise, claimSends } from "../../src/db/claims.ts";
import type { OutgoingMessage, Transport } from "../../src/domain/transport.ts";
import { runEngine } from "../../src/run.ts";
import { dayMs, hourMs, minuteMs, sentOutcome } from "../world.ts";
import { withGate } from "./d1.ts";
import {
  acceptedOnce,
  after,
  call,
  calm,
  delivered,
  email,
  enrollmentOf,
  enrollThese,
  eventsOf,
  recovered,
  runThrough,
  type Stage,
  sendsOf,
  stage,
  tasksOf,
  ticked,
  twoMails,
  usageOf,
  writeBack,
} from "./stage.ts";

beforeEach(calm);

const text = (message: OutgoingMessage) => new TextDecoder().decode(message.mime);

/** The first mail was handed over and never answered; the wire is well again. */
async function uncertainStage(over: Parameters<typeof stage>[0] = {}) {
  const here = await stage({ steps: twoMails(), ...over });
  const lost: OutgoingMessage[] = [];
  here.system.wire.answer = (message) => {
    if (lost.length) return sentOutcome;
    lost.push(message);
    return { kind: "ambiguous", detail: "closed after DATA" };
  };
  await runEngine(here.system);
  const [id] = here.ids;
  return {
    ...here,
    id: id!,
    lost: lost[0]!,
    at: here.system.clock.at,
    key: { enrollmentId: id!, stepId: 1, cycle: 1 },
  };
}

describe("an uncertain mail", () => {
  test("pauses the person, asks the rep once, counts for the cap, and is not touched by days of ticks", async () => {
    const here = await uncertainStage({ mailbox: { dailyCap: 1 }, people: 2 });
    await runThrough(here.system, here.at + 20 * hourMs);
    expect(await usageOf(here.system, here.mailboxId)).toBe(1);
    expect(here.system.delivered).toHaveLength(0);
    await runThrough(here.system, here.at + 5 * dayMs);
    expect(await sendsOf(here.system, here.id)).toMatchObject([
      { state: "uncertain", attempt: 1, dueAt: null },
    ]);
    expect(await tasksOf(here.system, here.id)).toMatchObject([
      { purpose: "uncertain_send", status: "open", type: "task" },
    ]);
    expect(await eventsOf(here.system, here.id)).toEqual([
      "enrollment.created",
      "send.queued",
      "send.uncertain",
      "enrollment.paused",
    ]);
    // The second person's mails went, a day apart from the slot nobody was sure of.
    expect(here.system.delivered).toHaveLength(2);
  });

  test("may be neither resumed nor skipped nor closed as a task before somebody says what became of it", async () => {
    const here = await uncertainStage();
    const { system, actor, id } = here;
    await expect(resumeEnrollment(system, actor, id)).rejects.toMatchObject({ code: "send_uncertain" });
    await expect(skipStep(system, actor, id)).rejects.toMatchObject({ code: "send_uncertain" });
    const [task] = await tasksOf(system, id);
    await expect(
      finishTask(system, actor, task!.id, { status: "done", outcome: null, note: null }),
    ).rejects.toMatchObject({
      code: "task_wants_settlement",
    });
  });

  test("said to have arrived counts from when it left, and the next mail answers in its thread", async () => {
    const here = await uncertainStage();
    here.system.clock.advance(3 * hourMs);
    expect(await settleSend(here.system, here.actor, here.key, true)).toMatchObject({
      state: "sent",
      sentAt: here.at,
    });
    await runThrough(here.system, here.at + 3 * dayMs);
    expect(await tasksOf(here.system, here.id)).toMatchObject([
      { purpose: "uncertain_send", status: "done" },
    ]);
    expect((await sendsOf(here.system, here.id)).map(({ state, sentAt }) => [state, sentAt])).toEqual([
      ["sent", here.at],
      ["sent", here.at + dayMs],
    ]);
    expect(text(here.system.delivered[0]!)).toContain(`In-Reply-To: ${here.lost.messageId}`);
    expect(text(here.system.delivered[0]!)).toContain("Subject: Re: Hello Dana");
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({
      status: "completed",
      reason: "all_steps_done",
    });
    expect(await usageOf(here.system, here.mailboxId)).toBe(2);
  });

  test("said not to have arrived is ordered again, as another mail with another name", async () => {
    const here = await uncertainStage();
    here.system.clock.advance(3 * hourMs);
    expect(await settleSend(here.system, here.actor, here.key, false)).toMatchObject({ state: "failed" });
    await runThrough(here.system, here.at + 3 * dayMs);
    const sends = await sendsOf(here.system, here.id);
    expect(sends.map(({ stepId, cycle, state }) => [stepId, cycle, state])).toEqual([
      [1, 1, "failed"],
      [1, 2, "sent"],
      [2, 1, "sent"],
    ]);
    const [again, followUp] = here.system.delivered;
    expect(again!.messageId).not.toBe(here.lost.messageId);
    expect(text(followUp!)).toContain(`In-Reply-To: ${again!.messageId}`);
    expect(text(followUp!)).not.toContain(here.lost.messageId);
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({ status: "completed" });
  });

  test("settled by three people at once is settled once", async () => {
    const here = await uncertainStage();
    const answers = await Promise.allSettled(
      [true, true, false].map((arrived) => settleSend(here.system, here.actor, here.key, arrived)),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "send_not_uncertain" });
    }
    await runThrough(here.system, here.at + 3 * dayMs);
    expect((await eventsOf(here.system, here.id)).filter((type) => type === "send.settled")).toHaveLength(1);
    expect([...acceptedOnce(here.system).values()].every((times) => times === 1)).toBe(true);
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({ status: "completed" });
  });

  test("is proved by the person's answer, which also stops the sequence", async () => {
    const here = await uncertainStage();
    const thread = `In-Reply-To: ${here.lost.messageId}`;
    await writeBack(here, [thread, "Subject: Re: Hello"], "Yes, please.");
    expect(await sendsOf(here.system, here.id)).toMatchObject([{ state: "sent" }]);
    expect(await tasksOf(here.system, here.id)).toMatchObject([
      { purpose: "uncertain_send", status: "done" },
    ]);
    await runThrough(here.system, here.at + 3 * dayMs);
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({
      status: "completed",
      reason: "replied",
    });
    expect(here.system.delivered).toHaveLength(0);
  });

  test("is proved by an automatic answer, after which the sequence goes on", async () => {
    const here = await uncertainStage();
    const thread = `In-Reply-To: ${here.lost.messageId}`;
    const automatic = ["Auto-Submitted: auto-replied", "Subject: We got your mail"];
    await writeBack(here, [thread, ...automatic], "Thank you, we will look at it.");
    await runThrough(here.system, here.at + 3 * dayMs);
    expect((await sendsOf(here.system, here.id)).map(({ state, sentAt }) => [state, sentAt])).toEqual([
      ["sent", here.at],
      ["sent", here.at + dayMs],
    ]);
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({
      status: "completed",
      reason: "all_steps_done",
    });
  });
});

describe("reopening", () => {
  const misread = (here: Stage) => writeBack(here, ["Subject: Re: Hello"], "Not a reply at all.");

  test("after a misread reply puts the person back with the same wait left, and no mail twice", async () => {
    const here = await stage({
      steps: [email(), email({ delay: after(4, "days"), subject: null, body: "Again" })],
    });
    await runEngine(here.system);
    const first = here.system.clock.at;
    await runThrough(here.system, first + dayMs);
    await misread(here);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "completed",
      reason: "replied",
    });
    await runThrough(here.system, first + 10 * dayMs);
    await reopenEnrollment(here.system, here.actor, here.ids[0]!);
    await runThrough(here.system, first + 20 * dayMs);
    expect((await sendsOf(here.system, here.ids[0]!)).map(({ sentAt }) => sentAt! - first)).toEqual([
      0,
      13 * dayMs,
    ]);
    expect([...acceptedOnce(here.system).values()]).toEqual([1, 1]);
  });

  test("while the mail was still queued sends it once, under the key it had", async () => {
    const here = await stage();
    await ticked(here.system);
    await misread(here);
    expect(await sendsOf(here.system, here.ids[0]!)).toMatchObject([{ state: "canceled" }]);
    await reopenEnrollment(here.system, here.actor, here.ids[0]!);
    await runThrough(here.system, here.system.clock.at + dayMs);
    expect(await sendsOf(here.system, here.ids[0]!)).toMatchObject([{ state: "sent", cycle: 1 }]);
    expect(here.system.delivered).toHaveLength(1);
  });

  test("while the mail was on the wire does not send it again", async () => {
    const here = await stage({ steps: twoMails() });
    here.system.wire.answer = async () => {
      if (!here.system.delivered.length) {
        await misread(here);
        await reopenEnrollment(here.system, here.actor, here.ids[0]!);
        await ticked(here.system);
      }
      return sentOutcome;
    };
    await runThrough(here.system, here.system.clock.at + 3 * dayMs);
    expect([...acceptedOnce(here.system).values()]).toEqual([1, 1]);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "completed",
      reason: "all_steps_done",
    });
    expect(text(here.system.delivered[1]!)).toContain(`In-Reply-To: ${here.system.delivered[0]!.messageId}`);
  });

  test("opens the task that the stop had closed, not a second one", async () => {
    const here = await stage({ steps: [call(), email()] });
    await ticked(here.system);
    await misread(here);
    expect(await tasksOf(here.system, here.ids[0]!)).toMatchObject([{ status: "skipped" }]);
    await reopenEnrollment(here.system, here.actor, here.ids[0]!);
    await runEngine(here.system);
    expect(await tasksOf(here.system, here.ids[0]!)).toMatchObject([{ status: "open" }]);
    expect(await enrollmentOf(here.system, here.ids[0]!)).toMatchObject({
      status: "active",
      waitReason: "task_open",
    });
  });

  test("is refused where the person is in the sequence again, and where nothing was left", async () => {
    const here = await stage();
    await cancelEnrollment(here.system, here.actor, here.ids[0]!, null);
    await enrollThese(here, [here.contactIds[0]!]);
    await expect(reopenEnrollment(here.system, here.actor, here.ids[0]!)).rejects.toMatchObject({
      code: "already_enrolled",
    });
    await runThrough(here.system, here.system.clock.at + dayMs);
    await expect(reopenEnrollment(here.system, here.actor, here.ids[1]!)).rejects.toMatchObject({
      code: "enrollment_all_steps_done",
    });
  });
});

describe("the resolver", () => {
  /** A delivery that died right after the wire took the mail. */
  async function orphan(transport: Partial<Transport> & Pick<Transport, "class">, accepts = true) {
    const accepted: OutgoingMessage[] = [];
    const wire: Transport = {
      deliver: async (message) => {
        if (!accepts) return { kind: "ambiguous", detail: "gone" };
        if (!accepted.some(({ idempotencyKey }) => idempotencyKey === message.idempotencyKey))
          accepted.push(message);
        return sentOutcome;
      },
      find: async (messageId) =>
        accepted.some((message) => message.messageId === messageId) ? "found" : "absent",
      ...transport,
    };
    const here = await stage({ system: { openTransport: async () => wire } });
    await ticked(here.system);
    await delivered(
      withGate(here.system, async ({ sql }, run) => {
        if (sql.some((one) => one.startsWith("UPDATE sends AS g")))
          throw new Error("D1_ERROR: the Worker is gone");
        return run();
      }),
    );
    expect(await sendsOf(here.system, here.ids[0]!)).toMatchObject([{ state: "sending" }]);
    return { ...here, accepted, wire, id: here.ids[0]! };
  }
  const look = async (here: Stage, minutes: number) => {
    here.system.clock.advance(minutes * minuteMs);
    const report = await recovered(here.system);
    return { ...report, state: (await sendsOf(here.system, here.ids[0]!))[0]!.state };
  };

  test("leaves a mail alone as long as whoever sends it may be alive", async () => {
    const here = await orphan({ class: "blind" });
    expect(await look(here, 19)).toMatchObject({ resolved: 0, state: "sending" });
    expect(await look(here, 2)).toMatchObject({ resolved: 1, state: "uncertain" });
  });

  test("believes a provider that can look it up: found is sent, from when it was found", async () => {
    const here = await orphan({ class: "lookup" });
    expect(await look(here, 21)).toMatchObject({ resolved: 1, state: "sent" });
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({ status: "completed" });
    expect(here.accepted).toHaveLength(1);
  });

  test("takes three looks over more than half an hour to believe that it never left, then sends it, its slot given back", async () => {
    const here = await orphan({ class: "lookup" }, false);
    expect(await look(here, 21)).toMatchObject({ open: 1, state: "sending" });
    expect(await look(here, 5)).toMatchObject({ open: 0, state: "sending" });
    expect(await look(here, 16)).toMatchObject({ open: 1, state: "sending" });
    expect(await look(here, 21)).toMatchObject({ resolved: 1, state: "queued" });
    expect(await usageOf(here.system, here.mailboxId)).toBe(0);
    const sentNow: string[] = [];
    here.wire.deliver = async ({ idempotencyKey }) => {
      sentNow.push(idempotencyKey);
      return sentOutcome;
    };
    await runEngine(here.system);
    expect(sentNow).toEqual([`0.${here.id}.1.1`]);
  });

  test("a mail that never left, of a person paused and resumed meanwhile, is taken back and made anew, once", async () => {
    const here = await orphan({ class: "lookup" }, false);
    await pauseEnrollment(here.system, here.actor, here.id, null);
    await resumeEnrollment(here.system, here.actor, here.id);
    for (const minutes of [21, 21, 21]) await look(here, minutes);
    const sentNow: string[] = [];
    here.wire.deliver = async ({ idempotencyKey }) => {
      sentNow.push(idempotencyKey);
      return sentOutcome;
    };
    await runThrough(here.system, here.system.clock.at + dayMs);
    expect(sentNow).toEqual([`0.${here.id}.1.1`]);
    expect(await enrollmentOf(here.system, here.id)).toMatchObject({ status: "completed" });
  });

  test("a provider that cannot say now is asked again later, and one such answer forgets nothing", async () => {
    let says: "absent" | Error = new Error("503");
    const here = await orphan({
      class: "lookup",
      find: async () => {
        if (says instanceof Error) throw says;
        return says;
      },
    });
    expect(await look(here, 21)).toMatchObject({ open: 1, state: "sending" });
    says = "absent";
    await look(here, 21);
    says = new Error("503");
    await look(here, 21);
    says = "absent";
    expect(await look(here, 21)).toMatchObject({ state: "sending" });
    expect(await look(here, 21)).toMatchObject({ state: "queued" });
  });

  test("asks a provider with keys again with the same bytes under the same key, while that key is remembered", async () => {
    const here = await orphan({ class: "key", keyLifeMs: 2 * hourMs });
    const again: OutgoingMessage[] = [];
    const before = here.wire.deliver;
    here.wire.deliver = (message) => {
      again.push(message);
      return before(message);
    };
    expect(await look(here, 30)).toMatchObject({ resolved: 1, state: "sent" });
    expect(again).toHaveLength(1);
    expect(again[0]).toEqual(here.accepted[0]);
    expect(here.accepted).toHaveLength(1);
  });

  test.each([
    ["the key is too old", async (here: Stage) => here.system.clock.advance(2 * hourMs)],
    [
      "the person was stopped meanwhile",
      (here: Stage) => cancelEnrollment(here.system, here.actor, here.ids[0]!, null),
    ],
    [
      "the person was suppressed meanwhile",
      (here: Stage) =>
        here.system.db
          .prepare(
            "INSERT INTO suppressions (workspace_id, kind, value, reason, created_at) SELECT workspace_id, 'address', email, 'manual', 1 FROM contacts WHERE id = ?1",
          )
          .bind(here.contactIds[0]!)
          .run(),
    ],
  ])("asks nobody again when %s: a person decides", async (_when, meanwhile) => {
    const here = await orphan({ class: "key", keyLifeMs: 2 * hourMs });
    await meanwhile(here);
    here.wire.deliver = async () => {
      throw new Error("it was put on the wire again");
    };
    expect(await look(here, 21)).toMatchObject({ resolved: 1, state: "uncertain" });
  });

  const at = ({ system }: Stage) => ({ now: system.now(), wallNow: system.wallNow() });
  const claimed = (here: Stage) =>
    claimSends(here.system.db, { token: "sleeper", ...at(here), leaseMs: 120_000, limit: 9 });
  const authorised = (here: Stage, held: Awaited<ReturnType<typeof claimed>>) =>
    authorise(here.system.db, held, "sleeper", at(here), erasedKeys(here.system));

  test("gives back a claim that ran out, and whoever held it can authorise nothing any more", async () => {
    const here = await stage();
    const { system } = here;
    await ticked(system);
    const held = await claimed(here);
    expect(held).toHaveLength(1);
    system.clock.wallAt += 119_000;
    expect(await recovered(system)).toMatchObject({ released: 0 });
    system.clock.wallAt += 2_000;
    expect(await recovered(system)).toMatchObject({ released: 1 });
    expect(await authorised(here, held)).toEqual({ granted: [], blocked: [] });
    await delivered(system);
    expect(system.delivered).toHaveLength(1);
    expect(await authorised(here, held)).toEqual({ granted: [], blocked: [] });
  });

  test("a claim that ran out but was not yet given back authorises nothing either", async () => {
    const here = await stage();
    const { system } = here;
    await ticked(system);
    const held = await claimed(here);
    system.clock.wallAt += 121_000;
    expect(await authorised(here, held)).toMatchObject({ granted: [] });
    await runThrough(system, system.clock.at + hourMs);
    expect(system.delivered).toHaveLength(1);
  });
});
