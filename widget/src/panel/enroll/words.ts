/** What is said while somebody is enrolled. Why somebody may not be is in refusal-words.ts. */
import type { StepType } from "@cadenza/shared/vocabulary";

const en = {
  sequence: "Sequence",
  search: "Search by name",
  facts: (steps: number, people: number) =>
    `${steps} ${steps === 1 ? "step" : "steps"}${people ? `, ${people === 1 ? "1 person" : `${people} people`} in it` : ""}`,
  alreadyIn: "already in it",
  found: (count: number) => (count === 1 ? "1 sequence" : `${count} sequences`),
  more: "These are the newest. Write a part of the name to find others.",
  noHits: (q: string) => `No sequence is called “${q}”.`,
  none: "No sequence is published yet",
  noneWhy: "A sequence says what goes out and when. Once a manager publishes one, you find it here.",
  noneBuild: "A sequence says what goes out and when. Build one and publish it; you find it here then.",
  openCadenza: "Open Cadenza",
  notRead: "The sequences could not be read",
  notPreviewed: "The preview could not be read",

  another: "Another sequence",
  calendar: (city: string) => `All of it, ${city} time`,
  yours: (when: string) => `${when} for you`,
  kinds: { email_auto: "Email", email_manual: "Email you send", call: "Call", task: "Task" } as Record<
    StepType,
    string
  >,
  noDate: "Without a date for now",
  ifDone: "if the task before is done by then",
  needs: (field: string) => `Needs: ${field}`,
  broken: (why: string) => `It cannot be written: ${why}`,
  noSteps: "This sequence has no steps",

  missing: (field: string) => `${field} is missing`,
  missingWhy: (steps: string) => `Used in ${steps}. Without it, the sequence stops there and asks for it.`,
  missingElsewhere: (variable: string) =>
    `“${variable}” is empty and cannot be filled in here. The sequence stops there and asks for it.`,

  from: "From",
  itsMailbox: "The sequence’s own mailbox",
  start: "Start",
  starts: { now: "As soon as possible", at: "On a date" },
  notBefore: (city: string) => `Not before, ${city} time`,
  noDateGiven: "Choose a date and a time.",
  dateOver: "That is over. Choose a later time.",

  alsoIn: (name: string, sequences: string) => `${name} is also in ${sequences}.`,
  roleAddress: (email: string) => `${email} looks like the address of a department, not of a person.`,
  takenBack: (name: string) => `${name} is taken out again. Nothing was sent.`,
};

const de: typeof en = {
  sequence: "Sequenz",
  search: "Nach Namen suchen",
  facts: (steps, people) =>
    `${steps} ${steps === 1 ? "Schritt" : "Schritte"}${people ? `, ${people === 1 ? "1 Person" : `${people} Personen`} darin` : ""}`,
  alreadyIn: "läuft bereits",
  found: (count) => (count === 1 ? "1 Sequenz" : `${count} Sequenzen`),
  more: "Das sind die neuesten. Andere finden Sie über einen Teil des Namens.",
  noHits: (q) => `Keine Sequenz heißt „${q}“.`,
  none: "Noch ist keine Sequenz veröffentlicht",
  noneWhy:
    "Eine Sequenz sagt, was wann hinausgeht. Sobald eine Managerin oder ein Manager eine veröffentlicht, steht sie hier.",
  noneBuild:
    "Eine Sequenz sagt, was wann hinausgeht. Legen Sie eine an und veröffentlichen Sie sie; dann steht sie hier.",
  openCadenza: "Cadenza öffnen",
  notRead: "Die Sequenzen konnten nicht gelesen werden",
  notPreviewed: "Die Vorschau konnte nicht gelesen werden",

  another: "Andere Sequenz",
  calendar: (city) => `Der ganze Ablauf, Ortszeit ${city}`,
  yours: (when) => `${when} bei Ihnen`,
  kinds: { email_auto: "E-Mail", email_manual: "E-Mail von Hand", call: "Anruf", task: "Aufgabe" },
  noDate: "Vorerst ohne Termin",
  ifDone: "wenn die Aufgabe davor bis dahin erledigt ist",
  needs: (field) => `Es fehlt: ${field}`,
  broken: (why) => `Der Text lässt sich nicht erstellen: ${why}`,
  noSteps: "Diese Sequenz hat keine Schritte",

  missing: (field) => `„${field}“ fehlt`,
  missingWhy: (steps) =>
    `Verwendet in ${steps}. Ohne diese Angabe hält die Sequenz dort an und fragt danach.`,
  missingElsewhere: (variable) =>
    `„${variable}“ ist leer und lässt sich hier nicht ausfüllen. Die Sequenz hält dort an und fragt danach.`,

  from: "Von",
  itsMailbox: "Das Postfach der Sequenz",
  start: "Beginn",
  starts: { now: "So bald wie möglich", at: "An einem Termin" },
  notBefore: (city) => `Nicht vor, Ortszeit ${city}`,
  noDateGiven: "Wählen Sie Tag und Uhrzeit.",
  dateOver: "Das ist schon vorbei. Wählen Sie einen späteren Zeitpunkt.",

  alsoIn: (name, sequences) => `${name} ist auch in ${sequences}.`,
  roleAddress: (email) => `${email} sieht nach der Adresse einer Abteilung aus, nicht nach einer Person.`,
  takenBack: (name) => `${name} ist wieder herausgenommen. Es wurde nichts gesendet.`,
};

