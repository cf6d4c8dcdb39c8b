/** One happening in words: what, about which mail or task, why, and what somebody wrote. Pure. */
import type { AnswerOf } from "@cadenza/shared/client";
import { happenedTexts } from "../happened-words.ts";
import { type TimelineTexts, timelineTexts } from "./words.ts";

export type TimelineEvent = AnswerOf<"contacts.timeline">["items"][number];

export type Told = {
  title: string;
  /** Short, on a line of its own. */
  sub: string;
  /** What a person wrote: an answer, a note, a server's refusal. As long as it is. */
  quote: string;
};

/** A mail that was made is told of until it is told what became of it. */
export function withoutOvertaken(events: readonly TimelineEvent[]): TimelineEvent[] {
  const later = new Set<string>();
  return events.filter(({ type, enrollmentId, stepId }) => {
    const step = `${enrollmentId} ${stepId}`;
    if (type === "send.queued") return !later.delete(step);
    if (type.startsWith("send.")) later.add(step);
    return true;
  });
}

export type Kind = "mails" | "tasks" | "other";

export const kindOf = ({ type }: Pick<TimelineEvent, "type">): Kind =>
  /^(send|reply)\./.test(type) ? "mails" : type.startsWith("task.") ? "tasks" : "other";

/**
 * @param about what the event's step is called, a task by its title, where that is known.
 * @param when an instant in words.
 */
export function eventTold(
  event: TimelineEvent,
  about: string,
  language: keyof typeof timelineTexts,
  when: (at: number) => string,
): Told {
  const { type, data } = event;
  const t = timelineTexts[language];
  const title = happenedTexts[language].events[type] ?? type;
  const told = (sub: string[], quote = "", named = title): Told => ({
    title: named,
    sub: sub.filter(Boolean).join(" · "),
    quote,
  });
  const text = (key: string) => (typeof data[key] === "string" ? data[key].trim() : "");
  const named = (texts: Record<string, string>, key: string) =>
    Object.hasOwn(texts, text(key)) ? texts[text(key)]! : "";
  switch (type) {
    case "contact.updated":
    case "contact.merged":
      return told([fieldsOf(data.fields, t)]);
    case "enrollment.created":
      return told([text("sequence")]);
    case "enrollment.paused":
    case "enrollment.canceled":
    case "enrollment.completed":
      return told([named(t.reasons, "reason"), about], text("detail"));
    case "enrollment.step_skipped":
      return told([about]);
    case "enrollment.reassigned":
      return told([text("owner") ? t.to(text("owner")) : t.toNobody]);
    case "send.queued":
    case "send.sent":
      return told([text("subject") || about]);
    case "send.failed":
    case "send.canceled":
    case "send.uncertain":
      return told([about], text("why"));
    case "send.settled":
      return told([data.arrived === true ? t.arrived : t.notArrived, about]);
    case "task.created":
      return told([text("title") || about]);
    case "task.done":
      return told([about, named(t.outcomes, "outcome")], text("note"), data.approved ? t.approved : title);
    case "task.skipped":
      return told([about], text("note"));
    case "task.snoozed":
      return told([about, typeof data.until === "number" ? t.until(when(data.until)) : ""]);
    case "reply.received":
      return told([text("subject")], text("text"), named(t.replies, "class") || title);
    case "hold.placed":
      return told(
        [named(t.holds, "kind"), typeof data.until === "number" ? t.until(when(data.until)) : ""],
        text("note"),
      );
    case "suppression.added":
      return told([text("address") || text("domain"), named(t.suppressions, "reason")]);
    case "suppression.removed":
      return told([text("address") || text("domain")]);
    default:
      return told([]);
  }
}

/** Names of fields as people call them; a workspace's own keep the name it gave them. */
function fieldsOf(fields: unknown, t: TimelineTexts): string {
  if (!Array.isArray(fields)) return "";
  const names = fields.filter((field): field is string => typeof field === "string");
  return names
    .map((field) => (Object.hasOwn(t.fields, field) ? t.fields[field] : field.replace(/^custom\./, "")))
    .join(", ");
}
