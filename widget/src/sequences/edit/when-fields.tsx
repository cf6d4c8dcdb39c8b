/** When a step happens: how long it waits, and its own hours of the day. */
import { type DelayUnit, delayUnits } from "@cadenza/shared/vocabulary";
import { Field } from "../../parts/field.tsx";
import type { Page } from "../page.ts";
import { type DraftStep, isDelay, isWindow } from "./draft.ts";

export function WhenFields({
  page,
  step,
  windowProblem,
  change,
}: {
  page: Page;
  step: DraftStep;
  windowProblem: string | undefined;
  change(changed: Partial<DraftStep>): void;
}) {
  const { words } = page;
  const { key, delay, window } = step;
  const isOn = window !== null;
  return (
    <div class="when">
      <div class="pair">
        <Field
          name={`amount-${key}`}
          label={words.wait}
          type="number"
          value={Number.isNaN(delay.amount) ? "" : String(delay.amount)}
          onValue={(text) =>
            change({ delay: { ...delay, amount: text.trim() === "" ? Number.NaN : Number(text) } })
          }
          error={isDelay(delay) ? undefined : words.waitWrong}
          control={{ min: 0, step: 1, inputMode: "numeric" }}
        />
        <Field
          name={`unit-${key}`}
          label={words.unit}
          value={delay.unit}
          onValue={(unit) => change({ delay: { ...delay, unit: unit as DelayUnit } })}
          options={delayUnits.map((value) => ({ value, label: words.units[value] }))}
        />
      </div>
      <label class="tick">
        <input
          type="checkbox"
          checked={isOn}
          aria-describedby={`window-${key}`}
          onChange={() => change({ window: isOn ? null : { from: "09:00", to: "12:00" } })}
        />
        <span>{words.window}</span>
      </label>
      <p class="plain small" id={`window-${key}`}>
        {words.windowHint}
      </p>
      {window && (
        <div class="pair">
          <Field
            name={`from-${key}`}
            label={words.from}
            value={window.from}
            onValue={(from) => change({ window: { ...window, from: from || "00:00" } })}
            control={{ type: "time" }}
          />
          <Field
            name={`to-${key}`}
            label={words.to}
            // The end of the day has no other name in a field of time.
            value={window.to === "24:00" ? "00:00" : window.to}
            onValue={(to) => change({ window: { ...window, to: to === "00:00" || !to ? "24:00" : to } })}
            error={isWindow(window) ? windowProblem : words.windowWrong}
            control={{ type: "time" }}
          />
        </div>
      )}
    </div>
  );
}
