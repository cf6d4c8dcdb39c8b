/** What texts of the sequence use and the person lacks: each with its field, to be filled in here and now. */
import type { PanelContext } from "../open.ts";
import { fieldTexts, nameOfGap } from "../person/field-words.ts";
import { fill } from "../person/fill.ts";
import { gapOf } from "../person/gap.ts";
import { GapForm } from "../person/gap-form.tsx";
import { texts as personTexts } from "../person/words.ts";
import type { Touches } from "./first.tsx";
import { texts } from "./words.ts";

type Props = { panel: PanelContext; touches: Touches; filled(): void };

export function Gaps({ panel, touches, filled }: Props) {
  const missing = new Map<string, string[]>();
  for (const { problem, stepName } of touches) {
    if (problem?.reason !== "missing_variable") continue;
    missing.set(problem.detail, [...(missing.get(problem.detail) ?? []), stepName]);
  }
  return (
    <>
      {[...missing].map(([variable, steps]) => (
        <OneGap key={variable} panel={panel} variable={variable} steps={steps} filled={filled} />
      ))}
    </>
  );
}

function OneGap({
  panel,
  variable,
  steps,
  filled,
}: Pick<Props, "panel" | "filled"> & { variable: string; steps: string[] }) {
  const t = texts[panel.language];
  const gap = gapOf(variable, panel.state.record!);
  if (!gap) return <p class="block warn">{t.missingElsewhere(variable)}</p>;
  // No address is no missing word: why nobody can be enrolled without one is said, with its field, at the button.
  if (gap.field === "email") return null;
  const label = personTexts[panel.language].save;
  const name = `fill ${variable}`;
  const named = steps.slice(0, 3).map((step) => quoted(step, panel.language));
  const save = async (value: string) => {
    const answer = await panel.act({
      name,
      what: label,
      request: (client) => fill(panel, client, gap, value),
      done: ({ wrong }) => wrong === null && filled(),
    });
    return answer ? answer.wrong : undefined;
  };
  return (
    <div class="block">
      <h3 class="gap">{t.missing(nameOfGap(gap, fieldTexts[panel.language]))}</h3>
      <p class="soft">{t.missingWhy(named.join(", ") + (steps.length > named.length ? " …" : ""))}</p>
      <GapForm panel={panel} gap={gap} label={label} name={name} save={save} />
    </div>
  );
}

const quotes = { en: "“”", de: "„“", es: "«»", fr: "«»" };
const quoted = (text: string, language: keyof typeof quotes): string => {
  const space = language === "fr" ? "\u00a0" : "";
  return quotes[language][0] + space + text + space + quotes[language][1];
};
