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

/** A rare reason has no words until those are here, a moment later. */
export function headlineOf(record: PanelRecord, enrollment: PanelEnrollment, telling: Telling): Headline {
  const { words } = telling;
  const name = firstNameOf(record.contact);
  const { status, reason, detail } = enrollment;
  if (status === "active") return running(record, enrollment, telling, name);
  if (status === "paused") {
    const [title, sub] = words.paused[reason!] ?? ["", ""];
    const filled = (text: string) => text.replace("{}", detail ?? "");
    return { mark: "pause", state: words.states.paused, title: filled(title), sub: filled(sub) };
  }
  const mark = status === "completed" ? "done" : "stop";
  return {
    mark,
    state: words.states[status],
    title: words.ended[reason!]?.(name) ?? "",
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
  const state = words.states[rule === "due" || rule === "send_in_flight" ? "active" : "waiting"];
  const mark: Mark = state === words.states.active ? "active" : "wait";
  const task = record.tasks.find(({ enrollmentId }) => enrollmentId === enrollment.id);
  const because = words.rules[rule!]?.(name) ?? "";
  if (rule === "task_open" || rule === "approval") {
    const title = words.yourTurn(task?.title ?? next?.stepName ?? "");
    return { mark, state, title, sub: because };
  }
  if (rule === "sequence_paused" || rule === "sending_stopped" || !next?.at) {
    return { mark, state, title: words.standsStill, sub: because };
  }
  const at = Date.parse(next.at);
  const isNow = at - now < 60_000;
  const theirs = formats.when(at, now, next.zone);
  const when = isNow ? words.soon : theirs;
  const here = formats.when(at, now);
  const yours = here === theirs ? "" : here;
  const zone = isNow ? "" : words.zone(cityOf(next.zone), yours);
  return {
    mark,
    state,
    title: words.touches[next.type](when),
    sub: `${zone} ${because}`.trim(),
  };
}

type Named = Pick<PanelRecord["contact"], "firstName" | "lastName" | "email">;

export const fullNameOf = ({ firstName, lastName, email }: Named): string =>
  [firstName, lastName].filter(Boolean).join(" ") || email || "";

export const firstNameOf = (contact: Named): string => contact.firstName || fullNameOf(contact);
