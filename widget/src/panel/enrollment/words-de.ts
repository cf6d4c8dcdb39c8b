import type { EnrollmentTexts } from "./words.ts";

const of = (one: string, many: string) => (count: number) => `${count} ${count === 1 ? one : many}`;

export const de: EnrollmentTexts = {
  title: (sequence) => `Alle Schritte von ${sequence}`,
  types: {
    email_auto: "E-Mail",
    email_manual: "E-Mail zum Selbstsenden",
    call: "Anruf",
    task: "Aufgabe",
  },
  state: {
    sent: (when) => `Gesendet ${when}`,
    done: (when) => `Erledigt ${when}`,
    skipped: (when) => `Übersprungen ${when}`,
    past: "Vorbei",
    at: (when) => `Geht hinaus ${when}`,
    ifDone: (when) => `${when}, falls die Aufgabe davor bis dahin erledigt ist`,
    ifSo: (when) => `dann ${when}`,
    unplanned: "Noch nicht geplant",
    never: "Findet nicht statt",
    stopped: "Hier beendet",
  },
  forYou: (when) => `bei Ihnen ${when}`,
  show: "E-Mail anzeigen",
  hide: "E-Mail ausblenden",
  showTask: "Text anzeigen",
  hideTask: "Text ausblenden",
  skip: "Diesen Schritt überspringen",
  problem: (what) => `Hier wird es anhalten: ${what}`,
  fix: "Ausfüllen",
  unreadable: "Die Schritte lassen sich nicht lesen.",
  zoneBoth: (city) => `Alle Zeiten gelten für ${city}; Ihre stehen darunter.`,
  asIfResumed: "Diese Termine gälten, wenn es jetzt weiterginge.",
  lookedAt: (when) => `Wird ${when} wieder geprüft.`,
  soon: "gleich",

  whyWaits: "Warum es wartet",
  whyPaused: "Warum es angehalten ist",
  whyEnded: "Warum es endete",
  amounts: {
    second: of("Sekunde", "Sekunden"),
    minute: of("Minute", "Minuten"),
    hour: of("Stunde", "Stunden"),
    day: of("Tag", "Tage"),
    "business day": of("Arbeitstag", "Arbeitstage"),
  },
  waits: {
    due: () => "Nichts steht im Weg: Es geschieht beim nächsten Durchgang.",
    delay: ({ amount }) =>
      amount
        ? `Abstand dieses Schritts zum vorigen: ${amount}.`
        : "Die Zeit für diesen Schritt ist noch nicht gekommen.",
    window: ({ name, when }) =>
      `E-Mails an ${name} gehen nur zu bestimmten Zeiten hinaus. Wieder möglich: ${when}.`,
    holiday: ({ name, when }) => `Bei ${name} ist ein Feiertag. Weiter geht es: ${when}.`,
    cap: ({ mailbox, amount }) =>
      `${mailbox ?? "Das Postfach"} hat für heute genug gesendet${amount && ` (${amount} am Tag)`}.`,
    gap: ({ mailbox, amount }) =>
      `${mailbox ?? "Das Postfach"} lässt zwischen zwei E-Mails einen Abstand${amount && `: ${amount}`}.`,
    ramp: ({ mailbox }) => `${mailbox ?? "Das Postfach"} ist neu und sendet jeden Tag etwas mehr.`,
    hold: ({ name, when }) =>
      `${name} ist zurückgestellt bis ${when}. Der Rest der Wartezeit bleibt erhalten.`,
    send_in_flight: () => "Die E-Mail ist gerade unterwegs.",
    task_open: () => "Zuerst muss jemand diese Aufgabe erledigen. Der nächste Schritt zählt von da an.",
    reply_wait: ({ name, when }) => `Zeit für eine Antwort von ${name}: bis ${when}.`,
    approval: () => "Zuerst muss jemand den Text freigeben.",
    sequence_paused: () => "Die ganze Sequenz ist angehalten, für alle darin.",
    sending_stopped: () => "Der Versand ist für den ganzen Arbeitsbereich gestoppt.",
  },
  pauses: {
    manual: ({ detail }) =>
      `Jemand hat es angehalten${detail && `: ${detail}`}. Der Rest der Wartezeit bleibt erhalten.`,
    missing_variable: ({ detail, name }) =>
      `Der nächste Schritt braucht ${detail}, und das ist bei ${name} leer. Gesendet wurde nichts. Füllen Sie es aus, dann geht es weiter.`,
    mailbox_unavailable: ({ mailbox, detail }) =>
      `${mailbox ?? "Das Postfach"} kann nicht senden${detail && `: ${detail}`}. Es geht nichts verloren.`,
    uncertain_send: () =>
      "Beim Übergeben der letzten E-Mail brach die Verbindung ab. Sie wird nicht noch einmal gesendet, bis Sie sagen, ob sie angekommen ist.",
    send_refused: ({ detail }) => `Die E-Mail wurde abgelehnt${detail && `: ${detail}`}.`,
    parked: ({ detail }) => `Es ließ sich nicht bearbeiten${detail && `: ${detail}`}.`,
    restore: () => "Nach einer Wiederherstellung angehalten. Sehen Sie nach, ob es weitergehen soll.",
  },
  willPause: "Beim nächsten Durchgang hält es an.",
  willEnd: "Beim nächsten Durchgang endet es.",

  stopTitle: (sequence, name) => `${sequence} für ${name} beenden?`,
  stopDoes: "Was dann geschieht",
  takesBack: (mail) => `Die nächste E-Mail, „${mail}“, geht nicht hinaus.`,
  takesBackAny: "Aus dieser Sequenz geht nichts mehr hinaus.",
  closesTask: (title) => `Die Aufgabe „${title}“ entfällt.`,
  onItsWay: "Eine E-Mail, die in diesem Moment unterwegs ist, kommt noch an.",
  othersGoOn: (names) => `Nicht beendet: ${names}.`,
  reopenable: "Sie lässt sich beim selben Schritt wieder öffnen.",
  reason: "Warum?",
  reasonHint: "Steht im Verlauf. Sie können es leer lassen.",
  reasons: [
    "Kein Interesse",
    "Falsche Person",
    "Ungünstiger Zeitpunkt",
    "Anderweitig in Kontakt",
    "Schon Kunde",
  ],
  stop: "Beenden",
  stopWhat: "Beenden",
  pauseInstead: "Stattdessen anhalten",
  pauseMeans: "Angehalten behält sie ihren Platz und geht weiter, wenn Sie es sagen.",
  ended: "Diese Sequenz ist schon beendet.",
  others: "Dieser Kontakt wird von jemand anderem betreut; nur dort kann die Sequenz beendet werden.",

  refused: {
    enrollment_ended: "Die Sequenz ist inzwischen beendet.",
    enrollment_not_found: "Das gibt es nicht mehr, oder Sie dürfen es nicht sehen.",
    not_yours: "Das gehört jemand anderem.",
    role_missing: "Sie können hier lesen, aber nichts ändern.",
    scope_missing: "Sie können hier lesen, aber nichts ändern.",
    busy: "Andere ändern es gerade in diesem Moment.",
    enrollment_unreadable: "Die Daten lassen sich nicht lesen.",
  },
};
