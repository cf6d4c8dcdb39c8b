/**
 * One panel: what it knows, what it shows, and how it finds out. The screen is a function of its state, drawn again
 * whenever that changes; views that are not needed at first are fetched when somebody opens them. Whatever fails is
 * told on the panel and by an event, and never reaches the host's page.
 */
import type { Client } from "@cadenza/shared/client";
import type { ComponentType } from "preact";
import type { CadenzaEventName, CadenzaEvents, PanelAttributes, PanelOptions, RecordKey } from "../events.ts";
import { deskFor } from "../host/session.ts";
import { en, type Messages } from "../messages/en.ts";
import { languageOf } from "../messages/load.ts";
import css from "../styles/panel.css?inline";
import { adopt } from "../styles/sheets.ts";
import type { Action } from "./act.ts";
import type { Deed } from "./deeds.ts";
import { draw, erase } from "./draw.tsx";
import { Unreachable } from "./first-screen.tsx";
import { type Formats, formatsOf } from "./formats.ts";
import type { PanelEnrollment, PanelRecord } from "./headline.ts";
import { askOnce } from "./shared-answers.ts";
import type { OpenView, View } from "./views.ts";

export type Panel = {
  update(options: PanelOptions & PanelAttributes): void;
  refresh(): Promise<void>;
  close(): void;
};

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
  /** Why the record could not be read the last time that went wrong. */
  failure?: Failure;
  isOffline: boolean;
  waitsForToken: boolean;
  view: OpenView | null;
  /** What draws it, once it is here. */
  View: View | null;
  notice: Notice | null;
  /** The action that is under way, by name. */
  busy: string | null;
};

/** What every part of a panel is given. */
export type PanelContext = {
  state: PanelState;
  options: PanelOptions & PanelAttributes;
  recordKey: RecordKey;
  words: Messages;
  formats: Formats;
  language: ReturnType<typeof languageOf>;
  client: Client;
  /** Business time, as the server's clock has it. */
  now(): number;
  yourZone: string;
  /** Parts that are drawn as soon as they are here. */
  Foot?: ComponentType<{ panel: PanelContext }>;
  Happened?: ComponentType<{ panel: PanelContext }>;
  Doings?: ComponentType<{ panel: PanelContext; enrollment: PanelEnrollment }>;
  tell<Name extends CadenzaEventName>(name: Name, detail: CadenzaEvents[Name]): void;
  set(changed: Partial<PanelState>): void;
  show(view: OpenView | null): Promise<void>;
  /** @param forMs how long it stays, where it does not wait to be closed. */
  notify(notice: Notice, forMs?: number): void;
  refresh(): Promise<void>;
  /** @returns null when it was refused: the panel has said so. */
  act<Answer>(action: Action<Answer>): Promise<Answer | null>;
  /** For views: there as soon as they are. */
  do?: (deed: Deed, enrollment: PanelEnrollment) => Promise<unknown>;
};

/** While something is expected to happen soon, and otherwise. */
const soonMs = 5_000;
const laterMs = 60_000;
const soonForMs = 120_000;

