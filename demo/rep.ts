/** A rep who works through the task list: calls, drafts, LinkedIn touches, and mails nobody was sure of. */
import { type AnswerOf, ProblemError } from "@cadenza/shared/client";
import type { Stage } from "./stage.ts";

type Task = AnswerOf<"tasks.list">["items"][number];

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Forty minutes after a task is due the rep gets to it. */
const promptMs = 40 * minuteMs;

/** `null`: as usual. */
export type Habit = (task: Task, name: string) => { at?: number; act?: () => Promise<unknown> } | null;
export type Rep = { done: number; skipped: number; approved: number; snoozed: number; settled: string[] };

export function hireRep(stage: Stage, habit: Habit): Rep {
  const { client } = stage.office;
  const rep: Rep = { done: 0, skipped: 0, approved: 0, snoozed: 0, settled: [] };
  const seen = new Set<string>();

  stage.afterTurns(async () => {
    const { items } = await client("tasks.list", { query: { status: "open", limit: 200 } });
    for (const task of items) {
      const key = `${task.id} ${task.dueAt}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const own = habit(task, stage.office.people.get(task.contactId)!.name);
      stage.at(own?.at ?? Math.max(stage.now(), Date.parse(task.dueAt)) + promptMs, async () => {
        await unlessClosed(own?.act ?? (() => asUsual(task)));
        await stage.narrate([task.contactId]);
      });
    }
  });

  async function asUsual(task: Task): Promise<void> {
    const params = { id: task.id };
    if (task.purpose === "uncertain_send") return settle(task);
    if (task.type === "email_manual") {
      const body = `${task.body}how long it takes: a morning, with somebody who knows your mailbox.`;
      await client("tasks.approve", { params, body: { subject: task.subject ?? "", body } });
      rep.approved++;
      return;
    }
    const outcome = task.type === "call" ? (rep.done % 2 ? "voicemail" : "connected") : "completed";
    await client("tasks.done", { params, body: { outcome } });
    rep.done++;
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
    if (!(error instanceof ProblemError) || !["task_not_open", "enrollment_ended", "enrollment_not_active"].includes(error.code)) {
      throw error;
    }
  }
}
