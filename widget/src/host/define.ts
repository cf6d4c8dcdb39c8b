/** Makes the elements known to the page's browser: once, however often and under whatever addresses this is loaded. */
import { CadenzaPanel } from "./panel-element.ts";
import { CadenzaSequences } from "./sequences-element.ts";

export { CadenzaPanel, CadenzaSequences };

const known = globalThis.customElements;
// Not there on a server that renders. Of several panels on a page the first is the one.
if (known && !known.get("cadenza-panel")) {
  known.define("cadenza-panel", CadenzaPanel);
  known.define("cadenza-sequences", CadenzaSequences);
}
