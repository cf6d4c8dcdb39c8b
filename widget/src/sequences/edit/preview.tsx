/** How a real person would read the step that is being written, and when they would hear what. Nothing is changed by it. */
import type { AnswerOf } from "@cadenza/shared/client";
import { useEffect, useState } from "preact/hooks";
import { Field } from "../../parts/field.tsx";
import { failureOf } from "../failure.ts";
import { restMs } from "../live.ts";
import type { Page, Person } from "../page.ts";
import { type DraftStep, isEmail } from "./draft.ts";
import type { Editing } from "./editing.ts";
import { problemsOf, type Texts, useCheck } from "./use-check.ts";

type Props = { page: Page; editing: Editing; step: DraftStep; texts: Texts };
type Calendar = AnswerOf<"sequences.preview">;

export function Preview({ page, editing, step, texts }: Props) {
  const { words } = page;
  const [reader, setReader] = useState(page.reader);
  return (
    <aside class="preview" aria-label={words.preview}>
      <Reader
        page={page}
        step={step}
        reader={reader}
        choose={(person) => {
          page.reader = person;
          setReader(person);
        }}
      />
      {reader ? (
        <>
          <Read page={page} step={step} texts={texts} reader={reader} />
          <Dates page={page} editing={editing} reader={reader} />
        </>
      ) : (
        <p class="plain">{words.choosePerson}</p>
      )}
    </aside>
  );
}

/** Found by the beginning of a name or an address. */
function Reader({
  page,
  step,
  reader,
  choose,
}: {
  page: Page;
  step: DraftStep;
  reader: Person | null;
  choose(person: Person | null): void;
}) {
  const { words } = page;
  const [typed, setTyped] = useState(reader ? nameOf(reader) : "");
  const [found, setFound] = useState<Person[] | null>(null);
  const isChosen = reader !== null && typed === nameOf(reader);
  useEffect(() => {
    const q = typed.trim();
    if (isChosen || !q) return setFound(null);
    const asking = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const query = { q: q.slice(0, 100), limit: 6 };
        const { items } = await page.client("contacts.list", { query, signal: asking.signal });
        if (!asking.signal.aborted) setFound(items);
      } catch (error) {
        if (!asking.signal.aborted) page.failed(words.previewWith, failureOf(error));
      }
    }, restMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [typed, isChosen]);
  return (
    <div class="reader">
      <Field
        name={`reader-${step.key}`}
        label={words.previewWith}
        value={typed}
        onValue={setTyped}
        {...(!reader && { hint: words.previewHint })}
        control={{
          maxLength: 100,
          autoComplete: "off",
          onFocus: selectAll,
          onKeyDown: (event: KeyboardEvent) => event.key === "Escape" && setFound(null),
        }}
      />
      <div role="status">{found && found.length === 0 && <p class="plain small">{words.nobodyFound}</p>}</div>
      {found && found.length > 0 && (
        <ul class="found">
          {found.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                onClick={() => {
                  choose(person);
                  setTyped(nameOf(person));
                  setFound(null);
                }}
              >
                {nameOf(person)}
                <small>{person.company?.name ?? person.email}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const selectAll = (event: Event) => (event.currentTarget as HTMLInputElement).select();

function Read({ page, step, texts, reader }: { page: Page; step: DraftStep; texts: Texts; reader: Person }) {
  const { words } = page;
  const checked = useCheck(page, texts, reader.id);
  const rendered = checked?.rendered;
  const problems = [...new Set(checked?.problems.map(({ detail }) => detail))];
  const first = isEmail(step.type) ? "subject" : "title";
  return (
    <div class="letter" aria-live="polite">
      {rendered && (
        <>
          <p class="first">
            {rendered[first] || (first === "subject" && !problemsOf(checked, first).length && words.inThread)}
          </p>
          <p class="words">{rendered.body}</p>
        </>
      )}
      {problems.length > 0 && <p class="wrong">{problems.join(" ")}</p>}
    </div>
  );
}

/** The whole calendar, by the rules that carry it out, of what is saved. */
function Dates({ page, editing, reader }: { page: Page; editing: Editing; reader: Person }) {
  const { words, dates } = page;
  const [calendar, setCalendar] = useState<Calendar | null>(null);
  const { id, rev } = editing.sequence;
  const isSaved = editing.state.is === "saved";
  useEffect(() => {
    if (!isSaved) return;
    const asking = new AbortController();
    page
      .client("sequences.preview", {
        params: { id },
        body: { contactId: reader.id, draft: true },
        signal: asking.signal,
      })
      .then(
        (answer) => asking.signal.aborted || setCalendar(answer),
        () => asking.signal.aborted || setCalendar(null),
      );
    return () => asking.abort();
  }, [id, rev, isSaved, reader.id]);
  if (!calendar?.touches.length) return null;
  const name = reader.firstName || nameOf(reader);
  return (
    <details class="calendar">
      <summary>{words.calendar(name)}</summary>
      <ol>
        {calendar.touches.map(({ stepId, stepName, at, zone, reason, conditional, problem }) => (
          <li key={stepId}>
            <b>{stepName}</b>
            <time>{at ? dates.both(at, zone) : words.onHold}</time>
            <small>
              {[problem?.detail, words.waits[reason], conditional && words.conditional]
                .filter(Boolean)
                .join(" · ")}
            </small>
          </li>
        ))}
      </ol>
      {!isSaved && <p class="plain small">{words.calendarSoon}</p>}
    </details>
  );
}

const nameOf = ({ firstName, lastName, email }: Person): string =>
  [firstName, lastName].filter(Boolean).join(" ") || (email ?? "");
