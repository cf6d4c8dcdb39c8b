/**
 * What a host's page loads: it defines `<cadenza-panel>` and `<cadenza-sequences>` and gives `mount`. Served as
 * `/widget.js`, `/widget@1.js` and under its exact version; loaded twice it defines once.
 */
import { CadenzaPanel } from "./host/panel-element.ts";
import { CadenzaSequences } from "./host/sequences-element.ts";

export type { CadenzaEventName, CadenzaEvents, KnownPerson, PanelOptions, RecordKey } from "./events.ts";
export type { Mounted } from "./host/mount.ts";
export { mount } from "./host/mount.ts";
export type {
  CadenzaSequencesEventName,
  CadenzaSequencesEvents,
  SequencesOptions,
} from "./sequences/page.ts";
export { CadenzaPanel, CadenzaSequences };

const elements = { "cadenza-panel": CadenzaPanel, "cadenza-sequences": CadenzaSequences };
for (const [name, element] of Object.entries(elements)) {
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element);
}
