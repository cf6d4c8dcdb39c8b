/** From which mailbox, and from when on. */
import type { AnswerOf } from "@cadenza/shared/client";
import { Choice } from "../../parts/choice.tsx";
import { Field } from "../../parts/field.tsx";
import { cityOf } from "../formats.ts";
import type { PanelContext } from "../open.ts";
import { wallTimeOf } from "../wall-time.ts";
import type { Chosen } from "./enroll-view.tsx";
import { texts } from "./words.ts";

type Props = {
  panel: PanelContext;
  zone: string;
  /** None where the sequence sends no mail by itself. */
  mailboxes: AnswerOf<"mailboxes.list">["items"];
  /** `""`: the sequence's own, which is not for this person to choose. */
  mailboxId: string | null;
  chosen: Chosen;
  choose(changed: Partial<Chosen>): void;
  wrong: "no_date" | "over" | null;
};

export function Choosing({ panel, zone, mailboxes, mailboxId, chosen, choose, wrong }: Props) {
  const t = texts[panel.language];
  const own = mailboxId === "" ? [{ value: "", label: t.itsMailbox }] : [];
  const options = [...own, ...mailboxes.map(({ id, address }) => ({ value: id, label: address }))];
  const [only] = options;
  return (
    <>
      {options.length > 1 && (
        <Field
          name="from"
          label={t.from}
          value={mailboxId ?? ""}
          onValue={(id) => choose({ mailboxId: id })}
          options={options}
        />
      )}
      {options.length === 1 && (
        <p class="from">
          {t.from} <b>{only!.label}</b>
        </p>
      )}
      <Choice
        name="start"
        label={t.start}
        options={(["now", "at"] as const).map((value) => ({ value, label: t.starts[value] }))}
        value={chosen.isNow ? "now" : "at"}
        onValue={(value) => choose({ isNow: value === "now" })}
      />
      {!chosen.isNow && (
        <Field
          name="start-at"
          type="datetime-local"
          label={t.notBefore(cityOf(zone))}
          value={chosen.wallTime}
          onValue={(wallTime) => choose({ wallTime })}
          error={wrong && (wrong === "over" ? t.dateOver : t.noDateGiven)}
          control={{ min: wallTimeOf(panel.now(), zone) }}
        />
      )}
    </>
  );
}
