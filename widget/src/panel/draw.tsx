/** The panel as a function of its state: who this is, what is open or else the first screen, and the notice at the foot. */
import { render } from "preact";
import { Button } from "../parts/button.tsx";
import { FirstScreen } from "./first-screen.tsx";
import { fullNameOf } from "./headline.ts";
import type { PanelContext } from "./open.ts";
import { viewOf } from "./views.ts";

export function draw(panel: PanelContext, root: ShadowRoot): void {
  render(<Panel panel={panel} />, root);
}

export function erase(root: ShadowRoot): void {
  render(null, root);
}

function Panel({ panel }: { panel: PanelContext }) {
  const { words, state, language } = panel;
  const isBusy = state.phase === "loading" || state.busy !== null;
  return (
    <section class="panel" lang={language} aria-label={words.panel} aria-busy={isBusy}>
      <Who panel={panel} />
      {state.waitsForToken && <p class="strip">{words.tokenNeeded}</p>}
      {state.isOffline && state.record && <p class="strip">{words.offline}</p>}
      {state.view ? <Opened panel={panel} /> : <FirstScreen panel={panel} />}
      <Foot panel={panel} />
    </section>
  );
}

function Who({ panel: { state, words, options, show } }: { panel: PanelContext }) {
  const { record, view } = state;
  if (!record) {
    const { firstName, lastName, email = null } = options.person ?? {};
    const name = fullNameOf({ firstName: firstName ?? null, lastName: lastName ?? null, email });
    return state.phase === "loading" ? (
      <header class="who">
        <h2 class="bone">&nbsp;</h2>
        <p class="bone short">&nbsp;</p>
      </header>
    ) : (
      name && (
        <header class="who">
          <h2>{name}</h2>
        </header>
      )
    );
  }
  const { contact } = record;
  const name = fullNameOf(contact);
  const place = words.at(contact.title ?? "", contact.company?.name ?? "");
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

function Opened({ panel }: { panel: PanelContext }) {
  const view = panel.state.view!;
  const View = viewOf(view.name, () => panel.set({}));
  if (View === "failed") {
    return (
      <div class="block">
        <h3>{panel.words.unreachable}</h3>
        <div class="row">
          <Button onClick={() => panel.show({ ...view })}>{panel.words.retry}</Button>
        </div>
      </div>
    );
  }
  return View ? <View panel={panel} view={view} key={JSON.stringify(view)} /> : <Bones />;
}

/** Keeps the height of what is coming; it is seen only where that takes a while. */
export const Bones = () => (
  <div class="block bones" aria-hidden="true">
    <p class="bone short">&nbsp;</p>
    <p class="bone tall">&nbsp;</p>
    <p class="bone">&nbsp;</p>
  </div>
);

function Foot({ panel }: { panel: PanelContext }) {
  const { notice } = panel.state;
  return (
    <div class="foot" role="status">
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
