/** One enrollment: the line that matters, how far it is, and the beginning of the next mail. */
import { headlineOf, type PanelEnrollment } from "./headline.ts";
import type { PanelContext } from "./open.ts";

type Props = { panel: PanelContext; enrollment: PanelEnrollment };

export function EnrollmentBlock({ panel, enrollment }: Props) {
  const { words, formats, state, Doings } = panel;
  const record = state.record!;
  const { steps, stepId, status, next, sequenceName } = enrollment;
  const told = headlineOf(record, enrollment, { words, formats, now: panel.now() });
  const at = Math.max(
    0,
    steps.findIndex(({ id }) => id === stepId),
  );
  const isEnded = enrollment.endedAt !== null;
  const isDone = enrollment.reason === "all_steps_done";
  const done = isDone ? steps.length : at;
  return (
    <div class="block now">
      <p class="state">
        <i class={`mark ${told.mark}`} />
        <span>
          {told.state} <b>{sequenceName}</b>
          {steps[0] && ` · ${words.step(isDone ? done : at + 1, steps.length)}`}
        </span>
      </p>
      <h3>{told.title}</h3>
      <p>{told.sub}</p>
      {steps[0] && (
        <div class="steps">
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
      {/* As high before it is here as it will be then. */}
      {enrollment.canWrite && !isDone && (
        <div class="row doings">{Doings && <Doings panel={panel} enrollment={enrollment} />}</div>
      )}
    </div>
  );
}
