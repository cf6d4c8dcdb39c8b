/** What is looked at again by itself while somebody can see it. */
import { useEffect, useRef } from "preact/hooks";

const everyMs = 15_000;

export function useLive(look: () => void): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const plan = () => {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(turn, everyMs);
    };
    const turn = () => {
      latest.current();
      plan();
    };
    const seen = () => (document.hidden ? clearTimeout(timer) : turn());
    document.addEventListener("visibilitychange", seen);
    plan();
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);
}

/** @returns a value that follows another once that has rested. */
export const restMs = 300;
