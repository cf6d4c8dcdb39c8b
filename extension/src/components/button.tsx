/** The one button of the extension's pages. `go` is the obvious thing to do, `quiet` what is there for who looks for it. */
import type { ReactNode } from "react";

type Props = {
  children: ReactNode;
  onClick?: () => void;
  go?: boolean;
  quiet?: boolean;
  busy?: boolean;
  submit?: boolean;
};

export function Button({ children, onClick, go, quiet, busy, submit }: Props) {
  return (
    <button
      type={submit ? "submit" : "button"}
      className={go ? "go" : quiet ? "quiet" : undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        // Disabled in words rather than by the attribute: the focus stays where it is.
        if (busy) event.preventDefault();
        else onClick?.();
      }}
    >
      {children}
    </button>
  );
}
