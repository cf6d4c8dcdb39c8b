/** The newest of what happened, a line each; all of it opens in a view of its own. Fetched after the first screen. */
import { Button } from "../parts/button.tsx";
import { happenedTexts } from "./happened-words.ts";
import type { PanelContext } from "./open.ts";

export function Happened({ panel }: { panel: PanelContext }) {
  const { formats, state, language } = panel;
  const words = happenedTexts[language];
  return (
    <>
      <h3 class="cap">{words.happened}</h3>
      <ul class="lines">
        {state.record!.timeline.items.slice(0, 4).map(({ type, at }, index) => (
          <li key={index}>
            <time dateTime={at}>{formats.when(Date.parse(at), panel.now())}</time>
            <span>{words.events[type]}</span>
          </li>
        ))}
      </ul>
      <Button quiet onClick={() => panel.show({ name: "timeline" })}>
        {words.all}
      </Button>
    </>
  );
}
