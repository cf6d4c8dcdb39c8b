/**
 * Back to the first screen once something was done, as that will look. It is told before it is read again, so that the
 * keyboard does not land on a button that is about to go.
 */
import type { PanelRecord } from "./headline.ts";
import type { PanelContext } from "./open.ts";

export function leaveView(panel: PanelContext, changed = (record: PanelRecord) => record): void {
  const { record } = panel.state;
  if (record) panel.set({ record: changed(record) });
  void panel.show(null);
}
