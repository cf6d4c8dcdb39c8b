/** From which mailbox it goes and in which hours of the week. */
import type { AnswerOf } from "@cadenza/shared/client";
import { useEffect, useState } from "preact/hooks";
import { Field } from "../../parts/field.tsx";
import type { Page } from "../page.ts";
import type { Editing } from "./editing.ts";
import { Week, type Windows } from "./week.tsx";

type Mailbox = AnswerOf<"mailboxes.list">["items"][number];
type Schedule = AnswerOf<"schedules.list">["items"][number];

/** As the engine has it where nobody says otherwise. */
const officeHours: Windows = [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }];

export function Settings({ page, editing, mayEdit }: { page: Page; editing: Editing; mayEdit: boolean }) {
  const { words } = page;
  const { mailboxId, scheduleId } = editing.draft;
  const { mailboxes, schedules, usualId } = useChoices(page);
  if (!mailboxes || !schedules) return null;
  const schedule = schedules.find(({ id }) => id === (scheduleId ?? usualId));
  const boxes = [
    { value: "", label: words.anyMailbox },
    ...mailboxes.map((box) => ({ value: box.id, label: nameOf(page, box) })),
  ];
  if (mailboxId && !mailboxes.some(({ id }) => id === mailboxId))
    boxes.push({ value: mailboxId, label: words.hiddenMailbox });
  const plans = [
    { value: "", label: words.usualHours },
    ...schedules.map(({ id, name }) => ({ value: id, label: name })),
  ];
  const chosen = (options: typeof boxes, id: string | null) =>
    options.find(({ value }) => value === (id ?? ""))?.label ?? "";
  return (
    <section class="part">
      <h3>{words.settings}</h3>
      <div class="settings">
        {mayEdit ? (
          <>
            <Field
              name="mailbox"
              label={words.mailbox}
              value={mailboxId ?? ""}
              onValue={(value) => editing.change((draft) => ({ ...draft, mailboxId: value || null }))}
              options={boxes}
              {...(mailboxes.length === 0 && { hint: words.noMailboxes })}
            />
            <Field
              name="schedule"
              label={words.schedule}
              value={scheduleId ?? ""}
              onValue={(value) => editing.change((draft) => ({ ...draft, scheduleId: value || null }))}
              options={plans}
            />
          </>
        ) : (
          <dl>
            <dt>{words.mailbox}</dt>
            <dd>{chosen(boxes, mailboxId)}</dd>
            <dt>{words.schedule}</dt>
            <dd>{chosen(plans, scheduleId)}</dd>
          </dl>
        )}
        <Week page={page} windows={schedule?.windows ?? officeHours} />
      </div>
    </section>
  );
}

const nameOf = ({ words }: Page, { address, name, disabledAt }: Mailbox): string => {
  const shown = name ? `${name}, ${address}` : address;
  return disabledAt ? words.disabledMailbox(shown) : shown;
};

/** Asked once for all sequences. What cannot be read is not offered. */
function useChoices(page: Page) {
  const [choices, setChoices] = useState<{
    mailboxes?: Mailbox[];
    schedules?: Schedule[];
    usualId?: string | null;
  }>({});
  useEffect(() => {
    let isOver = false;
    const all = { query: { limit: 200 } };
    Promise.all([
      page.once("mailboxes", (client) => client("mailboxes.list", all)),
      page.once("schedules", (client) => client("schedules.list", all)),
      page.once("workspace", (client) => client("workspace.get")),
    ]).then(
      ([mailboxes, schedules, workspace]) =>
        isOver ||
        setChoices({
          mailboxes: mailboxes.items,
          schedules: schedules.items,
          usualId: workspace.defaultScheduleId,
        }),
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [page.turn]);
  return choices;
}
