/** The panel for those who would rather call a function than write a tag. */
import type { PanelOptions } from "../events.ts";
import type { CadenzaPanel } from "./element.ts";

export type Mounted = {
  element: CadenzaPanel;
  /** Shows another record, hands in a new token: what is left out stays. */
  update(options: Partial<PanelOptions>): void;
  unmount(): void;
};

/** Puts a panel at the end of `element`. Events are heard on it, or on `mounted.element`. */
export function mount(element: Element, options: PanelOptions): Mounted {
  const panel = element.ownerDocument.createElement("cadenza-panel");
  give(panel, options);
  element.append(panel);
  return {
    element: panel,
    update: (changed) => give(panel, changed),
    unmount: () => panel.remove(),
  };
}

function give(
  panel: CadenzaPanel,
  { record, app, token, api, locale, ...properties }: Partial<PanelOptions>,
): void {
  const named = record && {
    "entity-type": null,
    "entity-id": null,
    system: null,
    "contact-id": null,
    email: null,
    ...("entity" in record && {
      "entity-type": record.entity,
      "entity-id": record.id,
      system: record.system,
    }),
    ...("contactId" in record && { "contact-id": record.contactId }),
    ...("email" in record && { email: record.email }),
  };
  for (const [name, value] of Object.entries({ app, token, api, locale, ...named })) {
    if (value === undefined) continue;
    if (value === null) panel.removeAttribute(name);
    else panel.setAttribute(name, value);
  }
  Object.assign(panel, properties);
}
