/** One step on the line of an enrollment: its mark says by shape how it stands, its words say the rest. */
import { useState } from "preact/hooks";
import { Disclosure } from "../../parts/disclosure.tsx";
import type { PanelEnrollment } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { differs } from "../zones.ts";
import type { PlanRow } from "./plan-rows.ts";
import { type EnrollmentTexts, enrollmentTexts } from "./words.ts";

type Props = {
  panel: PanelContext;
  row: PlanRow;
  place: number;
  zone: string;
  enrollment: PanelEnrollment;
};

export function PlanLine({ panel, row, place, zone, enrollment }: Props) {
  const t = enrollmentTexts[panel.language];
  const [isShown, show] = useState(false);
  const { at, name, subject, touch } = row;
  const yours =
    at !== null && differs(at, zone, panel.yourZone)
      ? t.forYou(panel.formats.when(at, panel.now(), panel.yourZone))
      : "";
  const text = touch?.mail?.text || touch?.task?.body || "";
  const isMail = !!touch?.mail || row.type === "email_manual";
  const opened = touch?.mail?.subject ?? touch?.task?.subject ?? touch?.task?.title;
  return (
    <li class={markOf(row, enrollment)} aria-current={row.state === "here" ? "step" : undefined}>
      <i aria-hidden="true" />
      <p class="name">
        {place} · {name}
      </p>
      <p>
        {t.types[row.type]} · {whenOf(row, enrollment, panel, zone, t)}
      </p>
      {yours && <p class="yours">{yours}</p>}
      {subject && <p>{subject}</p>}
      {touch?.problem && <p class="bad">{t.problem(touch.problem.detail)}</p>}
      {text && (
        <Disclosure
          quiet
          isOpen={isShown}
          onToggle={() => show(!isShown)}
          label={labelOf(isMail, isShown, name, t)}
        >
          {isMail ? (isShown ? t.hide : t.show) : isShown ? t.hideTask : t.showTask}
        </Disclosure>
      )}
      {isShown && (
        <div class="letter">
          {opened && <b>{opened}</b>}
          <p>{text}</p>
        </div>
      )}
    </li>
  );
}

const labelOf = (isMail: boolean, isShown: boolean, name: string, t: EnrollmentTexts) =>
  `${isMail ? (isShown ? t.hide : t.show) : isShown ? t.hideTask : t.showTask}: ${name}`;

/** A tick, a bar, a full dot, a ring; a square where a person works, dashes where it depends. */
function markOf({ state, type, depends }: PlanRow, { status, rule }: PanelEnrollment): string {
  const isWork = type !== "email_auto";
  if (state === "here") return status === "paused" ? "halted" : rule === "due" ? "here" : "here waiting";
  if (state === "later") return `later${isWork ? " work" : ""}${depends ? " perhaps" : ""}`;
  return state === "sent" ? "done" : state;
}

function whenOf(
  { state, at, touch, depends }: PlanRow,
  { rule }: PanelEnrollment,
  { formats, now, words }: PanelContext,
  zone: string,
  t: EnrollmentTexts,
): string {
  const when = at === null ? "" : formats.when(at, now(), zone);
  switch (state) {
    case "sent":
    case "done":
    case "skipped":
      return t.state[state](when);
    case "past":
    case "never":
    case "stopped":
      return t.state[state];
  }
  if (at === null) return t.state.unplanned;
  if (state === "later") {
    return depends === "on_task" ? t.state.ifDone(when) : depends === "on_before" ? t.state.ifSo(when) : when;
  }
  if (rule === "task_open") return words.due(when);
  const soonOrThen = at - now() < 60_000 ? t.soon : when;
  return touch?.type === "email_auto" ? t.state.at(soonOrThen) : soonOrThen;
}
