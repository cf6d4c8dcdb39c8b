/** What can be done with a sequence as a whole. What touches many people says how many first, and who. */
import type { RouteName } from "@cadenza/shared/routes";
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { changesSince, isAnything } from "../edit/draft.ts";
import { type Editing, undoMs } from "../edit/editing.ts";
import { failureOf } from "../failure.ts";
import { countOf } from "../list/status.tsx";
import type { CadenzaSequencesEventName, Page } from "../page.ts";
import { Ask } from "./ask.tsx";
import { firstNames } from "./first-names.ts";
import { PublishAsk } from "./publish-ask.tsx";
import { type Facts, livePeople } from "./use-one.ts";

type Props = {
  page: Page;
  editing: Editing;
  facts: Facts & { look(): void };
  open(key: string): void;
};
type Deed = "pause" | "resume" | "archive";

export function Doings({ page, editing, facts, open }: Props) {
  const { words } = page;
  const { sequence, draft } = editing;
  const [asks, setAsks] = useState<"publish" | { deed: Deed; names: string; count: number } | null>(null);
  const [busy, setBusy] = useState<Deed | null>(null);
  const { id, status } = sequence;
  const isNews = !facts.version || isAnything(changesSince(facts.version, draft));

  async function run(deed: Deed, then: () => void): Promise<void> {
    setBusy(deed);
    try {
      // What is being typed is saved first: the deed raises the revision.
      await editing.flush();
      editing.learn(await page.client(routes[deed], { params: { id } }));
      setAsks(null);
      then();
      tellDone(page, editing, events[deed]);
      facts.look();
    } catch (error) {
      page.failed(words[deed].replace("…", ""), failureOf(error), () => void run(deed, then));
    } finally {
      setBusy(null);
    }
  }

  /** Says whom before it is done; alone with nobody in it there is nothing to ask. */
  async function ask(deed: "resume" | "archive"): Promise<void> {
    setBusy(deed);
    try {
      const count = livePeople(facts);
      const statuses = ["active", "paused"] as const;
      const names = count ? await firstNames(page, id, statuses, count) : "";
      if (deed === "resume" && !count) return void (await run("resume", resumed));
      setAsks({ deed, names, count });
    } catch (error) {
      page.failed(words[deed].replace("…", ""), failureOf(error), () => void ask(deed));
    } finally {
      setBusy(null);
    }
  }

  async function pause(): Promise<void> {
    const count = livePeople(facts);
    const names = count ? await firstNames(page, id, ["active", "paused"], count).catch(() => "") : "";
    await run("pause", () =>
      page.notify(
        {
          text: names ? words.pausedFor(names) : words.pausedNobody,
          // Nobody has moved on in these seconds: letting them go again is no news to anybody.
          action: { label: words.undo, run: () => void run("resume", resumed) },
        },
        undoMs,
      ),
    );
  }

  const resumed = () => page.notify({ text: words.isResumed }, undoMs);

  return (
    <>
      <div class="row deeds">
        {isNews && (
          <Button
            go={draft.steps.length > 0}
            disabled={!draft.steps.length}
            onClick={() => setAsks("publish")}
          >
            {facts.version ? words.publishChanges : words.publish}
          </Button>
        )}
        {status === "active" && (
          <Button busy={busy === "pause"} onClick={() => void pause()}>
            {words.pause}
          </Button>
        )}
        {status === "paused" && (
          <Button busy={busy === "resume"} onClick={() => void ask("resume")}>
            {words.resume}
          </Button>
        )}
        <Button quiet busy={busy === "archive"} onClick={() => void ask("archive")}>
          {words.archive}
        </Button>
      </div>
      {asks === "publish" && (
        <PublishAsk page={page} editing={editing} facts={facts} open={open} close={() => setAsks(null)} />
      )}
      {asks !== null && asks !== "publish" && (
        <Ask
          page={page}
          {...wordsFor(page, asks)}
          isBusy={busy === asks.deed}
          go={() =>
            void run(asks.deed, () => {
              if (asks.deed === "resume") resumed();
              else page.notify({ text: words.isArchived }, undoMs);
            })
          }
          close={() => setAsks(null)}
        />
      )}
    </>
  );
}

function wordsFor(page: Page, { deed, names, count }: { deed: Deed; names: string; count: number }) {
  const { words } = page;
  const n = countOf(page, count);
  if (deed === "resume")
    return { title: words.resumeAsk(n), text: words.resumeWhy(names), doing: words.resumeIt(n) };
  const text = count ? words.archiveWhy(names) : words.archiveNobody;
  return { title: words.archiveAsk, text, doing: words.archiveIt(n) };
}

const routes = {
  pause: "sequences.pause",
  resume: "sequences.resume",
  archive: "sequences.archive",
} as const satisfies Record<Deed, RouteName>;

const events = {
  pause: "cadenza:sequence-paused",
  resume: "cadenza:sequence-resumed",
  archive: "cadenza:sequence-archived",
} as const satisfies Record<Deed, CadenzaSequencesEventName>;

export function tellDone(
  page: Page,
  { sequence }: Editing,
  name: (typeof events)[Deed] | "cadenza:sequence-published",
): void {
  page.tell(name, { sequenceId: sequence.id, sequenceName: sequence.name });
}
