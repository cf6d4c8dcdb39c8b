/** Styles as constructed sheets, which all panels of a page share and no policy of the page forbids. */

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
