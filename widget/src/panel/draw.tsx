/** The panel as a function of its state: who this is, what is open or else the first screen, and the notice at the foot. */
import { render } from "preact";
import { Button } from "../parts/button.tsx";
import { FirstScreen } from "./first-screen.tsx";
import { fullNameOf, type PanelRecord } from "./headline.ts";
import type { PanelContext } from "./open.ts";
import type { OpenView } from "./views.ts";

export function draw(panel: PanelContext, root: ShadowRoot): void {
  render(<Panel panel={panel} />, root);
}

export function erase(root: ShadowRoot): void {
  render(null, root);
}

function Panel({ panel }: { panel: PanelContext }) {
  const { words, state, language, Foot } = panel;
  return (
    // A landmark would want a name of its own from each of twenty panels.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div
      class="panel"
      role="group"
      lang={language}
      aria-label={words.panel}
      aria-busy={state.phase === "loading"}
    >
      <Who panel={panel} />
      {state.waitsForToken && <p class="strip">{words.tokenNeeded}</p>}
      {state.isOffline && state.record && <p class="strip">{words.offline}</p>}
      {state.view ? <Opened panel={panel} view={state.view} /> : <FirstScreen panel={panel} />}
      <div role="status">{Foot && <Foot panel={panel} />}</div>
    </div>
  );
}

/** What the host knows of the person stands there until Cadenza has said it. */
function Who({ panel: { state, words, options, show } }: { panel: PanelContext }) {
  const { record, view } = state;
  const contact: Partial<PanelRecord["contact"]> = record?.contact ?? options.person ?? {};
  const { email, title, company } = contact;
  const name = fullNameOf(contact);
  if (!name && state.phase !== "loading") return null;
  const below = [title, company?.name].filter(Boolean).join(", ") || (name !== email && email);
  return (
    <header class="who">
      <div>
        {name && <h2>{name}</h2>}
        {record && (
          <Button
            quiet
            key={view ? "back" : "more"}
            label={view ? words.back : words.more(name)}
            onClick={() => show(view ? null : { name: "hold" })}
          >
            {view ? words.back : words.moreShort}
          </Button>
        )}
      </div>
      {below && <p>{below}</p>}
    </header>
  );
}

/** A view inside the panel, or what stands for it until it is there. */
function Opened({ panel, view }: { panel: PanelContext; view: OpenView }) {
  const { View } = panel.state;
  return View ? <View panel={panel} view={view} key={JSON.stringify(view)} /> : <Bones />;
}

/** Keeps the height of what is coming; it is seen only where that takes a while. */
export const Bones = () => (
  <div class="block">
    <p class="bone" />
  </div>
);
