/** An enrollment that stands still for a word: the field for exactly that, and on it goes. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { deedTexts } from "../deed-words.ts";
import type { PanelEnrollment } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import type { ViewProps } from "../views.ts";
import { fieldTexts, nameOfGap } from "./field-words.ts";
import { fill } from "./fill.ts";
import { type Gap, gapOf } from "./gap.ts";
import { GapForm } from "./gap-form.tsx";
import { texts } from "./words.ts";

export default function FixView({ panel, view }: ViewProps<"fix">) {
  const t = texts[panel.language];
  const enrollment = panel.state.record?.enrollments.find(({ id }) => id === view.enrollmentId);
  if (enrollment?.status !== "paused" || enrollment.reason !== "missing_variable") {
    return (
      <div class="block now">
        <h3>{t.over}</h3>
        <div class="row">
          <Button go onClick={() => panel.show(null)}>
            {panel.words.back}
          </Button>
        </div>
      </div>
    );
  }
  return <Fix panel={panel} enrollment={enrollment} />;
}

function Fix({ panel, enrollment }: { panel: PanelContext; enrollment: PanelEnrollment }) {
  const t = texts[panel.language];
  /** A word was saved and the next one is missing, too. */
  const [isOneMore, setOneMore] = useState(false);
  const variable = missingOf(enrollment);
  const gap = variable === null ? null : gapOf(variable, panel.state.record!);
  const step = enrollment.steps.find(({ id }) => id === enrollment.stepId)?.name ?? "";
  const name = gap ? nameOfGap(gap, fieldTexts[panel.language]) : (variable ?? "");
  const busyName = `fix${enrollment.id}`;
  const proceed = (save: ((client: PanelContext["client"]) => Promise<{ wrong: string | null }>) | null) =>
    panel.act({
      name: busyName,
      what: gap ? t.saveAndContinue : t.continue,
      request: async (client) => {
        const saved = await save?.(client);
        if (saved?.wrong) return { ...saved, goesOn: false };
        const { touches } = await client("enrollments.plan", { params: { id: enrollment.id } });
        // Before it goes on: it would only stop at the same step again.
        if (touches[0]?.problem?.reason === "missing_variable") return { wrong: null, goesOn: false };
        await client("enrollments.resume", { params: { id: enrollment.id } });
        return { wrong: null, goesOn: true };
      },
      done: ({ wrong, goesOn }) => {
        setOneMore(!wrong);
        if (!goesOn) return;
        panel.tell("cadenza:resumed", { enrollmentId: enrollment.id, contactId: enrollment.contactId });
        panel.show(null);
        panel.notify({ text: t.continued, tone: "plain" }, 10_000);
      },
    });
  const saveAndContinue = async (of: Gap, value: string) => {
    let isSaved = false;
    const answer = await proceed(async (client) => {
      // Tried again after it was saved and could not be resumed: it is not written twice.
      const { wrong } = isSaved ? { wrong: null } : await fill(panel, client, of, value);
      isSaved = !wrong;
      return { wrong };
    });
    return answer ? answer.wrong : undefined;
  };
  const skip = (
    <Button
      quiet
      busy={panel.state.busy === `skip${enrollment.id}`}
      onClick={async () => {
        if (await panel.do?.("skip", enrollment)) panel.show(null);
      }}
    >
      {deedTexts[panel.language].skip}
    </Button>
  );
  return (
    <div class="block now">
      <p class="state">
        <i class="mark pause" />
        <span>
          {panel.words.states.paused} <b>{enrollment.sequenceName}</b>
        </span>
      </p>
      <h3>{variable === null ? t.filled : (isOneMore ? t.oneMore : t.missing)(name)}</h3>
      <p>{variable === null ? t.filledWhy : t.missingWhy(step)}</p>
      {gap ? (
        <GapForm
          key={gap.variable}
          panel={panel}
          gap={gap}
          label={t.saveAndContinue}
          name={busyName}
          save={(value) => saveAndContinue(gap, value)}
          beside={skip}
          go
          focus
        />
      ) : (
        <>
          {variable !== null && <p>{t.elsewhere}</p>}
          <div class="row">
            <Button go busy={panel.state.busy === busyName} onClick={() => void proceed(null)}>
              {t.continue}
            </Button>
            {skip}
          </div>
        </>
      )}
    </div>
  );
}

/** What is missing as things are now: somebody may have filled it in since the enrollment stopped. */
function missingOf({ next, detail }: PanelEnrollment): string | null {
  if (!next) return detail;
  return next.problem?.reason === "missing_variable" ? next.problem.detail : null;
}
