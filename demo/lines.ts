/** What the demo prints, as text. Pure: the same happening gives the same line. */
import type { AnswerOf } from "@cadenza/shared/client";

export type TimelineEvent = AnswerOf<"contacts.timeline">["items"][number];
export type Touch = AnswerOf<"enrollments.plan">["touches"][number];
export type Step = { id: number; name: string; type: string; delay: { amount: number; unit: string } };
export type Tone = "good" | "work" | "stop" | "odd" | "plain";

const dayMs = 86_400_000;

function parts(at: number, zone: string): Record<string, string> {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** `Tue 09:00`; with the date where the weekday alone would mislead. */
export function when(at: number, zone: string, from = at): string {
  const { weekday, day, month, hour, minute } = parts(at, zone);
  return Math.abs(at - from) < 6 * dayMs
    ? `${weekday} ${hour}:${minute}`
    : `${weekday} ${day} ${month} ${hour}:${minute}`;
}

export const cityOf = (zone: string): string => zone.split("/").at(-1)!.replaceAll("_", " ");

/** What somebody is called who may have no name, and no address either. */
export const nameOf = (person: {
  firstName: string | null;
  lastName: string | null;
  email: string | null;
}): string =>
  [person.firstName, person.lastName].filter(Boolean).join(" ") || person.email || "somebody without a name";

/** `Tue 09:00 Lisbon    · …` */
export function line(at: number, zone: string, text: string): string {
  return `${`${when(at, zone)} ${cityOf(zone)}`.padEnd(cityWidth)} · ${text}`;
}
const cityWidth = "Tue 09:00 Singapore".length;

export type Known = { person: string; steps: Step[] };

/** What happened, or null for what is not worth a line. */
export function eventText(
  event: TimelineEvent,
  { person, steps }: Known,
): { text: string; tone: Tone } | null {
  const data = event.data as Record<string, string | boolean | undefined>;
  const step = stepText(event.stepId, steps);
  switch (event.type) {
    case "send.sent":
      return good(`sent ${step} to ${person}`);
    case "send.failed":
      return odd(`${step} to ${person} was refused: ${data.why}`);
    case "send.canceled":
      return stop(`took back ${step} to ${person}: ${decapitalised(data.why)}`);
    case "send.uncertain":
      return odd(`nobody can say whether ${step} reached ${person}; the rep is asked`);
    case "send.settled":
      return data.arrived
        ? good(`${step} to ${person} did arrive, says the rep`)
        : odd(`${step} to ${person} did not arrive, says the rep; it is sent again`);
    case "task.created":
      return work(
        `task: ${data.title}${String(data.title).includes(person.split(" ")[0]!) ? "" : ` (${person})`}`,
      );
    case "task.done":
      return data.approved
        ? work(`rep approved ${step} to ${person}`)
        : work(`rep finished ${step} with ${person}${said(data.outcome)}`);
    case "task.skipped":
      return work(`rep skipped ${step} with ${person}`);
    case "task.snoozed":
      return work(`rep put off ${step} with ${person}`);
    case "enrollment.paused":
      return odd(`paused ${person}: ${pauseText(data)}`);
    case "enrollment.resumed":
      return good(`resumed ${person}`);
    case "enrollment.step_skipped":
      return work(`rep skipped ${step} for ${person}`);
    case "enrollment.reopened":
      return good(`reopened ${person}`);
    case "enrollment.completed":
      return good(`completed ${person}${said(data.reason)}`);
    case "enrollment.canceled":
      return stop(`canceled ${person}${said(data.reason)}`);
    case "reply.received":
      return data.class === "bounce"
        ? stop(`the mail to ${person} came back: ${data.subject}`)
        : plainText(`${person} answered${said(data.class)}: ${data.subject}`);
    case "hold.placed":
      return odd(`put ${person} on hold${data.note ? ` ("${data.note}")` : ""}`);
    case "hold.released":
      return good(`the hold on ${person} is over`);
    case "suppression.added":
      return stop(`${data.value ?? data.address ?? person} is never written to again${said(data.reason)}`);
    case "suppression.removed":
      return plainText(`${data.value ?? data.address ?? person} may be written to again`);
    default:
      return null;
  }
}

const good = (text: string) => ({ text, tone: "good" as const });
const work = (text: string) => ({ text, tone: "work" as const });
const stop = (text: string) => ({ text, tone: "stop" as const });
const odd = (text: string) => ({ text, tone: "odd" as const });
const plainText = (text: string) => ({ text, tone: "plain" as const });

function stepText(stepId: number | null, steps: Step[]): string {
  const index = steps.findIndex(({ id }) => id === stepId);
  return index < 0 ? "a mail" : `step ${index + 1} "${steps[index]!.name}"`;
}

const said = (word: unknown): string => (word ? ` (${String(word).replaceAll("_", " ")})` : "");
const decapitalised = (text: unknown): string =>
  String(text ?? "").replace(/^\w/, (letter) => letter.toLowerCase());

function pauseText({ reason, detail }: Record<string, unknown>): string {
  if (reason === "missing_variable") return `${detail} is empty`;
  if (reason === "uncertain_send") return "the last mail has to be settled first";
  return [String(reason ?? "").replaceAll("_", " "), detail].filter(Boolean).join(", ");
}

/** `next Thu 10:00, because the window opens then` */
export function nextText(touch: Touch | undefined, from: number, zone: string, steps: Step[]): string {
  if (!touch) return "";
  const index = steps.findIndex(({ id }) => id === touch.stepId);
  const what = steps[index] ? `"${steps[index].name}"` : `step ${touch.stepId}`;
  if (touch.at === null) return `next ${what} ${because(touch, steps[index])}`;
  return `next ${what} ${when(Date.parse(touch.at), zone, from)}, ${because(touch, steps[index])}`;
}

function because(touch: Touch, step: Step | undefined): string {
  switch (touch.reason) {
    case "window":
      return "because the window opens then";
    case "holiday":
      return "because a holiday lies between";
    case "hold":
      return "because of the hold";
    case "cap":
      return "because the mailbox has used its daily cap";
    case "gap":
      return "because the mailbox keeps a gap between mails";
    case "send_in_flight":
      return "on its way";
    case "task_open":
      return "if the task is done by then";
    case "sequence_paused":
      return "once the sequence goes on";
    case "sending_stopped":
      return "once sending goes on";
    case "delay":
      return step && step.delay.amount > 0 ? `${delayText(step.delay)} later` : "at once";
    default:
      return `waiting: ${touch.reason.replaceAll("_", " ")}`;
  }
}

export function delayText({ amount, unit }: Step["delay"]): string {
  const one = unit.replaceAll("_", " ").replace(/s$/, "");
  return `${amount} ${one}${amount === 1 ? "" : "s"}`;
}

/** `Tuesday 12 January 2027` */
export const dayText = (at: number, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  }).format(at);

export function table(rows: [string, string | number][]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}
