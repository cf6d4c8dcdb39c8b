/** Every touch with its date, on the person's clock and then on one's own, and its words to be opened. */
import { cityOf } from "../formats.ts";
import type { PanelContext } from "../open.ts";
import { fieldTexts, nameOfGap } from "../person/field-words.ts";
import { gapOf } from "../person/gap.ts";
import type { Touches } from "./first.tsx";
import { texts } from "./words.ts";

type Props = { panel: PanelContext; touches: Touches; isCurrent: boolean };

export function Calendar({ panel, touches, isCurrent }: Props) {
  const t = texts[panel.language];
  return (
    <div class="block" aria-busy={!isCurrent}>
      <h3 class="cap">{t.calendar(cityOf(touches[0]!.zone))}</h3>
      <ol class="touches">
        {touches.map((touch) => (
          <li key={touch.stepId}>
            <When panel={panel} touch={touch} />
            <What panel={panel} touch={touch} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function When({ panel, touch }: { panel: PanelContext; touch: Touches[number] }) {
  const t = texts[panel.language];
  const { formats } = panel;
  if (!touch.at) return <p class="when">{t.noDate}</p>;
  const at = Date.parse(touch.at);
  const told = (zone?: string) => `${formats.date(at, zone)} ${formats.time(at, zone)}`;
  const isOneDay = formats.date(at) === formats.date(at, touch.zone);
  const mine = isOneDay ? formats.time(at) : told();
  const theirs = told(touch.zone);
  const more = [theirs === told() ? "" : t.yours(mine), touch.conditional ? t.ifDone : ""];
  return (
    <p class="when">
      <time dateTime={touch.at} title={formats.exact(at, touch.zone)}>
        {theirs}
      </time>
      {more.filter(Boolean).map((text) => ` · ${text}`)}
    </p>
  );
}

function What({ panel, touch }: { panel: PanelContext; touch: Touches[number] }) {
  const t = texts[panel.language];
  const { type, stepName, mail, task, problem } = touch;
  const title = mail?.subject ?? task?.title ?? stepName;
  const body = mail?.text ?? [task?.subject, task?.body].filter(Boolean).join("\n\n");
  // Most calls are called a call.
  const isSaid = title.toLowerCase().startsWith(t.kinds[type].toLowerCase());
  const line = (
    <>
      {!isSaid && <span class="kind">{t.kinds[type]} </span>}
      {title}
    </>
  );
  return (
    <>
      {body ? (
        <details>
          <summary>{line}</summary>
          <p class="words">{body}</p>
        </details>
      ) : (
        <p>{line}</p>
      )}
      {problem && <p class="warn">{problemText(panel, problem)}</p>}
    </>
  );
}

function problemText(panel: PanelContext, { reason, detail }: { reason: string; detail: string }): string {
  const t = texts[panel.language];
  if (reason !== "missing_variable") return t.broken(detail);
  const gap = gapOf(detail, panel.state.record!);
  return t.needs(gap ? nameOfGap(gap, fieldTexts[panel.language]) : detail);
}
