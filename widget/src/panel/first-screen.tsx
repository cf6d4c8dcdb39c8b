/** What is seen first: every state a record can be in, its enrollments, what is to be done, and what happened. */
import { Button } from "../parts/button.tsx";
import { Bones } from "./draw.tsx";
import { EnrollmentBlock } from "./enrollment-block.tsx";
import { firstNameOf } from "./headline.ts";
import type { PanelContext } from "./open.ts";
import { Tasks } from "./tasks.tsx";

export function FirstScreen({ panel }: { panel: PanelContext }) {
  const { state, words } = panel;
  if (state.record) return <Known panel={panel} />;
  if (state.phase === "loading") return <Bones />;
  return (
    <Plain title={words.unreachable} text={words.unreachableWhy}>
      <Button onClick={() => void panel.refresh()}>{words.retry}</Button>
    </Plain>
  );
}

function Known({ panel }: { panel: PanelContext }) {
  const { words, formats, state, Happened } = panel;
  const record = state.record!;
  const { enrollments, hold, suppression, contact, may, timeline } = record;
  const name = firstNameOf(contact);
  const live = enrollments.filter(({ endedAt }) => endedAt === null);
  const [last] = enrollments;
  return (
    <>
      {suppression && <p class="strip bad">{words.ended.suppressed!(name)}</p>}
      {hold && (
        <p class="strip">{words.onHold(formats.when(Date.parse(hold.untilAt), panel.now(), record.zone))}</p>
      )}
      {live.map((enrollment) => (
        <EnrollmentBlock panel={panel} enrollment={enrollment} key={enrollment.id} />
      ))}
      {live.length === 0 && last && <EnrollmentBlock panel={panel} enrollment={last} />}
      {!last && (
        <div class="block now">
          <p class="state">
            <i class="mark none" />
            {words.states.none}
          </p>
          <h3>{suppression ? words.ended.suppressed!(name) : words.start(name)}</h3>
          <p>{may.enroll ? words.startWhy : words.readOnly}</p>
          {may.enroll && (
            <div class="row">
              <Button go onClick={() => panel.show({ name: "enroll" })}>
                {words.enroll(name)}
              </Button>
            </div>
          )}
        </div>
      )}
      {last && may.enroll && (
        <div class="block slim">
          <Button quiet onClick={() => panel.show({ name: "enroll" })}>
            {live.length ? words.enrollMore : words.enrollAgain}
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
