/**
 * What a page reader says: plain facts with their provenance, the warnings a rep must see, and the shape every reader
 * has. Readers, the card, the panel and `pnpm read-page` share these types; `printed.ts` writes them in the form of a
 * fixture's `expect`. Types only: nothing here runs.
 */

/** How sure a reader is. `low` never fills a field: what would be a guess stays null and the rep types it. */
export type Confidence = "high" | "medium" | "low";

/** Where a fact was found: the strategy's name ("header", "signature", "top-card", "title-tag"), not a selector. */
export type Source = { from: string; confidence: Confidence };

export type Warning =
  /** It is the rep's own address or profile. Offered, never preselected. */
  | "self"
  /** A shared mailbox (sales@, procurement@). Offered, never preselected. */
  | "role_address"
  /** An address that nobody reads. Offered, never preselected. */
  | "no_reply"
  /** The page is still being drawn, or part of what was asked for is not on it yet. */
  | "not_loaded"
  /** A name and nothing to reach or tell the person by. */
  | "name_only"
  /** The account in the page is not the one its address names. Nothing may be enrolled from it. */
  | "wrong_account";

export type PersonField =
  | "name"
  | "firstName"
  | "lastName"
  | "email"
  | "title"
  | "company"
  | "headline"
  | "location"
  | "phone"
  | "profileUrl"
  | "threadId";

/** Where on the page a person stands. `self`: a row whose only participant is the rep. */
export type PersonRole = "sender" | "sender-collapsed" | "to" | "cc" | "bcc" | "row-sender" | "self";

/** One person. Whatever is not known is null: never a guess, never an empty string. */
export interface Person {
  type: "person";
  name: string | null;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  title: string | null;
  company: string | null;
  headline: string | null;
  location: string | null;
  phone: string | null;
  /** Canonical: `https://www.linkedin.com/in/<slug>`, no regional host, no query, no slash at the end. */
  profileUrl: string | null;
  /** Gmail's stable thread id (`data-legacy-thread-id`) of the thread or row the person was read from. */
  threadId: string | null;
  role: PersonRole | null;
  /** One entry for each field that is not null. */
  sources: Partial<Record<PersonField, Source>>;
  warnings: Warning[];
}

export type ReaderName =
  | "gmail.thread"
  | "gmail.list"
  | "gmail.compose"
  | "linkedin.profile"
  | "linkedin.search"
  | "linkedin.company"
  | "salesnav.lead"
  | "salesnav.list";

interface Reading {
  /** Null when no reader takes the page. */
  reader: ReaderName | null;
  /** Of the page as a whole: the least of what a rep would act on. */
  confidence: Confidence;
  /** Of the page as a whole; a person's own stand with the person. */
  warnings: Warning[];
}

/** A page about one person: a LinkedIn profile, a Sales Navigator lead. */
export interface PersonPage extends Reading {
  type: "person";
  person: Person;
  /** Slug of the signed-in rep, where the page shows it and the profile is somebody else's. */
  viewer: string | null;
}

export interface CompanyPage extends Reading {
  type: "company";
  name: string;
  industry: string | null;
  location: string | null;
  website: string | null;
  profileUrl: string | null;
  sources: Partial<Record<"name" | "industry" | "location" | "website" | "profileUrl", Source>>;
}

/** Several people at once: a search, a lead list, a mail list. */
export interface ListPage extends Reading {
  type: "list";
  /** In the order of the page. In Gmail only the ticked rows, if any is ticked. */
  rows: Person[];
  /** Gmail: address of the account that is signed in. LinkedIn: null. */
  self: string | null;
  /** Gmail, when the list holds exactly one conversation. */
  threadSubject: string | null;
}

export interface ThreadPage extends Reading {
  type: "thread";
  subject: string | null;
  threadId: string | null;
  self: string | null;
  /** Everybody in the conversation but the rep, the likeliest to be meant first. */
  contacts: Person[];
  /** Address of the one to preselect: null when nobody is fit to be. */
  primary: string | null;
  /** Replies being written inside the thread, and pop-up windows above it. */
  composes: Compose[];
}

export interface ComposePage extends Reading {
  type: "compose";
  self: string | null;
  composes: Compose[];
}

export interface Compose {
  to: Person[];
  cc: Person[];
  bcc: Person[];
  subject: string | null;
  /** True for a reply inside the thread, false for a window of its own. */
  inline: boolean;
  /** Where a draft for this compose goes, and for no other. Null while Gmail has not drawn it. */
  body: Element | null;
}

/** Nothing to be read here: another site, a wall, or a page that is not drawn yet (then with `not_loaded`). */
export interface NonePage extends Reading {
  type: "none";
}

export type PageFacts = PersonPage | CompanyPage | ListPage | ThreadPage | ComposePage | NonePage;

/** Selectors are data: a named key with its candidates in the order they are tried. Plain CSS, never code. */
export type SelectorTable = Readonly<Record<string, readonly string[]>>;

/** What a reader is given. `prepended` comes from the workspace and is tried before a reader's own candidates. */
export interface Page {
  document: Document;
  url: URL;
  prepended: SelectorTable;
}

/**
 * A reader is pure: a document and its address in, facts out. It changes nothing, asks for nothing and runs alike in
 * jsdom and Chromium. `gmail.ts`, `linkedin.ts` and `salesnav.ts` each export a list of theirs (`gmailReaders`,
 * `linkedinReaders`, `salesnavReaders`); `read-page.ts` asks them in order and the first that detects the page reads it.
 */
export interface Reader {
  name: ReaderName;
  detect(page: Page): boolean;
  extract(page: Page): PageFacts;
}
