/** Before publishing: what changes, and for whom. What keeps it from being published is shown at its fields. */
import { useState } from "preact/hooks";
import { type Changes, changesSince } from "../edit/draft.ts";
import { type Editing, undoMs } from "../edit/editing.ts";
import { failureOf } from "../failure.ts";
import { newKey } from "../keys.ts";
import { countOf } from "../list/status.tsx";
import type { Page } from "../page.ts";
import { Ask } from "./ask.tsx";
import { tellDone } from "./doings.tsx";
import { type Facts, livePeople } from "./use-one.ts";

export function PublishAsk({
  page,
  editing,
  facts,
  open,
  close,
}: {
  page: Page;
  editing: Editing;
  facts: Facts & { look(): void };
  open(key: string): void;
  close(): void;
}) {
  const { words } = page;
  const [isBusy, setBusy] = useState(false);
  const [key] = useState(newKey);
  const { version } = facts;
  const count = livePeople(facts);
  const { status } = editing.sequence;

  async function publish(): Promise<void> {
    setBusy(true);
    try {
      if (!(await editing.flush())) {
        page.notify({ text: `${words.notReady}: ${words.unsaved}`, isBad: true });
        return close();
      }
      const { id, rev } = editing.sequence;
      const { sequence } = await page.client("sequences.publish", {
        params: { id },
        // Of this draft: pressed again after it was mended, it is another request.
        idempotencyKey: `${key}-${rev}`,
      });
      editing.learn(sequence);
      page.notify({ text: words.isPublished }, undoMs);
      tellDone(page, editing, "cadenza:sequence-published");
      facts.look();
      close();
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === "sequence_not_ready") {
        const first = editing.refuse(failure.errors);
        page.notify({ text: `${words.notReady}: ${failure.detail}`, isBad: true });
        close();
        if (first) open(first.key);
      } else page.failed(words.publish, failure, () => void publish());
    } finally {
      setBusy(false);
    }
  }

  return (
    <Ask
      page={page}
      title={version ? words.publishAskAgain : words.publishAsk}
      doing={version ? words.publishChanges : words.publish}
      isBusy={isBusy}
      go={() => void publish()}
      close={close}
    >
      {version && <p>{summaryOf(page, changesSince(version, editing.draft))}</p>}
      <p>
        {[
          version ? words.publishNew : words.publishFirst,
          version && count ? words.publishOthers(countOf(page, count)) : "",
          status === "paused" ? words.publishPaused : "",
        ]
          .filter(Boolean)
          .join(" ")}
      </p>
    </Ask>
  );
}

function summaryOf(page: Page, { added, changed, removed, moved, renamed }: Changes): string {
  const { changes } = page.words;
  const said = [
    added && changes.added(added),
    changed && changes.changed(changed),
    removed && changes.removed(removed),
    moved && changes.moved,
    renamed && changes.renamed,
  ].filter((one): one is string => typeof one === "string");
  const sentence = page.dates.list(said);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
