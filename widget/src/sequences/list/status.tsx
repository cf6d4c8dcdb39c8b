/** How a sequence stands: by shape, by word, then by colour. */
import type { SequenceStatus } from "@cadenza/shared/vocabulary";
import type { Page } from "../page.ts";

const shapes: Record<SequenceStatus, string> = {
  draft: "mark none",
  active: "mark",
  paused: "mark pause",
  archived: "mark over",
};

export const Status = ({ page, status }: { page: Page; status: SequenceStatus }) => (
  <span class="status">
    <i class={shapes[status]} />
    {page.words.statuses[status]}
  </span>
);

/** How many people are where; a count stops at 10,000. */
export function countOf(page: Page, count: number): string {
  return page.dates.number(count) + (count >= 10_000 ? "+" : "");
}
