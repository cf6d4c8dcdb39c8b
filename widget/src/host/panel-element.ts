/** `<cadenza-panel>`: the panel for one record of the host. */
import { openPanel } from "../panel/open.ts";
import { elementOf } from "./element.ts";

export class CadenzaPanel extends elementOf(
  ["entity-type", "entity-id", "system", "contact-id", "email", "app", "token", "api", "locale"],
  async () => openPanel,
) {}

declare global {
  interface HTMLElementTagNameMap {
    "cadenza-panel": CadenzaPanel;
  }
}
