/** Whether what was typed is saved, in plain words: never "saved" when it is not. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import type { Page } from "../page.ts";
import { isDelay, isWindow } from "./draft.ts";
import type { Editing } from "./editing.ts";

export function SaveLine({ page, editing, open }: { page: Page; editing: Editing; open(key: string): void }) {
  const { words } = page;
  const { state, draft, refused } = editing;
  const [busy, setBusy] = useState(false);
  const wrongKey =
    refused[0]?.key ?? draft.steps.find(({ delay, window }) => !isDelay(delay) || !isWindow(window))?.key;
  const isBad = state.is === "failed" || state.is === "unsavable" || state.is === "clashed";
  return (
    <p class={isBad ? "saving bad" : "saving"}>
      <span role="status">{saying()}</span>
      {isBad && wrongKey !== undefined && <Button onClick={() => open(wrongKey)}>{words.lookThere}</Button>}
      {(state.is === "failed" || state.is === "unsaved") && !wrongKey && (
        <Button
          quiet
          busy={busy}
          onClick={() => {
            setBusy(true);
            void editing.flush().finally(() => setBusy(false));
          }}
        >
          {words.saveNow}
        </Button>
      )}
    </p>
  );

  function saying(): string {
    switch (state.is) {
      case "saved":
        return words.saved;
      case "unsaved":
        return words.unsaved;
      case "saving":
        return words.saving;
      case "clashed":
        return words.notSaved(words.clash);
      case "unsavable":
        return words.notSaved(draft.name.trim() ? words.fixFirst : words.nameMissing);
      case "failed": {
        const { code, detail } = state.failure;
        if (code === "unauthenticated") return words.notSaved(words.signedOut);
        return words.notSaved(code === "unreachable" ? words.unreachable : detail);
      }
    }
  }
}
