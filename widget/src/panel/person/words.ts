/** What is said where a missing word is filled in, and where somebody Cadenza does not know is added. */
const en = {
  missing: (field: string) => `${field} is missing`,
  missingWhy: (step: string) => `“${step}” uses it. Nothing was sent.`,
  oneMore: (field: string) => `One more: ${field}`,
  elsewhere: "A panel cannot fill this in. Fill it in where it is kept, then continue.",
  filled: "Nothing is missing any more",
  filledWhy: "It was filled in meanwhile. The sequence can go on.",
  over: "This no longer waits for a word",
  save: "Save",
  saveAndContinue: "Save and continue",
  continue: "Continue",
  continued: "Saved. The sequence goes on.",

  add: "Add to Cadenza",
  addTitle: "Who is this?",
  addWhy: "Nothing is sent by adding somebody.",
  addWho: "Write a name or an address.",
  added: (name: string) => `${name} is added.`,
  dealWithoutContact: "This deal is known and has no contact. Name one in Cadenza, then look again.",
  wrongId: "Nobody here has the id this page gives",
  wrongIdWhy: "Its developer finds in the guide to embedding how a record is named.",
};

const de: typeof en = {
  missing: (field) => `„${field}“ fehlt`,
  missingWhy: (step) => `„${step}“ verwendet diese Angabe. Es wurde nichts gesendet.`,
  oneMore: (field) => `Noch eine Angabe: ${field}`,
  elsewhere: "Hier lässt sich das nicht ausfüllen. Tragen Sie es dort ein, wo es geführt wird.",
  filled: "Es fehlt nichts mehr",
  filledWhy: "Die Angabe wurde inzwischen ergänzt. Die Sequenz kann weiterlaufen.",
  over: "Hier fehlt keine Angabe mehr",
  save: "Speichern",
  saveAndContinue: "Speichern und fortfahren",
  continue: "Fortfahren",
  continued: "Gespeichert. Die Sequenz läuft weiter.",

  add: "Zu Cadenza hinzufügen",
  addTitle: "Wer ist das?",
  addWhy: "Durch das Hinzufügen wird nichts gesendet.",
  addWho: "Geben Sie einen Namen oder eine Adresse an.",
  added: (name) => `${name} ist hinzugefügt.`,
  dealWithoutContact:
    "Dieser Deal ist bekannt und hat keinen Kontakt. Tragen Sie in Cadenza einen ein und sehen Sie dann wieder nach.",
  wrongId: "Zu der Kennung dieser Seite gibt es hier niemanden",
  wrongIdWhy: "Wie ein Datensatz benannt wird, steht in der Anleitung zum Einbetten.",
};

const es: typeof en = {
  missing: (field) => `Falta «${field}»`,
  missingWhy: (step) => `«${step}» lo utiliza. No se ha enviado nada.`,
  oneMore: (field) => `Un dato más: ${field}`,
  elsewhere: "Aquí no se puede rellenar. Complételo donde se guarda y después continúe.",
  filled: "Ya no falta nada",
  filledWhy: "Alguien lo ha completado. La secuencia puede continuar.",
  over: "Ya no falta ningún dato aquí",
  save: "Guardar",
  saveAndContinue: "Guardar y continuar",
  continue: "Continuar",
  continued: "Guardado. La secuencia continúa.",

  add: "Añadir a Cadenza",
  addTitle: "¿Quién es?",
  addWhy: "Añadir a alguien no envía nada.",
  addWho: "Escriba un nombre o una dirección.",
  added: (name) => `Se ha añadido a ${name}.`,
  dealWithoutContact:
    "Este negocio es conocido y no tiene contacto. Asígnele uno en Cadenza y vuelva a mirar.",
  wrongId: "Nadie tiene aquí el identificador que da esta página",
  wrongIdWhy: "La guía de integración explica cómo se nombra un registro.",
};

const fr: typeof en = {
  missing: (field) => `Il manque : ${field}`,
  missingWhy: (step) => `« ${step} » l’utilise. Rien n’a été envoyé.`,
  oneMore: (field) => `Encore une information : ${field}`,
  elsewhere: "Elle ne peut pas être saisie ici. Complétez-la là où elle est tenue, puis continuez.",
  filled: "Il ne manque plus rien",
  filledWhy: "Quelqu’un l’a complété. La séquence peut continuer.",
  over: "Aucune information ne manque plus ici",
  save: "Enregistrer",
  saveAndContinue: "Enregistrer et continuer",
  continue: "Continuer",
  continued: "Enregistré. La séquence continue.",

  add: "Ajouter à Cadenza",
  addTitle: "Qui est-ce ?",
  addWhy: "Ajouter quelqu’un n’envoie rien.",
  addWho: "Indiquez un nom ou une adresse.",
  added: (name) => `${name} est dans Cadenza.`,
  dealWithoutContact:
    "Cette affaire est connue et n’a pas de contact. Ajoutez-en un dans Cadenza, puis revenez.",
  wrongId: "Personne n’a ici l’identifiant que donne cette page",
  wrongIdWhy: "Le guide d’intégration explique comment nommer une fiche.",
};

export const texts = { en, de, es, fr };
