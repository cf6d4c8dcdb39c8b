/** Why an enrollment is not moving, in full, from the one rule the server names and what it holds. Pure. */
import type { Formats } from "../formats.ts";
import { firstNameOf, type PanelEnrollment, type PanelRecord } from "../headline.ts";
import type { Cause, EnrollmentTexts } from "./words.ts";

export type Why = { title: string; sentences: string[] };

type Telling = { t: EnrollmentTexts; formats: Formats; now: number; endedBecause: string };

export function whyOf(record: PanelRecord, enrollment: PanelEnrollment, telling: Telling): Why | null {
  const { t, formats, now, endedBecause } = telling;
  const { status, rule, reason, value, nextLookAt, detail } = enrollment;
  const zone = enrollment.next?.zone ?? record.zone;
  const when = (at: number) => (at - now < 60_000 ? t.soon : formats.when(at, now, zone));
  const told = (text: string | null): Cause => ({
    name: firstNameOf(record.contact),
    mailbox: enrollment.mailboxAddress,
    amount: amountOf(value, t),
    when: when(instantIn(value) ?? (nextLookAt ? Date.parse(nextLookAt) : now)),
    // Others' words, which end with a full stop or do not.
    detail: text?.trim().replace(/[.\s]+$/, "") ?? "",
  });
  if (status === "paused") {
    const sentence = named(t.pauses, reason)?.(told(detail));
    return sentence ? { title: t.whyPaused, sentences: [sentence] } : null;
  }
  if (status !== "active") {
    const why = detail ? `${endedBecause}: ${detail.replace(/[.\s]+$/, "")}.` : `${endedBecause}.`;
    return { title: t.whyEnded, sentences: [why] };
  }
  const waits = named(t.waits, rule);
  const look = nextLookAt && rule !== "due" ? [t.lookedAt(when(Date.parse(nextLookAt)))] : [];
  if (waits) return { title: t.whyWaits, sentences: [waits(told(detail)), ...look] };
  // What the next turn will find, though it has not come yet.
  const pauses = named(t.pauses, rule);
  if (pauses) return { title: t.whyWaits, sentences: [t.willPause, pauses(told(value)), ...look] };
  return rule ? { title: t.whyWaits, sentences: [t.willEnd, ...look] } : null;
}

const named = <Texts extends Record<string, unknown>>(texts: Texts, name: string | null) =>
  name !== null && Object.hasOwn(texts, name) ? texts[name as keyof Texts] : undefined;

const instantIn = (value: string | null): number | null =>
  value && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : null;

/** "2 business days" and "50 a day", as the server writes them. */
function amountOf(value: string | null, t: EnrollmentTexts): string {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?) ([a-z ]+)$/.exec(value ?? "") ?? [];
  if (!count || count === "0") return "";
  if (unit === "a day") return count;
  return named(t.amounts, unit.replace(/s$/, ""))?.(Number(count)) ?? "";
}
