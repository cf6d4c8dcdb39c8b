/** Styles of what is fetched later: added to a panel once, as constructed sheets that all panels of a page share. */

const made = new Map<string, CSSStyleSheet>();

export function adopt(panelRoot: ShadowRoot, css: string): void {
  let sheet = made.get(css);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    made.set(css, sheet);
  }
  const { adoptedStyleSheets } = panelRoot;
  if (!adoptedStyleSheets.includes(sheet)) panelRoot.adoptedStyleSheets = [...adoptedStyleSheets, sheet];
}

/** @returns a `ref` for the outermost element of whatever these styles are for. Made once, outside of components. */
export const adopting =
  (css: string) =>
  (element: Element | null): void => {
    const root = element?.getRootNode();
    if (root instanceof ShadowRoot) adopt(root, css);
  };
