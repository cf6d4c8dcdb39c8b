/** A question in its place on the page: what it does, to whom, and the way out. Escape closes it. */
import type { ComponentChildren } from "preact";
import { Button } from "../../parts/button.tsx";
import { useFocus } from "../focus.ts";
import type { Page } from "../page.ts";

export function Ask({
  page,
  title,
  text,
  doing,
  isBusy,
  go,
  close,
  children,
}: {
  page: Page;
  title: string;
  text?: string;
  doing: string;
  isBusy: boolean;
  go(): void;
  close(): void;
  children?: ComponentChildren;
}) {
  const ref = useFocus<HTMLElement>("h3");
  return (
    <section
      class="ask"
      ref={ref}
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        close();
      }}
    >
      <h3 tabIndex={-1}>{title}</h3>
      {text && <p>{text}</p>}
      {children}
      <div class="row">
        <Button go busy={isBusy} onClick={go}>
          {doing}
        </Button>
        <Button quiet onClick={close}>
          {page.words.cancel}
        </Button>
      </div>
    </section>
  );
}
