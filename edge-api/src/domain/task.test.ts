import { taskOutcomes } from "@cadenza/shared/vocabulary";
import { describe, expect, test } from "vitest";
import type { Decision } from "./decision.ts";
import {
  after,
  call,
  contactOf,
  dayMs,
  email,
  factsOf,
  hourMs,
  mailboxOf,
  manualEmail,
  monday,
  rep,
  taskOf,
} from "./facts.fixture.ts";
import { draftTemplate, renderMessage } from "./message.ts";
import { approveEmail, endTask, snoozeTask } from "./task.ts";

const steps = [call(1), email(2, { delay: after(3, "hours") })];
const done = { status: "done", outcome: "connected", note: "Nice talk" } as const;
const skipped = { status: "skipped", outcome: null, note: null } as const;

function made(change: ReturnType<typeof approveEmail>): Decision {
  if (!change.ok) throw new Error("reason" in change ? change.reason : change.problem);
  return change.decision;
}
const typesOf = ({ events }: Decision) => events.map(({ type }) => type);

describe("ending a task", () => {
  test("done: it is written down and the next step's delay starts now", () => {
    const decision = made(endTask(factsOf({ steps }), taskOf(), done, rep));
    expect(decision.taskChange).toEqual({ id: 11, ...done, dueAt: monday, doneAt: monday });
    const dueAt = monday + 3 * hourMs;
    expect(decision.next).toMatchObject({
      status: "active",
      stepId: 2,
      dueAt,
      wakeAt: dueAt,
      executedAt: monday,
      epoch: 1,
    });
    expect(decision).toMatchObject({
      counts: [{ stepId: 1, count: "tasksDone" }],
      closeTasks: null,
      guard: { rev: 1 },
    });
    expect(decision.events).toMatchObject([
      { type: "task.done", stepId: 1, actor: "member:3", data: { outcome: "connected", note: "Nice talk" } },
    ]);
  });

  test("skipped: the same, counted as skipped", () => {
    const decision = made(endTask(factsOf({ steps }), taskOf(), skipped, rep));
    expect(decision).toMatchObject({ next: { stepId: 2 }, counts: [{ stepId: 1, count: "tasksSkipped" }] });
    expect(typesOf(decision)).toEqual(["task.skipped"]);
  });

  test("of the last step completes the sequence, without taking the task off its own list again", () => {
    const decision = made(endTask(factsOf({ steps: [call(1)] }), taskOf(), done, rep));
    expect(decision.next).toMatchObject({ status: "completed", reason: "all_steps_done", endedAt: monday });
    expect(decision).toMatchObject({
      closeTasks: null,
      taskChange: { status: "done" },
      cancelSends: ["queued", "claimed"],
    });
    expect(typesOf(decision)).toEqual(["task.done", "enrollment.completed"]);
  });

  test.each(["completed", null] as const)(
    "a manual email done with %s was sent by nobody: refused",
    (outcome) => {
      const mine = taskOf({ type: "email_manual" });
      const facts = factsOf({ steps: [manualEmail(1), email(2)] });
      expect(endTask(facts, mine, { ...done, outcome }, rep)).toEqual({
        ok: false,
        reason: "task_wants_approval",
      });
      expect(endTask(facts, mine, { ...done, outcome: "sent_elsewhere" }, rep).ok).toBe(true);
      expect(endTask(facts, mine, skipped, rep).ok).toBe(true);
    },
  );

  test("a meeting, a no and a wrong number end the sequence; every other outcome lets it go on", () => {
    const after_ = taskOutcomes.map((outcome) => {
      const { next } = made(endTask(factsOf({ steps }), taskOf(), { ...done, outcome }, rep));
      return [outcome, next!.status, next!.reason];
    });
    expect(after_.filter(([, status]) => status !== "active")).toEqual([
      ["not_interested", "completed", "replied"],
      ["meeting_booked", "completed", "meeting_booked"],
      ["wrong_number", "canceled", "manual"],
    ]);
  });

  test("of a paused person moves them on, and keeps the new delay for when they are resumed", () => {
    const paused = { status: "paused", reason: "manual", wakeAt: null, remainingMs: 7 } as const;
    const { next } = made(endTask(factsOf({ steps, enrollment: paused }), taskOf(), done, rep));
    expect(next).toMatchObject({
      status: "paused",
      reason: "manual",
      stepId: 2,
      remainingMs: 3 * hourMs,
      wakeAt: null,
    });
  });

  test.each([
    ["another step", { stepId: 2 }],
    ["another cycle of the step", { cycle: 2 }],
    ["the end of it", { status: "canceled", reason: "manual", wakeAt: null } as const],
  ])("of a person who stands at %s closes the task and moves nobody", (_, enrollment) => {
    for (const outcome of ["connected", "meeting_booked"] as const) {
      const facts = factsOf({ steps, enrollment });
      const decision = made(endTask(facts, taskOf(), { ...done, outcome }, rep));
      expect(decision).toMatchObject({ next: facts.enrollment, raise: 0, taskChange: { status: "done" } });
      expect(typesOf(decision)).toEqual(["task.done"]);
    }
  });

  test("is refused for one that is closed, and for the question whether a mail arrived", () => {
    for (const status of ["done", "skipped"] as const) {
      expect(endTask(factsOf(), taskOf({ status }), done, rep)).toEqual({
        ok: false,
        reason: "task_not_open",
      });
    }
    const question = taskOf({ purpose: "uncertain_send" });
    expect(endTask(factsOf(), question, done, rep)).toEqual({ ok: false, reason: "task_wants_settlement" });
  });
});

