/** Styles of what is fetched later: a panel takes them on when the first of it is drawn. */
import { adopt } from "./sheets.ts";

export { adopt };

/** @returns a `ref` for the outermost element of whatever these styles are for. Made once, outside of components. */
export const adopting =
  (css: string) =>
  (element: Element | null): void => {
    const root = element?.getRootNode();
    if (root instanceof ShadowRoot) adopt(root, css);
  };
