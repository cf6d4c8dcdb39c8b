/**
 * What a host hears of a panel: DOM events on the element, bubbling and composed, and how to say what a panel shows.
 * Part of what is published: host applications are typed against it.
 */
import type { Client } from "@cadenza/shared/client";
import type { EntityType } from "@cadenza/shared/vocabulary";

export type CadenzaEvents = {
  /** The record is on the screen for the first time. `contactId` is null for one Cadenza does not know yet. */
  "cadenza:ready": { contactId: string | null };
  "cadenza:enrolled": { enrollmentId: string; contactId: string; sequenceName: string };
  "cadenza:paused": { enrollmentId: string; contactId: string };
  "cadenza:resumed": { enrollmentId: string; contactId: string };
  "cadenza:canceled": { enrollmentId: string; contactId: string };
  "cadenza:task-done": { taskId: string; contactId: string; outcome: string };
  /** Something was refused or could not be reached; the panel says so itself. `code` is one of the API's. */
  "cadenza:error": { code: string; detail: string };
  /** The token has expired: set a new one, or give `getToken`. What was asked meanwhile waits for it. */
  "cadenza:token-needed": Record<never, never>;
};
export type CadenzaEventName = keyof CadenzaEvents;

/** The record a panel shows: by the host's own id, by Cadenza's, or by an address. */
export type RecordKey =
  | { entity: EntityType; id: string; system?: string }
  | { contactId: string }
  | { email: string };

/** What a host knows of the person, for one Cadenza does not know yet. */
export type KnownPerson = {
  email?: string;
  firstName?: string;
  lastName?: string;
  companyName?: string;
  title?: string;
};

export type PanelOptions = {
  /** Whom to show; nothing is shown before that is said. */
  record?: RecordKey | undefined;
  /** The host app's id, `app_…`, and a token its server signed (docs/embed.md). */
  app?: string | undefined;
  token?: string | undefined;
  /** Asked for a new token when the one in use has expired. Without it `cadenza:token-needed` is all there is. */
  getToken?: (() => string | Promise<string>) | undefined;
  /** Cadenza's address; left out, where the script came from. */
  api?: string | undefined;
  /** Another way to the API, for hosts that have one; `app` and `token` are not used then. */
  client?: Client | undefined;
  person?: KnownPerson | undefined;
  /** A language tag; left out, the page's. English, German, Spanish and French are spoken. */
  locale?: string | undefined;
};

/** The same said by attributes. */
export type PanelAttributes = {
  entityType?: EntityType | undefined;
  entityId?: string | undefined;
  system?: string | undefined;
  contactId?: string | undefined;
  email?: string | undefined;
};

declare global {
  interface HTMLElementEventMap extends CadenzaEventMap {}
}
type CadenzaEventMap = { [Name in CadenzaEventName]: CustomEvent<CadenzaEvents[Name]> };
