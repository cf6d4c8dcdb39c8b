/** One of a few, all of them seen: radio buttons as a row that wraps, which arrow keys go through. */
import type { ComponentChildren } from "preact";
import { adopting } from "../styles/adopt.ts";
import css from "./choice.css?inline";

export type ChoiceProps<Value extends string> = {
  /** Not used twice in a view. */
  name: string;
  label: ComponentChildren;
  /** Read out and not seen, where the place says it already. */
  isLabelUnseen?: boolean;
  options: readonly { value: Value; label: ComponentChildren }[];
  value: Value | null;
  onValue(value: Value): void;
};

const styled = adopting(css);

export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { name, label, isLabelUnseen, options, value, onValue } = props;
  return (
    <fieldset class="choice" ref={styled}>
      <legend class={isLabelUnseen ? "unseen" : undefined}>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onInput={() => onValue(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
