/** Everything that happened to the person, day by day; mails or tasks alone where somebody looks for those. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { adopting } from "../../styles/adopt.ts";
import { cityOf } from "../formats.ts";
import { happenedTexts } from "../happened-words.ts";
import { useMemberNames } from "../member-names.ts";
import type { PanelContext } from "../open.ts";
import type { ViewProps } from "../views.ts";
import { wallTimeOf } from "../wall-time.ts";
import { differs } from "../zones.ts";
import { byDay } from "./days.ts";
import { EventLine } from "./event-line.tsx";
import { kindOf, type TimelineEvent, withoutOvertaken } from "./event-told.ts";
import css from "./timeline.css?inline";
import { useTimeline } from "./use-timeline.ts";
import { timelineTexts } from "./words.ts";

const styled = adopting(css);
type Filter = "all" | "mails" | "tasks";

export default function TimelineView({ panel }: ViewProps<"timeline">) {
  const t = timelineTexts[panel.language];
  const { zone } = panel.state.record!;
  const { events, hasEarlier, isLoading, failure, earlier } = useTimeline(panel);
  const [filter, choose] = useState<Filter>("all");
  const shown = withoutOvertaken(events).filter((event) => filter === "all" || kindOf(event) === filter);
  const names = useMemberNames(
    panel,
    events.map(({ actor }) => actor),
  );
  const none = events.length === 0 ? t.none : filter === "mails" ? t.noMails : t.noTasks;
  const filters = (["all", "mails", "tasks"] as const).map((value) => ({ value, label: t[value] }));
  return (
    <div class="block now timeline" ref={styled}>
      <h3 tabIndex={-1} data-focus>
        {happenedTexts[panel.language].all}
      </h3>
      <Choice
        name="filter"
        label={t.show}
        isLabelUnseen
        options={filters}
        value={filter}
        onValue={(value) => choose(value)}
      />
      {shown.length === 0 && <p class="none">{none}</p>}
      {byDay(shown, zone).map(({ on, items }) => (
        <section key={on}>
          <h4>{dayOf(items[0]!, panel, zone)}</h4>
          <ul>
            {items.map((event, place) => (
              <EventLine
                panel={panel}
                event={event}
                events={events}
                names={names}
                zone={zone}
                key={`${event.type}${event.at}${items.length - place}`}
              />
            ))}
          </ul>
        </section>
      ))}
      {failure && (
        <p class="bad" role="alert">
          {failure.code === "unreachable" ? panel.words.unreachable : failure.detail}
        </p>
      )}
      {hasEarlier ? (
        <div class="row">
          <Button busy={isLoading} onClick={() => void earlier()}>
            {failure ? panel.words.retry : t.earlier}
          </Button>
        </div>
      ) : (
        shown.length > 0 && <p class="ends">{t.begin}</p>
      )}
      {differs(panel.now(), zone, panel.yourZone) && <p class="ends">{t.zone(cityOf(zone))}</p>}
    </div>
  );
}

function dayOf({ at }: TimelineEvent, { formats, now }: PanelContext, zone: string): string {
  const instant = Date.parse(at);
  const year = wallTimeOf(instant, zone).slice(0, 4);
  const day = formats.day(instant, now(), zone);
  const told = year === wallTimeOf(now(), zone).slice(0, 4) ? day : `${formats.date(instant, zone)} ${year}`;
  return told.charAt(0).toLocaleUpperCase() + told.slice(1);
}
