/** What the panel takes from Preact, given by React: the same source built against this is what it is measured beside. */
import { type ComponentType, createElement, Fragment, type ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";

export { Fragment };

const roots = new WeakMap<object, Root>();

/** Drawn when this returns, as Preact's is. */
export function render(what: ReactNode, into: ShadowRoot): void {
  const root = roots.get(into) ?? createRoot(into);
  roots.set(into, root);
  flushSync(() => root.render(what));
}

/** React's names for what the panel writes as HTML has it. */
export function h(
  type: string | ComponentType,
  props: Record<string, unknown> | null,
  ...children: ReactNode[]
) {
  if (typeof type !== "string" || !props) return createElement(type, props, ...children);
  const { class: className, ...others } = props;
  return createElement(type, className ? { ...others, className } : others, ...children);
}
