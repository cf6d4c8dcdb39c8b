/** A task with its text: what it is about, whether one may close it, and the form that closes it. */
import { adopting } from "../../styles/adopt.ts";
import type { PanelTask } from "../headline.ts";
import { useMemberNames } from "../member-names.ts";
import type { PanelContext } from "../open.ts";
import { Unanswered } from "../unanswered.tsx";
import type { ViewProps } from "../views.ts";
import { MailForm } from "./mail-form.tsx";
import { SettleQuestion } from "./settle-question.tsx";
import css from "./task.css?inline";
import { TaskForm } from "./task-form.tsx";
import { type FoundTask, useTask } from "./use-task.ts";
import { enrollmentOf } from "./what-next.ts";
import { taskTexts } from "./words.ts";

const styled = adopting(css);

export default function TaskView({ panel, view }: ViewProps<"task">) {
  const { task, over, asked } = useTask(panel, view.taskId);
  const t = taskTexts[panel.language];
  const why = useWhyNot(panel, task, over);
  if (!task) {
    if (over !== "gone") return <Unanswered panel={panel} asked={asked} />;
    return (
      <div class="block now">
        <h3 tabIndex={-1} data-focus>
          {t.gone}
        </h3>
      </div>
    );
  }
  if (task.purpose === "uncertain_send" && !over) {
    return <SettleQuestion panel={panel} enrollmentId={task.enrollmentId} />;
  }
  const { formats, words } = panel;
  const due = words.due(formats.when(Date.parse(task.dueAt), panel.now(), panel.state.record?.zone));
  const Form = task.type === "email_manual" ? MailForm : TaskForm;
  return (
    <div class="block now task" ref={styled}>
      <p class="cap">
        {t.kinds[task.kind ?? task.type]} · {due}
      </p>
      <h3 tabIndex={-1} data-focus>
        {task.title}
      </h3>
      {why && (
        <p class="aside" role="status">
          {why}
        </p>
      )}
      <Form panel={panel} task={task} isOpen={!why} key={task.id} />
    </div>
  );
}

/** @returns why nothing can be done with it, in words. Empty: it can. */
function useWhyNot(panel: PanelContext, task: PanelTask | null, over: FoundTask["over"]): string {
  const t = taskTexts[panel.language];
  const enrollment = task && enrollmentOf(panel, task);
  // Tasks belong to whoever their enrollment belongs to.
  const isOthers = enrollment !== null && !enrollment.canWrite;
  const ownerId = isOthers ? task!.ownerId : null;
  const names = useMemberNames(panel, [ownerId]);
  if (over) return `${over === "gone" ? t.gone : t.closed[over]} ${t.keptText}`;
  if (panel.state.record && !panel.state.record.may.enroll) return panel.words.readOnly;
  if (isOthers) return t.othersTask((ownerId && names.get(ownerId)) || t.somebody);
  return "";
}
