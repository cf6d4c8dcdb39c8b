/** The one button. `go` is the obvious thing to do, `quiet` what is there for whoever looks for it. */
import type { ComponentChildren } from "preact";

export type ButtonProps = {
  children: ComponentChildren;
  onClick?: (event: MouseEvent) => void;
  go?: boolean;
  quiet?: boolean;
  /** Under way: it stays where it is and does nothing. */
  busy?: boolean;
  disabled?: boolean;
  /** Read out instead of its text. */
  label?: string;
  submit?: boolean;
};

export function Button({ children, onClick, go, quiet, busy, disabled, label, submit }: ButtonProps) {
  return (
    <button
      type={submit ? "submit" : "button"}
      class={go ? "go" : quiet ? "quiet" : undefined}
      aria-label={label}
      aria-disabled={busy || disabled || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        // Disabled in words rather than by the attribute: the focus stays, and so does the keyboard's place.
        if (busy || disabled) event.preventDefault();
        else onClick?.(event as unknown as MouseEvent);
      }}
    >
      {children}
    </button>
  );
}
