/**
 * Makes of a page the one Gmail or LinkedIn may serve next month: every class name another, and plain boxes around
 * nodes. Both are given to the page as source, so they use nothing from outside themselves.
 */

export const asItIs = "() => {}";

/** The same seed makes the same disguise. On a page in disguise it makes a thicker one. */
export const disguised = (seed: number): string =>
  `(document) => (${disguise.toString()})(document, ${seed})`;

/** As if the page had been saved and opened again: the parser moves boxes that stand where HTML allows none. */
export const parsedAgain = `(document) => {
  const root = Reflect.get(Document.prototype, "documentElement", document);
  root.innerHTML = root.innerHTML;
}`;

function disguise(document: Document, seed: number): void {
  let state = seed * 2654435761;
  const random = () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0;
    return state / 4294967296;
  };
  const renamed = new Map<string, string>();
  const rename = (name: string) => {
    if (!renamed.has(name)) renamed.set(name, `x${Math.floor(random() * 1e12).toString(36)}`);
    return renamed.get(name) as string;
  };
  // From the prototypes: a hostile page may have named its fields after the methods.
  const { getAttribute, setAttribute, replaceWith, append, querySelectorAll, closest } = Element.prototype;
  const root: Element = Reflect.get(Document.prototype, "body", document);
  const elements: Element[] = [...querySelectorAll.call(root, "*")];
  for (const element of elements) {
    const names = getAttribute.call(element, "class");
    if (names === null) continue;
    setAttribute.call(element, "class", names.split(/\s+/).filter(Boolean).map(rename).join(" "));
  }
  const createElement = Document.prototype.createElement as (this: Document, tag: string) => HTMLElement;
  for (const element of elements) {
    if (random() > 0.25 || closest.call(element, "svg, select, colgroup, picture")) continue;
    const box = createElement.call(document, "div");
    replaceWith.call(element, box);
    append.call(box, element);
  }
}
