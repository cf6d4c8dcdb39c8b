/** What every part of the sequences page is given, and what a host hears of it. */
import type { AnswerOf, Client } from "@cadenza/shared/client";
import type { SequenceStatus } from "@cadenza/shared/vocabulary";
import type { CadenzaEvents } from "../events.ts";
import type { Language } from "../messages/load.ts";
import type { Dates } from "./dates.ts";
import type { Editing } from "./edit/editing.ts";
import type { Failure } from "./failure.ts";
import type { Words } from "./words/en.ts";

/** What is told of one sequence. */
type Told = { sequenceId: string; sequenceName: string };

/** DOM events on `<cadenza-sequences>`, bubbling and composed. */
export type CadenzaSequencesEvents = {
  /** The list is on the screen for the first time. */
  "cadenza:sequences-ready": Record<never, never>;
  /** One was opened; null: the list again. */
  "cadenza:sequence-opened": { sequenceId: string | null };
  "cadenza:sequence-created": Told;
  "cadenza:sequence-published": Told;
  "cadenza:sequence-paused": Told;
  "cadenza:sequence-resumed": Told;
  "cadenza:sequence-archived": Told;
} & Pick<CadenzaEvents, "cadenza:error" | "cadenza:token-needed">;
export type CadenzaSequencesEventName = keyof CadenzaSequencesEvents;

declare global {
  interface HTMLElementEventMap extends EventMap {}
}
type EventMap = {
  [Name in CadenzaSequencesEventName]: CustomEvent<CadenzaSequencesEvents[Name]>;
};

export type SequencesOptions = {
  /** The host app's id, `app_…`, and a token its server signed (docs/embed.md). */
  app?: string | undefined;
  token?: string | undefined;
  /** Asked for a new token when the one in use has expired. */
  getToken?: (() => string | Promise<string>) | undefined;
  /** Cadenza's address; left out, where the script came from. */
  api?: string | undefined;
  /** Another way to the API, for hosts that have one; `app` and `token` are not used then. */
  client?: Client | undefined;
  /** A language tag; left out, the page's. */
  locale?: string | undefined;
  /** The sequence to open with; left out, the list. */
  sequenceId?: string | undefined;
  /**
   * On Cadenza's own page: asks in the name of whoever is signed in there, and what is open stands in the address. Has
   * no effect anywhere else.
   */
  atHome?: boolean | string | undefined;
};

export type Tell = <Name extends CadenzaSequencesEventName>(
  name: Name,
  detail: CadenzaSequencesEvents[Name],
) => void;

export type Sequences = { update(options: SequencesOptions): void; refresh(): void; close(): void };

export type Notice = {
  text: string;
  isBad?: boolean;
  action?: { label: string; run(): void };
};

export type Person = AnswerOf<"contacts.list">["items"][number];
export type Summary = AnswerOf<"sequences.list">["items"][number];

export type PageState = {
  phase: "loading" | "unconnected" | "failed" | "ready";
  failure: Failure | null;
  isOffline: boolean;
  waitsForToken: boolean;
  isSignedOut: boolean;
  /** The sequence that is open; null: the list. */
  openId: string | null;
  notice: Notice | null;
  showsKeys: boolean;
};

export type Page = {
  options: SequencesOptions;
  state: PageState;
  client: Client;
  words: Words;
  language: Language;
  dates: Dates;
  mayBuild: boolean;
  /** What is asked of the list, kept while one sequence is open. */
  asked: { q: string; status: SequenceStatus | "" };
  /** Opened once, they keep what is not saved yet. */
  editings: Map<string, Editing>;
  /** With whom texts are read. */
  reader: Person | null;
  tell: Tell;
  set(changed: Partial<PageState>): void;
  /** Shows one, or the list. `byPerson`: they asked for it here, so their focus goes along. */
  open(id: string | null, byPerson?: boolean): void;
  /** Whether what is open was asked for here. */
  takesFocus: boolean;
  /** The one that was open before the list. */
  cameFrom: string | null;
  notify(notice: Notice, forMs?: number): void;
  /** Says on the page and to the host that something did not work. */
  failed(what: string, failure: Failure, retry?: () => void): void;
  /** Asked once and kept. */
  once<Answer>(name: string, ask: (client: Client) => Promise<Answer>): Promise<Answer>;
  /** Asks who one is again, after that did not work. */
  retry(): void;
  /** Raised by `refresh()`: what is shown is asked anew. */
  turn: number;
};
