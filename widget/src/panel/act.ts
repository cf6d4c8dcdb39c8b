/**
 * Doing something over the API from a panel: shown at once as if it went well, taken back with an honest word and a way
 * to try again if it did not. Fetched with the first thing somebody does.
 */
import type { Client } from "@cadenza/shared/client";
import { deedTexts } from "./deed-words.ts";
import type { PanelRecord } from "./headline.ts";
import { failureOf, type PanelContext } from "./open.ts";
import { forgetAnswers } from "./shared-answers.ts";

export type Action<Answer> = {
  /** Its button is busy by this name. */
  name: string;
  /** What it is called where it failed: "Pause". */
  what: string;
  /** How the record looks if it goes well. */
  expected?: (record: PanelRecord) => PanelRecord;
  /** @param idempotencyKey the same on every try. */
  request(client: Client, idempotencyKey: string): Promise<Answer>;
  done?(answer: Answer): void;
};

export async function act<Answer>(panel: PanelContext, action: Action<Answer>): Promise<Answer | null> {
  const { name, what, expected, request, done } = action;
  const before = panel.state.record;
  const key = newKey();

  const attempt = async (): Promise<Answer | null> => {
    const shown = before && expected ? expected(before) : panel.state.record;
    panel.set({ busy: name, notice: null, record: shown });
    try {
      const answer = await request(panel.client, key);
      // What was asked before this was done does not know of it.
      forgetAnswers(panel.client);
      // Not drawn yet: its button stays busy until the record that says so is here, and with it what comes after.
      Object.assign(panel.state, { busy: null, isOffline: false });
      await panel.refresh();
      panel.set({});
      done?.(answer);
      return answer;
    } catch (error) {
      const failure = failureOf(error);
      // Unless something newer was read meanwhile.
      const record = panel.state.record === shown ? before : panel.state.record;
      panel.set({ busy: null, record });
      const { words } = panel;
      const said = deedTexts[panel.language];
      const why = failure.code === "unreachable" ? words.unreachable : failure.detail;
      panel.notify({
        text: `${said.failed(what)} ${why.replace(/[^.!?]$/, "$&.")} ${said.kept}`,
        tone: "bad",
        action: { label: words.retry, run: () => void attempt() },
      });
      panel.tell("cadenza:error", failure);
      void panel.refresh();
      return null;
    }
  };
  return attempt();
}

/** `randomUUID` is not there in pages without TLS. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
