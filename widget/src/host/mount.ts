/** The panel for those who would rather call a function than write a tag. */
import type { PanelOptions } from "../events.ts";
import type { CadenzaPanel } from "./panel-element.ts";

export type Mounted = {
  element: CadenzaPanel;
  /** Shows another record, hands in a new token: what is left out stays. */
  update(options: Partial<PanelOptions>): void;
  unmount(): void;
};

/** Puts a panel at the end of `parent`. Events are heard on it, or on `mounted.element`. */
export function mount(parent: Element, options: PanelOptions): Mounted {
  const element = parent.ownerDocument.createElement("cadenza-panel");
  const update = (given: Partial<PanelOptions>) => {
    element.options = given;
  };
  update(options);
  parent.append(element);
  return { element, update, unmount: () => element.remove() };
}
