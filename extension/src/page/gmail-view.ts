/** The view in front: Gmail keeps those it left in the page, hidden, each with people of its own. */
import { attributeOf, parentOf } from "./dom.ts";
import type { GmailFinder } from "./gmail-selectors.ts";

/** Views that are shown, in the order of the page: what a mail makes look like one comes after the one it is in. */
export function shownViews(document: Document, find: GmailFinder): Element[] {
  return find.all(document, "main").filter((view) => !isHidden(view));
}

function isHidden(element: Element): boolean {
  for (let at: Element | null = element; at; at = parentOf(at)) {
    if (attributeOf(at, "hidden") !== null) return true;
    if (/(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attributeOf(at, "style") ?? ""))
      return true;
  }
  return false;
}
