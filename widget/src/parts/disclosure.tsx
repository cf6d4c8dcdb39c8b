/** A button that opens what stands right below it, and closes it again. */
import type { ComponentChildren } from "preact";

export type DisclosureProps = {
  isOpen: boolean;
  onToggle(): void;
  children: ComponentChildren;
  quiet?: boolean;
  /** Read out instead of its text. */
  label?: string;
};

export function Disclosure({ isOpen, onToggle, children, quiet, label }: DisclosureProps) {
  return (
    <button
      type="button"
      class={quiet ? "quiet" : undefined}
      aria-expanded={isOpen}
      aria-label={label}
      onClick={onToggle}
    >
      {children}
    </button>
  );
}
