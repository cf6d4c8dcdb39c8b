/** A task as it stands: among the record's open ones, else asked for by itself, closed by somebody else perhaps. */
import { useRef } from "preact/hooks";
import type { PanelTask } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { type Asked, useAnswer } from "../use-answer.ts";

export type FoundTask = {
  /** The last that was known of it. */
  task: PanelTask | null;
  /** Why nothing can be done with it any more. */
  over: "done" | "skipped" | "gone" | null;
  asked: Asked<"tasks.get">;
};

export function useTask(panel: PanelContext, id: string): FoundTask {
  const last = useRef<PanelTask | null>(null);
  const { record } = panel.state;
  const open = record?.tasks.find((task) => task.id === id) ?? null;
  // A record lists twenty; what is not among them may be further down, or closed.
  const asked = useAnswer(panel, "tasks.get", open ? null : { params: { id } }, record?.now);
  const alone = open ? null : asked.answer;
  last.current = open ?? alone ?? last.current;
  const isGone = !open && asked.failure?.code === "task_not_found";
  const over = isGone ? "gone" : alone && alone.status !== "open" ? alone.status : null;
  return { task: last.current, over, asked };
}
