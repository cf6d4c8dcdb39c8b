/** Texts checked by the server while they are being written: what saving would refuse, and how somebody would read them. */
import type { AnswerOf } from "@cadenza/shared/client";
import { useEffect, useState } from "preact/hooks";
import { restMs } from "../live.ts";
import type { Page } from "../page.ts";

export type Texts = { subject?: string; body?: string; title?: string };
export type Checked = AnswerOf<"templates.check">;

/** @param contactId with whose values they are rendered; without it only problems come back. */
export function useCheck(page: Page, texts: Texts, contactId?: string): Checked | null {
  const [checked, setChecked] = useState<Checked | null>(null);
  const asked = JSON.stringify(texts) + (contactId ?? "");
  useEffect(() => {
    const asking = new AbortController();
    const timer = setTimeout(async () => {
      const body = { ...texts, ...(contactId && { contactId }) };
      try {
        const answer = await page.client("templates.check", { body, signal: asking.signal });
        if (!asking.signal.aborted) setChecked(answer);
      } catch {
        // Saving asks the same, and says so where it does not go.
      }
    }, restMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [asked]);
  return checked;
}

/** A problem's sentences, by the text they are about. */
export const problemsOf = (checked: Checked | null, field: keyof Texts): string[] =>
  checked?.problems.filter(({ pointer }) => pointer === `/${field}`).map(({ detail }) => detail) ?? [];
