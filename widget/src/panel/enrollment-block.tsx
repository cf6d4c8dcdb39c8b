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
      {/* As high before it is here as it will be then. */}
      {enrollment.canWrite && (
        <div class="row doings">{Doings && <Doings panel={panel} enrollment={enrollment} />}</div>
      )}
    </div>
  );
}
