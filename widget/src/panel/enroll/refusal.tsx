/** Why somebody is not enrolled, in words, with the way out where there is one. */
import type { EnrollRefusal } from "@cadenza/shared/vocabulary";
import { Button } from "../../parts/button.tsx";
import { firstNameOf } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { fill } from "../person/fill.ts";
import { gapOf } from "../person/gap.ts";
import { GapForm } from "../person/gap-form.tsx";
import { releaseHold } from "../person/holding.ts";
import { texts as personTexts } from "../person/words.ts";
import { cadenzaAddress } from "./cadenza-address.ts";
import type { PanelSequence } from "./choices.ts";
import { refusalTexts } from "./refusal-words.ts";

type Props = {
  panel: PanelContext;
  code: EnrollRefusal;
  sequence: PanelSequence;
  again(): void;
  /** What stood in the way may be gone. */
  clear(): void;
};

export function Refusal({ panel, code, sequence, again, clear }: Props) {
  const said = refusalTexts[panel.language];
  const { contact, hold, enrollments, zone } = panel.state.record!;
  const name = firstNameOf(contact);
  const before = enrollments.find(
    ({ sequenceId, endedAt }) => sequenceId === sequence.id && endedAt !== null,
  );
  const [title, text] = said.why[code]({
    name,
    email: contact.email ?? "",
    until: hold ? panel.formats.date(Date.parse(hold.untilAt), zone) : "",
    ended: panel.words.ended[before?.reason ?? ""]?.(name) ?? "",
  });
  return (
    <div class="refusal" role="alert">
      <b>{title}</b>
      <p>{text}</p>
      <WayOut panel={panel} code={code} again={again} clear={clear} />
    </div>
  );
}

function WayOut({ panel, code, again, clear }: Omit<Props, "sequence">) {
  const said = refusalTexts[panel.language];
  const { hold } = panel.state.record!;
  if (code === "enrolled_before") {
    return (
      <div class="row">
        <Button busy={panel.state.busy === "enroll"} onClick={again}>
          {said.again}
        </Button>
      </div>
    );
  }
  if (code === "on_hold") {
    // Whoever asked for it is left alone: where it came from can be looked at first.
    const isAsked = hold?.kind === "requested";
    const release = async () => {
      if (await releaseHold(panel)) clear();
    };
    return (
      <div class="row">
        {isAsked ? (
          <Button onClick={() => panel.show({ name: "hold" })}>{said.hold}</Button>
        ) : (
          <Button busy={panel.state.busy === "release"} onClick={() => void release()}>
            {said.release}
          </Button>
        )}
      </div>
    );
  }
  if (code === "no_email" || code === "invalid_email") return <Address panel={panel} clear={clear} />;
  if (code === "no_mailbox") {
    return (
      <div class="row">
        <a class="button" href={cadenzaAddress(panel)} target="_blank" rel="noopener">
          {said.openCadenza}
        </a>
      </div>
    );
  }
  return null;
}

function Address({ panel, clear }: Pick<Props, "panel" | "clear">) {
  const gap = gapOf("contact.email", panel.state.record!)!;
  const label = personTexts[panel.language].save;
  const save = async (value: string) => {
    const answer = await panel.act({
      name: "address",
      what: label,
      request: (client) => fill(panel, client, gap, value),
      done: ({ wrong }) => wrong === null && clear(),
    });
    return answer ? answer.wrong : undefined;
  };
  return <GapForm panel={panel} gap={gap} label={label} name="address" save={save} />;
}
