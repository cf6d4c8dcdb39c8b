/** When a task is due again: a few mornings, or a time of one's own. On the clock of the person it is about. */
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { Choice } from "../../parts/choice.tsx";
import { Field } from "../../parts/field.tsx";
import { useDraft } from "../drafts.ts";
import { cityOf } from "../formats.ts";
import type { PanelTask } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { instantOf, wallTimeOf } from "../wall-time.ts";
import { differs } from "../zones.ts";
import { snoozeTimes } from "./snooze-times.ts";
import { draftKeys, snooze } from "./task-deeds.ts";
import { taskTexts } from "./words.ts";

export function Snooze({ panel, task }: { panel: PanelContext; task: PanelTask }) {
  const t = taskTexts[panel.language];
  const { formats, yourZone } = panel;
  const zone = panel.state.record?.zone ?? yourZone;
  // As they were when this was opened: what somebody is about to press must not move.
  const [times] = useState(() => snoozeTimes(panel.now(), zone));
  const [chosen, choose] = useState(String(times[1]));
  const [other, setOther] = useDraft(panel, draftKeys(task).until);
  const [error, setError] = useState("");
  const isOther = chosen === "other";
  const at = isOther ? instantOf(other, zone) : Number(chosen);
  const inZone = zone === yourZone ? "" : t.inTime(cityOf(zone));
  const yours = at && differs(at, zone, yourZone) ? t.forYou(formats.when(at, panel.now(), yourZone)) : "";
  const options = [
    ...times.map((time) => ({ value: String(time), label: formats.when(time, panel.now(), zone) })),
    { value: "other", label: t.otherTime },
  ];
  const put = () => {
    if (at === null) return setError(t.noTime);
    if (at <= panel.now()) return setError(t.past);
    setError("");
    void snooze(panel, task, at);
  };
  return (
    <div class="later">
      <Choice name="until" label={t.until} options={options} value={chosen} onValue={choose} />
      {isOther && (
        <Field
          name="until-other"
          type="datetime-local"
          label={t.otherTime}
          value={other}
          onValue={setOther}
          error={error}
          control={{ min: wallTimeOf(panel.now(), zone) }}
        />
      )}
      {(inZone || yours) && <p class="effect">{[inZone, yours].filter(Boolean).join(", ")}</p>}
      <div class="row">
        <Button busy={panel.state.busy === `snooze${task.id}`} onClick={put}>
          {t.snooze}
        </Button>
      </div>
    </div>
  );
}
