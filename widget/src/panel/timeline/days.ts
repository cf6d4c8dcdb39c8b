/** Happenings by the day they were on, on the calendar of a zone; the newest day first. Pure. */
import { wallTimeOf } from "../wall-time.ts";

export type Day<Item> = { on: string; items: Item[] };

export function byDay<Item extends { at: string }>(items: readonly Item[], zone: string): Day<Item>[] {
  const days: Day<Item>[] = [];
  for (const item of items) {
    const on = wallTimeOf(Date.parse(item.at), zone).slice(0, 10);
    const last = days.at(-1);
    if (last?.on === on) last.items.push(item);
    else days.push({ on, items: [item] });
  }
  return days;
}
