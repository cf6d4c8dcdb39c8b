/** The newest of what happened, a line each; all of it opens in a view of its own. */
import { Button } from "../parts/button.tsx";
import type { PanelContext } from "./open.ts";

const linesMax = 4;
export function Happened({ panel }: { panel: PanelContext }) {
  const { words, formats, state } = panel;
  const { timeline } = state.record!;
  const lines = timeline.items.filter(({ type }) => words.events[type]);
  if (timeline.items.length === 0) return null;
  return (
    <div class="block">
      <h3 class="cap">{words.happened}</h3>
      <ul class="lines">
        {lines.slice(0, linesMax).map(({ type, at }) => (
          <li key={type + at}>
            <time dateTime={at}>{formats.when(Date.parse(at), panel.now())}</time>
            <span>{words.events[type]}</span>
          </li>
        ))}
      </ul>
      <Button quiet onClick={() => panel.show({ name: "timeline" })}>
        {words.allHappened}
      </Button>
    </div>
  );
}
