/** What is seen first: every state a record can be in, its enrollments, what is to be done, and what happened. */
import { Button } from "../parts/button.tsx";
import { Bones } from "./draw.tsx";
import { EnrollmentBlock } from "./enrollment-block.tsx";
import { firstNameOf } from "./headline.ts";
import type { PanelContext } from "./open.ts";
import { Tasks } from "./tasks.tsx";

export function FirstScreen({ panel }: { panel: PanelContext }) {
  const { record, phase } = panel.state;
  if (record) return <Known panel={panel} />;
  return phase === "loading" ? <Bones /> : <Unreachable panel={panel} />;
}

/** In place of the record, or of a view that could not be fetched. */
export function Unreachable({ panel: { words, show, refresh, state } }: { panel: PanelContext }) {
  const { view } = state;
  return (
    <Plain title={words.unreachable} text={words.unreachableWhy}>
      <Button onClick={() => void (view ? show({ ...view }) : refresh())}>{words.retry}</Button>
    </Plain>
  );
}

function Known({ panel }: { panel: PanelContext }) {
  const { words, formats, state, Happened } = panel;
  const record = state.record!;
  const { enrollments, hold, suppression, contact, may, timeline } = record;
  const name = firstNameOf(contact);
  const never = suppression && words.ended.suppressed!(name);
  const mayEnroll = may.enroll && !never;
  const live = enrollments.filter(({ endedAt }) => endedAt === null);
  const shown = live[0] ? live : enrollments.slice(0, 1);
  return (
    <>
      {never && shown[0] && <p class="strip bad">{never}</p>}
      {hold && (
        <p class="strip">{words.onHold(formats.when(Date.parse(hold.untilAt), panel.now(), record.zone))}</p>
      )}
      {shown.map((enrollment) => (
        <EnrollmentBlock panel={panel} enrollment={enrollment} key={enrollment.id} />
      ))}
      {!shown[0] && (
        <div class="block now">
          <p class="state">
            <i class="mark none" />
            {words.states.none}
          </p>
          <h3>{never || words.start(name)}</h3>
          {!never && <p>{mayEnroll ? words.startWhy : words.readOnly}</p>}
          {mayEnroll && (
            <div class="row">
              <Button go onClick={() => panel.show({ name: "enroll" })}>
                {words.enroll(name)}
              </Button>
            </div>
          )}
        </div>
      )}
      {shown[0] && mayEnroll && (
        <div class="block">
          <Button quiet onClick={() => panel.show({ name: "enroll" })}>
            {live[0] ? words.enrollMore : words.enrollAgain}
          </Button>
        </div>
      )}
      <Tasks panel={panel} />
      {/* As high before it is here as it will be then. */}
      <div class="block" style={{ minHeight: 86 + 26 * Math.min(4, timeline.items.length) }}>
        {Happened && <Happened panel={panel} />}
      </div>
    </>
  );
}

export function Plain({
  title,
  text,
  children,
}: {
  title: string;
  text?: string;
  children?: import("preact").ComponentChildren;
}) {
  return (
    <div class="block now">
      <h3>{title}</h3>
      <p>{text}</p>
      {children && <div class="row">{children}</div>}
    </div>
  );
}
