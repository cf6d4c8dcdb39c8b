/**
 * The line that is the largest on the panel: what happens next with one enrollment, when, and why not earlier. Pure:
 * the instant it is asked at, the words and the date formats come in.
 */
import type { AnswerOf } from "@cadenza/shared/client";
import type { Messages } from "../messages/en.ts";
import { cityOf, type Formats } from "./formats.ts";

export type PanelRecord = AnswerOf<"record.get">;
export type PanelEnrollment = PanelRecord["enrollments"][number];
export type PanelTask = PanelRecord["tasks"][number];

/** How a state is drawn; its word stands beside it. */
export type Mark = "active" | "wait" | "pause" | "done" | "stop" | "none";

export type Headline = { mark: Mark; state: string; title: string; sub: string };

export type Telling = { words: Messages; formats: Formats; now: number };

/** A rare reason is told once its words are here, a moment later; until then, what it comes to. */
export function headlineOf(record: PanelRecord, enrollment: PanelEnrollment, telling: Telling): Headline {
  const { words } = telling;
  const name = firstNameOf(record.contact);
  const { status, reason, detail } = enrollment;
  if (status === "active") return running(record, enrollment, telling, name);
  if (status === "paused") {
    const [title, sub] = words.paused[reason!] ?? [words.standsStill, ""];
    const filled = (text: string) => text.replace("{}", () => detail ?? "");
    return { mark: "pause", state: words.states.paused, title: filled(title), sub: filled(sub) };
  }
  const mark = status === "completed" ? "done" : "stop";
  return {
    mark,
    state: words.states[status],
    title: words.ended[reason!]?.(name) ?? words.standsStill,
    sub: words.nothingMore,
  };
}

function running(
  record: PanelRecord,
  enrollment: PanelEnrollment,
  { words, formats, now }: Telling,
  name: string,
): Headline {
  const { rule, next } = enrollment;
  const isMoving = rule === "due" || rule === "send_in_flight";
  const told = (title: string, ...sub: string[]): Headline => ({
    mark: isMoving ? "active" : "wait",
    state: words.states[isMoving ? "active" : "waiting"],
    title,
    sub: sub.filter(Boolean).join(" "),
  });
  const because = words.rules[rule!]?.(name) ?? "";
  if (rule === "task_open" || rule === "approval") {
    const task = record.tasks.find(({ enrollmentId }) => enrollmentId === enrollment.id);
    return told(words.yourTurn(task?.title ?? next?.stepName ?? ""), because);
  }
  if (rule === "sequence_paused" || rule === "sending_stopped" || !next?.at) {
    return told(words.standsStill, because);
  }
  const at = Date.parse(next.at);
  const { type, zone } = next;
  if (at - now < 60_000) return told(words.touches[type](words.soon), because);
  const theirs = formats.when(at, now, zone);
  const yours = formats.when(at, now);
  return told(words.touches[type](theirs), words.zone(cityOf(zone), yours === theirs ? "" : yours), because);
}

type Named = Partial<Pick<PanelRecord["contact"], "firstName" | "lastName" | "email">>;

export const fullNameOf = ({ firstName, lastName, email }: Named): string =>
  [firstName, lastName].filter(Boolean).join(" ") || email || "";

export const firstNameOf = (contact: Named): string => contact.firstName || fullNameOf(contact);
