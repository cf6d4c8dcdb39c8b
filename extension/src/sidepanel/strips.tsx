/** What is said above everything else: offline, what waits in the outbox, what came back with a no, a new version. */
import { useEffect, useState } from "react";
import { Button } from "../components/button.tsx";
import { useBackground } from "../components/use-background.ts";
import { useWords } from "../components/use-language.ts";
import { ask } from "../messages/ask.ts";
import type { Words } from "../words/en.ts";

export function Strips() {
  const words = useWords();
  const isOnline = useOnline();
  const outbox = useBackground("outbox.list", {}, ["outbox:", "me"]);
  const update = useBackground("update.read", {}, ["update"]);
  // Where every change goes through it, one that is just on its way is nothing to be told.
  const [isOld, setOld] = useState(false);
  const waiting = (outbox.answer ?? []).filter(({ refusal }) => !refusal);
  const oldest = waiting[0]?.addedAt;
  useEffect(() => {
    setOld(false);
    if (oldest === undefined) return;
    const timer = setTimeout(() => setOld(true), Math.max(0, oldest + 3_000 - Date.now()));
    return () => clearTimeout(timer);
  }, [oldest]);
  useEffect(() => {
    if (isOnline) void ask("outbox.send", {}).catch(() => {});
  }, [isOnline]);

  return (
    <div aria-live="polite">
      {!isOnline && <p className="strip">{words.offline}</p>}
      {waiting.length > 0 && isOld && (
        <div className="strip">
          <p>{words.waiting(waiting.length)}</p>
          <div className="row">
            <Button onClick={() => void ask("outbox.send", {})}>{words.sendNow}</Button>
            <Button quiet onClick={() => waiting.forEach(({ key }) => void ask("outbox.drop", { key }))}>
              {words.discard}
            </Button>
          </div>
        </div>
      )}
      {(outbox.answer ?? []).map(
        ({ key, route, refusal }) =>
          refusal && (
            <div className="strip" key={key}>
              <p>
                {words.notDone} <b>{deedOf(words, route)}</b>. {refusal.detail}
              </p>
              <div className="row">
                <Button onClick={() => void ask("outbox.drop", { key })}>{words.understood}</Button>
              </div>
            </div>
          ),
      )}
      {update.answer?.isReady && (
        <div className="strip">
          <p>{words.updateReady}</p>
          <div className="row">
            <Button onClick={() => void ask("update.apply", {})}>{words.reload}</Button>
          </div>
        </div>
      )}
    </div>
  );
}

const deedOf = ({ deeds }: Words, route: string): string =>
  Object.hasOwn(deeds, route) ? deeds[route as keyof typeof deeds] : deeds.other;

function useOnline(): boolean {
  const [isOnline, set] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => set(navigator.onLine);
    for (const name of ["online", "offline"]) addEventListener(name, look);
    return () => {
      for (const name of ["online", "offline"]) removeEventListener(name, look);
    };
  }, []);
  return isOnline;
}
