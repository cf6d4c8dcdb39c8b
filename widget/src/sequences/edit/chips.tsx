/** What a text may read of the person, to be put in at the caret. In the text it is text, and goes like any other. */
import type { AnswerOf } from "@cadenza/shared/client";
import { useEffect, useState } from "preact/hooks";
import type { Page } from "../page.ts";

type MergeField = AnswerOf<"mergeFields.list">["items"][number];

/** Those that most mails have; the others come on request. */
const usual = ["contact.first_name", "company.name", "contact.title", "sender.name"];

export function Chips({ page, into, insert }: { page: Page; into: string; insert(text: string): void }) {
  const { words } = page;
  const [fields, setFields] = useState<MergeField[]>([]);
  const [showsAll, setShowsAll] = useState(false);
  useEffect(() => {
    page
      .once("merge-fields", (client) => client("mergeFields.list"))
      .then(
        ({ items }) => setFields(items),
        // Without them one writes them by hand.
        () => {},
      );
  }, [page.turn]);
  if (!fields.length) return null;
  const shown = showsAll ? fields : fields.filter(({ path }) => usual.includes(path));
  return (
    <fieldset class="chips">
      <legend>{words.insertInto(into)}</legend>
      {shown.map(({ path, label, sample }) => {
        const name = words.fields[path] ?? label;
        return (
          <button
            type="button"
            key={path}
            title={sample ?? undefined}
            aria-label={words.insert(name, into)}
            // The text keeps its caret.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => insert(`{{ ${path} }}`)}
          >
            {name}
          </button>
        );
      })}
      <button
        type="button"
        class="quiet"
        aria-expanded={showsAll}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => setShowsAll(!showsAll)}
      >
        {showsAll ? words.fewerFields : words.moreFields}
      </button>
    </fieldset>
  );
}
