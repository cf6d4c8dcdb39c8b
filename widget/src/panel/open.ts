/**
 * One panel: what it knows, what it shows, and how it finds out. The screen is a function of its state, drawn again
 * whenever that changes; views that are not needed at first are fetched when somebody opens them. Whatever fails is
 * told on the panel and by an event, and never reaches the host's page.
 */
import type { Client } from "@cadenza/shared/client";
import type { CadenzaEventName, CadenzaEvents, PanelOptions } from "../events.ts";
import { deskFor } from "../host/session.ts";
import { en, type Messages } from "../messages/en.ts";
import { languageOf, loadMessages } from "../messages/load.ts";
import { adopt } from "../styles/adopt.ts";
import css from "../styles/panel.css?inline";
import type { Action } from "./act.ts";
import type { Deed } from "./deeds.ts";
import { draw, erase } from "./draw.tsx";
import { type Formats, formatsOf } from "./formats.ts";
import type { PanelEnrollment, PanelRecord } from "./headline.ts";
import { giveAnotherTry, type OpenView } from "./views.ts";

export type Panel = { update(options: PanelOptions): void; refresh(): Promise<void>; close(): void };

export type Failure = { code: string; detail: string };

/** What stands at the foot for a while: something that was done and can be undone, or something that failed. */
export type Notice = {
  text: string;
  tone: "plain" | "bad";
  action?: { label: string; run(): void };
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
  tell<Name extends CadenzaEventName>(name: Name, detail: CadenzaEvents[Name]): void;
  set(changed: Partial<PanelState>): void;
  show(view: OpenView | null): void;
  /** @param forMs how long it stays, where it does not wait to be closed. */
  notify(notice: Notice, forMs?: number): void;
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
  adopt(root, css);
  const closing = new AbortController();
  const { signal } = closing;
  let leave = () => {};
  let isReadyTold = false;
  let isDrawPlanned = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let soonUntil = 0;
  /** Answers to questions that were asked before another record was shown are not shown any more. */
  let turn = 0;
  let clockAhead = 0;

  const panel: PanelContext = {
    state: blank(),
    options: given,
    words: en,
    formats: formatsOf(),
    language: "en",
    client: null as unknown as Client,
    now: () => Date.now() + clockAhead,
    tell,
    /** Drawn once for everything that changes in one go. */
    set(changed) {
      Object.assign(panel.state, changed);
      if (isDrawPlanned) return;
      isDrawPlanned = true;
      queueMicrotask(() => {
        isDrawPlanned = false;
        if (!signal.aborted) draw(panel, root);
      });
    },
    show(view) {
      if (view) giveAnotherTry(view.name);
      panel.set({ view, notice: view ? null : panel.state.notice });
    },
    notify(notice, forMs) {
      panel.set({ notice });
      if (forMs) setTimeout(() => panel.state.notice === notice && panel.set({ notice: null }), forMs);
    },
    refresh: load,
    act: async (action) => {
      soonUntil = Date.now() + soonForMs;
      turn++;
      return (await import("./act.ts")).act(panel, action);
    },
    do: async (deed, enrollment) => (await import("./deeds.ts")).deeds[deed](panel, enrollment),
  };

  /** Whenever it is said anew who asks, for whom, and in which language. */
  async function begin(): Promise<void> {
    const { client, app, token, api = origin, locale } = panel.options;
    leave();
    leave = () => {};
    panel.client = client!;
    if (!client && app) {
      const desk = deskFor(api, app, token);
      panel.client = desk.client;
      leave = desk.join(() => {
        const { getToken } = panel.options;
        panel.set({ waitsForToken: true });
        if (getToken) return getToken();
        tell("cadenza:token-needed", {});
      });
    }
    void load();
    panel.language = languageOf(locale);
    panel.formats = formatsOf(locale || panel.language);
    // In English until the words are there, and for good where they cannot be fetched.
    panel.words = await loadMessages(panel.language).catch(() => en);
    panel.set({});
  }

  async function load(): Promise<void> {
    clearTimeout(timer);
    if (signal.aborted) return;
    if (!panel.client) return panel.set({ phase: "unconnected" });
    const asked = ++turn;
    let contactId: string | null = null;
    try {
      const record = await readRecord(panel.client, panel.options.record);
      if (asked !== turn) return;
      clockAhead = Date.parse(record.now) - Date.now();
      contactId = record.contact.id;
      panel.set({ phase: "ready", record, failure: null, isOffline: false, waitsForToken: false });
    } catch (error) {
      if (asked !== turn) return;
      const failure = failureOf(error);
      const isOffline = failure.code === "unreachable";
      const isUnknown = /(reference|contact)_not_found/.test(failure.code);
      // What is known stays on the screen while nobody can be reached, marked as old.
      const phase = isOffline && panel.state.record ? "ready" : isUnknown ? "unknown" : "failed";
      panel.set({ phase, failure, isOffline, waitsForToken: false });
      if (!isUnknown) tell("cadenza:error", failure);
    }
    if (!isReadyTold && panel.state.phase !== "failed") {
      isReadyTold = true;
      tell("cadenza:ready", { contactId });
    }
    // Looks again by itself: soon while something is about to happen, and never in a hidden page.
    const again = () => void (panel.state.busy ? (timer = setTimeout(again, soonMs)) : load());
    const isSoon = Date.now() < soonUntil || panel.state.isOffline;
    if (!document.hidden) timer = setTimeout(again, isSoon ? soonMs : laterMs);
  }

  const look = () => (document.hidden ? clearTimeout(timer) : void load());
  document.addEventListener("visibilitychange", look, { signal });
  addEventListener("online", look, { signal });
  addEventListener("offline", () => panel.set({ isOffline: true }), { signal });
  panel.set({});
  void begin();

  return {
    update(options) {
      if (JSON.stringify(options.record) !== JSON.stringify(panel.options.record)) {
        isReadyTold = false;
        panel.set(blank());
      }
      panel.options = options;
      void begin();
    },
    refresh: load,
    close() {
      closing.abort();
      clearTimeout(timer);
      turn++;
      leave();
      erase(root);
    },
  };
}

const blank = (): PanelState => ({
  phase: "loading",
  record: null,
  failure: null,
  isOffline: false,
  waitsForToken: false,
  view: null,
  notice: null,
  busy: null,
});

/** What the API refused has a code; what fetch throws has none, whatever the cause: no network, a policy, a certificate. */
export const failureOf = (error: unknown): Failure => {
  const { code = "unreachable", message = "" } = error as { code?: string; message?: string };
  return { code, detail: message };
};

/** What several panels of a page ask at once is asked once. */
const underWay = new WeakMap<Client, Record<string, Promise<PanelRecord> | undefined>>();

function readRecord(client: Client, query: PanelOptions["record"]): Promise<PanelRecord> {
  const asked = underWay.get(client) ?? {};
  const key = JSON.stringify(query);
  underWay.set(client, asked);
  asked[key] ??= client("record.get", { query }).finally(() => {
    asked[key] = undefined;
  });
  return asked[key];
}

/** Where the script came from. */
const { origin } = new URL(import.meta.url);
