/**
 * Brings the view that was asked for, and the keyboard along with it: into the view when it opens, back to what opened
 * it when it closes. Where the focus was elsewhere in the host's page it stays there.
 */
import { Unreachable } from "./first-screen.tsx";
import type { PanelContext } from "./open.ts";
import { loadView } from "./views.ts";

/** What each panel's view was opened with, by its words: the button itself is drawn anew. */
const openers = new WeakMap<ShadowRoot, string>();

export async function follow(panel: PanelContext, root: ShadowRoot, from: Element | null): Promise<void> {
  const { view } = panel.state;
  if (view) {
    if (from) openers.set(root, wordsOf(from));
    const View = await loadView(view.name).catch(() => Unreachable);
    if (panel.state.view !== view) return;
    panel.set({ View });
  }
  // Drawn in a microtask of its own.
  await new Promise((drawn) => setTimeout(drawn));
  if (!from || (root.activeElement && root.activeElement !== from)) return;
  const opener = [...root.querySelectorAll("button")].find((one) => wordsOf(one) === openers.get(root));
  const target = view ? root.querySelector<HTMLElement>("[data-focus]") : opener;
  (target ?? root.querySelector("button"))?.focus({ preventScroll: true });
}

const wordsOf = (element: Element): string => element.getAttribute("aria-label") ?? element.textContent;
