/** Leaving somebody alone: until a day, across everything they are in, or for good. And what of that is in place. */
import { Button } from "../../parts/button.tsx";
import { adopting } from "../../styles/adopt.ts";
import { firstNameOf } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import type { ViewProps } from "../views.ts";
import css from "./hold.css?inline";
import { HoldForm } from "./hold-form.tsx";
import { texts } from "./hold-words.ts";
import { placeHold, releaseHold } from "./holding.ts";
import { NeverForm } from "./never-form.tsx";

const styled = adopting(css);

export default function HoldView({ panel }: ViewProps<"hold">) {
  const t = texts[panel.language];
  const { record } = panel.state;
  if (!record) return null;
  const { hold, suppression, contact, may } = record;
  const name = firstNameOf(contact);
  return (
    <div ref={styled}>
      {suppression && <Stopped panel={panel} />}
      {hold && <Held panel={panel} />}
      {!may.enroll && !hold && !suppression && <p class="block soft">{panel.words.readOnly}</p>}
      {may.enroll && !hold && !suppression && (
        <div class="block now">
          <h3>{t.title(name)}</h3>
          <p>{t.why}</p>
          <HoldForm panel={panel} place={(wanted) => placeHold(panel, wanted)} />
        </div>
      )}
      {may.suppress && contact.email && !suppression && <NeverForm panel={panel} email={contact.email} />}
    </div>
  );
}

function Held({ panel }: { panel: PanelContext }) {
  const t = texts[panel.language];
  const { formats } = panel;
  const { hold, may, zone } = panel.state.record!;
  const { untilAt, createdAt, kind, note } = hold!;
  return (
    <div class="block now">
      <p class="state">
        <i class="mark wait" />
        {t.since(formats.when(Date.parse(createdAt), panel.now()), t.kinds[kind])}
      </p>
      <h3>{t.held(formats.date(Date.parse(untilAt), zone))}</h3>
      {note && <p>{note}</p>}
      {may.enroll && (
        <>
          <div class="row">
            <Button go busy={panel.state.busy === "release"} onClick={() => void releaseHold(panel)}>
              {t.release}
            </Button>
          </div>
          <details class="more">
            <summary>{t.other}</summary>
            <HoldForm panel={panel} place={(wanted) => placeHold(panel, wanted)} />
          </details>
        </>
      )}
    </div>
  );
}

function Stopped({ panel }: { panel: PanelContext }) {
  const t = texts[panel.language];
  const { suppression, contact } = panel.state.record!;
  const { kind, reason, createdAt } = suppression!;
  return (
    <div class="block now">
      <p class="state">
        <i class="mark stop" />
        {t.since(panel.formats.when(Date.parse(createdAt), panel.now()), t.reasons[reason])}
      </p>
      <h3>{t.stopped(firstNameOf(contact))}</h3>
      {kind === "domain" && <p>{t.domain}</p>}
    </div>
  );
}
