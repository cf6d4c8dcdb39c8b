/** The page as a function of its state: what is wrong with the way to the server, the list or one sequence, the notice. */
import { render } from "preact";
import { Button } from "../parts/button.tsx";
import { ListView } from "./list/list-view.tsx";
import { OneView } from "./one/one-view.tsx";
import type { Page } from "./page.ts";

export function draw(page: Page, root: ShadowRoot): void {
  render(<App page={page} />, root);
}

export function erase(root: ShadowRoot): void {
  render(null, root);
}

function App({ page }: { page: Page }) {
  const { words, state, language } = page;
  return (
    <section
      class="sequences"
      lang={language}
      aria-label={words.title}
      aria-busy={state.phase === "loading"}
      onKeyDown={(event) => pressed(page, event as unknown as KeyboardEvent)}
    >
      {state.isSignedOut && (
        <p class="strip told">
          <span>{words.signedOut}</span>
          <a href="/sign-in?next=/app" target="_blank" rel="noopener">
            {words.signIn}
          </a>
        </p>
      )}
      {state.waitsForToken && <p class="strip">{words.tokenNeeded}</p>}
      {state.isOffline && state.phase === "ready" && <p class="strip">{words.offline}</p>}
      {state.showsKeys && <Keys page={page} />}
      <Main page={page} />
      <Foot page={page} />
    </section>
  );
}

function Main({ page }: { page: Page }) {
  const { words, state } = page;
  const { phase, failure, openId } = state;
  if (phase === "loading") return <Bones />;
  if (phase === "unconnected") return <Lesson title={words.notConnected} text={words.notConnectedWhy} />;
  if (phase === "failed") {
    const isAway = failure?.code === "unreachable";
    return (
      <Lesson
        title={isAway ? words.unreachable : words.noAccess}
        text={(isAway ? words.unreachableWhy : failure?.detail) ?? ""}
        action={{ label: words.retry, run: () => page.retry() }}
      />
    );
  }
  return openId ? <OneView page={page} id={openId} key={openId} /> : <ListView page={page} />;
}

/** What is to be learned where there is nothing, and the one thing to do about it. */
export function Lesson({
  title,
  text,
  action,
}: {
  title: string;
  text: string;
  action?: { label: string; run(): void } | undefined;
}) {
  return (
    <div class="lesson">
      <h3>{title}</h3>
      {text && <p>{text}</p>}
      {action && (
        <Button go onClick={action.run}>
          {action.label}
        </Button>
      )}
    </div>
  );
}

/** Keeps the height of what is coming; it is seen only where that takes a while. */
export const Bones = () => (
  <div class="bones" aria-hidden="true">
    <p class="bone" />
    <p class="bone" />
    <p class="bone" />
  </div>
);

function Foot({ page }: { page: Page }) {
  const { notice } = page.state;
  return (
    <div class="foot" role="status">
      {notice && (
        <p class={notice.isBad ? "said bad" : "said"}>
          <span>{notice.text}</span>
          {notice.action && <Button onClick={notice.action.run}>{notice.action.label}</Button>}
          <Button quiet label={page.words.close} onClick={() => page.set({ notice: null })}>
            ×
          </Button>
        </p>
      )}
    </div>
  );
}

function Keys({ page }: { page: Page }) {
  const { words } = page;
  return (
    <section class="keys" aria-label={words.keys}>
      <dl>
        {Object.entries(words.keyList).map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Button quiet onClick={() => page.set({ showsKeys: false })}>
        {words.close}
      </Button>
    </section>
  );
}

/** Only of what has the focus inside the page: the host's keys are the host's. */
function pressed(page: Page, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement;
  if (event.key === "Escape") {
    if (page.state.showsKeys) page.set({ showsKeys: false });
    return;
  }
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
  if (event.key === "?") page.set({ showsKeys: !page.state.showsKeys });
  else if (event.key === "/" || event.key === "n" || event.key === "N") {
    const wanted = (event.currentTarget as HTMLElement).querySelector<HTMLElement>(
      event.key === "/" ? "[data-search]" : "[data-create] button",
    );
    if (!wanted) return;
    if (event.key === "/") wanted.focus();
    else wanted.click();
  } else return;
  event.preventDefault();
}
