/** What can be done with an enrollment, by where it stands. */
import { Button } from "../parts/button.tsx";
import { deedTexts } from "./deed-words.ts";
import { deeds } from "./deeds.ts";
import type { PanelEnrollment } from "./headline.ts";
import type { PanelContext } from "./open.ts";

type Props = { panel: PanelContext; enrollment: PanelEnrollment };

export function Doings({ panel, enrollment }: Props) {
  const { state, show, language } = panel;
  const words = deedTexts[language];
  const { id: enrollmentId, status, reason } = enrollment;
  const isEnded = enrollment.endedAt !== null;
  const isMissing = reason === "missing_variable";
  const isUncertain = reason === "uncertain_send";
  const deed = (name: "pause" | "resume" | "reopen", go = false) => (
    <Button
      go={go}
      busy={state.busy === name + enrollmentId}
      onClick={() => void deeds[name](panel, enrollment)}
    >
      {words[name]}
    </Button>
  );
  const opens = (name: "fix" | "settle" | "plan" | "stop", look?: { go?: boolean; quiet?: boolean }) => (
    <Button {...look} onClick={() => show({ name, enrollmentId })}>
      {words[name]}
    </Button>
  );
  if (isEnded) return reason === "all_steps_done" ? null : deed("reopen");
  return (
    <>
      {isMissing && opens("fix", { go: true })}
      {isUncertain && opens("settle", { go: true })}
      {status === "paused" && !isUncertain && deed("resume", !isMissing)}
      {status === "active" && deed("pause")}
      {opens("plan")}
      {opens("stop", { quiet: true })}
    </>
  );
}
