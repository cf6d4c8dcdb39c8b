/** What was read of a timeline, with what is new in front. Pure. */
import type { AnswerOf } from "@cadenza/shared/client";
import type { TimelineEvent } from "./event-told.ts";

type Page = AnswerOf<"contacts.timeline">;
export type Known = { events: readonly TimelineEvent[]; cursor: Page["nextCursor"] };

/** @param page the newest page, read again. Where it does not reach what was known, it begins anew. */
export function withNewest(known: Known, page: Page): Known {
  const [newest] = known.events;
  if (!newest) return { events: page.items, cursor: page.nextCursor };
  const wanted = JSON.stringify(newest);
  const place = page.items.findIndex((event) => JSON.stringify(event) === wanted);
  if (place === 0) return known;
  if (place === -1) return { events: page.items, cursor: page.nextCursor };
  return { events: [...page.items.slice(0, place), ...known.events], cursor: known.cursor };
}
