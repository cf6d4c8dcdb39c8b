/** Who it is about, by their first names: whoever stops or lets go many people is told whom. */
import { countOf } from "../list/status.tsx";
import type { Page } from "../page.ts";

type Named = { contact?: { firstName: string | null; lastName: string | null; email: string | null } };

const namesMax = 3;

/** @returns "Dana, Luís, Maya and 9 more"; `count` is how many there are in all. */
export async function firstNames(
  page: Page,
  sequenceId: string,
  statuses: readonly ("active" | "paused")[],
  count: number,
): Promise<string> {
  const items: Named[] = [];
  for (const status of statuses) {
    if (items.length >= namesMax) break;
    const query = { sequenceId, status, limit: namesMax };
    items.push(...(await page.client("enrollments.list", { query })).items);
  }
  const names = items.slice(0, namesMax).map((item) => shortName(page, item));
  const others = count - names.length;
  if (others > 0) return page.words.andMore(names.join(", "), countOf(page, others));
  return page.dates.list(names);
}

export const shortName = (page: Page, { contact }: Named): string =>
  contact?.firstName || contact?.lastName || contact?.email || page.words.nameless;

export const fullName = (page: Page, { contact }: Named): string =>
  [contact?.firstName, contact?.lastName].filter(Boolean).join(" ") || contact?.email || page.words.nameless;