export function openPanel(
  root: ShadowRoot,
  given: PanelOptions & PanelAttributes,
  tell: PanelContext["tell"],
): Panel {
  adopt(root, css);
  const closing = new AbortController();
  const { signal } = closing;
  let leave: (() => void) | undefined;
  let isReadyTold = false;
  let isDrawPlanned = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let soonUntil = 0;
  /** Answers to questions that were asked before another record was shown are not shown any more. */
  let turn = 0;
  let clockAhead = 0;

  // The rest comes with who asks for whom, and with what is fetched after the first screen.
  const panel = {
    state: blank(),
    options: given,
    words: en,
    language: "en",
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
    async show(view) {
      const from = root.activeElement;
      panel.set({ view, View: null, notice: view ? null : panel.state.notice });
      await later().then(
        ({ follow }) => follow(panel, root, from),
        () => panel.set({ View: Unreachable }),
      );
    },
    refresh: load,
    act: async (action) => {
      soonUntil = Date.now() + soonForMs;
      turn++;
      return (await later()).act(panel, action);
    },
  } as PanelContext;

  /** What is not on the first screen, or done there. */
  async function later() {
    const done = await import("./later.ts");
    Object.assign(panel, done.partsOf(panel));
    panel.set({});
    return done;
  }

  /** Whenever it is said anew who asks, for whom, and in which language. */
  function begin(): void {
    const { options } = panel;
    const { client, app, token, api = origin, locale } = options;
    const { entityType: entity = "lead", entityId: id, system, contactId, email } = options;
    const record =
      options.record ?? (id ? { entity, id, system } : contactId ? { contactId } : email && { email });
    if (JSON.stringify(record) !== JSON.stringify(panel.recordKey)) {
      isReadyTold = false;
      panel.set(blank());
    }
    if (!record) return;
    panel.recordKey = record;
    leave?.();
    leave = undefined;
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
    const language = languageOf(locale);
    panel.formats = formatsOf(locale || language);
    // Until its words are here, and where they cannot be fetched, it goes on with those it has.
    if (language !== panel.language) {
      import("../messages/others.ts").then(({ speak }) => speak(panel, language)).catch(() => {});
    }
  }

  async function load(): Promise<void> {
    clearTimeout(timer);
    // It is looked at again when what is under way is done, or somebody comes back to the page.
    if (signal.aborted || document.hidden || panel.state.busy) return;
    const asked = ++turn;
    try {
      if (!panel.client) throw { code: "" };
      const record = await askOnce(panel.client, "record.get", { query: panel.recordKey });
      if (asked !== turn) return;
      clockAhead = Date.parse(record.now) - Date.now();
      const view = panel.state.phase === "ready" ? panel.state.view : null;
      panel.set({ phase: "ready", view, record, isOffline: false, waitsForToken: false });
    } catch (error) {
      if (asked !== turn) return;
      const failure = failureOf(error);
      const { code } = failure;
      const isOffline = code === "unreachable";
      const isUnknown = /(reference|contact)_not_found/.test(code);
      const phase = isUnknown ? "unknown" : code ? "failed" : "unconnected";
      panel.set({ failure, isOffline, waitsForToken: code === "embed_token_expired" });
      // What is known stays on the screen over what will pass, and so does what somebody writes there.
      const isKept = panel.state.record
        ? /unreach|expired|unauth|rate_|internal/.test(code)
        : panel.state.view && panel.state.phase === phase;
      if (!isKept) {
        panel.set({ phase, record: null });
        // What says that nothing can be fetched is not fetched.
        if (!isOffline) void panel.show({ name: "rare" });
      }
      if (phase === "failed") tell("cadenza:error", failure);
    }
    const { phase, record } = panel.state;
    if (!isReadyTold && (record || phase === "unknown")) {
      isReadyTold = true;
      tell("cadenza:ready", { contactId: record?.contact.id ?? null });
    }
    const isSoon = panel.state.isOffline || Date.now() < soonUntil;
    timer = setTimeout(load, isSoon ? soonMs : laterMs);
  }

  for (const change of ["visibilitychange", "online", "offline"]) addEventListener(change, load, { signal });
  panel.set({});
  begin();
  later().catch(() => {});

  return {
    update(options) {
      panel.options = options;
      begin();
    },
    refresh: load,
    close() {
      closing.abort();
      turn++;
      leave?.();
      erase(root);
    },
  };
}

const blank = (): PanelState => ({
  phase: "loading",
  record: null,
  isOffline: false,
  waitsForToken: false,
  view: null,
  View: null,
  notice: null,
  busy: null,
});

/** What the API refused has a code; what fetch throws has none, whatever the cause: no network, a policy, a certificate. */
export const failureOf = (error: unknown): Failure => {
  const { code = "unreachable", message = "" } = error as { code?: string; message?: string };
  return { code, detail: message };
};

/** Where the script came from. */
const { origin } = new URL(import.meta.url);
