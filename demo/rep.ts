/** A rep who works through the task list: calls, drafts, LinkedIn touches, and mails nobody was sure of. */
import { type AnswerOf, ProblemError } from "@cadenza/shared/client";
import type { Stage } from "./stage.ts";

type Task = AnswerOf<"tasks.list">["items"][number];

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The rep looks at the list every half hour, and at nothing that is not ten minutes old. */
const lookMs = 30 * minuteMs;
const promptMs = 10 * minuteMs;
const nextLook = (dueAt: number): number => Math.ceil((dueAt + promptMs) / lookMs) * lookMs;

/** `null`: as usual. */
export type Habit = (
  task: Task,
  name: string,
  rep: Rep,
) => { at?: number; act?: () => Promise<unknown> } | null;
export type Rep = {
  /** Addresses whose mail nobody was sure of. */
  settled: string[];
  /** Puts a task off: it comes back to the list then. */
  snooze(task: Task, until: number): Promise<void>;
};

export function hireRep(stage: Stage, habit: Habit): Rep {
  const { client } = stage.office;
  let calls = 0;
  const rep: Rep = {
    settled: [],
    snooze: async (task, until) => {
      await client("tasks.snooze", {
        params: { id: task.id },
        body: { untilAt: new Date(until).toISOString() },
      });
      snoozed.push(task.id);
    },
  };
  const seen = new Set<string>();
  const snoozed: string[] = [];
  let lastKnown = "";

  stage.afterTurns(async (enrollments) => {
    // Asked only when somebody waits for a person: the list is long, and the story has many turns.
    const waiting = enrollments.filter(
      ({ waitReason, reason }) => waitReason === "task_open" || reason === "uncertain_send",
    );
    const known = [
      ...waiting.map(({ id, stepId, reason }) => `${id} ${stepId} ${reason}`),
      ...snoozed,
    ].join();
    if (!waiting.length || known === lastKnown) return;
    lastKnown = known;
    const { items } = await client("tasks.list", { query: { status: "open", limit: 200 } });
    for (const task of items) {
      const key = `${task.id} ${task.dueAt}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const own = habit(task, stage.office.people.get(task.contactId)!.name, rep);
      stage.at(own?.at ?? nextLook(Math.max(stage.now(), Date.parse(task.dueAt))), async () => {
        await unlessClosed(own?.act ?? (() => asUsual(task)));
        stage.mention(task.contactId);
      });
    }
  });

  async function asUsual(task: Task): Promise<void> {
    const params = { id: task.id };
    if (task.purpose === "uncertain_send") return settle(task);
    if (task.type === "email_manual") {
      const body = `${task.body}how long it takes: a morning, with somebody who knows your mailbox.`;
      await client("tasks.approve", { params, body: { subject: task.subject ?? "", body } });
      return;
    }
    const outcome = task.type === "call" ? (calls++ % 2 ? "voicemail" : "connected") : "completed";
    await client("tasks.done", { params, body: { outcome } });
  }

  /** What a rep would see in the Sent folder, the mail server's record shows here. */
  async function settle(task: Task): Promise<void> {
    const { items } = await client("enrollments.sends", { params: { id: task.enrollmentId } });
    const send = items.find(({ state }) => state === "uncertain")!;
    const arrived = stage.mail.accepted.some(({ to }) => to === send.to);
    await client("sends.settle", { params: { id: send.id }, body: { arrived } });
    rep.settled.push(send.to);
  }
  return rep;
}

/** Somebody's answer may have closed it first. */
async function unlessClosed(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (
      !(error instanceof ProblemError) ||
      !["task_not_open", "enrollment_ended", "enrollment_not_active"].includes(error.code)
    ) {
      throw error;
    }
  }
}
