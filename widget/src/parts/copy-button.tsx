/** Puts a text on the clipboard and says so. Works where the clipboard's API is shut, as in a frame or without TLS. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "./button.tsx";

export type CopyWords = { copy: string; copied: string; notCopied: string };

/** How long it says so. */
const saidMs = 2_500;

export function CopyButton({ text, words, go }: { text: string; words: CopyWords; go?: boolean }) {
  const [said, setSaid] = useState("");
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(""), saidMs);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    const isCopied = (await byClipboard(text)) || bySelection(text, place.current!);
    setSaid(isCopied ? words.copied : words.notCopied);
  };
  return (
    <>
      <Button go={go} onClick={() => void copy()}>
        {words.copy}
      </Button>
      <span class="said" role="status" ref={place}>
        {said}
      </span>
    </>
  );
}

async function byClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not there, or the page's policy forbids it: the other way is tried.
    return false;
  }
}

/** The old way, from a field beside the button; what was focused is focused again. */
function bySelection(text: string, place: HTMLElement): boolean {
  const root = place.getRootNode() as ShadowRoot;
  const before = root.activeElement as HTMLElement | null;
  const area = place.ownerDocument.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  area.readOnly = true;
  area.tabIndex = -1;
  place.after(area);
  area.select();
  try {
    return place.ownerDocument.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    before?.focus({ preventScroll: true });
  }
}
