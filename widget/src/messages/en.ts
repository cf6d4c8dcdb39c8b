/**
 * What the first screen says, in English: part of the panel itself. Reasons that are rare and the other languages come
 * when they are wanted.
 */
export const en = {
  panel: "Sequences",
  more: (name: string) => `Hold or stop ${name}`,
  moreShort: "Hold…",

  step: (at: number, of: number) => `step ${at} of ${of}`,
  states: {
    active: "Running in",
    waiting: "Waiting in",
    paused: "Paused in",
    completed: "Finished",
    canceled: "Stopped",
    none: "In no sequence",
  },
  touches: {
    email_auto: (when: string) => `Email goes out ${when}`,
    email_manual: (when: string) => `Email to write ${when}`,
    call: (when: string) => `Call ${when}`,
    task: (when: string) => `Task ${when}`,
  },
  soon: "in a moment",
  zone: (city: string, yours: string) => `${city} time${yours && `, ${yours} for you`}.`,
  rules: {
    window: (name: string) => `The mail window for ${name} opens then.`,
    hold: (name: string) => `${name} is on hold until then.`,
    task_open: () => "It goes on when that is done.",
  } as Record<string, (name: string) => string>,
  yourTurn: (title: string) => `Your turn: ${title}`,
  standsStill: "Nothing goes out for now",
  /** A title, and below it what was kept or what to do; `{}` is the detail: a variable, a server's words. */
  paused: {
    manual: ["Paused by hand", "Its wait is kept."],
    missing_variable: ["A word is missing: {}", "The next step uses it. Nothing was sent."],
  } as Record<string, [string, string]>,
  ended: {
    all_steps_done: () => "Every step is done",
    replied: (name: string) => `${name} answered`,
    manual: () => "Stopped by hand",
    suppressed: (name: string) => `No mail goes to ${name}`,
  } as Record<string, (name: string) => string>,
  nothingMore: "Nothing more goes out from this sequence.",
  onHold: (when: string) => `On hold until ${when}`,

  start: (name: string) => `Start a follow-up for ${name}`,
  startWhy: "See every mail and its date first.",
  enroll: (name: string) => `Enroll ${name}`,
  enrollAgain: "Enroll again",
  enrollMore: "Enroll in another",
  readOnly: "You may look here, not change anything.",

  retry: "Try again",
  back: "Back",

  tasks: "For you to do",
  due: (when: string) => `due ${when}`,
  open: "Open",

  offline: "You are offline. This may be old.",
  unreachable: "Cadenza cannot be reached",
  unreachableWhy: "Nothing was changed. It is tried again.",
  tokenNeeded: "Waiting for this page to say who you are.",
};

/** With what is said only on what comes after the first screen. */
export type Messages = typeof en & { close: string };
