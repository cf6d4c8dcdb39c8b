/** Why somebody is not enrolled, and what may be done about it: a title and a sentence for every code there is. */
import type { EnrollRefusal } from "@cadenza/shared/vocabulary";

/** `until`: the day a hold ends; `ended`: how the last time ended, in the panel's words. */
export type Refused = { name: string; email: string; until: string; ended: string };
type Words = {
  why: Record<EnrollRefusal, (refused: Refused) => [title: string, text: string]>;
  again: string;
  release: string;
  hold: string;
  openCadenza: string;
};

const en: Words = {
  why: {
    no_email: ({ name }) => [
      `${name} has no email address`,
      "This sequence writes emails. Add the address, or choose a sequence of calls and tasks.",
    ],
    invalid_email: ({ email }) => [
      "The address cannot be written to",
      `“${email}” is not an address mail can be sent to. Correct it, and go on.`,
    ],
    suppressed: ({ name }) => [
      `${name} is not to be written to`,
      "The address or its whole domain is on the suppression list. Only an admin can take it off.",
    ],
    on_hold: ({ name, until }) => [
      `${name} is on hold${until && ` until ${until}`}`,
      "Nothing new starts before that.",
    ],
    own_address: ({ email }) => [
      "That is one of your own mailboxes",
      `${email} belongs to this workspace, not to a person to win.`,
    ],
    already_enrolled: ({ name }) => [
      `${name} is in this sequence already`,
      "Choose another sequence, or go back to see where this one stands.",
    ],
    enrolled_before: ({ name, ended }) => [
      `${name} was in this sequence before`,
      `${ended && `It ended: ${ended}. `}They would go through all of it once more.`,
    ],
    not_published: () => ["This sequence was never published", "Choose another sequence."],
    no_mailbox: () => [
      "There is no mailbox to send from",
      "Connect one in Cadenza, or enable the one that is there. Your choice here is kept.",
    ],
    sequence_archived: () => ["This sequence was archived", "Choose another sequence."],
  },
  again: "Enroll once more",
  release: "Release the hold",
  hold: "See the hold",
  openCadenza: "Open Cadenza",
};

const de: Words = {
  why: {
    no_email: ({ name }) => [
      `${name} hat keine E-Mail-Adresse`,
      "Diese Sequenz schreibt E-Mails. Ergänzen Sie die Adresse oder wählen Sie eine Sequenz aus Anrufen und Aufgaben.",
    ],
    invalid_email: ({ email }) => [
      "An die Adresse lässt sich nicht schreiben",
      `„${email}“ ist keine Adresse, an die Mail gesendet werden kann. Bitte berichtigen.`,
    ],
    suppressed: ({ name }) => [
      `${name} darf nicht angeschrieben werden`,
      "Die Adresse oder ihre ganze Domain steht auf der Sperrliste. Nur ein Admin kann sie herunternehmen.",
    ],
    on_hold: ({ name, until }) => [
      `${name} ist zurückgestellt${until && ` bis ${until}`}`,
      "Vorher beginnt nichts Neues.",
    ],
    own_address: ({ email }) => [
      "Das ist eines Ihrer eigenen Postfächer",
      `${email} gehört zu diesem Arbeitsbereich und nicht zu jemandem, den Sie gewinnen wollen.`,
    ],
    already_enrolled: ({ name }) => [
      `${name} ist schon in dieser Sequenz`,
      "Wählen Sie eine andere, oder gehen Sie zurück und sehen Sie, wie weit sie ist.",
    ],
    enrolled_before: ({ name, ended }) => [
      `${name} war schon einmal in dieser Sequenz`,
      `${ended && `Sie endete so: ${ended}. `}Alles käme noch einmal.`,
    ],
    not_published: () => ["Diese Sequenz wurde nie veröffentlicht", "Wählen Sie eine andere Sequenz."],
    no_mailbox: () => [
      "Es gibt kein Postfach, von dem gesendet werden kann",
      "Verbinden Sie eines in Cadenza oder schalten Sie das vorhandene ein. Ihre Auswahl hier bleibt.",
    ],
    sequence_archived: () => ["Diese Sequenz wurde archiviert", "Wählen Sie eine andere Sequenz."],
  },
  again: "Noch einmal aufnehmen",
  release: "Zurückstellung aufheben",
  hold: "Zurückstellung ansehen",
  openCadenza: "Cadenza öffnen",
};

