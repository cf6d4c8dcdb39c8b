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

export type Telling = { words: Messages; formats: Formats; now: number; yourZone: string };

export function headlineOf(record: PanelRecord, enrollment: PanelEnrollment, telling: Telling): Headline {
  const { words } = telling;
  const name = firstNameOf(record.contact);
  const { status, reason, detail } = enrollment;
  if (status === "active") return running(record, enrollment, telling, name);
  if (status === "paused") {
    const [title, sub] = words.paused[reason ?? "manual"] ?? words.paused.manual!;
    const filled = (text: string) => text.replace("{}", detail ?? "").trim();
    return { mark: "pause", state: words.states.paused, title: filled(title), sub: filled(sub) };
  }
  const why = words.ended[reason ?? "manual"] ?? words.ended.manual!;
  const mark = status === "completed" ? "done" : "stop";
  return { mark, state: words.states[status], title: why(name), sub: words.nothingMore };
}

function running(
  record: PanelRecord,
  enrollment: PanelEnrollment,
  { words, formats, now, yourZone }: Telling,
  name: string,
): Headline {
  const { rule, value, next } = enrollment;
  const state = words.states[rule === "due" || rule === "send_in_flight" ? "active" : "waiting"];
  const mark: Mark = state === words.states.active ? "active" : "wait";
  const task = record.tasks.find(({ enrollmentId }) => enrollmentId === enrollment.id);
  const because = (words.rules[rule ?? "due"] ?? words.rules.due!)(name, valueText(value));
  if (rule === "task_open" || rule === "approval") {
    const title = task ? words.yourTurn(task.title) : words.someonesTurn(next?.stepName ?? "");
    return { mark, state, title, sub: because };
  }
  if (rule === "sequence_paused" || rule === "sending_stopped" || !next?.at) {
    return { mark, state, title: words.standsStill, sub: because };
  }
  const at = Date.parse(next.at);
  const isNow = at - now < 60_000;
  const when = isNow ? words.soon : formats.when(at, now, next.zone);
  const yours = differs(at, next.zone, yourZone) ? formats.when(at, now, yourZone) : "";
  const zone = isNow ? "" : words.zone(cityOf(next.zone), yours);
  return {
    mark,
    state,
    title: words.touches[next.type](when),
    sub: [zone, because].filter(Boolean).join(" "),
  };
}

/** Instants are told as dates elsewhere; a rule's value is shown where it is words. */
const valueText = (value: string | null): string => (value && !/^\d{4}-\d\d-\d\dT/.test(value) ? value : "");

/** Whether clocks in the two zones show something else at that instant. */
export function differs(at: number, zone: string, other: string): boolean {
  const shown = (timeZone: string) =>
    new Intl.DateTimeFormat("en", { timeZone, day: "numeric", hour: "numeric", minute: "numeric" }).format(
      at,
    );
  return zone !== other && shown(zone) !== shown(other);
}

type Named = Pick<PanelRecord["contact"], "firstName" | "lastName" | "email">;

export const fullNameOf = ({ firstName, lastName, email }: Named): string =>
  [firstName, lastName].filter(Boolean).join(" ") || email || "";

export const firstNameOf = (contact: Named): string => contact.firstName || fullNameOf(contact);
