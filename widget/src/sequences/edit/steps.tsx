/** The steps, one below the other as they happen. Whoever may build opens one and writes in its place. */
import type { StepType } from "@cadenza/shared/vocabulary";
import { useRef } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Lesson } from "../app.tsx";
import { focusIn } from "../focus.ts";
import type { StepNumbers } from "../one/use-one.ts";
import type { Page } from "../page.ts";
import {
  changeStep,
  type DraftStep,
  duplicateStep,
  insertStep,
  isEmail,
  moveStep,
  newStep,
} from "./draft.ts";
import { type Editing, undoMs } from "./editing.ts";
import { numbersOf, whenOf } from "./sayings.ts";
import { StepForm } from "./step-form.tsx";

type Props = {
  page: Page;
  editing: Editing;
  numbers: Map<number, StepNumbers>;
  mayEdit: boolean;
  openKey: string | null;
  open(key: string | null): void;
};

const offered: StepType[] = ["email_auto", "email_manual", "call", "task"];

export function Steps({ page, editing, numbers, mayEdit, openKey, open }: Props) {
  const { words } = page;
  const { steps } = editing.draft;
  const list = useRef<HTMLOListElement>(null);
  const focusOn = (key: string) =>
    setTimeout(() => focusIn(list.current?.querySelector(`[data-step="${key}"]`)));

  const add = (type: StepType) => {
    const step = newStep(type, steps.length === 0, words.shortTypes[type]);
    editing.change((draft) => insertStep(draft, step));
    open(step.key);
  };
  const move = (step: DraftStep, by: -1 | 1) => {
    editing.change((draft) => moveStep(draft, step.key, by));
    const to = editing.draft.steps.findIndex(({ key }) => key === step.key) + 1;
    page.notify({ text: words.moved(step.name, to, steps.length) }, undoMs);
    focusOn(step.key);
  };
  const remove = (step: DraftStep, index: number) => {
    const undo = editing.remove(step.key);
    open(null);
    page.notify(
      {
        text: words.removed(step.name),
        action: {
          label: words.undo,
          run: () => {
            undo();
            page.set({ notice: null });
            focusOn(step.key);
          },
        },
      },
      undoMs,
    );
    const next = steps[index + 1] ?? steps[index - 1];
    if (next) focusOn(next.key);
  };

  return (
    <section class="part">
      <h3>{words.stepsTitle}</h3>
      {steps.length === 0 &&
        (mayEdit ? (
          <Lesson
            title={words.noSteps}
            text={words.noStepsWhy}
            action={{ label: words.firstEmail, run: () => add("email_auto") }}
          />
        ) : (
          <p class="plain">{words.steps(0)}</p>
        ))}
      <ol class="course" ref={list}>
        {steps.map((step, index) => (
          <li key={step.key} class={openKey === step.key ? "open" : undefined}>
            <Line
              page={page}
              editing={editing}
              step={step}
              index={index}
              numbers={step.id === undefined ? undefined : numbers.get(step.id)}
              isOpen={openKey === step.key}
              {...(mayEdit && {
                toggle: () => open(openKey === step.key ? null : step.key),
                move: (by: -1 | 1) => move(step, by),
              })}
            />
            {mayEdit && openKey === step.key && (
              <StepForm
                page={page}
                editing={editing}
                step={step}
                index={index}
                deeds={{
                  change: (changed) => editing.change((draft) => changeStep(draft, step.key, changed)),
                  move: (by) => move(step, by),
                  duplicate: () =>
                    editing.change((draft) => {
                      const made = duplicateStep(draft, step.key, words.copyOf(step.name).slice(0, 120));
                      open(made.key);
                      return made.draft;
                    }),
                  remove: () => remove(step, index),
                }}
              />
            )}
          </li>
        ))}
      </ol>
      {mayEdit && steps.length > 0 && (
        <div class="row adding">
          <span>{words.add}</span>
          {offered.map((type) => (
            <Button key={type} onClick={() => add(type)}>
              {words.shortTypes[type]}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}

function Line({
  page,
  editing,
  step,
  index,
  numbers,
  isOpen,
  toggle,
  move,
}: {
  page: Page;
  editing: Editing;
  step: DraftStep;
  index: number;
  numbers: StepNumbers | undefined;
  isOpen: boolean;
  toggle?: () => void;
  move?: (by: -1 | 1) => void;
}) {
  const { words } = page;
  const wrong = editing.refused.filter(({ key }) => key === step.key).length;
  const isInThread = isEmail(step.type) && !step.subject.trim() && index > 0;
  const said = isEmail(step.type) ? step.subject : step.title;
  const kind =
    step.type === "task" && step.kind !== "todo" ? words.kinds[step.kind] : words.shortTypes[step.type];
  const came = numbersOf(page, step, numbers);
  return (
    <div class="line">
      <p class="lead">
        <span class="number">{index + 1}</span>
        {toggle ? (
          <button
            type="button"
            class="opens"
            data-step={step.key}
            aria-expanded={isOpen}
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
            onClick={toggle}
            onKeyDown={(event) => {
              if (!event.altKey || !/^Arrow(Up|Down)$/.test(event.key)) return;
              event.preventDefault();
              move?.(event.key === "ArrowUp" ? -1 : 1);
            }}
          >
            {step.name || words.shortTypes[step.type]}
          </button>
        ) : (
          <b>{step.name}</b>
        )}
        {kind !== step.name && <span class="kind">{kind}</span>}
        {wrong > 0 && <span class="bad">{words.problems(wrong)}</span>}
      </p>
      <p class="about">
        <span>{whenOf(page, step, index === 0)}</span>
        {came.map((one) => (
          <span key={one} class="some">
            {one}
          </span>
        ))}
      </p>
      {!isOpen && said && <p class="said">{said}</p>}
      {!isOpen && isInThread && <p class="plain">{words.inThread}</p>}
      {/* Whoever cannot open it reads all of it here. */}
      {!isOpen && step.body && (
        <p class={toggle ? "words short" : "words"}>{toggle ? step.body.replace(/\s+/g, " ") : step.body}</p>
      )}
    </div>
  );
}
