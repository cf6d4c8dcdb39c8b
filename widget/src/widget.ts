/**
 * What a host's page loads: it defines `<cadenza-panel>` and gives `mount`. Served as `/widget.js`, `/widget@1.js` and
 * under its exact version; loaded twice it defines once.
 */
import { CadenzaPanel } from "./core.ts";

export { CadenzaPanel, mount } from "./core.ts";
export type { CadenzaEventName, CadenzaEvents, KnownPerson, PanelOptions, RecordKey } from "./events.ts";
export type { Mounted } from "./host/mount.ts";

if (globalThis.customElements && !customElements.get("cadenza-panel")) {
  customElements.define("cadenza-panel", CadenzaPanel);
}
