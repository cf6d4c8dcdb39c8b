/**
 * One panel: what it knows, what it shows, and how it finds out. The screen is a function of its state, drawn again
 * whenever that changes; views that are not needed at first are fetched when somebody opens them. Whatever fails is
 * told on the panel and by an event, and never reaches the host's page.
 */
import { type Client, ProblemError, type RequestOf } from "@cadenza/shared/client";
import type { CadenzaEventName, CadenzaEvents, PanelOptions } from "../events.ts";
import { deskFor } from "../host/session.ts";
import { en, type Messages } from "../messages/en.ts";
import { languageOf, loadMessages } from "../messages/load.ts";
import { sheet } from "../styles/sheet.ts";
import type { Action } from "./act.ts";
import type { Deed } from "./deeds.ts";
import { draw, erase } from "./draw.tsx";
import { type Formats, formatsOf } from "./formats.ts";
import type { PanelEnrollment, PanelRecord } from "./headline.ts";
import { askOnce } from "./shared-answers.ts";
import { giveAnotherTry, type OpenView } from "./views.ts";

export type Panel = { update(options: PanelOptions): void; refresh(): void; close(): void };

export type Failure = { code: string; detail: string };

/** What stands at the foot for a while: something that was done and can be undone, or something that failed. */
export type Notice = {
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run(): void };
  /** Wall time; it goes away then. */
  until: number | null;
};

export type PanelState = {
  phase: "loading" | "unknown" | "ready" | "failed" | "unconnected";
  record: PanelRecord | null;
  /** Why the record could not be read. */
  failure: Failure | null;
  isOffline: boolean;
  waitsForToken: boolean;
  view: OpenView | null;
  notice: Notice | null;
  /** The action that is under way, by name. */
  busy: string | null;
};

/** What every part of a panel is given. */
export type PanelContext = {
  state: PanelState;
  options: PanelOptions;
  words: Messages;
  formats: Formats;
  language: ReturnType<typeof languageOf>;
  client: Client;
  /** Business time, as the server's clock has it. */
  now(): number;
  yourZone: string;
  tell<Name extends CadenzaEventName>(name: Name, detail: CadenzaEvents[Name]): void;
  set(changed: Partial<PanelState>): void;
  show(view: OpenView | null): void;
  notify(notice: Omit<Notice, "until">, forMs?: number): void;
  refresh(): Promise<void>;
  /** @returns null when it was refused: the panel has said so. */
  act<Answer>(action: Action<Answer>): Promise<Answer | null>;
  do(deed: Deed, enrollment: PanelEnrollment): Promise<unknown>;
};

/** While something is expected to happen soon, and otherwise. */
const soonMs = 5_000;
const laterMs = 60_000;
const soonForMs = 120_000;

