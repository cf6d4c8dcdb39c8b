/** Two people wrote the same place: both texts beside each other, and none is lost before somebody chose. */
import { Button } from "../../parts/button.tsx";
import { useFocus } from "../focus.ts";
import type { Page } from "../page.ts";
import type { DraftStep } from "./draft.ts";
import type { Editing } from "./editing.ts";
import type { Clash } from "./merge.ts";

export function Clashes({ page, editing, clashes }: { page: Page; editing: Editing; clashes: Clash[] }) {
  const { words } = page;
  const ref = useFocus<HTMLElement>("h3");
  return (
    <section class="ask clashes" ref={ref} aria-label={words.clash}>
      <h3 tabIndex={-1}>{words.clash}</h3>
      <p>{words.clashWhy}</p>
      {clashes.map((clash) => {
        const { key, field, mine, theirs } = clash;
        const at = editing.draft.steps.findIndex((step) => step.key === key) + 1;
        const place = `${key === null ? "" : `${words.stepNumber(at)} · `}${fieldName(page, field)}`;
        return (
          <div class="clash" key={`${key}${field}`}>
            <h4>{place}</h4>
            <div>
              <b>{words.yours}</b>
              <p>{shown(page, clash, mine)}</p>
              <Button label={`${words.keepYours}: ${place}`} onClick={() => editing.settle(clash, "mine")}>
                {words.keepYours}
              </Button>
            </div>
            <div>
              <b>{words.theirs}</b>
              <p>{shown(page, clash, theirs)}</p>
              <Button label={`${words.takeTheirs}: ${place}`} onClick={() => editing.settle(clash, "theirs")}>
                {words.takeTheirs}
              </Button>
            </div>
          </div>
        );
      })}
    </section>
  );
}

function fieldName({ words }: Page, field: Clash["field"]): string {
  const names: Record<Clash["field"], string> = {
    ...{ name: words.name, scheduleId: words.schedule, mailboxId: words.mailbox },
    ...{ type: words.type, kind: words.kind, delay: words.delay, window: words.window },
    ...{ subject: words.subject, body: words.body, title: words.taskTitle },
  };
  return names[field];
}

function shown({ words }: Page, { field }: Clash, value: unknown): string {
  if (field === "delay") {
    const { amount, unit } = value as DraftStep["delay"];
    return `${amount} ${words.units[unit]}`;
  }
  if (field === "window") {
    const window = value as DraftStep["window"];
    return window ? words.between(window.from, window.to) : words.empty;
  }
  if (field === "type") return words.types[value as DraftStep["type"]];
  if (field === "kind") return words.kinds[value as DraftStep["kind"]];
  return String(value ?? "") || words.empty;
}
