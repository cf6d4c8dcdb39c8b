/** Did it arrive? Each answer beside what it does: one of them may send a mail a second time. */
import { Button } from "../../parts/button.tsx";
import { adopting } from "../../styles/adopt.ts";
import { deedTexts } from "../deed-words.ts";
import { changed } from "../deeds.ts";
import { inWords } from "../in-words.ts";
import { leaveView } from "../leave-view.ts";
import type { PanelContext } from "../open.ts";
import { Unanswered } from "../unanswered.tsx";
import { useAnswer } from "../use-answer.ts";
import css from "./task.css?inline";
import { saidMs } from "./task-deeds.ts";
import { enrollmentOf, nameOf, nextOf } from "./what-next.ts";
import { taskTexts } from "./words.ts";

const styled = adopting(css);

export function SettleQuestion({ panel, enrollmentId }: { panel: PanelContext; enrollmentId: string }) {
  const { formats, words, state } = panel;
  const t = taskTexts[panel.language];
  const record = state.record!;
  const asked = useAnswer(panel, "enrollments.sends", { params: { id: enrollmentId } }, record.now);
  const enrollment = enrollmentOf(panel, { enrollmentId });
  if (!asked.answer) return <Unanswered panel={panel} asked={asked} />;

  const send = asked.answer.items.find((one) => one.state === "uncertain");
  if (!send) {
    return (
      <div class="block now">
        <h3 tabIndex={-1} data-focus>
          {t.settled}
        </h3>
        <div class="row">
          <Button onClick={() => panel.show(null)}>{words.back}</Button>
        </div>
      </div>
    );
  }
  const happened = record.timeline.items.filter(
    (event) => event.enrollmentId === enrollmentId && event.stepId === send.stepId,
  );
  const broke = happened.find(({ type }) => type === "send.uncertain")?.at ?? send.createdAt;
  const subject = happened.find(({ type }) => type === "send.queued")?.data.subject;
  const when = formats.when(Date.parse(broke), panel.now(), record.zone);
  const mailbox = enrollment?.mailboxAddress;
  const mayWrite = record.may.enroll && (enrollment?.canWrite ?? true);
  const settle = (arrived: boolean) =>
    panel.act({
      name: `settle${arrived}`,
      what: arrived ? t.arrived : t.notArrived,
      request: (client) =>
        inWords(client("sends.settle", { params: { id: send.id }, body: { arrived } }), t.refused),
      done: () => {
        // The question's task goes with it.
        leaveView(panel, (before) => ({
          ...(enrollment
            ? changed(enrollment, { status: "active", reason: null, rule: "due" })(before)
            : before),
          tasks: before.tasks.filter((task) => task.enrollmentId !== enrollmentId || task.purpose === "step"),
        }));
        void panel.refresh().then(() => {
          const said = arrived
            ? [t.saidArrived, nextOf(panel, { enrollmentId, stepId: send.stepId }, t)]
            : [t.saidAgain];
          const pause = {
            label: deedTexts[panel.language].pause,
            run: () => void panel.do?.("pause", enrollment!),
          };
          panel.notify(
            {
              text: said.filter(Boolean).join(" "),
              tone: "plain",
              ...(!arrived && enrollment && { action: pause }),
            },
            saidMs,
          );
        });
      },
    });
  return (
    <div class="block now task" ref={styled}>
      <h3 tabIndex={-1} data-focus>
        {t.didArrive(send.to)}
      </h3>
      {typeof subject === "string" && (
        <p>
          <b>{subject}</b>
        </p>
      )}
      <p>{t.broke(when)}</p>
      <p>{mailbox ? t.look(mailbox) : t.lookAnywhere}</p>
      {mayWrite ? (
        <div class="answers">
          <div>
            <Button busy={state.busy === "settletrue"} onClick={() => void settle(true)}>
              {t.arrived}
            </Button>
            <p>{t.arrivedMeans}</p>
          </div>
          <div>
            <Button busy={state.busy === "settlefalse"} onClick={() => void settle(false)}>
              {t.notArrived}
            </Button>
            <p>{t.notArrivedMeans(nameOf(panel))}</p>
          </div>
        </div>
      ) : (
        <p class="aside">{record.may.enroll ? t.othersSend : words.readOnly}</p>
      )}
    </div>
  );
}
