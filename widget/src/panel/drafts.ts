/** Words somebody typed and has not used yet: kept for as long as the panel stands, whatever closes their view meanwhile. */
import { useState } from "preact/hooks";
import type { PanelContext } from "./open.ts";

const kept = new WeakMap<PanelContext, Map<string, string>>();

function draftsOf(panel: PanelContext): Map<string, string> {
  let drafts = kept.get(panel);
  if (!drafts) {
    drafts = new Map();
    kept.set(panel, drafts);
  }
  return drafts;
}

/** @param first what stands there until somebody types. */
export function useDraft(
  panel: PanelContext,
  key: string,
  first = "",
): [value: string, change: (value: string) => void] {
  const [, drawAgain] = useState(0);
  const drafts = draftsOf(panel);
  const change = (value: string) => {
    drafts.set(key, value);
    drawAgain((times) => times + 1);
  };
  return [drafts.get(key) ?? first, change];
}

/** As it stands at this moment: what is tried again is tried with the words of now. */
export const draftNow = (panel: PanelContext, key: string, first = ""): string =>
  draftsOf(panel).get(key) ?? first;

/** Once they were used: those whose keys begin like this. */
export function dropDrafts(panel: PanelContext, beginning: string): void {
  const drafts = draftsOf(panel);
  for (const key of drafts.keys()) if (key.startsWith(beginning)) drafts.delete(key);
}
