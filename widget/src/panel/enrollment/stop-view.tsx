/** Stopping an enrollment: what goes with it and what does not, a reason if somebody wants to give one, and a way back. */
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { adopting } from "../../styles/adopt.ts";
import { deedTexts } from "../deed-words.ts";
import { changed } from "../deeds.ts";
import { draftNow, dropDrafts, useDraft } from "../drafts.ts";
import { firstNameOf, type PanelEnrollment, type PanelRecord } from "../headline.ts";
import { inWords } from "../in-words.ts";
import { leaveView } from "../leave-view.ts";
import type { PanelContext } from "../open.ts";
import type { ViewProps } from "../views.ts";
import css from "./enrollment.css?inline";
import { type EnrollmentTexts, enrollmentTexts } from "./words.ts";

const styled = adopting(css);
const undoMs = 10_000;

export default function StopView({ panel, view }: ViewProps<"stop">) {
  const t = enrollmentTexts[panel.language];
  const record = panel.state.record!;
  const enrollment = record.enrollments.find(({ id }) => id === view.enrollmentId);
  const name = firstNameOf(record.contact);
  if (!enrollment || enrollment.endedAt !== null) {
    return (
      <div class="block now">
        <h3 tabIndex={-1} data-focus>
          {enrollment ? t.ended : t.refused.enrollment_not_found}
        </h3>
      </div>
    );
  }
  return (
    <div class="block now stopping" ref={styled}>
      <h3 tabIndex={-1} data-focus>
        {t.stopTitle(enrollment.sequenceName, name)}
      </h3>
      <ul class="effects" aria-label={t.stopDoes}>
        {effectsOf(record, enrollment, t).map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
      </ul>
      {enrollment.canWrite ? (
        <StopForm panel={panel} enrollment={enrollment} />
      ) : (
        <p>{record.may.enroll ? t.others : panel.words.readOnly}</p>
      )}
    </div>
  );
}

function StopForm({ panel, enrollment }: { panel: PanelContext; enrollment: PanelEnrollment }) {
  const t = enrollmentTexts[panel.language];
  const { id } = enrollment;
  const draft = `${id}.stop`;
  const [reason, setReason] = useDraft(panel, draft);
  const isBusy = panel.state.busy === `stop${id}`;
  return (
    <>
      <Field
        name="reason"
        label={t.reason}
        hint={t.reasonHint}
        value={reason}
        onValue={setReason}
        control={{
          maxLength: 500,
          autoComplete: "off",
          onKeyDown: (event: KeyboardEvent) => {
            if (event.key === "Enter" && !event.isComposing && !isBusy) void stop(panel, enrollment);
          },
        }}
      />
      <div class="row offered">
        {t.reasons.map((one) => (
          <Button key={one} onClick={() => setReason(one)}>
            {one}
          </Button>
        ))}
      </div>
      <div class="row">
        <Button go busy={isBusy} onClick={() => void stop(panel, enrollment)}>
          {t.stop}
        </Button>
        {enrollment.status === "active" && (
          <Button
            busy={panel.state.busy === `pause${id}`}
            onClick={() => {
              dropDrafts(panel, draft);
              void panel.show(null);
              void panel.do?.("pause", enrollment);
            }}
          >
            {t.pauseInstead}
          </Button>
        )}
      </div>
      {enrollment.status === "active" && <p class="foot-note">{t.pauseMeans}</p>}
    </>
  );
}

/** What is in the world of this enrollment, and what becomes of it. */
function effectsOf(record: PanelRecord, enrollment: PanelEnrollment, t: EnrollmentTexts): string[] {
  const { id, next, rule } = enrollment;
  const task = record.tasks.find((one) => one.enrollmentId === id && one.purpose === "step");
  const others = record.enrollments.filter((one) => one.id !== id && one.endedAt === null);
  return [
    next?.mail ? t.takesBack(next.mail.subject) : t.takesBackAny,
    ...(task ? [t.closesTask(task.title)] : []),
    ...(rule === "send_in_flight" ? [t.onItsWay] : []),
    ...(others.length ? [t.othersGoOn(others.map(({ sequenceName }) => sequenceName).join(", "))] : []),
    t.reopenable,
  ];
}

function stop(panel: PanelContext, enrollment: PanelEnrollment) {
  const t = enrollmentTexts[panel.language];
  const said = deedTexts[panel.language];
  const { id, contactId } = enrollment;
  return panel.act({
    name: `stop${id}`,
    what: t.stopWhat,
    request: (client) => {
      const detail = draftNow(panel, `${id}.stop`).trim() || null;
      return inWords(client("enrollments.cancel", { params: { id }, body: { detail } }), t.refused);
    },
    done: ({ status, reason, detail, endedAt }) => {
      panel.tell("cadenza:canceled", { enrollmentId: id, contactId });
      dropDrafts(panel, `${id}.stop`);
      leaveView(panel, changed(enrollment, { status, reason, detail, endedAt }));
      const run = () => void panel.do?.("reopen", enrollment);
      panel.notify({ text: said.canceled, tone: "plain", action: { label: said.undo, run } }, undoMs);
    },
  });
}
