/** What the views of a task and of a mail nobody is sure of say. */
import type { TaskKind, TaskOutcome, TaskType } from "@cadenza/shared/vocabulary";
import { de } from "./words-de.ts";
import { es } from "./words-es.ts";
import { fr } from "./words-fr.ts";

const en = {
  kinds: {
    call: "Call",
    email_manual: "Email to send yourself",
    todo: "To do",
    task: "To do",
    linkedin_connect: "LinkedIn: connect",
    linkedin_message: "LinkedIn: message",
    linkedin_view: "LinkedIn: look at the profile",
    sms: "Text message",
    other: "To do",
  } as Record<TaskType | TaskKind, string>,
  forYou: (when: string) => `${when} for you`,
  inTime: (city: string) => `${city} time`,

  call: (number: string) => `Call ${number}`,
  noNumber: (name: string) => `No phone number is known for ${name}.`,
  sms: (number: string) => `Write to ${number}`,
  profile: (name: string) => `Open ${name}’s profile`,
  noProfile: (name: string) => `No LinkedIn profile is known for ${name}.`,
  script: "What to say",
  text: "Text",
  copy: "Copy",
  copied: "Copied",
  notCopied: "It could not be copied. Mark the text and copy it yourself.",

  outcome: "How did it go?",
  outcomes: {
    connected: "Connected",
    interested: "Interested",
    voicemail: "Voicemail",
    no_answer: "No answer",
    busy: "Busy",
    meeting_booked: "Meeting booked",
    not_interested: "Not interested",
    wrong_number: "Wrong number",
  } as Partial<Record<TaskOutcome, string>>,
  ends: {
    meeting_booked: (_: string) => "This ends the sequence: a meeting is what it was for.",
    not_interested: (name: string) => `This ends the sequence: ${name} has answered.`,
    wrong_number: (_: string) => "This stops the sequence: somebody else is behind that number.",
  },
  goesOn: (step: string) => `The sequence goes on with “${step}”.`,
  wasLast: "It was the last step: the sequence is finished then.",
  standsElsewhere: "The sequence is not at this step any more; it stays where it is.",

  note: "Note",
  noteHint: "Kept with the task, for whoever looks later.",
  done: "Done",
  doneEnds: "Done, and end the sequence",
  later: "Later…",
  skip: "Skip",
  skipTask: "Skip task",

  subject: "Subject",
  body: "Text",
  to: (address: string) => `To ${address}`,
  toFrom: (address: string, mailbox: string) => `To ${address}, from ${mailbox}`,
  approve: "Approve and send",
  approveHint: "These very words go out, with your signature, in the same conversation.",
  elsewhere: "I sent it elsewhere",
  empty: { subject: "A subject is needed.", body: "There is nothing to send yet." },
  notActive: "The sequence is paused or has ended, so nothing can go out from here.",

  until: "Again when?",
  otherTime: "Another time",
  snooze: "Put off",
  past: "This is over already. Choose a later time.",
  noTime: "Choose a day and a time.",

  saidDone: "Done.",
  saidSkipped: "Skipped.",
  saidSent: "Approved.",
  saidSnoozed: (when: string) => `Put off: due ${when}.`,
  next: (what: string) => `Next: ${what}.`,
  touches: {
    email_auto: (when: string) => `email ${when}`,
    email_manual: (when: string) => `email to write ${when}`,
    call: (when: string) => `call ${when}`,
    task: (when: string) => `task ${when}`,
  },
  goesOut: "The mail goes out in a moment.",

  closed: {
    done: "This task has been done meanwhile.",
    skipped: "This task has been skipped meanwhile.",
  },
  gone: "This task is not there any more, or you may not see it.",
  keptText: "What you typed is kept here.",
  othersTask: (owner: string) => `This task is ${owner}’s. You can read it; only they can close it.`,
  somebody: "somebody else",
  othersSend: "This enrollment is somebody else’s; only they can answer.",

  didArrive: (address: string) => `Did the mail to ${address} arrive?`,
  broke: (when: string) =>
    `It was handed over ${when}, and the connection broke before the server confirmed it.`,
  look: (mailbox: string) => `Look in the Sent folder of ${mailbox}, or ask.`,
  lookAnywhere: "Look in the Sent folder, or ask.",
  arrived: "It arrived",
  arrivedMeans: "It counts as sent when it was handed over, and the sequence goes on from there.",
  notArrived: "It did not arrive",
  notArrivedMeans: (name: string) =>
    `It is sent again, as a new mail. If the first one did arrive after all, ${name} gets it twice.`,
  settled: "This is settled already.",
  saidArrived: "It counts as sent.",
  saidAgain: "It is sent again.",

  refused: {
    task_not_open: "It has been closed meanwhile.",
    task_not_found: "It is not there any more, or you may not see it.",
    not_yours: "It belongs to somebody else.",
    role_missing: "You may look here, not change anything.",
    scope_missing: "You may look here, not change anything.",
    busy: "Others are changing it at this moment.",
    enrollment_not_active: "The sequence is paused or has ended.",
    enrollment_unreadable: "The sequence’s data cannot be read.",
    send_not_uncertain: "It has been settled meanwhile.",
    send_not_found: "The mail is not there any more, or you may not see it.",
    draft_not_sendable: "Something in it is not filled in yet.",
  } as Record<string, string>,
};

export type TaskTexts = typeof en;
export const taskTexts = { en, de, es, fr };
