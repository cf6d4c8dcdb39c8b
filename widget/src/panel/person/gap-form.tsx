/** The field for exactly what is missing, and the button that saves it. What is typed stays until it was saved. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Field } from "../../parts/field.tsx";
import { dropDrafts, useDraft } from "../drafts.ts";
import type { PanelContext } from "../open.ts";
import { fieldTexts, nameOfGap } from "./field-words.ts";
import { type Gap, wrongIn } from "./gap.ts";

type Props = {
  panel: PanelContext;
  gap: Gap;
  label: string;
  go?: boolean;
  focus?: boolean;
  /** What else stands beside the button. */
  beside?: import("preact").ComponentChildren;
  /** Busy by this name. */
  name: string;
  /** @returns what is wrong with it, null where it was saved, undefined where the panel has said what failed. */
  save(value: string): Promise<string | null | undefined>;
};

export function GapForm({ panel, gap, label, go, focus, beside, name, save }: Props) {
  const said = fieldTexts[panel.language];
  const draft = `gap ${panel.state.record!.contact.id} ${gap.variable}`;
  const [value, setValue] = useDraft(panel, draft);
  const [error, setError] = useState("");
  const isBusy = panel.state.busy === name;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    const wrong = wrongIn(gap, value);
    setError(wrong ? said.wrong[wrong] : "");
    if (wrong) return;
    const refused = await save(value);
    if (refused) setError(refused);
    else if (refused === null) dropDrafts(panel, draft);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Field
        name={gap.variable}
        label={nameOfGap(gap, said)}
        type={gap.type}
        value={value}
        onValue={setValue}
        error={error}
        focus={focus}
        control={{ maxLength: 2_000, autoComplete: "off" }}
      />
      <div class="row">
        <Button submit go={go} busy={isBusy}>
          {label}
        </Button>
        {beside}
      </div>
    </form>
  );
}
