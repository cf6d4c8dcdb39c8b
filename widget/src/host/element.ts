/**
 * `<cadenza-panel>`: reads its attributes, opens a panel in its shadow root and closes it again. Everything that could
 * fail is inside the panel: the element itself never throws into the host's page.
 */

import type { EntityType } from "@cadenza/shared/vocabulary";
import type { CadenzaEventName, CadenzaEvents, PanelOptions } from "../events.ts";
import { openPanel, type Panel } from "../panel/open.ts";

/** So that the module can be imported where there is no DOM: by a server that renders, by a test. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const attributes = [
  ...["entity-type", "entity-id", "system", "contact-id", "email"],
  ...["app", "token", "api", "locale"],
];

export class CadenzaPanel extends Base {
  static readonly observedAttributes = attributes;

  #panel: Panel | null = null;
  #given: Partial<PanelOptions> = {};
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

  /** What has no attribute, or is not text: `getToken`, `client`, `person`. What is left out stays as it was. */
  set options(given: Partial<PanelOptions>) {
    this.#given = { ...this.#given, ...given };
    this.#plan();
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

  /** @returns null while it has not been said whom to show. */
  #options(): PanelOptions | null {
    const [entity, id, system, contactId, email, app, token, api, locale] = attributes.map(
      (name) => this.getAttribute(name) || undefined,
    );
    const record = id
      ? { entity: (entity ?? "lead") as EntityType, id, ...(system && { system }) }
      : contactId
        ? { contactId }
        : email && { email };
    const options = { record, app, token, api, locale, ...this.#given };
    return options.record ? (options as PanelOptions) : null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-panel": CadenzaPanel;
  }
}