const es: typeof en = {
  sequence: "Secuencia",
  search: "Buscar por nombre",
  facts: (steps, people) =>
    `${steps} ${steps === 1 ? "paso" : "pasos"}${people ? `, ${people === 1 ? "1 persona" : `${people} personas`} dentro` : ""}`,
  alreadyIn: "ya está en ella",
  found: (count) => (count === 1 ? "1 secuencia" : `${count} secuencias`),
  more: "Estas son las más recientes. Escriba una parte del nombre para encontrar otras.",
  noHits: (q) => `Ninguna secuencia se llama «${q}».`,
  none: "Todavía no hay ninguna secuencia publicada",
  noneWhy: "Una secuencia dice qué se envía y cuándo. Cuando un responsable publique una, aparecerá aquí.",
  noneBuild: "Una secuencia dice qué se envía y cuándo. Cree una y publíquela; entonces aparecerá aquí.",
  openCadenza: "Abrir Cadenza",
  notRead: "No se han podido leer las secuencias",
  notPreviewed: "No se ha podido leer la vista previa",

  another: "Otra secuencia",
  calendar: (city) => `Todo el recorrido, hora de ${city}`,
  yours: (when) => `${when} para usted`,
  kinds: { email_auto: "Correo", email_manual: "Correo que envía usted", call: "Llamada", task: "Tarea" },
  noDate: "Por ahora sin fecha",
  ifDone: "si la tarea anterior está hecha para entonces",
  needs: (field) => `Falta: ${field}`,
  broken: (why) => `No se puede redactar: ${why}`,
  noSteps: "Esta secuencia no tiene pasos",

  missing: (field) => `Falta «${field}»`,
  missingWhy: (steps) => `Se usa en ${steps}. Sin este dato, la secuencia se detiene ahí y lo pide.`,
  missingElsewhere: (variable) =>
    `«${variable}» está vacío y aquí no se puede rellenar. La secuencia se detiene ahí y lo pide.`,

  from: "Desde",
  itsMailbox: "El buzón de la secuencia",
  start: "Inicio",
  starts: { now: "Lo antes posible", at: "En una fecha" },
  notBefore: (city) => `No antes de, hora de ${city}`,
  noDateGiven: "Elija una fecha y una hora.",
  dateOver: "Eso ya ha pasado. Elija un momento posterior.",

  alsoIn: (name, sequences) => `${name} también está en ${sequences}.`,
  roleAddress: (email) => `${email} parece la dirección de un departamento, no de una persona.`,
  takenBack: (name) => `Se ha retirado a ${name}. No se ha enviado nada.`,
};

const fr: typeof en = {
  sequence: "Séquence",
  search: "Rechercher par nom",
  facts: (steps, people) =>
    `${steps} ${steps === 1 ? "étape" : "étapes"}${people ? `, ${people === 1 ? "1 personne" : `${people} personnes`} dedans` : ""}`,
  alreadyIn: "déjà en cours",
  found: (count) => (count === 1 ? "1 séquence" : `${count} séquences`),
  more: "Voici les plus récentes. Écrivez une partie du nom pour en trouver d’autres.",
  noHits: (q) => `Aucune séquence ne s’appelle « ${q} ».`,
  none: "Aucune séquence n’est encore publiée",
  noneWhy: "Une séquence dit ce qui part et quand. Dès qu’un responsable en publie une, vous la trouvez ici.",
  noneBuild: "Une séquence dit ce qui part et quand. Créez-en une et publiez-la : vous la trouverez ici.",
  openCadenza: "Ouvrir Cadenza",
  notRead: "Les séquences n’ont pas pu être lues",
  notPreviewed: "L’aperçu n’a pas pu être lu",

  another: "Une autre séquence",
  calendar: (city) => `Tout le parcours, heure de ${city}`,
  yours: (when) => `${when} pour vous`,
  kinds: { email_auto: "E-mail", email_manual: "E-mail à envoyer", call: "Appel", task: "Tâche" },
  noDate: "Sans date pour l’instant",
  ifDone: "si la tâche précédente est faite d’ici là",
  needs: (field) => `Il manque : ${field}`,
  broken: (why) => `Impossible à rédiger : ${why}`,
  noSteps: "Cette séquence n’a aucune étape",

  missing: (field) => `Il manque : ${field}`,
  missingWhy: (steps) => `Utilisé dans ${steps}. Sans cela, la séquence s’arrête là et le demande.`,
  missingElsewhere: (variable) =>
    `« ${variable} » est vide et ne peut pas être saisi ici. La séquence s’arrête là et le demande.`,

  from: "De",
  itsMailbox: "La boîte de la séquence",
  start: "Début",
  starts: { now: "Dès que possible", at: "À une date" },
  notBefore: (city) => `Pas avant, heure de ${city}`,
  noDateGiven: "Choisissez une date et une heure.",
  dateOver: "C’est déjà passé. Choisissez un moment plus tard.",

  alsoIn: (name, sequences) => `${name} est aussi dans ${sequences}.`,
  roleAddress: (email) => `${email} ressemble à l’adresse d’un service, pas d’une personne.`,
  takenBack: (name) => `${name} en est ressorti. Rien n’a été envoyé.`,
};

export const texts = { en, de, es, fr };
