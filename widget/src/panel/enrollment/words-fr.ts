import type { EnrollmentTexts } from "./words.ts";

const of = (one: string, many: string) => (count: number) => `${count} ${count < 2 ? one : many}`;

export const fr: EnrollmentTexts = {
  title: (sequence) => `Toutes les étapes de ${sequence}`,
  types: {
    email_auto: "E-mail",
    email_manual: "E-mail à envoyer vous-même",
    call: "Appel",
    task: "Tâche",
  },
  state: {
    sent: (when) => `Envoyé ${when}`,
    done: (when) => `Fait ${when}`,
    skipped: (when) => `Passé ${when}`,
    past: "Terminé",
    at: (when) => `Part ${when}`,
    ifDone: (when) => `${when}, si la tâche précédente est faite d’ici là`,
    ifSo: (when) => `alors ${when}`,
    unplanned: "Pas encore prévu",
    never: "N’aura pas lieu",
    stopped: "Arrêté ici",
  },
  forYou: (when) => `${when} pour vous`,
  show: "Afficher l’e-mail",
  hide: "Masquer l’e-mail",
  showTask: "Afficher le texte",
  hideTask: "Masquer le texte",
  skip: "Passer cette étape",
  problem: (what) => `Elle s’arrêtera ici : ${what}`,
  fix: "Compléter",
  unreadable: "Les étapes ne peuvent pas être lues.",
  zoneBoth: (city) => `Les heures sont celles de ${city} ; les vôtres sont en dessous.`,
  asIfResumed: "Ce seraient les dates si elle reprenait maintenant.",
  lookedAt: (when) => `Vérifié de nouveau ${when}.`,
  soon: "dans un instant",

  whyWaits: "Pourquoi elle attend",
  whyPaused: "Pourquoi elle est en pause",
  whyEnded: "Pourquoi elle s’est terminée",
  amounts: {
    second: of("seconde", "secondes"),
    minute: of("minute", "minutes"),
    hour: of("heure", "heures"),
    day: of("jour", "jours"),
    "business day": of("jour ouvré", "jours ouvrés"),
  },
  waits: {
    due: () => "Rien ne l’empêche : cela se fait au prochain passage.",
    delay: ({ amount }) =>
      amount ? `Cette étape vient ${amount} après la précédente.` : "Son moment n’est pas encore venu.",
    window: ({ name, when }) =>
      `Les e-mails pour ${name} ne partent qu’à certaines heures. Elles commencent ${when}.`,
    holiday: ({ name, when }) => `C’est un jour férié là où se trouve ${name}. La suite : ${when}.`,
    cap: ({ mailbox, amount }) =>
      `${mailbox ?? "La boîte"} a envoyé son quota du jour${amount && ` (${amount} par jour)`}.`,
    gap: ({ mailbox, amount }) =>
      `${mailbox ?? "La boîte"} laisse un intervalle entre deux e-mails${amount && ` : ${amount}`}.`,
    ramp: ({ mailbox }) => `${mailbox ?? "La boîte"} est récente et envoie un peu plus chaque jour.`,
    hold: ({ name, when }) => `${name} est en attente jusqu’à ${when}. Le reste du délai est conservé.`,
    send_in_flight: () => "Son e-mail est en train de partir.",
    task_open: () => "Quelqu’un doit d’abord faire cela. L’étape suivante compte à partir de là.",
    reply_wait: ({ name, when }) => `${name} a jusqu’à ${when} pour répondre.`,
    approval: () => "Quelqu’un doit d’abord valider le texte.",
    sequence_paused: () => "Toute la séquence est en pause, pour tout le monde.",
    sending_stopped: () => "L’envoi est arrêté dans tout l’espace de travail.",
  },
  pauses: {
    manual: ({ detail }) =>
      `Quelqu’un l’a mise en pause${detail && ` : ${detail}`}. Le reste du délai est conservé.`,
    missing_variable: ({ detail, name }) =>
      `L’étape suivante utilise ${detail}, qui est vide pour ${name}. Rien n’a été envoyé. Complétez, et elle reprend.`,
    mailbox_unavailable: ({ mailbox, detail }) =>
      `${mailbox ?? "Sa boîte"} ne peut pas envoyer${detail && ` : ${detail}`}. Rien n’est perdu.`,
    uncertain_send: () =>
      "La connexion s’est coupée pendant la remise du dernier e-mail. Il n’est pas renvoyé tant que vous n’avez pas dit s’il est arrivé.",
    send_refused: ({ detail }) => `L’e-mail a été refusé${detail && ` : ${detail}`}.`,
    parked: ({ detail }) => `Le traitement n’a pas pu se faire${detail && ` : ${detail}`}.`,
    restore: () => "En pause après une restauration. Voyez si elle doit reprendre.",
  },
  willPause: "Au prochain passage, elle se met en pause.",
  willEnd: "Au prochain passage, elle se termine.",

  stopTitle: (sequence, name) => `Arrêter ${sequence} pour ${name} ?`,
  stopDoes: "Ce que cela fait",
  takesBack: (mail) => `Le prochain e-mail, « ${mail} », ne part pas.`,
  takesBackAny: "Plus rien ne part de cette séquence.",
  closesTask: (title) => `La tâche « ${title} » disparaît.`,
  onItsWay: "Un e-mail qui part en ce moment même arrive encore.",
  othersGoOn: (names) => `Pas d’arrêt pour : ${names}.`,
  reopenable: "Elle peut être rouverte à la même étape.",
  reason: "Pourquoi ?",
  reasonHint: "Figure dans l’historique. Vous pouvez laisser vide.",
  reasons: ["Pas intéressé", "Mauvaise personne", "Mauvais moment", "En contact autrement", "Déjà client"],
  stop: "Arrêter",
  stopWhat: "Arrêter",
  pauseInstead: "Plutôt mettre en pause",
  pauseMeans: "En pause, elle garde sa place et reprend quand vous le dites.",
  ended: "Cette séquence est déjà terminée.",
  others: "Quelqu’un d’autre suit cette personne ; lui seul peut l’arrêter.",

  refused: {
    enrollment_ended: "Elle s’est terminée entre-temps.",
    enrollment_not_found: "Elle n’existe plus, ou vous ne pouvez pas la voir.",
    not_yours: "Elle est à quelqu’un d’autre.",
    role_missing: "Vous pouvez consulter, mais rien modifier.",
    scope_missing: "Vous pouvez consulter, mais rien modifier.",
    busy: "D’autres la modifient en ce moment.",
    enrollment_unreadable: "Ses données ne peuvent pas être lues.",
  },
};
