/** What can be done with a task. Done is done: there is no way back, so it is said what happens next. */
import type { AnswerOf } from "@cadenza/shared/client";
import { ProblemError } from "@cadenza/shared/client";
import type { TaskOutcome } from "@cadenza/shared/vocabulary";
import { draftNow, dropDrafts } from "../drafts.ts";
import type { PanelTask } from "../headline.ts";
import { inWords } from "../in-words.ts";
import { leaveView } from "../leave-view.ts";
import type { PanelContext } from "../open.ts";
import { nextOf } from "./what-next.ts";
import { type TaskTexts, taskTexts } from "./words.ts";

export const saidMs = 10_000;

/** Where the drafts of a task are kept, whatever form asks for them. */
export const draftKeys = ({ id }: Pick<PanelTask, "id">) => ({
  note: `${id}.note`,
  outcome: `${id}.outcome`,
  subject: `${id}.subject`,
  body: `${id}.body`,
  until: `${id}.until`,
});

/** @param chosen asked at every try: somebody may choose another one before they try again. */
export const finish = (panel: PanelContext, task: PanelTask, chosen: () => TaskOutcome) =>
  close(panel, task, {
    what: taskTexts[panel.language].done,
    said: ({ saidDone }) => saidDone,
    isWork: true,
    request: () =>
      panel.client("tasks.done", {
        params: { id: task.id },
        body: { outcome: chosen(), ...noted(panel, task) },
      }),
  });

export const skipTask = (panel: PanelContext, task: PanelTask) =>
  close(panel, task, {
    what: taskTexts[panel.language].skipTask,
    said: ({ saidSkipped }) => saidSkipped,
    request: () => panel.client("tasks.skip", { params: { id: task.id }, body: noted(panel, task) }),
  });

/** @param refused told what is not right with the words. */
export const approve = (panel: PanelContext, task: PanelTask, refused: (problem: ProblemError) => void) =>
  close(panel, task, {
    what: taskTexts[panel.language].approve,
    said: ({ saidSent }) => saidSent,
    isWork: true,
    request: () =>
      panel.client("tasks.approve", {
        params: { id: task.id },
        body: {
          subject: draftNow(panel, draftKeys(task).subject, task.subject ?? ""),
          body: draftNow(panel, draftKeys(task).body, task.body),
        },
      }),
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
      dropDrafts(panel, draftKeys(task).until);
      leaveView(panel);
      const when = panel.formats.when(untilAt, panel.now(), panel.state.record?.zone);
      panel.notify({ text: t.saidSnoozed(when), tone: "plain" }, saidMs);
    },
  });
}

type Closing = {
  what: string;
  said(t: TaskTexts): string;
  /** The host hears of it. */
  isWork?: boolean;
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
    done: ({ id: taskId, contactId, outcome }) => {
      if (closing.isWork && outcome) panel.tell("cadenza:task-done", { taskId, contactId, outcome });
      dropDrafts(panel, task.id);
      leaveView(panel, (record) => ({ ...record, tasks: record.tasks.filter(({ id }) => id !== task.id) }));
      void panel.refresh().then(() => {
        const text = [closing.said(t), nextOf(panel, task, t)].filter(Boolean).join(" ");
        panel.notify({ text, tone: "plain" }, saidMs);
      });
    },
  });
}

function noted(panel: PanelContext, task: PanelTask): { note?: string } {
  const note = draftNow(panel, draftKeys(task).note).trim();
  return note ? { note } : {};
}