describe("putting a task off", () => {
  test("makes it due later, and its person waits where they are", () => {
    const facts = factsOf({ steps });
    const decision = made(snoozeTask(facts, taskOf(), monday + dayMs, rep));
    expect(decision.taskChange).toEqual({
      id: 11,
      status: "open",
      outcome: null,
      note: null,
      dueAt: monday + dayMs,
      doneAt: null,
    });
    expect(decision).toMatchObject({ next: facts.enrollment, counts: [] });
    expect(decision.events).toMatchObject([
      { type: "task.snoozed", stepId: 1, data: { until: monday + dayMs } },
    ]);
  });

  test("is refused once it is closed", () => {
    expect(snoozeTask(factsOf(), taskOf({ status: "done" }), monday, rep)).toEqual({
      ok: false,
      reason: "task_not_open",
    });
  });
});

describe("approving a manual mail", () => {
  const manual = [manualEmail(1), email(2)];
  const task = taskOf({ type: "email_manual" });
  const draft = { subject: "For you", body: "Hello Dana, as I wrote it." };

  test("sends these very words, and waits for the mail before it moves on", () => {
    const decision = made(approveEmail(factsOf({ steps: manual }), task, draft, rep));
    const [send] = decision.sends;
    expect(send).toMatchObject({
      enrollmentId: 7,
      stepId: 1,
      cycle: 1,
      mailboxId: 2,
      epoch: 1,
      dueAt: monday,
      notAfter: monday + dayMs,
    });
    const rendered = renderMessage(draftTemplate, send!.snapshot);
    expect(rendered).toMatchObject({ ok: true, hash: send!.contentHash, content: { subject: "For you" } });
    expect(rendered.ok && rendered.content.text).toContain("Hello Dana, as I wrote it.");
    expect(decision.next).toMatchObject({
      stepId: 1,
      epoch: 1,
      waitReason: "send_in_flight",
      wakeAt: monday + hourMs,
    });
    expect(decision.taskChange).toMatchObject({ status: "done", outcome: "completed", doneAt: monday });
    expect(decision.counts).toEqual([{ stepId: 1, count: "tasksDone" }]);
    expect(decision.events.map(({ type, data }) => [type, data])).toEqual([
      ["task.done", { approved: true }],
      ["send.queued", { subject: "For you" }],
    ]);
  });

  test("an answer keeps its thread and takes the approved subject", () => {
    const enrollment = { threadSubject: "Old", threadReferences: ["<0@v>"] };
    const facts = factsOf({ steps: [manualEmail(1, { subject: null }), email(2)], enrollment });
    const [send] = made(approveEmail(facts, task, { ...draft, subject: "Re: Old" }, rep)).sends;
    expect(send!.snapshot).toMatchObject({
      thread: { subject: "Old", references: ["<0@v>"] },
      values: { draft: { subject: "Re: Old" } },
    });
  });

  test.each<[string, Parameters<typeof approveEmail>[0], Partial<typeof task>, object]>([
    ["a closed task", factsOf({ steps: manual }), { status: "done" }, { reason: "task_not_open" }],
    ["a call", factsOf({ steps }), {}, { reason: "task_not_manual_email" }],
    ["a step that is gone", factsOf({ steps: manual }), { stepId: 9 }, { reason: "task_not_manual_email" }],
    [
      "the question whether a mail arrived",
      factsOf({ steps: manual }),
      { purpose: "uncertain_send" },
      { reason: "task_wants_settlement" },
    ],
    [
      "a paused person",
      factsOf({ steps: manual, enrollment: { status: "paused" } }),
      {},
      { reason: "not_active" },
    ],
    [
      "no mailbox",
      factsOf({ steps: manual, mailbox: null }),
      {},
      { problem: "There is no mailbox to send it from." },
    ],
    [
      "no address",
      factsOf({ steps: manual, contact: contactOf({ email: null }) }),
      {},
      { problem: "This person has no email address." },
    ],
  ])("is refused for %s", (_, facts, more, why) => {
    expect(approveEmail(facts, { ...task, ...more }, draft, rep)).toEqual({ ok: false, ...why });
  });

  test.each([
    [{ subject: "S {{ company.name }}", body: "x" }, "subject", "{{ company.name }}"],
    [{ subject: "S", body: "Hi {{ contact.first_name }} [NAME]" }, "body", "{{ contact.first_name }}"],
    [{ subject: "S", body: "Hi [NAME]" }, "body", "[NAME]"],
  ])("%j is refused: nobody filled it in", (words, field, unfilled) => {
    const refused = approveEmail(factsOf({ steps: manual }), task, words, rep);
    const problem = `${unfilled} would be sent as it stands. Fill it in first.`;
    expect(refused).toEqual({ ok: false, field, problem });
  });

  test.each([
    [{ subject: " ", body: "x" }, "The subject and the text must not be empty."],
    [{ subject: "x", body: "" }, "The subject and the text must not be empty."],
    [{ subject: "a\nb", body: "x" }, "The subject holds a line break"],
  ])("is refused for %j", (words, problem) => {
    const mailbox = mailboxOf({ signature: "Sam" });
    expect(approveEmail(factsOf({ steps: manual, mailbox }), task, words, rep)).toEqual({
      ok: false,
      problem,
    });
  });
});
