/** The panel as a function of its state: who this is, what is open or else the first screen, and the notice at the foot. */
import { render } from "preact";
import { Button } from "../parts/button.tsx";
import { FirstScreen, Plain } from "./first-screen.tsx";
import { fullNameOf } from "./headline.ts";
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
  const isBusy = state.phase === "loading" || state.busy !== null;
  return (
    <section class="panel" lang={language} aria-label={words.panel} aria-busy={isBusy}>
      <Who panel={panel} />
      {state.waitsForToken && <p class="strip">{words.tokenNeeded}</p>}
      {state.isOffline && state.record && <p class="strip">{words.offline}</p>}
      {state.view ? <Opened panel={panel} view={state.view} /> : <FirstScreen panel={panel} />}
      <div role="status">{Foot && <Foot panel={panel} />}</div>
    </section>
  );
}

function Who({ panel: { state, words, options, show } }: { panel: PanelContext }) {
  const { record, view } = state;
  if (!record) {
    const { firstName = null, lastName = null, email = null } = options.person ?? {};
    const name = fullNameOf({ firstName, lastName, email });
    return state.phase === "loading" ? (
      <Bones />
    ) : (
      <header class="who">
        <h2>{name}</h2>
      </header>
    );
  }
  const { contact } = record;
  const name = fullNameOf(contact);
  const place = [contact.title, contact.company?.name].filter(Boolean).join(", ");
  return (
    <header class="who">
      <h2>{name}</h2>
      {view ? (
        <Button quiet key="back" onClick={() => show(null)}>
          {words.back}
        </Button>
      ) : (
        <Button quiet key="more" label={words.more(name)} onClick={() => show({ name: "hold" })}>
          {words.moreShort}
        </Button>
      )}
      {(place || (contact.email && name !== contact.email)) && <p>{place || contact.email}</p>}
    </header>
  );
}

/** A view inside the panel, or what stands for it until it is there. */
function Opened({ panel, view }: { panel: PanelContext; view: OpenView }) {
  const { words, show, state } = panel;
  const { View } = state;
  if (View !== "failed")
    return View ? <View panel={panel} view={view} key={JSON.stringify(view)} /> : <Bones />;
  return (
    <Plain title={words.unreachable}>
      <Button onClick={() => show({ ...view })}>{words.retry}</Button>
    </Plain>
  );
}

/** Keeps the height of what is coming; it is seen only where that takes a while. */
export const Bones = () => (
  <div class="block">
    <p class="bone" />
  </div>
);
