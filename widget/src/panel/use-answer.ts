/** What a view has to ask of the API before it can be drawn, and again whenever what it is about has changed. */
import type { AnswerOf, RequestOf } from "@cadenza/shared/client";
import type { RouteName } from "@cadenza/shared/routes";
import { useEffect, useState } from "preact/hooks";
import { type Failure, failureOf, type PanelContext } from "./open.ts";
import { askOnce } from "./shared-answers.ts";

export type Asked<Name extends RouteName> = {
  /** The newest there is: an older one stays on the screen while a newer one is on its way. */
  answer: AnswerOf<Name> | null;
  failure: Failure | null;
  again(): void;
};

/**
 * @param request null: nothing is asked.
 * @param version another one asks again.
 */
export function useAnswer<Name extends RouteName>(
  panel: PanelContext,
  name: Name,
  request: RequestOf<Name> | null,
  version = "",
): Asked<Name> {
  const [known, setKnown] = useState<Pick<Asked<Name>, "answer" | "failure">>({
    answer: null,
    failure: null,
  });
  const [tries, setTries] = useState(0);
  const asked = request && JSON.stringify(request);
  useEffect(() => {
    if (!request) return;
    let isOver = false;
    askOnce(panel.client, name, request).then(
      (answer) => !isOver && setKnown({ answer, failure: null }),
      (error) => !isOver && setKnown(({ answer }) => ({ answer, failure: failureOf(error) })),
    );
    return () => {
      isOver = true;
    };
  }, [name, asked, version, tries]);
  return { ...known, again: () => setTries(tries + 1) };
}
