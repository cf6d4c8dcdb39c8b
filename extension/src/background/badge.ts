/** The number on the extension's button: tasks of yours that are due today. */
import * as z from "zod";
import type { Desk } from "./desk.ts";

const due = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() });
const most = 99;

export function createBadge({ keeper, myself, api }: Desk) {
  async function count(): Promise<string> {
    const known = await myself.recall();
    if (!known || (await keeper.standing()) !== "signed_in") return "";
    const query = { ownerId: known.memberId, dueUntil: endOfDay(new Date()), limit: most };
    const { items, nextCursor } = due.parse(await api.read("tasks.list", { query }));
    return badgeText(items.length, nextCursor !== null);
  }

  return {
    async refresh(): Promise<void> {
      // What cannot be counted now stays as it was: an old number tells more than none.
      const text = await count().catch(() => null);
      if (text !== null) await chrome.action.setBadgeText({ text });
    },
  };
}
export type Badge = ReturnType<typeof createBadge>;

export const badgeText = (tasks: number, isMore: boolean): string =>
  isMore ? `${most}+` : tasks ? String(tasks) : "";

/** Where the person is. */
export const endOfDay = (now: Date): string =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 0, 0, 0, -1).toISOString();
