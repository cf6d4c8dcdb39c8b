/** The person's timeline: the newest are the record's and come by themselves, earlier ones are fetched a page at a time. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type Failure, failureOf, type PanelContext } from "../open.ts";
import type { TimelineEvent } from "./event-told.ts";
import { type Known, withNewest } from "./newest.ts";

const pageSize = 50;

export type Timeline = {
  events: readonly TimelineEvent[];
  hasEarlier: boolean;
  isLoading: boolean;
  failure: Failure | null;
  earlier(): Promise<void>;
};

export function useTimeline(panel: PanelContext): Timeline {
  const record = panel.state.record!;
  const kept = useRef<Known>({ events: [], cursor: null });
  const [, drawAgain] = useState(0);
  const [isLoading, setLoading] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isOver = useRef(false);
  useEffect(
    () => () => {
      isOver.current = true;
    },
    [],
  );
  kept.current = withNewest(kept.current, record.timeline);
  const { events, cursor } = kept.current;

  const earlier = async () => {
    if (!cursor || isLoading) return;
    setLoading(true);
    try {
      const page = await panel.client("contacts.timeline", {
        params: { id: record.contact.id },
        query: { limit: pageSize, cursor },
      });
      if (isOver.current) return;
      // What came in meanwhile stands in front; a page that nobody continues any more is left out.
      if (kept.current.cursor === cursor) {
        kept.current = { events: [...kept.current.events, ...page.items], cursor: page.nextCursor };
      }
      setFailure(null);
      drawAgain((times) => times + 1);
    } catch (error) {
      if (!isOver.current) setFailure(failureOf(error));
    } finally {
      if (!isOver.current) setLoading(false);
    }
  };
  return { events, hasEarlier: cursor !== null, isLoading, failure, earlier };
}
