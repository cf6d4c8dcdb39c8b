/** What a page knows from the background, asked again whenever what is kept there has changed. */
import { useCallback, useEffect, useState } from "react";
import { type Refusal, refusalOf } from "../api/refusal.ts";
import { ask } from "../messages/ask.ts";
import type { Answers, Question } from "../messages/questions.ts";
import type { Verb } from "../messages/verbs.ts";

export type Known<Answer> = { answer: Answer | null; refusal: Refusal | null; again(): void };

/**
 * @param question null where there is nothing to ask yet.
 * @param keys what, when it changes in the storage, makes the answer old: whole keys or how they begin.
 */
export function useBackground<Name extends Verb>(
  verb: Name,
  question: Question<Name> | null,
  keys: readonly string[] = [],
): Known<Answers[Name]> {
  const [known, set] = useState<{ answer: Answers[Name] | null; refusal: Refusal | null }>({
    answer: null,
    refusal: null,
  });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((before) => before + 1), []);
  const said = JSON.stringify(question);
  const watched = keys.join();

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    if (said === "null") return;
    let isCurrent = true;
    ask(verb, JSON.parse(said)).then(
      (answer) => isCurrent && set({ answer, refusal: null }),
      (error) => isCurrent && set((before) => ({ ...before, refusal: refusalOf(error) })),
    );
    return () => {
      isCurrent = false;
    };
  }, [verb, said, turn]);

  useEffect(() => {
    if (!watched) return;
    const listen = (changes: Record<string, unknown>) => {
      if (Object.keys(changes).some((key) => watched.split(",").some((start) => key.startsWith(start))))
        again();
    };
    chrome.storage.onChanged.addListener(listen);
    return () => chrome.storage.onChanged.removeListener(listen);
  }, [watched, again]);

  return { ...known, again };
}
