/**
 * How readers look for elements: by a named key whose candidates are tried in order, a workspace's own first. A
 * candidate that is no valid CSS is passed over, never thrown: it may have come over the wire.
 */
import { answersTo, nearest, query, queryAll, rootOf } from "./dom.ts";
import type { SelectorTable } from "./facts.ts";

type Finder<Key extends string> = {
  /** What the first candidate that matches anything under `root` matches, in document order. */
  all(root: Element | Document, key: Key): Element[];
  first(root: Element | Document, key: Key): Element | null;
  /** Whether the element itself is what the key stands for. */
  matches(element: Element, key: Key): boolean;
  /** The nearest ancestor (or the element itself) that the key stands for. */
  closest(element: Element, key: Key): Element | null;
};

export function selectorsOf<Table extends SelectorTable>(
  own: Table,
  prepended: SelectorTable,
): Finder<keyof Table & string> {
  const candidates = (key: keyof Table & string) => [
    ...(Object.hasOwn(prepended, key) ? (prepended[key] ?? []) : []),
    ...(own[key] ?? []),
  ];
  const firstThat = <T>(key: keyof Table & string, look: (css: string) => T | null): T | null => {
    for (const css of candidates(key)) {
      const found = lookOrPass(() => look(css));
      if (found !== null) return found;
    }
    return null;
  };
  return {
    all: (root, key) =>
      firstThat(key, (css) => {
        const found = queryAll(elementOf(root), css);
        return found.length > 0 ? found : null;
      }) ?? [],
    first: (root, key) => firstThat(key, (css) => query(elementOf(root), css)),
    matches: (element, key) => firstThat(key, (css) => answersTo(element, css) || null) ?? false,
    closest: (element, key) => firstThat(key, (css) => nearest(element, css)),
  };
}

const elementOf = (root: Element | Document): Element => (root instanceof Document ? rootOf(root) : root);

function lookOrPass<T>(look: () => T | null): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof DOMException && error.name === "SyntaxError") return null;
    throw error;
  }
}
