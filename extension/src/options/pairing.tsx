/** Signing in where no window can open (RFC 8628): a code that is typed in any browser where one is signed in. */
import { useEffect, useState } from "react";
import { refusalOf } from "../api/refusal.ts";
import { Button } from "../components/button.tsx";
import { useWords } from "../components/use-language.ts";
import { ask } from "../messages/ask.ts";
import type { Answers } from "../messages/questions.ts";

export function Pairing({ onDone }: { onDone(): void }) {
  const words = useWords();
  const [shown, show] = useState<Answers["account.pair"] | null>(null);
  const [said, say] = useState("");

  useEffect(() => {
    if (!shown) return;
    // The page asks, not the worker: that one would fall asleep over it.
    const timer = setInterval(
      () => {
        ask("account.pollPairing", {}).then(
          ({ isDone }) => isDone && onDone(),
          (error) => {
            const { code, detail } = refusalOf(error);
            if (code === "unreachable") return;
            show(null);
            say(detail);
          },
        );
      },
      shown.intervalS * 1_000 + 250,
    );
    return () => clearInterval(timer);
  }, [shown, onDone]);

  const pair = () =>
    void ask("account.pair", {}, { mayRepeat: false }).then(
      (answer) => {
        say("");
        show(answer);
      },
      (error) => say(refusalOf(error).detail),
    );
  return (
    <div className="pairing">
      {shown ? (
        <>
          <h3>{words.pairingTitle}</h3>
          <p className="code">{shown.code}</p>
          <p>
            {words.pairingWhere}{" "}
            <a href={shown.url} target="_blank" rel="noreferrer">
              {shown.url}
            </a>
          </p>
          <p className="soft">{words.pairingWaits}</p>
        </>
      ) : (
        <>
          <p className="soft">{words.pairingWhy}</p>
          <div className="row">
            <Button onClick={pair}>{words.pair}</Button>
          </div>
        </>
      )}
      <p role="status" className="bad">
        {said}
      </p>
    </div>
  );
}
