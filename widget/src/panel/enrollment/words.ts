/** What the views of one enrollment say: its steps, why it waits, and how it is stopped. */
import type { PauseReason, StepType, WaitReason } from "@cadenza/shared/vocabulary";
import { de } from "./words-de.ts";
import { es } from "./words-es.ts";
import { fr } from "./words-fr.ts";

/** What a reason is told with; what is not known is left out of the sentence. */
export type Cause = {
  name: string;
  mailbox: string | null;
  /** "2 business days", in the panel's language; a number where the rule counts mails. */
  amount: string;
  /** When that is over, in words. */
  when: string;
  detail: string;
};

const minutes = (count: number) => (count === 1 ? "1 minute" : `${count} minutes`);
const hours = (count: number) => (count === 1 ? "1 hour" : `${count} hours`);
const days = (count: number) => (count === 1 ? "1 day" : `${count} days`);
const workingDays = (count: number) => (count === 1 ? "1 working day" : `${count} working days`);
const seconds = (count: number) => (count === 1 ? "1 second" : `${count} seconds`);

const en = {
  title: (sequence: string) => `All steps of ${sequence}`,
  types: {
    email_auto: "Email",
    email_manual: "Email to send yourself",
    call: "Call",
    task: "Task",
  } as Record<StepType, string>,
  state: {
    sent: (when: string) => `Sent ${when}`,
    done: (when: string) => `Done ${when}`,
    skipped: (when: string) => `Skipped ${when}`,
    past: "Over",
    at: (when: string) => `Goes out ${when}`,
    ifDone: (when: string) => `${when}, if the task before it is done by then`,
    ifSo: (when: string) => `if so, ${when}`,
    unplanned: "Not planned yet",
    never: "Does not happen",
    stopped: "Stopped here",
  },
  forYou: (when: string) => `${when} for you`,
  show: "Show the mail",
  hide: "Hide the mail",
  showTask: "Show the text",
  hideTask: "Hide the text",
  skip: "Skip this step",
  problem: (what: string) => `It will stop here: ${what}`,
  fix: "Fill it in",
  unreadable: "Its steps cannot be read.",
  zoneBoth: (city: string) => `Times are those of ${city}; yours stand below them.`,
  asIfResumed: "These are the dates it would have if it went on now.",
  lookedAt: (when: string) => `Looked at again ${when}.`,
  soon: "in a moment",

  whyWaits: "Why it waits",
  whyPaused: "Why it is paused",
  whyEnded: "Why it ended",
  amounts: {
    minute: minutes,
    hour: hours,
    day: days,
    "business day": workingDays,
    second: seconds,
  } as Record<string, (count: number) => string>,
  waits: {
    due: () => "Nothing is in its way: it happens at the next turn.",
    delay: ({ amount }: Cause) =>
      amount ? `This step comes ${amount} after the one before.` : "Its time has not come yet.",
    window: ({ name, when }: Cause) => `Mail for ${name} goes out in set hours only. They begin ${when}.`,
    holiday: ({ name, when }: Cause) => `It is a holiday where ${name} is. It goes on ${when}.`,
    cap: ({ mailbox, amount }: Cause) =>
      `${mailbox ?? "The mailbox"} has sent its share for today${amount && ` (${amount} a day)`}.`,
    gap: ({ mailbox, amount }: Cause) =>
      `${mailbox ?? "The mailbox"} leaves a gap between two mails${amount && `: ${amount}`}.`,
    ramp: ({ mailbox }: Cause) => `${mailbox ?? "The mailbox"} is new and sends a little more each day.`,
    hold: ({ name, when }: Cause) => `${name} is on hold until ${when}. What is left of the wait is kept.`,
    send_in_flight: () => "Its mail is on the way out.",
    task_open: () => "A person has to do this first. The next step counts from then.",
    reply_wait: ({ name, when }: Cause) => `${name} has until ${when} to answer.`,
    approval: () => "Somebody has to approve the text first.",
    sequence_paused: () => "The whole sequence is paused, for everybody in it.",
    sending_stopped: () => "Sending is stopped for the whole workspace.",
  } as Record<WaitReason | "due", (cause: Cause) => string>,
  pauses: {
    manual: ({ detail }: Cause) =>
      `Somebody paused it${detail && `: ${detail}`}. What is left of the wait is kept.`,
    missing_variable: ({ detail, name }: Cause) =>
      `The next step uses ${detail}, which is empty for ${name}. Nothing was sent. Fill it in, and it goes on.`,
    mailbox_unavailable: ({ mailbox, detail }: Cause) =>
      `${mailbox ?? "Its mailbox"} cannot send${detail && `: ${detail}`}. Nothing is lost.`,
    uncertain_send: () =>
      "The connection broke while the last mail was handed over. It is not sent again until you say whether it arrived.",
    send_refused: ({ detail }: Cause) => `The mail was refused${detail && `: ${detail}`}.`,
    parked: ({ detail }: Cause) => `It could not be worked on${detail && `: ${detail}`}.`,
    restore: () => "It was paused after a restore. Look whether it should go on.",
  } as Record<PauseReason, (cause: Cause) => string>,
  willPause: "At its next turn it pauses.",
  willEnd: "At its next turn it ends.",

  stopTitle: (sequence: string, name: string) => `Stop ${sequence} for ${name}?`,
  stopDoes: "What this does",
  takesBack: (mail: string) => `The next mail, “${mail}”, does not go out.`,
  takesBackAny: "Nothing more goes out from this sequence.",
  closesTask: (title: string) => `The task “${title}” goes away.`,
  onItsWay: "A mail that is on its way at this moment still arrives.",
  othersGoOn: (names: string) => `Not stopped: ${names}.`,
  reopenable: "It can be reopened at the same step.",
  reason: "Why?",
  reasonHint: "Stands in the timeline. You may leave it empty.",
  reasons: ["Not interested", "Wrong person", "Bad moment", "In touch by other ways", "Already a customer"],
  stop: "Stop it",
  stopWhat: "Stop",
  pauseInstead: "Pause instead",
  pauseMeans: "Paused, it keeps its place and goes on when you say.",
  ended: "This sequence has ended already.",
  others: "This enrollment is somebody else’s; only they can stop it.",

  refused: {
    enrollment_ended: "It has ended meanwhile.",
    enrollment_not_found: "It is not there any more, or you may not see it.",
    not_yours: "It belongs to somebody else.",
    role_missing: "You may look here, not change anything.",
    scope_missing: "You may look here, not change anything.",
    busy: "Others are changing it at this moment.",
    enrollment_unreadable: "Its data cannot be read.",
  } as Record<string, string>,
};

export type EnrollmentTexts = typeof en;
export const enrollmentTexts = { en, de, es, fr };
