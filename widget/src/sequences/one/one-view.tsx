/** One sequence: its name and how it stands, what can be done with it, its steps, from where and when, who is in it. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Bones, Lesson } from "../app.tsx";
import { Clashes } from "../edit/clashes.tsx";
import type { Editing } from "../edit/editing.ts";
import { SaveLine } from "../edit/save-line.tsx";
import { Settings } from "../edit/settings.tsx";
import { Steps } from "../edit/steps.tsx";
import { useFocus } from "../focus.ts";
import { countOf, Status } from "../list/status.tsx";
import type { Page } from "../page.ts";
import { Doings } from "./doings.tsx";
import { People } from "./people.tsx";
import { useEditing, useFacts } from "./use-one.ts";

export function OneView({ page, id }: { page: Page; id: string }) {
  const { words } = page;
  const { editing, failure } = useEditing(page, id);
  const back = () => {
    void editing?.flush();
    page.open(null);
  };
  const [openKey, setOpenKey] = useState<string | null>(null);
  const top = useFocus<HTMLElement>("button", page.takesFocus);
  return (
    <>
      <header class="way" ref={top}>
        <Button quiet onClick={back}>
          <span class="arrow" aria-hidden="true" /> {words.back}
        </Button>
        {editing && mayEdit(page, editing) && <SaveLine page={page} editing={editing} open={setOpenKey} />}
      </header>
      {editing ? (
        <Known page={page} id={id} editing={editing} openKey={openKey} open={setOpenKey} />
      ) : failure ? (
        <Lesson
          title={failure.code === "unreachable" ? words.unreachable : words.noAccess}
          text={failure.code === "unreachable" ? words.unreachableWhy : failure.detail}
          action={{ label: words.back, run: back }}
        />
      ) : (
        <Bones />
      )}
    </>
  );
}

const mayEdit = (page: Page, { sequence }: Editing): boolean =>
  page.mayBuild && sequence.status !== "archived";

function Known({
  page,
  id,
  editing,
  openKey,
  open,
}: {
  page: Page;
  id: string;
  editing: Editing;
  openKey: string | null;
  open(key: string | null): void;
}) {
  const { words } = page;
  const { sequence, draft } = editing;
  const facts = useFacts(page, id, sequence.name, `${sequence.status}${sequence.versionId}`);
  const isEditable = mayEdit(page, editing);
  const { summary } = facts;
  return (
    <>
      <div class="head">
        <h2 class={isEditable ? "unseen" : undefined}>{draft.name}</h2>
        {isEditable && (
          <input
            class="name"
            aria-label={words.rename}
            value={draft.name}
            maxLength={120}
            autoComplete="off"
            aria-invalid={!draft.name.trim() || undefined}
            onInput={(event) => {
              const name = event.currentTarget.value;
              editing.change((before) => ({ ...before, name }));
            }}
          />
        )}
        <p class="about">
          <Status page={page} status={sequence.status} />
          {summary && sequence.versionId && (
            <>
              <span>{words.active(countOf(page, summary.active))}</span>
              <span>{words.paused(countOf(page, summary.paused))}</span>
              <span>{words.completed(countOf(page, summary.completed))}</span>
            </>
          )}
          {facts.version && <span>{words.published(page.dates.day(facts.version.publishedAt))}</span>}
        </p>
        {!page.mayBuild && <p class="plain">{words.readOnly}</p>}
        {sequence.status === "archived" && <p class="plain">{words.archivedNote}</p>}
        {sequence.status === "paused" && <p class="plain">{words.pausedNote}</p>}
        {isEditable && <Doings page={page} editing={editing} facts={facts} open={open} />}
      </div>
      {editing.state.is === "clashed" && (
        <Clashes page={page} editing={editing} clashes={editing.state.clashes} />
      )}
      <Steps
        page={page}
        editing={editing}
        numbers={facts.numbers}
        mayEdit={isEditable}
        openKey={openKey}
        open={open}
      />
      <Settings page={page} editing={editing} mayEdit={isEditable} />
      <People page={page} id={id} sequence={sequence} steps={draft.steps} />
    </>
  );
}
