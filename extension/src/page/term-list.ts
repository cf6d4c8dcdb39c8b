/** Lists of terms (`dl`): the value that follows a label, however either is wrapped. */
import { linesOf } from "./page-lines.ts";

export function termValue(root: Element, isLabel: (text: string) => boolean): Element | null {
  const term = [...root.querySelectorAll("dt")].find((one) => isLabel(linesOf(one)[0]?.text ?? ""));
  for (let at: Element | null = term ?? null; at && at.localName !== "dl"; at = at.parentElement) {
    const next = at.nextElementSibling;
    const value = next && (next.localName === "dd" ? next : next.querySelector("dd"));
    if (value) return value;
  }
  return null;
}

export function termText(root: Element, isLabel: (text: string) => boolean): string | null {
  const value = termValue(root, isLabel);
  return (value && linesOf(value)[0]?.text) ?? null;
}
