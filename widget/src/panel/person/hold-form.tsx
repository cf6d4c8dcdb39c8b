/** Until which day, whether they asked for it, and a note. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Field } from "../../parts/field.tsx";
import { dropDrafts, useDraft } from "../drafts.ts";
import { cityOf } from "../formats.ts";
import { firstNameOf } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { type HoldPreset, holdDays, holdEnd, holdPresets } from "./hold-days.ts";
import { texts } from "./hold-words.ts";
import type { WantedHold } from "./holding.ts";

type Props = {
  panel: PanelContext;
  /** @returns null where it was refused: the panel has said so. */
  place(wanted: WantedHold): Promise<unknown>;
};

export function HoldForm({ panel, place }: Props) {
  const t = texts[panel.language];
  const { contact, zone } = panel.state.record!;
  const now = panel.now();
  const [chosen, choose] = useState<HoldPreset | "day">("tomorrow");
  const [day, setDay] = useState("");
  const [isAsked, setAsked] = useState(false);
  const [note, setNote] = useDraft(panel, `hold ${contact.id}`);
  const [error, setError] = useState("");
  const days = holdDays(now, zone);
  const end = holdEnd(chosen === "day" ? day : days[chosen], now, zone);
  const wrong = { no_day: t.noDay, over: t.over, too_far: t.tooFar };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (panel.state.busy) return;
    setError(typeof end === "number" ? "" : wrong[end]);
    if (typeof end !== "number") return;
    const untilAt = new Date(end).toISOString();
    const placed = await place({
      kind: isAsked ? "requested" : "manual",
      untilAt,
      note: note.trim() || null,
    });
    if (placed) dropDrafts(panel, `hold ${contact.id}`);
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Choice
        name="until"
        label={t.until}
        options={[...holdPresets, "day" as const].map((value) => ({ value, label: t.presets[value] }))}
        value={chosen}
        onValue={(value) => choose(value as HoldPreset | "day")}
      />
      {chosen === "day" && (
        <Field
          name="day"
          type="date"
          label={t.day}
          value={day}
          onValue={setDay}
          error={error}
          hint={t.dayHint(cityOf(zone))}
          control={{ min: days.tomorrow }}
        />
      )}
      <label class="check">
        <input type="checkbox" checked={isAsked} onInput={() => setAsked(!isAsked)} />
        {t.asked(firstNameOf(contact))}
      </label>
      <Field
        name="note"
        label={t.note}
        hint={t.noteHint}
        value={note}
        onValue={setNote}
        control={{ maxLength: 500 }}
      />
      <div class="row">
        <Button submit go busy={panel.state.busy === "hold"}>
          {typeof end === "number" ? t.place(panel.formats.date(end, zone)) : t.hold}
        </Button>
      </div>
    </form>
  );
}
