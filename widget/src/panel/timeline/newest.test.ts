import { describe, expect, it } from "vitest";
import type { TimelineEvent } from "./event-told.ts";
import { withNewest } from "./newest.ts";

const event = (name: string): TimelineEvent => ({ type: name, data: {} }) as unknown as TimelineEvent;
const page = (names: string, cursor: string | null = null) => ({
  items: [...names].map(event),
  nextCursor: cursor as never,
});
const names = (events: readonly TimelineEvent[]) => events.map(({ type }) => type).join("");

describe("a timeline that is read again", () => {
  it("gets what is new in front, and keeps the earlier pages and where they go on", () => {
    const known = { events: [...page("cba").items, ...page("zyx").items], cursor: "after-x" as never };
    const { events, cursor } = withNewest(known, page("edcba", "after-a"));
    expect(names(events)).toBe("edcbazyx");
    expect(cursor).toBe("after-x");
  });

  it("stays the same object where nothing is new", () => {
    const known = withNewest({ events: [], cursor: null }, page("cba", "after-a"));
    expect(withNewest(known, page("cba", "after-a"))).toBe(known);
  });

  it("begins anew rather than leave a gap that nobody sees", () => {
    const known = { events: page("cba").items, cursor: "after-a" as never };
    const { events, cursor } = withNewest(known, page("zyx", "after-x"));
    expect(names(events)).toBe("zyx");
    expect(cursor).toBe("after-x");
  });
});
