/** One happening: its hour, what it was and about what, and who did it where that was a person. */
import { useState } from "preact/hooks";
import { Disclosure } from "../../parts/disclosure.tsx";
import type { PanelContext } from "../open.ts";
import { differs } from "../zones.ts";
import { eventTold, kindOf, type TimelineEvent } from "./event-told.ts";
import { type TimelineTexts, timelineTexts } from "./words.ts";

type Props = {
  panel: PanelContext;
  event: TimelineEvent;
  /** All that is known, to find out what an event is about. */
  events: readonly TimelineEvent[];
  names: Map<string, string>;
  zone: string;
};

/** What is longer opens. */
const quoteMax = 220;

export function EventLine({ panel, event, events, names, zone }: Props) {
  const t = timelineTexts[panel.language];
  const { formats, yourZone } = panel;
  const [isWhole, show] = useState(false);
  const at = Date.parse(event.at);
  const when = (instant: number) => formats.when(instant, panel.now(), zone);
  const { title, sub, quote } = eventTold(event, aboutOf(panel, event, events), panel.language, when);
  const who = whoOf(event.actor, names, t);
  const isLong = quote.length > quoteMax;
  return (
    <li class={kindOf(event)}>
      <time dateTime={event.at} title={differs(at, zone, yourZone) ? formats.exact(at, yourZone) : undefined}>
        {formats.time(at, zone)}
      </time>
      <div>
        <p>
          <b>{title}</b>
          {who && <span> · {who}</span>}
        </p>
        {sub && <p>{sub}</p>}
        {quote && (
          <p class="quote">{isLong && !isWhole ? `${quote.slice(0, quoteMax).trimEnd()}…` : quote}</p>
        )}
        {isLong && (
          <Disclosure quiet isOpen={isWhole} onToggle={() => show(!isWhole)}>
            {isWhole ? t.less : t.more}
          </Disclosure>
        )}
      </div>
    </li>
  );
}

/** Nobody is named for what the engine did, or the person by themselves. */
function whoOf(actor: string, names: Map<string, string>, t: TimelineTexts): string {
  if (actor.startsWith("mbr_")) return names.get(actor) ?? "";
  if (actor.startsWith("key_")) return t.program;
  return actor === "host" ? t.host : "";
}

/** A task by its title, as it was made; else the step's name, as the sequence has it. */
function aboutOf(
  panel: PanelContext,
  { enrollmentId, stepId, type }: TimelineEvent,
  events: readonly TimelineEvent[],
) {
  if (enrollmentId === null || stepId === null) return "";
  if (type.startsWith("task.") || type.startsWith("send.")) {
    const origin = type.startsWith("task.") ? "task.created" : "send.queued";
    const made = events.find(
      (one) => one.type === origin && one.enrollmentId === enrollmentId && one.stepId === stepId,
    );
    const called = made?.data[origin === "task.created" ? "title" : "subject"];
    if (typeof called === "string" && called) return called;
  }
  const enrollment = panel.state.record?.enrollments.find(({ id }) => id === enrollmentId);
  return enrollment?.steps.find(({ id }) => id === stepId)?.name ?? "";
}
