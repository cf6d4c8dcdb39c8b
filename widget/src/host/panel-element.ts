/** `<cadenza-panel>`: the panel for one record of the host. */
import { openPanel } from "../panel/open.ts";
import { elementOf } from "./element.ts";

export class CadenzaPanel extends elementOf(async () => openPanel) {}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-panel": CadenzaPanel;
  }
}
