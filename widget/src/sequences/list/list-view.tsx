/** All sequences one may see, with live numbers: searched, filtered, a page at a time. */
import { type SequenceStatus, sequenceStatuses } from "@cadenza/shared/vocabulary";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { Bones, Lesson } from "../app.tsx";
import { failureOf } from "../failure.ts";
import { focusIn } from "../focus.ts";
import { restMs, useLive } from "../live.ts";
import type { Page, Summary } from "../page.ts";
import { CreateForm } from "./create-form.tsx";
import { countOf, Status } from "./status.tsx";

const perPage = 25;
/** So many pages are looked at again by themselves. */
const pagesMax = 10;

type Shown = { items: Summary[]; nextCursor: string | null; pages: number };

export function ListView({ page }: { page: Page }) {
  const { words } = page;
  const { shown, asked, ask, more } = useList(page);
  const [isCreating, setCreating] = useState(false);
  const isAsking = asked.q !== "" || asked.status !== "";
  const items = shown?.items ?? [];
  const create = () => setCreating(true);
  return (
    <>
      <header class="top">
        <h2>{words.title}</h2>
        {page.mayBuild && !isCreating && (items.length > 0 || isAsking) && (
          <span data-create>
            <Button go onClick={create}>
              {words.create}
            </Button>
          </span>
        )}
      </header>
      {isCreating && <CreateForm page={page} close={() => setCreating(false)} />}
      {(isAsking || items.length > 0) && (
        <search class="finding">
          <Field
            name="q"
            label={words.search}
            value={asked.q}
            onValue={(q) => ask({ ...asked, q })}
            // Not `type=search`: there Escape throws away what was typed.
            control={{ maxLength: 120, "data-search": true, enterkeyhint: "search" }}
          />
          <Field
            name="status"
            label={words.filter}
            value={asked.status}
            onValue={(status) => ask({ ...asked, status: status as SequenceStatus | "" })}
            options={[
              { value: "", label: words.all },
              ...sequenceStatuses.map((value) => ({ value, label: words.statuses[value] })),
            ]}
          />
        </search>
      )}
      {!shown ? (
        <Bones />
      ) : items.length ? (
        <>
          <ul class="list" aria-label={words.title} ref={landed(page)}>
            {items.map((item) => (
              <Row page={page} item={item} key={item.id} />
            ))}
          </ul>
          {shown.nextCursor && (
            <p class="further">
              <Button onClick={more}>{words.more}</Button>
            </p>
          )}
        </>
      ) : isAsking ? (
        <Lesson
          title={words.noMatch(asked.q)}
          text=""
          action={{ label: words.showAll, run: () => ask({ q: "", status: "" }) }}
        />
      ) : (
        !isCreating && (
          <Lesson
            title={words.noneYet}
            text={page.mayBuild ? words.noneYetWhy : words.noneYetFor}
            action={page.mayBuild ? { label: words.createFirst, run: create } : undefined}
          />
        )
      )}
      <p class="hints">
        <span role="status">{shown && isAsking && items.length > 0 && words.found(items.length)}</span>
        <Button quiet onClick={() => page.set({ showsKeys: !page.state.showsKeys })}>
          {words.keys} <kbd>?</kbd>
        </Button>
      </p>
    </>
  );
}

/** Back from one of them, the keyboard goes on where it was. */
const landed = (page: Page) => (list: Element | null) => {
  if (!list || !page.takesFocus) return;
  page.takesFocus = false;
  focusIn(list, `[data-id="${page.cameFrom}"]`);
};

function Row({ page, item }: { page: Page; item: Summary }) {
  const { words } = page;
  const { id, name, status, stepCount, active, paused, completed, visibility } = item;
  return (
    <li class={status === "archived" ? "over" : undefined}>
      <button type="button" class="opens" data-id={id} onClick={() => page.open(id)}>
        {name}
      </button>
      <p class="about">
        <Status page={page} status={status} />
        <span>{words.steps(stepCount)}</span>
        {visibility === "private" && <span>{words.private}</span>}
      </p>
      {/* What was never published has nobody in it. */}
      <p class="counts" hidden={status === "draft"}>
        <span class={active ? "some" : undefined}>{words.active(countOf(page, active))}</span>
        <span class={paused ? "some" : undefined}>{words.paused(countOf(page, paused))}</span>
        <span class={completed ? "some" : undefined}>{words.completed(countOf(page, completed))}</span>
      </p>
    </li>
  );
}

function useList(page: Page) {
  const [shown, show] = useState<Shown | null>(null);
  const [asked, setAsked] = useState(page.asked);
  const asking = useRef<AbortController | null>(null);

  async function load(pages: number): Promise<void> {
    asking.current?.abort();
    asking.current = new AbortController();
    const { signal } = asking.current;
    const { q, status } = page.asked;
    const items: Summary[] = [];
    let cursor: string | undefined;
    try {
      for (let turn = 0; turn < pages; turn++) {
        const query = {
          limit: perPage,
          ...(q.trim() && { q: q.trim() }),
          ...(status && { status }),
          ...(cursor && { cursor }),
        };
        const answer = await page.client("sequences.list", { query, signal });
        items.push(...answer.items);
        cursor = answer.nextCursor ?? undefined;
        if (!cursor) break;
      }
      if (!signal.aborted) show({ items, nextCursor: cursor ?? null, pages });
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      // Offline is told at the top, and looked at again by itself.
      if (failure.code !== "unreachable") page.failed(page.words.title, failure, () => void load(pages));
    }
  }

  const isFirst = useRef(true);
  useEffect(() => {
    const timer = setTimeout(() => void load(1), isFirst.current ? 0 : restMs);
    isFirst.current = false;
    return () => clearTimeout(timer);
  }, [asked.q, asked.status, page.turn]);
  useEffect(() => () => asking.current?.abort(), []);
  useLive(() => void load(Math.min(shown?.pages ?? 1, pagesMax)));

  return {
    shown,
    asked,
    ask(next: Page["asked"]) {
      page.asked = next;
      setAsked(next);
    },
    more: () => void load((shown?.pages ?? 1) + 1),
  };
}
