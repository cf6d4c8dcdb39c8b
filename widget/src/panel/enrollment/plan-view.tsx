/** Every step of an enrollment: what was done, where it stands and why it waits, and all that is to come. */
import { Button } from "../../parts/button.tsx";
import { adopting } from "../../styles/adopt.ts";
import { cityOf } from "../formats.ts";
import { headlineOf, type PanelEnrollment, type PanelRecord } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { Unanswered } from "../unanswered.tsx";
import { useAnswer } from "../use-answer.ts";
import type { ViewProps } from "../views.ts";
import { differs } from "../zones.ts";
import css from "./enrollment.css?inline";
import { PlanLine } from "./plan-line.tsx";
import { planRows } from "./plan-rows.ts";
import { whyOf } from "./why.ts";
import { enrollmentTexts } from "./words.ts";

const styled = adopting(css);
/** As many as a page of the timeline can hold. */
const eventsMax = 200;

export default function PlanView({ panel, view }: ViewProps<"plan">) {
  const t = enrollmentTexts[panel.language];
  const record = panel.state.record!;
  const enrollment = record.enrollments.find(({ id }) => id === view.enrollmentId);
  return (
    <div class="block now plan" ref={styled}>
      <h3 tabIndex={-1} data-focus>
        {enrollment ? t.title(enrollment.sequenceName) : t.refused.enrollment_not_found}
      </h3>
      {enrollment && <Plan panel={panel} record={record} enrollment={enrollment} />}
    </div>
  );
}

type Props = { panel: PanelContext; record: PanelRecord; enrollment: PanelEnrollment };

function Plan({ panel, record, enrollment }: Props) {
  const t = enrollmentTexts[panel.language];
  const { id, status, endedAt } = enrollment;
  const isLive = endedAt === null;
  // Whatever moves it shows in one of these.
  const { stepId, rule, nextLookAt, next } = enrollment;
  const version = JSON.stringify([status, stepId, rule, nextLookAt, next?.at, next?.mail]);
  const plan = useAnswer(panel, "enrollments.plan", isLive ? { params: { id } } : null, version);
  const sends = useAnswer(panel, "enrollments.sends", { params: { id } }, version);
  const past = useAnswer(
    panel,
    "contacts.timeline",
    { params: { id: enrollment.contactId }, query: { limit: eventsMax } },
    version,
  );
  if (enrollment.steps.length === 0) return <p>{t.unreadable}</p>;
  const missing = [...(isLive ? [plan] : []), sends, past].find(({ answer }) => !answer);
  if (missing) {
    const again = () => {
      for (const asked of [plan, sends, past]) if (asked.failure) asked.again();
    };
    return <Unanswered panel={panel} asked={{ failure: missing.failure, again }} />;
  }

  // The record is read first, and for a moment is the newer one.
  const touches = [...(isLive && next ? [next] : []), ...(plan.answer?.touches ?? [])];
  const events = [...record.timeline.items, ...past.answer!.items];
  const rows = planRows(enrollment, { touches, events, sends: sends.answer!.items });
  const zone = plan.answer?.zone ?? record.zone;
  const isElsewhere = differs(panel.now(), zone, panel.yourZone);
  return (
    <>
      <Why panel={panel} record={record} enrollment={enrollment} />
      <ol class="line">
        {rows.map((row, place) => (
          <PlanLine
            panel={panel}
            row={row}
            place={place + 1}
            zone={zone}
            enrollment={enrollment}
            key={row.stepId}
          />
        ))}
      </ol>
      {isElsewhere && <p class="foot-note">{t.zoneBoth(cityOf(zone))}</p>}
      {status === "paused" && <p class="foot-note">{t.asIfResumed}</p>}
    </>
  );
}

function Why({ panel, record, enrollment }: Props) {
  const t = enrollmentTexts[panel.language];
  const { formats, words, state } = panel;
  const now = panel.now();
  const { title } = headlineOf(record, enrollment, { words, formats, now });
  const why = whyOf(record, enrollment, { t, formats, now, endedBecause: title });
  const isMissing = enrollment.reason === "missing_variable" && enrollment.status === "paused";
  const maySkip =
    enrollment.canWrite && enrollment.endedAt === null && enrollment.reason !== "uncertain_send";
  const { id: enrollmentId } = enrollment;
  return (
    <div class="why">
      {why && (
        <>
          <h4>{why.title}</h4>
          {why.sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </>
      )}
      {maySkip && (
        <div class="row">
          {isMissing && (
            <Button go onClick={() => panel.show({ name: "fix", enrollmentId })}>
              {t.fix}
            </Button>
          )}
          <Button
            busy={state.busy === `skip${enrollmentId}`}
            onClick={() => void panel.do?.("skip", enrollment)}
          >
            {t.skip}
          </Button>
        </div>
      )}
    </div>
  );
}