export function openPanel(root: ShadowRoot, given: PanelOptions, tell: PanelContext["tell"]): Panel {
  root.adoptedStyleSheets = [sheet()];
  const closing = new AbortController();
  let leave = () => {};
  let isReadyTold = false;
  let isDrawPlanned = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let soonUntil = 0;
  /** Answers to questions that were asked before another record was shown are not shown any more. */
  let turn = 0;
  let clockAhead = 0;

  const panel: PanelContext = {
    state: {
      phase: "loading",
      record: null,
      failure: null,
      isOffline: false,
      waitsForToken: false,
      view: null,
      notice: null,
      busy: null,
    },
    options: given,
    words: en,
    formats: formatsOf(given.locale),
    language: "en",
    client: null as unknown as Client,
    now: () => Date.now() + clockAhead,
    yourZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    tell,
    set(changed) {
      Object.assign(panel.state, changed);
      plan();
    },
    show(view) {
      if (view) giveAnotherTry(view.name);
      panel.set({ view, notice: view ? null : panel.state.notice });
    },
    notify(notice, forMs) {
      const shown = { ...notice, until: forMs ? Date.now() + forMs : null };
      panel.set({ notice: shown });
      if (forMs) setTimeout(() => panel.state.notice === shown && panel.set({ notice: null }), forMs);
    },
    refresh: load,
    act: async (action) => {
      soonUntil = Date.now() + soonForMs;
      turn++;
      return (await import("./act.ts")).act(panel, action);
    },
    do: async (deed, enrollment) => (await import("./deeds.ts")).deeds[deed](panel, enrollment),
  };

  /** Once for everything that changes in one go. */
  function plan(): void {
    if (isDrawPlanned) return;
    isDrawPlanned = true;
    queueMicrotask(() => {
      isDrawPlanned = false;
      if (!closing.signal.aborted) draw(panel, root);
    });
  }

  function connect(): void {
    leave();
    leave = () => {};
    const { client, app, token, api = origin } = panel.options;
    if (client) {
      panel.client = client;
      return;
    }
    if (!app || !token) return;
    const desk = deskFor(api, app, token);
    panel.client = desk.client;
    leave = desk.join(() => {
      panel.set({ waitsForToken: true });
      const { getToken } = panel.options;
      if (getToken) return getToken();
      tell("cadenza:token-needed", {});
    });
  }

  async function load(): Promise<void> {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    const asked = ++turn;
    if (!panel.client) {
      const { getToken, app } = panel.options;
      if (!getToken || !app) return panel.set({ phase: "unconnected" });
      const token = await Promise.resolve(getToken()).catch(() => "");
      if (asked !== turn) return;
      if (!token) return panel.set({ phase: "unconnected" });
      panel.options = { ...panel.options, token };
      connect();
    }
    try {
      const { record: key } = panel.options;
      const record = await askOnce(panel.client, "record.get", { query: key } as RequestOf<"record.get">);
      if (asked !== turn) return;
      clockAhead = Date.parse(record.now) - Date.now();
      panel.set({ phase: "ready", record, failure: null, isOffline: false, waitsForToken: false });
      ready(record.contact.id);
    } catch (error) {
      if (asked === turn) refused(error);
    }
    next();
  }

  function ready(contactId: string | null): void {
    if (isReadyTold) return;
    isReadyTold = true;
    tell("cadenza:ready", { contactId });
  }

  function refused(error: unknown): void {
    const failure = failureOf(error);
    if (failure.code === "unreachable") {
      // What is known stays on the screen, marked as old.
      panel.set({ isOffline: true, failure, phase: panel.state.record ? "ready" : "failed" });
    } else if (/^(reference|contact)_not_found$/.test(failure.code)) {
      panel.set({ phase: "unknown", record: null, failure: null, isOffline: false });
      ready(null);
      return;
    } else {
      panel.set({ phase: "failed", failure, waitsForToken: false, isOffline: false });
    }
    tell("cadenza:error", failure);
  }

  /** Looks again by itself: often while something is about to happen, seldom otherwise, never in a hidden page. */
  function next(): void {
    clearTimeout(timer);
    if (closing.signal.aborted || document.hidden) return;
    const isSoon = Date.now() < soonUntil || panel.state.isOffline;
    timer = setTimeout(() => (panel.state.busy ? next() : load()), isSoon ? soonMs : laterMs);
  }

  async function speak(): Promise<void> {
    const { locale } = panel.options;
    panel.formats = formatsOf(locale || languageOf(locale));
    panel.language = languageOf(locale);
    // In English until the words are there, and for good where they cannot be fetched.
    panel.words = await loadMessages(panel.language).catch(() => en);
    plan();
  }

  const again = { signal: closing.signal };
  const look = () => (document.hidden ? clearTimeout(timer) : void load());
  document.addEventListener("visibilitychange", look, again);
  addEventListener("online", look, again);
  addEventListener("offline", () => panel.set({ isOffline: true }), again);

  connect();
  plan();
  void speak();
  void load();

  return {
    update(options) {
      const before = panel.options;
      panel.options = options;
      if (options.locale !== before.locale) void speak();
      const isOther = JSON.stringify(options.record) !== JSON.stringify(before.record);
      const isElsewhere =
        options.client !== before.client || options.app !== before.app || options.api !== before.api;
      if (options.token !== before.token || isElsewhere) connect();
      if (isOther) {
        isReadyTold = false;
        Object.assign(panel.state, {
          phase: "loading",
          record: null,
          failure: null,
          view: null,
          notice: null,
        });
        plan();
      }
      if (isOther || isElsewhere || options.token !== before.token) void load();
    },
    refresh: () => void load(),
    close() {
      closing.abort();
      clearTimeout(timer);
      turn++;
      leave();
      erase(root);
    },
  };
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ProblemError) return { code: error.code, detail: error.problem.detail };
  // What fetch throws is a TypeError, whatever the cause: no network, a policy, a certificate.
  return { code: "unreachable", detail: error instanceof Error ? error.message : String(error) };
}

/** Where the script came from. */
const { origin } = new URL(import.meta.url);
