/**
 * The one field: a label around its control, below it what helps and what is wrong, both tied to the control. A line of
 * text unless `rows` (several lines) or `options` (a choice) is given. Its text is its caller's, so it is never lost.
 */
import type { ComponentChildren } from "preact";
import { adopting } from "../styles/adopt.ts";
import css from "./field.css?inline";

export type FieldProps = {
  /** Not used twice in a view: ids are made of it. */
  name: string;
  label: ComponentChildren;
  value: string;
  onValue(value: string): void;
  hint?: ComponentChildren;
  /** What is wrong, in words. */
  error?: ComponentChildren;
  type?: "text" | "email" | "tel" | "url" | "number" | "search" | "date" | "datetime-local";
  rows?: number;
  options?: readonly { value: string; label: string }[];
  /** Where a view's focus goes when it opens. */
  focus?: boolean;
  /** Anything else the control should have: `maxLength`, `min`, `placeholder`, `aria-controls`, `onKeyDown` … */
  control?: Record<string, unknown>;
};

const styled = adopting(css);

export function Field(props: FieldProps) {
  const { name, label, value, onValue, hint, error, type = "text", rows, options, focus, control } = props;
  const [hintId, errorId] = [`${name}-hint`, `${name}-error`];
  const tied = [error ? errorId : "", hint ? hintId : ""].filter(Boolean).join(" ");
  const given: Record<string, unknown> = {
    name,
    value,
    "aria-describedby": tied || undefined,
    "aria-invalid": error ? "true" : undefined,
    "data-focus": focus || undefined,
    onInput: (event: Event) => onValue((event.currentTarget as HTMLInputElement).value),
    ...control,
  };
  return (
    <div class="field" ref={styled}>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: one of three is inside */}
      <label>
        <span>{label}</span>
        {options ? (
          <select {...given}>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        ) : rows ? (
          <textarea rows={rows} {...given} />
        ) : (
          <input type={type as "text"} {...given} />
        )}
      </label>
      {error && (
        <p class="wrong" id={errorId} role="alert">
          {error}
        </p>
      )}
      {hint && <p id={hintId}>{hint}</p>}
    </div>
  );
}
