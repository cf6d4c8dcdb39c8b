/** One step being written: what happens, when, its texts with what is wrong with them, and how somebody would read it. */
import { type StepType, stepTypes, type TaskKind, taskKinds } from "@cadenza/shared/vocabulary";
import { useRef, useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { useFocus } from "../focus.ts";
import type { Page } from "../page.ts";
import { Chips } from "./chips.tsx";
import { type DraftStep, isEmail } from "./draft.ts";
import type { Editing } from "./editing.ts";
import { Preview } from "./preview.tsx";
import { insertAtCaret, type TextControl, TextField } from "./text-field.tsx";
import { problemsOf, type Texts, useCheck } from "./use-check.ts";
import { WhenFields } from "./when-fields.tsx";

type TextName = "subject" | "title" | "body";

export type StepDeeds = {
  change(changed: Partial<DraftStep>): void;
  move(by: -1 | 1): void;
  duplicate(): void;
  remove(): void;
};

export function StepForm({
  page,
  editing,
  step,
  index,
  deeds,
}: {
  page: Page;
  editing: Editing;
  step: DraftStep;
  index: number;
  deeds: StepDeeds;
}) {
  const { words } = page;
  const { key, type } = step;
  const { change } = deeds;
  const isMail = isEmail(type);
  const first: TextName = isMail ? "subject" : "title";
  const [into, setInto] = useState<TextName>("body");
  const controls = useRef<Partial<Record<TextName, TextControl | null>>>({});
  const texts: Texts = isMail
    ? { subject: step.subject, body: step.body }
    : { title: step.title, body: step.body };
  const checked = useCheck(page, texts);
  const problems = (field: TextName): string[] => {
    const refused = editing.refused.filter((one) => one.key === key && one.field === field);
    return [...new Set([...problemsOf(checked, field), ...refused.map(({ detail }) => detail)])];
  };
  const labels: Record<TextName, string> = {
    subject: words.subject,
    title: words.taskTitle,
    body: isMail ? words.body : type === "call" ? words.script : words.note,
  };
  const target = into === "body" ? "body" : first;
  const windowProblem = editing.refused.find((one) => one.key === key && one.field === "window")?.detail;
  const text = (field: TextName, more: { rows?: number; hint?: string; lengthMax: number }) => (
    <TextField
      page={page}
      name={`${field}-${key}`}
      label={labels[field]}
      value={step[field]}
      problems={problems(field)}
      onValue={(value) => change({ [field]: value })}
      control={(element) => {
        controls.current[field] = element;
      }}
      onFocus={() => setInto(field)}
      {...more}
    />
  );
  const ref = useFocus<HTMLDivElement>(isMail ? `[name="subject-${key}"]` : `[name="title-${key}"]`);
  const last = editing.draft.steps.length - 1;
  return (
    <div class="form" ref={ref}>
      <div class="fields">
        <div class="pair">
          <Field
            name={`type-${key}`}
            label={words.type}
            value={type}
            onValue={(value) => change({ type: value as StepType })}
            options={stepTypes.map((value) => ({ value, label: words.types[value] }))}
          />
          {type === "task" && (
            <Field
              name={`kind-${key}`}
              label={words.kind}
              value={step.kind}
              onValue={(value) => change({ kind: value as TaskKind })}
              options={taskKinds.map((value) => ({ value, label: words.kinds[value] }))}
            />
          )}
        </div>
        {text(first, {
          lengthMax: 1_000,
          ...(isMail && index > 0 && { hint: words.subjectHint }),
        })}
        {text("body", { rows: isMail ? 8 : 4, lengthMax: 20_000 })}
        <Chips
          page={page}
          into={labels[target]}
          insert={(inserted) => {
            const control = controls.current[target];
            if (control) insertAtCaret(control, inserted);
          }}
        />
        <WhenFields page={page} step={step} windowProblem={windowProblem} change={change} />
        <Field
          name={`name-${key}`}
          label={words.stepName}
          value={step.name}
          onValue={(name) => change({ name })}
          hint={words.stepNameHint}
          control={{ maxLength: 120, autoComplete: "off" }}
        />
      </div>
      <Preview page={page} editing={editing} step={step} texts={texts} />
      <div class="row ends">
        <Button disabled={index === 0} onClick={() => deeds.move(-1)}>
          {words.moveUp}
        </Button>
        <Button disabled={index === last} onClick={() => deeds.move(1)}>
          {words.moveDown}
        </Button>
        <Button onClick={deeds.duplicate}>{words.duplicate}</Button>
        <Button quiet onClick={deeds.remove}>
          {words.remove}
        </Button>
      </div>
    </div>
  );
}
