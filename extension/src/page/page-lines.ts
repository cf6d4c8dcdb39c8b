/**
 * The text of a card as the lines a reader sees: one for each run of text, in the order of the document. What is written
 * twice (once for the eye with `aria-hidden`, once for screen readers) is one line; controls, dialogs and edit links are
 * none. Classes and the depth of nesting don't matter, so a page may rename and wrap what it likes.
 */
import { oneLine } from "./text.ts";

export type Line = { text: string; element: Element };

export function linesOf(root: Element): Line[] {
  const lines: Line[] = [];
  collect(root, lines, root);
  return withoutTwins(joinedDates(lines), root);
}

const linesMax = 4_000;

function collect(element: Element, lines: Line[], root: Element): void {
  if (lines.length >= linesMax) return;
  let run = "";
  const flush = () => {
    const text = oneLine(run, 400)
      .replace(/\s+,/g, ",")
      .replace(/^[,\s]+|[,\s]+$/g, "");
    if (text) lines.push({ text, element });
    run = "";
  };
  // Where text stands beside elements, they are pieces of one sentence; where it doesn't, each is a line of its own.
  const prose = [...element.childNodes].some((node) => isText(node) && /\S/.test(node.textContent ?? ""));
  const children = prose ? [...element.childNodes] : forTheEye(element);
  for (const node of children) {
    if (isText(node)) run += node.textContent ?? "";
    if (!isElement(node) || isControl(node)) continue;
    if (prose && !holdsBlocks(node)) run += ` ${inlineText(node)} `;
    else {
      flush();
      collect(node, lines, root);
    }
  }
  flush();
}

const isText = (node: Node) => node.nodeType === 3;
const isElement = (node: Node): node is Element => node.nodeType === 1;

/** Of a pair "for the eye, for the screen reader" the first; of a pair "label, value" in a heading the second. */
function forTheEye(element: Element): Element[] {
  const children = [...element.children].filter((child) => /\S/.test(child.textContent ?? ""));
  const seen = children.filter(
    (child) => child.getAttribute("aria-hidden") === "true" && /[\p{L}\p{N}]/u.test(child.textContent ?? ""),
  );
  if (seen.length > 0 && children.every((child) => seen.includes(child) || isPlain(child))) return seen;
  const isHeading = /^h[3-5]$/.test(element.localName);
  return isHeading && children.length === 2 && children.every(isPlain) ? children.slice(1) : children;
}

const isPlain = (element: Element) => element.localName === "span" && !holdsBlocks(element);

const inlineTags = new Set(
  "a abbr b bdi bdo br cite data em font i img ins li-icon mark s small span strong sub sup time u wbr".split(
    " ",
  ),
);

function holdsBlocks(element: Element): boolean {
  if (!inlineTags.has(element.localName)) return true;
  return [...element.children].some(holdsBlocks);
}

function inlineText(element: Element): string {
  if (element.localName === "br") return " ";
  const shown = [...element.childNodes].some((node) => isText(node) && /\S/.test(node.textContent ?? ""))
    ? [...element.childNodes]
    : forTheEye(element);
  return shown
    .map((node) => (isElement(node) ? (isControl(node) ? "" : inlineText(node)) : (node.textContent ?? "")))
    .join(" ");
}

const silentTags = new Set(
  "script style template noscript svg iframe select option textarea input code object video audio dialog".split(
    " ",
  ),
);
const silentRoles = new Set([
  "dialog",
  "alertdialog",
  "menu",
  "menubar",
  "tooltip",
  "navigation",
  "progressbar",
  "button",
  "tablist",
]);

function isControl(element: Element): boolean {
  if (silentTags.has(element.localName) || element.hasAttribute("hidden") || element.localName === "nav")
    return true;
  if (/\/(?:add-)?edit\//.test(element.getAttribute("href") ?? "")) return true;
  const role = element.getAttribute("role") ?? "";
  if (element.localName !== "button" && !silentRoles.has(role)) return false;
  // The name itself may be a button that opens something.
  return element.querySelector("h1, h2") === null || role === "dialog" || role === "alertdialog";
}

/** "Feb 2022" and "- Present" in elements of their own are one span of time. */
function joinedDates(lines: Line[]): Line[] {
  const joined: Line[] = [];
  for (const line of lines) {
    const before = joined.at(-1);
    if (before && /^[-–—]\s?\S/.test(line.text) && /\d{4}\D{0,3}$/.test(before.text)) {
      joined[joined.length - 1] = { text: `${before.text} ${line.text}`, element: before.element };
    } else if (before && /\d{4}.{0,3}\s?[-–—]$/.test(before.text)) {
      joined[joined.length - 1] = { text: `${before.text} ${line.text}`, element: before.element };
    } else joined.push(line);
  }
  return joined;
}

/** A line is said again where its twin for the eye stands beside it, however both are wrapped. */
function withoutTwins(lines: Line[], root: Element): Line[] {
  return lines.filter((line, at) => {
    if (isForTheEye(line.element, root)) return true;
    const [before, after] = [lines[at - 1], lines[at + 1]];
    if (before && isForTheEye(before.element, root) && spoken(line.text) === spoken(before.text))
      return false;
    // "2nd degree connection", then "2nd".
    const isSpelledOut =
      after && after.text.length <= 6 && line.text.includes(after.text) && isForTheEye(after.element, root);
    return !isSpelledOut;
  });
}

/** A screen reader is given "to" for the dash. */
const spoken = (text: string) =>
  text.replace(/[-–—]|\b(?:to|bis|à|a|al|tot|till|til|do|по)\b/gu, "").replace(/\s+/g, "");

function isForTheEye(element: Element, root: Element): boolean {
  const marked = element.closest('[aria-hidden="true"]');
  return marked !== null && marked !== root && root.contains(marked);
}
