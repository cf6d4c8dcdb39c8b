/**
 * The answer to a question that changes while somebody types or chooses: the last one stays on the screen until the next
 * is there, what was overtaken is called off, and what failed is asked again when one is online again.
 */
import { useEffect, useState } from "preact/hooks";
import { type Failure, failureOf, type PanelContext } from "../open.ts";

export type LiveAnswer<Answer> = {
  answer: Answer | null;
  /** Whether it answers the question as it stands. */
  isCurrent: boolean;
  failure: Failure | null;
  again(): void;
};

type Known<Answer> = { question: string; answer: Answer | null; failure: Failure | null };

/**
 * @param question what makes it another question.
 * @param waitMs how long it has to stand before it is asked, for one that is being typed.
 */
export function useLiveAnswer<Answer>(
  panel: PanelContext,
  question: string,
  ask: (signal: AbortSignal) => Promise<Answer>,
  waitMs = 0,
): LiveAnswer<Answer> {
  const [known, setKnown] = useState<Known<Answer>>({ question: "", answer: null, failure: null });
  const [tries, setTries] = useState(0);
  const asked = `${question} ${tries}`;
  const waitsForLine = known.failure !== null && panel.state.isOffline;

  useEffect(() => {
    if (waitsForLine && known.question === asked) return;
    const stop = new AbortController();
    const keep = (next: (before: Known<Answer>) => Known<Answer>) => stop.signal.aborted || setKnown(next);
    const timer = setTimeout(() => {
      ask(stop.signal).then(
        (answer) => keep(() => ({ question: asked, answer, failure: null })),
        (error) => keep(({ answer }) => ({ question: asked, answer, failure: failureOf(error) })),
      );
    }, waitMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, waitsForLine]);

  const isCurrent = known.question === asked;
  return {
    answer: known.answer,
    isCurrent,
    failure: isCurrent ? known.failure : null,
    again: () => setTries(tries + 1),
  };
}
