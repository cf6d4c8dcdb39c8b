/** What a task is done with: a number to call, a profile to open, a text to say or to copy. */
import { CopyButton } from "../../parts/copy-button.tsx";
import type { PanelTask } from "../headline.ts";
import type { PanelContext } from "../open.ts";
import { phoneLink } from "./phone-link.ts";
import { nameOf } from "./what-next.ts";
import { taskTexts } from "./words.ts";

type Props = { panel: PanelContext; task: PanelTask };

export function Material({ panel, task }: Props) {
  const t = taskTexts[panel.language];
  const isCall = task.type === "call";
  const isShort = task.body.length < 60 && !task.body.includes("\n");
  return (
    <>
      <Way panel={panel} task={task} />
      {task.body && (
        <div class="material">
          {!isShort && <p class="cap">{isCall ? t.script : t.text}</p>}
          <p class="words">{task.body}</p>
          {!isCall && (
            <div class="row">
              <CopyButton text={task.body} words={t} />
            </div>
          )}
        </div>
      )}
    </>
  );
}

/** Where it happens. A link of the person's is opened only if it is one. */
function Way({ panel, task: { type, kind } }: Props) {
  const t = taskTexts[panel.language];
  const { phone = null, linkedinUrl = null } = panel.state.record?.contact ?? {};
  const name = nameOf(panel);
  if (type === "call" || kind === "sms") {
    const link = phoneLink(phone, type === "call" ? "tel" : "sms");
    if (!link) return <p>{t.noNumber(name)}</p>;
    return (
      <p class="way">
        <a href={link}>{type === "call" ? t.call(phone!) : t.sms(phone!)}</a>
      </p>
    );
  }
  if (!kind?.startsWith("linkedin")) return null;
  if (!linkedinUrl || !/^https:\/\//i.test(linkedinUrl)) return <p>{t.noProfile(name)}</p>;
  return (
    <p class="way">
      <a href={linkedinUrl} target="_blank" rel="noopener noreferrer">
        {t.profile(name)}
      </a>
    </p>
  );
}
