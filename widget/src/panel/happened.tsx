/** The newest of what happened, a line each; all of it opens in a view of its own. */
import { Button } from "../parts/button.tsx";
import type { PanelContext } from "./open.ts";

const linesMax = 4;
/** Of use to who looks for a cause, not at a glance. */
const inside = /^(send\.queued|task\.created|contact\.(created|updated|merged))$/;

export function Happened({ panel }: { panel: PanelContext }) {
  const { words, formats, state } = panel;
  const { timeline } = state.record!;
  const lines = timeline.items.filter(({ type }) => !inside.test(type));
  return (
    <div class="block">
      <h3 class="cap">{words.happened}</h3>
      {lines.length === 0 ? (
        <p class="soft">{words.nothingHappened}</p>
      ) : (
        <ul class="lines">
          {lines.slice(0, linesMax).map(({ type, at }) => (
            <li key={type + at}>
              <time dateTime={at}>{formats.when(Date.parse(at), panel.now())}</time>
              <span>{words.events[type] ?? type}</span>
            </li>
          ))}
        </ul>
      )}
      {timeline.items.length > 0 && (
        <Button quiet onClick={() => panel.show({ name: "timeline" })}>
          {words.allHappened}
        </Button>
      )}
    </div>
  );
}
