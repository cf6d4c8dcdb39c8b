/** A text with fields of the person in it: what is wrong with it is said below, and shown in it where it stands. */
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import type { Page } from "../page.ts";
import { offendingIn } from "./offending.ts";

export type TextControl = HTMLInputElement | HTMLTextAreaElement;

export function TextField({
  page,
  name,
  label,
  value,
  problems,
  hint,
  rows,
  lengthMax,
  onValue,
  control,
  onFocus,
}: {
  page: Page;
  name: string;
  label: string;
  value: string;
  problems: string[];
  hint?: string;
  rows?: number;
  lengthMax: number;
  onValue(value: string): void;
  control(element: TextControl | null): void;
  onFocus(): void;
}) {
  let shown: TextControl | null = null;
  const places = problems.flatMap((detail) => offendingIn(value, detail) ?? []);
  const [from, to] = places;
  return (
    <div class="text">
      <Field
        name={name}
        label={label}
        value={value}
        onValue={onValue}
        {...(rows && { rows })}
        {...(hint && { hint })}
        error={problems.length ? problems.join(" ") : undefined}
        control={{
          maxLength: lengthMax,
          autoComplete: "off",
          dir: "auto",
          onFocus,
          ref: (element: TextControl | null) => {
            shown = element;
            control(element);
          },
        }}
      />
      {from !== undefined && to !== undefined && (
        <Button
          quiet
          onClick={() => {
            shown?.focus();
            shown?.setSelectionRange(from, to);
          }}
        >
          {page.words.showIt}
        </Button>
      )}
    </div>
  );
}

/** Puts a text where the caret stands, so that the browser's own undo takes it back again. */
export function insertAtCaret(control: TextControl, text: string): void {
  control.focus();
  if (document.execCommand("insertText", false, text)) return;
  const { selectionStart, selectionEnd, value } = control;
  control.setRangeText(text, selectionStart ?? value.length, selectionEnd ?? value.length, "end");
  control.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
