/** What stands at the foot for a while: what was done and can be undone, or what failed. */
import { Button } from "../parts/button.tsx";
import { adopting } from "../styles/adopt.ts";
import css from "../styles/views.css?inline";
import type { PanelContext } from "./open.ts";

const styled = adopting(css);

export function Foot({ panel }: { panel: PanelContext }) {
  const { notice } = panel.state;
  return (
    <div ref={styled}>
      {notice && (
        <p class={`notice ${notice.tone}`}>
          <span>{notice.text}</span>
          {notice.action && <Button onClick={notice.action.run}>{notice.action.label}</Button>}
          <Button quiet label={panel.words.close} onClick={() => panel.set({ notice: null })}>
            ×
          </Button>
        </p>
      )}
    </div>
  );
}
