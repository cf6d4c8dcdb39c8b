/** Which sequence, and when it begins: what is largest in a preview. */
import type { AnswerOf } from "@cadenza/shared/client";
import { Button } from "../../parts/button.tsx";
import { cityOf } from "../formats.ts";
import { firstNameOf } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import type { PanelSequence } from "./choices.ts";
import type { LiveAnswer } from "./use-live-answer.ts";
import { texts } from "./words.ts";

export type Touches = AnswerOf<"sequences.preview">["touches"];
type Props = {
  panel: PanelContext;
  sequence: PanelSequence;
  preview: LiveAnswer<AnswerOf<"sequences.preview">>;
  title: { current: HTMLHeadingElement | null };
  another(): void;
};

export function First({ panel, sequence, preview, title, another }: Props) {
  const t = texts[panel.language];
  const { answer, failure, again } = preview;
  const [first] = answer?.touches ?? [];
  const told = first && tellingOf(panel, first);
  // Steps that lead nowhere: why, is said at the button.
  const nothing = sequence.stepCount ? panel.words.standsStill : t.noSteps;
  return (
    <div class="block now">
      <p class="state">
        <i class="mark none" />
        <b>{sequence.name}</b>
      </p>
      {/* Reached by whoever chose the sequence, not by Tab. */}
      <h3 ref={title} tabIndex={-1} aria-label={told ? `${sequence.name}. ${told.title}` : sequence.name}>
        {failure ? t.notPreviewed : answer ? (told?.title ?? nothing) : " "}
      </h3>
      {failure ? (
        <>
          <p>{failure.code === "unreachable" ? panel.words.unreachable : failure.detail}</p>
          <div class="row">
            <Button onClick={again}>{panel.words.retry}</Button>
            <Button quiet onClick={another}>
              {t.another}
            </Button>
          </div>
        </>
      ) : (
        <p>{told?.sub}</p>
      )}
      {!answer && !failure && <p class="bone" />}
    </div>
  );
}

function tellingOf(panel: PanelContext, touch: Touches[number]): { title: string; sub: string } {
  const { words, formats } = panel;
  const name = firstNameOf(panel.state.record!.contact);
  const because = words.rules[touch.reason]?.(name) ?? "";
  if (!touch.at) return { title: words.standsStill, sub: because };
  const at = Date.parse(touch.at);
  const now = panel.now();
  const theirs = formats.when(at, now, touch.zone);
  const mine = formats.when(at, now);
  const isNow = at - now < 120_000;
  const zone = isNow ? "" : words.zone(cityOf(touch.zone), mine === theirs ? "" : mine);
  return {
    title: words.touches[touch.type](isNow ? words.soon : theirs),
    sub: `${zone} ${because}`.trim(),
  };
}