const es: Words = {
  why: {
    no_email: ({ name }) => [
      `${name} no tiene correo electrónico`,
      "Esta secuencia escribe correos. Añada la dirección o elija una secuencia de llamadas y tareas.",
    ],
    invalid_email: ({ email }) => [
      "No se puede escribir a esa dirección",
      `«${email}» no es una dirección a la que se pueda enviar correo. Corríjala y continúe.`,
    ],
    suppressed: ({ name }) => [
      `No se debe escribir a ${name}`,
      "La dirección o todo su dominio está en la lista de exclusión. Solo un administrador puede quitarla.",
    ],
    on_hold: ({ name, until }) => [
      `${name} está en espera${until && ` hasta el ${until}`}`,
      "Antes de ese día no empieza nada nuevo.",
    ],
    own_address: ({ email }) => [
      "Ese es uno de sus propios buzones",
      `${email} pertenece a este espacio de trabajo, no a alguien por conquistar.`,
    ],
    already_enrolled: ({ name }) => [
      `${name} ya está en esta secuencia`,
      "Elija otra secuencia, o vuelva para ver cómo va esta.",
    ],
    enrolled_before: ({ name, ended }) => [
      `${name} ya estuvo en esta secuencia`,
      `${ended && `Terminó así: ${ended}. `}Pasaría por todo otra vez.`,
    ],
    not_published: () => ["Esta secuencia nunca se ha publicado", "Elija otra secuencia."],
    no_mailbox: () => [
      "No hay ningún buzón desde el que enviar",
      "Conecte uno en Cadenza o active el que hay. Su elección aquí se conserva.",
    ],
    sequence_archived: () => ["Esta secuencia se ha archivado", "Elija otra secuencia."],
  },
  again: "Inscribir otra vez",
  release: "Liberar",
  hold: "Ver la espera",
  openCadenza: "Abrir Cadenza",
};

const fr: Words = {
  why: {
    no_email: ({ name }) => [
      `${name} n’a pas d’adresse e-mail`,
      "Cette séquence écrit des e-mails. Ajoutez l’adresse ou choisissez une séquence d’appels et de tâches.",
    ],
    invalid_email: ({ email }) => [
      "Impossible d’écrire à cette adresse",
      `« ${email} » n’est pas une adresse à laquelle on peut écrire. Corrigez-la, puis continuez.`,
    ],
    suppressed: ({ name }) => [
      `Il ne faut pas écrire à ${name}`,
      "L’adresse ou tout son domaine figure sur la liste d’exclusion. Seul un administrateur peut l’en retirer.",
    ],
    on_hold: ({ name, until }) => [
      `${name} est en attente${until && ` jusqu’au ${until}`}`,
      "Rien de nouveau ne commence avant.",
    ],
    own_address: ({ email }) => [
      "C’est l’une de vos propres boîtes",
      `${email} appartient à cet espace de travail, pas à une personne à convaincre.`,
    ],
    already_enrolled: ({ name }) => [
      `${name} est déjà dans cette séquence`,
      "Choisissez-en une autre, ou revenez voir où en est celle-ci.",
    ],
    enrolled_before: ({ name, ended }) => [
      `${name} a déjà été dans cette séquence`,
      `${ended && `Elle s’est terminée ainsi : ${ended}. `}Tout recommencerait depuis le début.`,
    ],
    not_published: () => ["Cette séquence n’a jamais été publiée", "Choisissez une autre séquence."],
    no_mailbox: () => [
      "Il n’y a aucune boîte depuis laquelle envoyer",
      "Connectez-en une dans Cadenza ou réactivez celle qui existe. Votre choix ici est conservé.",
    ],
    sequence_archived: () => ["Cette séquence a été archivée", "Choisissez une autre séquence."],
  },
  again: "Inscrire une nouvelle fois",
  release: "Lever l’attente",
  hold: "Voir l’attente",
  openCadenza: "Ouvrir Cadenza",
};

export const refusalTexts = { en, de, es, fr };
