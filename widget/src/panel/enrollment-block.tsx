/** One enrollment: the line that matters, how far it is, the next mail's beginning, and what can be done with it. */
import { Button } from "../parts/button.tsx";
import { headlineOf, type PanelEnrollment } from "./headline.ts";
import type { PanelContext } from "./open.ts";

type Props = { panel: PanelContext; enrollment: PanelEnrollment };

export function EnrollmentBlock({ panel, enrollment }: Props) {
  const { words, formats, state } = panel;
  const record = state.record!;
  const { steps, stepId, status, next, sequenceName } = enrollment;
  const told = headlineOf(record, enrollment, { words, formats, now: panel.now() });
  const at = Math.max(
    0,
    steps.findIndex(({ id }) => id === stepId),
  );
  const isEnded = enrollment.endedAt !== null;
  const done = status === "completed" && enrollment.reason === "all_steps_done" ? steps.length : at;
  return (
    <div class="block now">
      <p class="state">
        <i class={`mark ${told.mark}`} />
        <span>
          {told.state} <b>{sequenceName}</b>
          {!isEnded && steps.length > 0 && ` · ${words.step(at + 1, steps.length)}`}
        </span>
      </p>
      <h3>{told.title}</h3>
      {told.sub && <p>{told.sub}</p>}
      {steps.length > 0 && (
        <div class="steps" role="img" aria-label={words.step(at + 1, steps.length)}>
          {steps.map(({ id }, index) => (
            <i key={id} class={index < done ? "done" : index === at && !isEnded ? "at" : undefined} />
          ))}
        </div>
      )}
      {next?.mail && status === "active" && (
        <div class="mail">
          <b>{next.mail.subject}</b>
          <p>{next.mail.text}</p>
        </div>
      )}
      {enrollment.canWrite && <Doings panel={panel} enrollment={enrollment} />}
    </div>
  );
}

function Doings({ panel, enrollment }: Props) {
  const { words, state, show } = panel;
  const { id: enrollmentId, status, reason } = enrollment;
  const isEnded = enrollment.endedAt !== null;
  const isMissing = reason === "missing_variable";
  const isUncertain = reason === "uncertain_send";
  const deed = (name: "pause" | "resume" | "reopen", go = false) => (
    <Button go={go} busy={state.busy === name + enrollmentId} onClick={() => void panel.do(name, enrollment)}>
      {words[name]}
    </Button>
  );
  const opens = (name: "fix" | "settle" | "plan" | "stop", look?: { go?: boolean; quiet?: boolean }) => (
    <Button {...look} onClick={() => show({ name, enrollmentId })}>
      {words[name]}
    </Button>
  );
  if (isEnded) return reason === "all_steps_done" ? null : <div class="row">{deed("reopen")}</div>;
  return (
    <div class="row">
      {isMissing && opens("fix", { go: true })}
      {isUncertain && opens("settle", { go: true })}
      {status === "paused" && !isUncertain && deed("resume", !isMissing)}
      {status === "active" && deed("pause")}
      {opens("plan")}
      {opens("stop", { quiet: true })}
    </div>
  );
}
