/** Finding a sequence by a part of its name: a field that arrow keys lead through its results and Enter chooses from. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import type { PanelContext } from "../open.ts";
import { cadenzaAddress } from "./cadenza-address.ts";
import type { PanelSequence } from "./choices.ts";
import { recentFirst } from "./recent.ts";
import { useLiveAnswer } from "./use-live-answer.ts";
import { texts } from "./words.ts";

type Props = {
  panel: PanelContext;
  q: string;
  setQ(q: string): void;
  isBack: boolean;
  choose(sequence: PanelSequence): void;
};

/** As many as are looked through at a glance, without a list that scrolls inside the host's page. */
const shownMax = 8;
const typingMs = 150;

export function SequenceSearch({ panel, q, setQ, isBack, choose }: Props) {
  const t = texts[panel.language];
  const part = q.trim();
  const [at, setAt] = useState(0);
  const place = useRef<HTMLDivElement>(null);
  const { answer, isCurrent, failure, again } = useLiveAnswer(
    panel,
    part,
    (signal) => {
      const query = { status: "active" as const, limit: shownMax, ...(part && { q: part }) };
      return panel.client("sequences.list", { query, signal });
    },
    part ? typingMs : 0,
  );
  useLayoutEffect(() => {
    if (isBack) place.current?.querySelector("input")?.focus({ preventScroll: true });
  }, [isBack]);

  const found = recentFirst(answer?.items ?? []);
  const marked = Math.min(at, found.length - 1);
  if (answer && isCurrent && !found.length && !part) return <None panel={panel} />;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      setAt((marked + step + found.length) % found.length);
    }
    // Not what was found for another word.
    if (event.key === "Enter" && isCurrent && found[marked]) {
      event.preventDefault();
      choose(found[marked]);
    }
  };
  return (
    <div class="block" ref={place}>
      <Field
        name="sequence"
        label={t.sequence}
        value={q}
        onValue={(text) => {
          setQ(text);
          setAt(0);
        }}
        focus
        control={{
          role: "combobox",
          "aria-expanded": found.length > 0,
          "aria-controls": "sequences",
          "aria-autocomplete": "list",
          "aria-activedescendant": found.length ? `sequence-${marked}` : undefined,
          autoComplete: "off",
          spellCheck: false,
          maxLength: 120,
          placeholder: t.search,
          onKeyDown,
        }}
      />
      {failure ? (
        <div class="said">
          <p>{t.notRead}</p>
          <Button onClick={again}>{panel.words.retry}</Button>
        </div>
      ) : (
        <div id="sequences" role="listbox" aria-label={t.sequence} aria-busy={!isCurrent}>
          {found.map((sequence, index) => (
            <Option
              key={sequence.id}
              panel={panel}
              sequence={sequence}
              index={index}
              isMarked={index === marked}
              choose={choose}
            />
          ))}
        </div>
      )}
      {!answer && !failure && <p class="bone" />}
      <p class="said" role="status">
        {answer && isCurrent && (found.length ? (answer.nextCursor ? t.more : "") : t.noHits(part))}
        {answer && isCurrent && found.length > 0 && part && (
          <span class="unseen">{t.found(found.length)}</span>
        )}
      </p>
    </div>
  );
}

function Option({
  panel,
  sequence,
  index,
  isMarked,
  choose,
}: Pick<Props, "panel" | "choose"> & { sequence: PanelSequence; index: number; isMarked: boolean }) {
  const t = texts[panel.language];
  const { id, name, stepCount, active, paused } = sequence;
  const isIn = panel.state.record!.enrollments.some(
    ({ sequenceId, endedAt }) => sequenceId === id && endedAt === null,
  );
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field it belongs to has the keys
    <div
      id={`sequence-${index}`}
      role="option"
      tabIndex={-1}
      aria-selected={isMarked}
      // The focus stays in the field.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => choose(sequence)}
    >
      <b>{name}</b>
      <small>
        {t.facts(stepCount, active + paused)}
        {isIn && ` · ${t.alreadyIn}`}
      </small>
    </div>
  );
}

/** Nothing is published: what a sequence is, and where one is made by whoever may. */
function None({ panel }: { panel: PanelContext }) {
  const t = texts[panel.language];
  const { build } = panel.state.record!.may;
  return (
    <div class="block now">
      <h3>{t.none}</h3>
      <p>{build ? t.noneBuild : t.noneWhy}</p>
      {build && (
        <div class="row">
          <a class="go" href={cadenzaAddress(panel)} target="_blank" rel="noopener">
            {t.openCadenza}
          </a>
        </div>
      )}
    </div>
  );
}
