/** What can be done with a task. Done is done: there is no way back, so it is said what happens next. */
import type { AnswerOf } from "@cadenza/shared/client";
import { ProblemError } from "@cadenza/shared/client";
import type { TaskOutcome } from "@cadenza/shared/vocabulary";
import { dropDrafts } from "../drafts.ts";
import type { PanelTask } from "../headline.ts";
import { inWords } from "../in-words.ts";
import type { PanelContext } from "../open.ts";
import { nextOf } from "./what-next.ts";
import { type TaskTexts, taskTexts } from "./words.ts";

export const saidMs = 10_000;

export const finish = (panel: PanelContext, task: PanelTask, outcome: TaskOutcome, note: string) =>
  close(panel, task, {
    what: taskTexts[panel.language].done,
    said: ({ saidDone }) => saidDone,
    outcome,
    request: () => panel.client("tasks.done", { params: { id: task.id }, body: { outcome, ...noted(note) } }),
  });

export const skipTask = (panel: PanelContext, task: PanelTask, note: string) =>
  close(panel, task, {
    what: taskTexts[panel.language].skipTask,
    said: ({ saidSkipped }) => saidSkipped,
    request: () => panel.client("tasks.skip", { params: { id: task.id }, body: noted(note) }),
  });

/** @param refused told of each field that is not right, in the server's words. */
export const approve = (
  panel: PanelContext,
  task: PanelTask,
  draft: { subject: string; body: string },
  refused: (problem: ProblemError) => void,
) =>
  close(panel, task, {
    what: taskTexts[panel.language].approve,
    said: ({ saidSent }) => saidSent,
    outcome: "completed",
    request: () => panel.client("tasks.approve", { params: { id: task.id }, body: draft }),
    refused,
  });

export function snooze(panel: PanelContext, task: PanelTask, untilAt: number) {
  const t = taskTexts[panel.language];
  return panel.act({
    name: `snooze${task.id}`,
    what: t.snooze,
    request: (client) =>
      inWords(
        client("tasks.snooze", {
          params: { id: task.id },
          body: { untilAt: new Date(untilAt).toISOString() },
        }),
        t.refused,
      ),
    done: () => {
      dropDrafts(panel, `${task.id}.until`);
      panel.show(null);
      const when = panel.formats.when(untilAt, panel.now(), panel.state.record?.zone);
      panel.notify({ text: t.saidSnoozed(when), tone: "plain" }, saidMs);
    },
  });
}

type Closing = {
  what: string;
  said(t: TaskTexts): string;
  /** Where work was done: the host hears of it. */
  outcome?: TaskOutcome;
  request(): Promise<AnswerOf<"tasks.done">>;
  refused?(problem: ProblemError): void;
};

function close(panel: PanelContext, task: PanelTask, closing: Closing) {
  const t = taskTexts[panel.language];
  return panel.act({
    name: `close${task.id}`,
    what: closing.what,
    request: () =>
      inWords(
        closing.request().catch((error: unknown) => {
          if (error instanceof ProblemError) {
            closing.refused?.(error);
            // Somebody was faster: then it is shown as it stands now.
            if (error.code === "task_not_open") void panel.refresh();
          }
          throw error;
        }),
        t.refused,
      ),
    done: () => {
      if (closing.outcome) {
        const { id: taskId, contactId } = task;
        panel.tell("cadenza:task-done", { taskId, contactId, outcome: closing.outcome });
      }
      dropDrafts(panel, task.id);
      panel.show(null);
      void panel.refresh().then(() => {
        const text = [closing.said(t), nextOf(panel, task, t)].filter(Boolean).join(" ");
        panel.notify({ text, tone: "plain" }, saidMs);
      });
    },
  });
}

const noted = (note: string): { note?: string } => (note.trim() ? { note: note.trim() } : {});
