/**
 * One sequences page in its shadow root: how it gets to the API, who asks and what they may, what is open. Fetched when
 * the element is first connected. Whatever fails is told on the page and by an event, never to the host's page.
 */
import "../host/later-routes.ts";
import { type Client, createClient } from "@cadenza/shared/client";
import { deskFor } from "../host/session.ts";
import { languageOf } from "../messages/load.ts";
import { adopt } from "../styles/adopt.ts";
import tokens from "../styles/panel.css?inline";
import { draw, erase } from "./app.tsx";
import { datesOf } from "./dates.ts";
import { type Failure, failureOf } from "./failure.ts";
import type { Page, Sequences, SequencesOptions, Tell } from "./page.ts";
import css from "./sequences.css?inline";
import type { Words } from "./words/en.ts";
import { loadWords } from "./words/load.ts";

export function openSequences(root: ShadowRoot, given: SequencesOptions, tell: Tell): Sequences {
  adopt(root, tokens);
  adopt(root, css);
  const closing = new AbortController();
  let leave = () => {};
  let direct: Client | null = null;
  let isDrawPlanned = false;
  let isReadyTold = false;
  let hasWords = false;
  let kept = new Map<string, Promise<unknown>>();
  let entered = 0;

  /** Everything the page asks goes through here: that is how it knows how it stands with the server. */
  const client = (async (name, ...request) => {
    if (!direct) connect();
    try {
      const answer = await direct!(name, ...request);
      if (page.state.isOffline || page.state.isSignedOut || page.state.waitsForToken)
        page.set({ isOffline: false, isSignedOut: false, waitsForToken: false });
      return answer;
    } catch (error) {
      const { code } = failureOf(error);
      // Taken back by ourselves, since something newer was asked.
      if (request[0]?.signal?.aborted) throw error;
      if (code === "unreachable") page.set({ isOffline: true });
      if (code === "unauthenticated" && isAtHome(page.options)) page.set({ isSignedOut: true });
      throw error;
    }
  }) as Client;

  const page: Page = {
    options: given,
    state: {
      phase: "loading",
      failure: null,
      isOffline: false,
      waitsForToken: false,
      isSignedOut: false,
      openId: given.sequenceId ?? (isAtHome(given) ? idInAddress() : null),
      notice: null,
      showsKeys: false,
    },
    client,
    // Nothing is drawn, and so nothing said, before they are there.
    words: null as unknown as Words,
    language: "en",
    dates: datesOf(given.locale, "en"),
    mayBuild: false,
    asked: { q: "", status: "" },
    editings: new Map(),
    reader: null,
    turn: 0,
    retry: () => void enter(),
    tell,
    set(changed) {
      Object.assign(page.state, changed);
      plan();
    },
    takesFocus: false,
    cameFrom: null,
    open(id, byPerson = true) {
      if (id === page.state.openId) return;
      page.takesFocus = byPerson;
      page.cameFrom = page.state.openId;
      page.set({ openId: id, notice: null, showsKeys: false });
      // A host's address is the host's.
      if (isAtHome(page.options) && id !== idInAddress()) {
        history.pushState(null, "", id ? `#${id}` : location.pathname + location.search);
      }
      tell("cadenza:sequence-opened", { sequenceId: id });
    },
    notify(notice, forMs) {
      page.set({ notice });
      if (forMs) setTimeout(() => page.state.notice === notice && page.set({ notice: null }), forMs);
    },
    failed(what, failure, retry) {
      const { words } = page;
      const why = failure.code === "unreachable" ? words.unreachable : failure.detail;
      const text = `${words.failed(what)} ${why.replace(/[^.!?]$/, "$&.")} ${words.kept}`;
      page.notify({ text, isBad: true, ...(retry && { action: { label: words.retry, run: retry } }) });
      tellError(failure);
    },
    once(name, ask) {
      let answer = kept.get(name) as ReturnType<typeof ask> | undefined;
      if (!answer) {
        answer = ask(client);
        kept.set(name, answer);
        answer.catch(() => kept.delete(name));
      }
      return answer;
    },
  };
  const tellError = ({ code, detail }: Failure) => tell("cadenza:error", { code, detail });

  function plan(): void {
    if (isDrawPlanned) return;
    isDrawPlanned = true;
    queueMicrotask(() => {
      isDrawPlanned = false;
      if (!closing.signal.aborted && hasWords) draw(page, root);
    });
  }

  function connect(): void {
    leave();
    leave = () => {};
    const { options } = page;
    const { app, api = origin } = options;
    if (options.client) direct = options.client;
    else if (isAtHome(options)) {
      const fetchAsMember = (request: Request) => fetch(request, { credentials: "same-origin" });
      direct = createClient({ baseUrl: origin, fetch: fetchAsMember });
    } else {
      if (!app) throw new NotConnected();
      const desk = deskFor(api, app, options.token);
      direct = desk.client;
      leave = desk.join(() => {
        page.set({ waitsForToken: true });
        if (page.options.getToken) return page.options.getToken();
        tell("cadenza:token-needed", {});
      });
    }
  }

  async function enter(): Promise<void> {
    const turn = ++entered;
    try {
      const { permissions } = await client("me.get");
      if (turn !== entered) return;
      page.mayBuild = permissions.includes("build");
    } catch (error) {
      if (turn !== entered || closing.signal.aborted) return;
      if (error instanceof NotConnected) return page.set({ phase: "unconnected" });
      const failure = failureOf(error);
      // A key is nobody, and may what it was made for: the API says what that is not.
      if (failure.code !== "member_needed") {
        page.set({ phase: "failed", failure });
        tellError(failure);
        return;
      }
      page.mayBuild = true;
    }
    page.set({ phase: "ready", failure: null });
    if (isReadyTold) return;
    isReadyTold = true;
    tell("cadenza:sequences-ready", {});
  }

  async function speak(): Promise<void> {
    const locale = page.options.locale || root.host.closest<HTMLElement>("[lang]")?.lang;
    page.language = languageOf(locale);
    page.dates = datesOf(locale, page.language);
    page.words = await loadWords(page.language);
    hasWords = true;
    plan();
  }

  function again(): void {
    kept = new Map();
    page.turn++;
    if (page.state.phase === "ready") plan();
    else void enter();
  }

  const signal = { signal: closing.signal };
  addEventListener("online", again, signal);
  addEventListener("offline", () => page.set({ isOffline: true }), signal);
  if (isAtHome(given)) {
    addEventListener("popstate", () => page.open(idInAddress(), false), signal);
    addEventListener("beforeunload", (event) => isUnsaved(page) && event.preventDefault(), signal);
  }
  void speak();
  void enter();

  return {
    update(options) {
      const before = page.options;
      page.options = options;
      if (options.locale !== before.locale) void speak();
      if (options.sequenceId !== before.sequenceId) page.open(options.sequenceId ?? null, false);
      if (way.every((name) => options[name] === before[name])) return;
      direct = null;
      if (options.app !== before.app || options.client !== before.client || options.api !== before.api) {
        page.editings.clear();
        page.set({ phase: "loading", openId: options.sequenceId ?? null });
      }
      kept = new Map();
      page.turn++;
      void enter();
    },
    refresh: again,
    close() {
      // What is not saved yet still is.
      for (const editing of page.editings.values()) void editing.flush();
      closing.abort();
      leave();
      erase(root);
    },
  };
}

const way = ["app", "token", "api", "client", "atHome"] as const;

class NotConnected extends Error {}

/** Where the script came from. */
const { origin } = new URL(import.meta.url);

/** As an attribute it has no value. */
const isAtHome = ({ atHome }: SequencesOptions): boolean =>
  atHome !== undefined && atHome !== false && location.origin === origin;

const idInAddress = (): string | null => /^#(seq_\w+)$/.exec(location.hash)?.[1] ?? null;

const isUnsaved = ({ editings }: Page): boolean =>
  [...editings.values()].some(({ state }) => state.is !== "saved");
