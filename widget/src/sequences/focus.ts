/** Puts the focus where somebody goes on. Only for what they asked for themselves: never out of the host's hands. */
import { useLayoutEffect, useRef } from "preact/hooks";

/** @returns a ref; what opens with it takes the focus, or what is found in it. */
export function useFocus<Found extends HTMLElement>(selector = "", isWanted = true) {
  const ref = useRef<Found>(null);
  useLayoutEffect(() => {
    if (isWanted && ref.current) focusIn(ref.current, selector);
  }, []);
  return ref;
}

export function focusIn(within: Element | null | undefined, selector = ""): void {
  const wanted = selector ? within?.querySelector<HTMLElement>(selector) : within;
  (wanted as HTMLElement | null | undefined)?.focus();
}
