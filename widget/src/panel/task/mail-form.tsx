/** A mail a person reads, edits and approves. What they typed is sent, and nothing else. */
import type { ProblemError } from "@cadenza/shared/client";
import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Disclosure } from "../../parts/disclosure.tsx";
import { Field } from "../../parts/field.tsx";
import { useDraft } from "../drafts.ts";
import { Snooze } from "./snooze.tsx";
import { approve, draftKeys, finish, skipTask } from "./task-deeds.ts";
import type { FormProps } from "./task-form.tsx";
import { effectOf, enrollmentOf, nameOf } from "./what-next.ts";
import { taskTexts } from "./words.ts";

type Errors = { subject?: string; body?: string };

export function MailForm({ panel, task, isOpen }: FormProps) {
  const t = taskTexts[panel.language];
  const keys = draftKeys(task);
  const [subject, setSubject] = useDraft(panel, keys.subject, task.subject ?? "");
  const [body, setBody] = useDraft(panel, keys.body, task.body);
  const [errors, setErrors] = useState<Errors>({});
  const [isLater, setLater] = useState(false);
  const enrollment = enrollmentOf(panel, task);
  const address = panel.state.record?.contact.email;
  const mailbox = enrollment?.mailboxAddress;
  const isBusy = panel.state.busy === `close${task.id}`;
  // A paused sequence keeps its mail; that it was sent by other ways can be said all the same.
  const isSendable = enrollment === null || enrollment.status === "active";

  const refused = (problem: ProblemError) => {
    if (problem.code !== "draft_not_sendable") return;
    const found: Errors = {};
    for (const { pointer, detail } of problem.problem.errors ?? []) {
      const said = panel.language === "en" ? detail : t.refused.draft_not_sendable!;
      if (pointer === "/subject" || pointer === "/body") found[pointer.slice(1) as keyof Errors] = said;
    }
    setErrors(found);
  };
  const send = () => {
    const missing: Errors = {
      ...(!subject.trim() && { subject: t.empty.subject }),
      ...(!body.trim() && { body: t.empty.body }),
    };
    setErrors(missing);
    if (!missing.subject && !missing.body) void approve(panel, task, refused);
  };

  return (
    <>
      {address && <p>{mailbox ? t.toFrom(address, mailbox) : t.to(address)}</p>}
      {/* A proposed draft has its place here, above the words it would change: theirs stay until they take it. */}
      <Field
        name="subject"
        label={t.subject}
        value={subject}
        onValue={setSubject}
        error={errors.subject}
        control={{ maxLength: 255, readOnly: !isOpen }}
      />
      <Field
        name="body"
        label={t.body}
        rows={8}
        value={body}
        onValue={setBody}
        error={errors.body}
        hint={isOpen && isSendable && t.approveHint}
        control={{ maxLength: 20_000, readOnly: !isOpen }}
      />
      {isOpen && (
        <p class="effect">
          {isSendable ? effectOf(enrollment, task, "completed", nameOf(panel), t) : t.notActive}
        </p>
      )}
      <div class="row">
        {isOpen && isSendable && (
          <Button go busy={isBusy} onClick={send}>
            {t.approve}
          </Button>
        )}
        <CopyButton text={body} words={t} />
      </div>
      {isOpen && (
        <div class="row">
          <Button quiet busy={isBusy} onClick={() => void finish(panel, task, () => "sent_elsewhere")}>
            {t.elsewhere}
          </Button>
          <Disclosure quiet isOpen={isLater} onToggle={() => setLater(!isLater)}>
            {t.later}
          </Disclosure>
          <Button quiet busy={isBusy} onClick={() => void skipTask(panel, task)}>
            {t.skip}
          </Button>
        </div>
      )}
      {isOpen && isLater && <Snooze panel={panel} task={task} />}
    </>
  );
}
