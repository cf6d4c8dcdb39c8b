/** What a member should hear of at once, how they want to, and how it is said. */
import type { NoticeKind } from "@cadenza/shared/vocabulary";
import { noticeKinds } from "@cadenza/shared/vocabulary";
import { Temporal } from "temporal-polyfill";

export const noticeMails = ["now", "daily", "never"] as const;
/** Whether a notice is mailed as well. `now`: within a minute, together with whatever else is new. */
export type NoticeMail = (typeof noticeMails)[number];
export type NoticeChoice = Record<NoticeKind, NoticeMail>;

export const defaultChoice: NoticeChoice = {
  reply: "now",
  bounce: "daily",
  uncertain_send: "now",
  mailbox_disabled: "now",
};

/** @param kept what a member chose, possibly before there was a kind of today's. */
export function choiceOf(kept: Record<string, unknown> | null): NoticeChoice {
  const chosen = Object.fromEntries(
    noticeKinds.map((kind) => {
      const mail = noticeMails.find((name) => name === kept?.[kind]);
      return [kind, mail ?? defaultChoice[kind]];
    }),
  );
  return chosen as NoticeChoice;
}

/** When the daily mail goes out: at the beginning of the working day. */
const digestHour = 8;

/** The next 8:00 in the zone, strictly after `now`. */
export function nextDigest(now: number, zone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  const today = local.with({ hour: digestHour, minute: 0, second: 0, millisecond: 0 });
  const next = today.epochMilliseconds > now ? today : today.add({ days: 1 });
  return next.epochMilliseconds;
}

export type NoticeFacts = {
  kind: NoticeKind;
  at: number;
  /** The person's name or address; null where it is about no person. */
  person: string | null;
  sequence: string | null;
  mailbox: string | null;
  data: Record<string, unknown>;
};

/** One sentence, as it stands in the list and in the mail. */
export function sayNotice({ kind, person, sequence, mailbox, data }: NoticeFacts): string {
  const who = person ?? "Somebody";
  const where = sequence ? ` in ${sequence}` : "";
  const why = typeof data.why === "string" && data.why ? `: ${data.why.slice(0, 200)}` : "";
  switch (kind) {
    case "reply":
      return data.class === "unsubscribe_request"
        ? `${who} asked not to be mailed again${where}; nothing more is sent.`
        : `${who} answered${where}${subjectOf(data)}.`;
    case "bounce":
      return `Mail to ${who} bounced${where}.`;
    case "uncertain_send":
      return `Nobody knows whether a mail to ${who} arrived${where}; it waits for your word${why}.`;
    case "mailbox_disabled":
      return `The mailbox ${mailbox ?? ""} was switched off, and nothing goes out from it${why}.`;
  }
}

const subjectOf = ({ subject }: Record<string, unknown>): string =>
  typeof subject === "string" && subject.trim() ? `, "${subject.trim().slice(0, 100)}"` : "";
