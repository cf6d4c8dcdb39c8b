/**
 * `<cadenza-panel>`: reads its attributes, opens a panel in its shadow root and closes it again. Everything that could
 * fail is inside the panel: the element itself never throws into the host's page.
 */

import type { Client } from "@cadenza/shared/client";
import type { EntityType } from "@cadenza/shared/vocabulary";
import type { CadenzaEventName, CadenzaEvents, KnownPerson, PanelOptions, RecordKey } from "../events.ts";
import { openPanel, type Panel } from "../panel/open.ts";

/** So that the module can be imported where there is no DOM: by a server that renders, by a test. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const attributes = [
  ...["app", "token", "api", "locale"],
  ...["entity-type", "entity-id", "system", "contact-id", "email"],
] as const;

export class CadenzaPanel extends Base {
  static readonly observedAttributes: readonly string[] = attributes;

  /** Asked for a token whenever one is needed; the `token` attribute may then be left out. */
  getToken?: () => string | Promise<string>;
  /** Another way to the API than by token. */
  client?: Client;
  /** What the host knows of the person, offered where Cadenza knows nobody yet. */
  person?: KnownPerson;

  #panel: Panel | null = null;
  #isPlanned = false;

  connectedCallback(): void {
    this.#plan();
  }
  disconnectedCallback(): void {
    this.#plan();
  }
  attributeChangedCallback(_: string, before: string | null, after: string | null): void {
    if (before !== after) this.#plan();
  }

  /** Looks again at what it shows, say after the host changed the record. */
  refresh(): void {
    this.#panel?.refresh();
  }

  /** Once for all attributes set in one go; and an element that is only moved is not closed. */
  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    queueMicrotask(() => {
      this.#isPlanned = false;
      this.#follow();
    });
  }

  #follow(): void {
    if (!this.isConnected) {
      this.#panel?.close();
      this.#panel = null;
      return;
    }
    const options = this.#options();
    if (!options) return;
    if (this.#panel) this.#panel.update(options);
    else this.#panel = openPanel(this.shadowRoot ?? this.attachShadow({ mode: "open" }), options, this.#tell);
  }

  #tell = <Name extends CadenzaEventName>(name: Name, detail: CadenzaEvents[Name]): void => {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  };

  #options(): PanelOptions | null {
    const given = (name: (typeof attributes)[number]) => this.getAttribute(name) ?? undefined;
    const [entity, id] = [given("entity-type"), given("entity-id")];
    const [contactId, email] = [given("contact-id"), given("email")];
    let record: RecordKey | null = null;
    if (entity && id) record = { entity: entity as EntityType, id, system: given("system") };
    else if (contactId) record = { contactId };
    else if (email) record = { email };
    if (!record) return null;
    return {
      record,
      app: given("app"),
      token: given("token"),
      api: given("api"),
      locale: given("locale") ?? (this.closest("[lang]") as HTMLElement | null)?.lang,
      getToken: this.getToken,
      client: this.client,
      person: this.person,
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-panel": CadenzaPanel;
  }
}
