/** What is said where there is no record to show. */
const en = {
  unknown: "Cadenza does not know this person yet",
  unknownWhy: "Add them, and they can be enrolled.",
  add: "Add to Cadenza",
  noAccess: "You cannot see this here",
  notConnected: "The panel is not connected yet",
  notConnectedWhy: "This page gives it no token. Its developer finds how in the guide to embedding.",
};

const de: typeof en = {
  unknown: "Cadenza kennt diese Person noch nicht",
  unknownWhy: "Fügen Sie sie hinzu, dann kann sie in eine Sequenz aufgenommen werden.",
  add: "Zu Cadenza hinzufügen",
  noAccess: "Das können Sie hier nicht sehen",
  notConnected: "Das Panel ist noch nicht verbunden",
  notConnectedWhy: "Diese Seite gibt ihm kein Token. Wie das geht, steht in der Anleitung zum Einbetten.",
};

const es: typeof en = {
  unknown: "Cadenza aún no conoce a esta persona",
  unknownWhy: "Añádala y podrá inscribirla.",
  add: "Añadir a Cadenza",
  noAccess: "No puede ver esto aquí",
  notConnected: "El panel aún no está conectado",
  notConnectedWhy: "Esta página no le da ningún token. La guía de integración explica cómo hacerlo.",
};

const fr: typeof en = {
  unknown: "Cadenza ne connaît pas encore cette personne",
  unknownWhy: "Ajoutez-la pour pouvoir l’inscrire.",
  add: "Ajouter à Cadenza",
  noAccess: "Vous ne pouvez pas voir ceci ici",
  notConnected: "Le panneau n’est pas encore connecté",
  notConnectedWhy: "Cette page ne lui donne pas de jeton. Le guide d’intégration explique comment faire.",
};

export const texts = { en, de, es, fr };
