/**
 * The few ways readers touch a document, taken from the prototypes: on a document and on a form, what a page has named
 * (`<img name="querySelector">`, `<input name="parentElement">`) hides the method of the same name, and a mail may
 * hold either.
 */

export const parentOf = (node: Node): Element | null => Reflect.get(Node.prototype, "parentElement", node);

export const textOf = (node: Node): string => Reflect.get(Node.prototype, "textContent", node) ?? "";

export const holds = (element: Element, other: Node): boolean => Node.prototype.contains.call(element, other);

export const attributeOf = (element: Element, name: string): string | null =>
  Element.prototype.getAttribute.call(element, name);

export const tagOf = (element: Element): string => Reflect.get(Element.prototype, "tagName", element);

export const rootOf = (document: Document): Element =>
  Reflect.get(Document.prototype, "documentElement", document);

export const isElement = (node: Node): node is Element => node instanceof Element;

export const queryAll = (root: Element, css: string): Element[] => [
  ...Element.prototype.querySelectorAll.call(root, css),
];

export const query = (root: Element, css: string): Element | null =>
  Element.prototype.querySelector.call(root, css);

export const answersTo = (element: Element, css: string): boolean =>
  Element.prototype.matches.call(element, css);

export const nearest = (element: Element, css: string): Element | null =>
  Element.prototype.closest.call(element, css);

/** The nodes under an element, in order, as the parser built them. */
export const walkerOver = (root: Element, accept: (node: Node) => boolean = () => true): TreeWalker => {
  const filter = (node: Node) => (accept(node) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT);
  return Document.prototype.createTreeWalker.call(
    Reflect.get(Node.prototype, "ownerDocument", root) as Document,
    root,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
    filter,
  );
};
