/**
 * What a host's page loads: it defines `<cadenza-panel>` and `<cadenza-sequences>` and gives `mount`. Served as
 * `/widget.js`, `/widget@1.js` and under its exact version; loaded twice it defines once.
 */
export type { CadenzaEventName, CadenzaEvents, KnownPerson, PanelOptions, RecordKey } from "./events.ts";
export { CadenzaPanel, CadenzaSequences } from "./host/define.ts";
export type { Mounted } from "./host/mount.ts";
export { mount } from "./host/mount.ts";
export type {
  CadenzaSequencesEventName,
  CadenzaSequencesEvents,
  SequencesOptions,
} from "./sequences/page.ts";
