/** Why an enrollment stands still or has ended, where that is rare. */
import { en, type Messages } from "./en.ts";

const rareReasons: Pick<Messages, "rules" | "paused" | "ended"> = {
  rules: {
    send_in_flight: () => "It is on its way.",
    holiday: (name: string) => `It is a holiday where ${name} is.`,
    ramp: () => "The mailbox is new and sends a little more each day.",
    reply_wait: (name: string) => `${name} has until then to answer.`,
    approval: () => "The draft waits for you.",
    sequence_paused: () => "The whole sequence is paused.",
    sending_stopped: () => "Sending is stopped for the whole workspace.",
    cap: () => "The mailbox has sent its share for today.",
  },
  paused: {
    uncertain_send: ["Did the last mail arrive?", "It is not sent again until you say."],
    mailbox_unavailable: ["The mailbox cannot send", "It is disabled or refused. Nothing is lost."],
    send_refused: ["The mail was refused", "{}"],
    parked: ["Set aside: it cannot be read", "{}"],
    restore: ["Paused after a restore", "Look whether it should go on."],
  },
  ended: {
    bounced: () => "The mail bounced",
    meeting_booked: () => "A meeting is booked",
    deal_won: () => "The deal is won",
    goal_met: () => "The goal is met",
    deal_lost: () => "The deal is lost",
    account_replied: () => "A colleague answered",
    sequence_archived: () => "The sequence was archived",
    opted_out: (name: string) => `${name} opted out`,
  },
};

export const wholeEnglish: Messages = {
  ...en,
  close: "Close",
  rules: { ...en.rules, ...rareReasons.rules },
  paused: { ...en.paused, ...rareReasons.paused },
  ended: { ...en.ended, ...rareReasons.ended },
};
