/** What is there to be done by a person, the oldest first. Each opens with its text and its outcomes. */
import { Button } from "../parts/button.tsx";
import type { PanelContext } from "./open.ts";

export function Tasks({ panel }: { panel: PanelContext }) {
  const { words, formats, state } = panel;
  const { tasks, zone } = state.record!;
  if (tasks.length === 0) return null;
  return (
    <div class="block">
      <h3 class="cap">{words.tasks}</h3>
      <ul class="tasks">
        {tasks.map(({ id, title, dueAt }) => {
          const at = Date.parse(dueAt);
          return (
            <li key={id}>
              <span>
                {title}{" "}
                <small class={at < panel.now() ? "bad" : undefined}>
                  {words.due(formats.when(at, panel.now(), zone))}
                </small>
              </span>
              <Button
                label={`${words.open}: ${title}`}
                onClick={() => panel.show({ name: "task", taskId: id })}
              >
                {words.open}
              </Button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
