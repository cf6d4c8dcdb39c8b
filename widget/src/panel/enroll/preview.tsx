/**
 * One sequence as it would be for this person: when it begins, what is missing, every mail and task with its date; then
 * from which mailbox, from when on, and the one button. Asked again whenever a choice or the person changes.
 */
import type { EnrollRefusal } from "@cadenza/shared/vocabulary";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { firstNameOf } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { Calendar } from "./calendar.tsx";
import { foreseenRefusal, mailboxOf, type PanelSequence, startOf, usable } from "./choices.ts";
import { Choosing } from "./choosing.tsx";
import type { Chosen } from "./enroll-view.tsx";
import { enroll } from "./enrolling.ts";
import { First } from "./first.tsx";
import { Gaps } from "./gaps.tsx";
import { Refusal } from "./refusal.tsx";
import { useLiveAnswer } from "./use-live-answer.ts";
import { texts } from "./words.ts";

type Props = {
  panel: PanelContext;
  sequence: PanelSequence;
  chosen: Chosen;
  choose(changed: Partial<Chosen>): void;
  another(): void;
};

const oldMs = 300_000;

export function Preview({ panel, sequence, chosen, choose, another }: Props) {
  const t = texts[panel.language];
  const record = panel.state.record!;
  const { contact, deal } = record;
  const name = firstNameOf(contact);
  const [refused, setRefused] = useState<EnrollRefusal | null>(null);
  const [isTried, setTried] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  // Whoever chose it is here now: they hear what it is, and Tab leads on from there.
  useLayoutEffect(() => title.current?.focus({ preventScroll: true }), []);

  const boxes = useLiveAnswer(panel, "mailboxes", async (signal) => {
    const [{ items }, memberId] = await Promise.all([
      panel.client("mailboxes.list", { query: { limit: 200 }, signal }),
      // A key has no self, and so no mailbox of its own.
      panel.client("me.get", { signal }).then(
        ({ member }) => member.id,
        () => null,
      ),
    ]);
    return { items, memberId };
  });
  // The zone of touches may be another than the record's: the mailbox's, for somebody whose own is not known.
  const [zone, setZone] = useState(record.zone);
  const start = startOf(chosen, panel.now(), zone);
  const startAt = typeof start === "number" ? new Date(start).toISOString() : undefined;
  const asked = {
    contactId: contact.id,
    dealId: deal?.id ?? null,
    ...(chosen.mailboxId && { mailboxId: chosen.mailboxId }),
    ...(startAt && { startAt }),
  };
  // Times grow old while somebody reads.
  const moment = Math.floor(panel.now() / oldMs);
  const preview = useLiveAnswer(
    panel,
    JSON.stringify([asked, contact.rev, deal?.rev, moment]),
    async (signal) => {
      const answer = await panel.client("sequences.preview", {
        params: { id: sequence.id },
        body: asked,
        signal,
      });
      setZone(answer.zone);
      return answer;
    },
  );

  const fallback = boxes.answer && mailboxOf(sequence, boxes.answer.items, boxes.answer.memberId);
  const mailboxId = chosen.mailboxId ?? fallback;
  const touches = preview.answer?.touches ?? [];
  const sends = touches.some(({ type }) => type === "email_auto");
  const writesMail = sends || touches.some(({ type }) => type === "email_manual");
  const canSend = !sends || !boxes.answer || mailboxId !== null;
  const refusal = foreseenRefusal(record, sequence.id, { writesMail, canSend }) ?? refused;
  const confirm = (again: boolean) => {
    setTried(true);
    if (typeof start === "string" || panel.state.busy) return;
    setRefused(null);
    void enroll(panel, sequence, { mailboxId: mailboxId ?? "", startAt: start, again }, setRefused);
  };
  return (
    <>
      <First panel={panel} sequence={sequence} preview={preview} title={title} another={another} />
      {touches.length > 0 && <Gaps panel={panel} touches={touches} filled={preview.again} />}
      {touches.length > 0 && <Calendar panel={panel} touches={touches} isCurrent={preview.isCurrent} />}
      {preview.answer && (
        <div class="block">
          <Choosing
            panel={panel}
            zone={zone}
            mailboxes={sends ? usable(boxes.answer?.items ?? []) : []}
            mailboxId={mailboxId}
            chosen={chosen}
            choose={(changed) => {
              setRefused(null);
              choose(changed);
            }}
            wrong={typeof start === "string" && (isTried || start === "over") ? start : null}
          />
          {refusal ? (
            <Refusal
              panel={panel}
              code={refusal}
              sequence={sequence}
              again={() => confirm(true)}
              clear={() => setRefused(null)}
            />
          ) : (
            <AlsoIn panel={panel} sequence={sequence} />
          )}
          <div class="row">
            {!refusal && (
              <Button go busy={panel.state.busy === "enroll"} onClick={() => confirm(false)}>
                {panel.words.enroll(name)}
              </Button>
            )}
            <Button quiet={!refusal} onClick={another}>
              {t.another}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}

/** Nothing is refused for it; whoever enrolls should know. */
function AlsoIn({ panel, sequence }: Pick<Props, "panel" | "sequence">) {
  const { enrollments, contact } = panel.state.record!;
  const others = enrollments.filter(
    ({ endedAt, sequenceId }) => endedAt === null && sequenceId !== sequence.id,
  );
  if (!others.length) return null;
  const names = new Intl.ListFormat(panel.language).format(others.map(({ sequenceName }) => sequenceName));
  return <p class="warn">{texts[panel.language].alsoIn(firstNameOf(contact), names)}</p>;
}
