/** A call, a LinkedIn touch, a message or something to do: its text, how it went, and done, later or skipped. */

import type { TaskOutcome } from "@cadenza/shared/vocabulary";
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Disclosure } from "../../parts/disclosure.tsx";
import { Field } from "../../parts/field.tsx";
import { draftNow, useDraft } from "../drafts.ts";
import type { PanelTask } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { Material } from "./material.tsx";
import { Snooze } from "./snooze.tsx";
import { draftKeys, finish, skipTask } from "./task-deeds.ts";
import { effectOf, endsSequence, enrollmentOf, nameOf } from "./what-next.ts";
import { taskTexts } from "./words.ts";

export type FormProps = {
  panel: PanelContext;
  task: PanelTask;
  /** Else it is only shown, with what was typed. */
  isOpen: boolean;
};

export function TaskForm({ panel, task, isOpen }: FormProps) {
  const t = taskTexts[panel.language];
  const isCall = task.type === "call";
  const keys = draftKeys(task);
  const first = isCall ? "connected" : "completed";
  const [note, setNote] = useDraft(panel, keys.note);
  const [chosen, setChosen] = useDraft(panel, keys.outcome, first);
  const chosenNow = () => draftNow(panel, keys.outcome, first) as TaskOutcome;
  const [isLater, setLater] = useState(false);
  const outcome = chosen as TaskOutcome;
  const isBusy = panel.state.busy === `close${task.id}`;
  const options = Object.entries(t.outcomes).map(([value, label]) => ({ value, label }));
  const effect = (
    <p class="effect" aria-live="polite">
      {effectOf(enrollmentOf(panel, task), task, outcome, nameOf(panel), t)}
    </p>
  );
  return (
    <>
      <Material panel={panel} task={task} />
      {isOpen && isCall && (
        <Choice name="outcome" label={t.outcome} options={options} value={chosen} onValue={setChosen} />
      )}
      {isOpen && isCall && effect}
      {(isOpen || note) && (
        <Field
          name="note"
          label={t.note}
          hint={t.noteHint}
          rows={2}
          value={note}
          onValue={setNote}
          control={{ maxLength: 2_000, readOnly: !isOpen }}
        />
      )}
      {isOpen && !isCall && effect}
      {isOpen && (
        <div class="row">
          <Button go busy={isBusy} onClick={() => void finish(panel, task, chosenNow)}>
            {endsSequence(outcome) ? t.doneEnds : t.done}
          </Button>
          <Disclosure isOpen={isLater} onToggle={() => setLater(!isLater)}>
            {t.later}
          </Disclosure>
          <Button quiet busy={isBusy} onClick={() => void skipTask(panel, task)}>
            {t.skip}
          </Button>
        </div>
      )}
      {isOpen && isLater && <Snooze panel={panel} task={task} />}
    </>
  );
}
