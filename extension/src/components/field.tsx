/** The one field: a name, a line, and what is wrong with it. */
import { type InputHTMLAttributes, useId } from "react";

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> & {
  label: string;
  value: string;
  onValue(value: string): void;
  note?: string | undefined;
  hint?: string | undefined;
  wrong?: string | null | undefined;
};

export function Field({ label, value, onValue, note, hint, wrong, ...input }: Props) {
  const id = useId();
  const said = wrong ?? hint;
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {note && <small>{note}</small>}
      </label>
      <input
        {...input}
        id={id}
        value={value}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={said ? `${id}-said` : undefined}
        onChange={(event) => onValue(event.target.value)}
      />
      {said && (
        <p id={`${id}-said`} className={wrong ? "wrong" : undefined}>
          {said}
        </p>
      )}
    </div>
  );
}
