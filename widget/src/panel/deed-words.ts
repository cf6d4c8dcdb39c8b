/** What is said of something that was done, or was not. */
const en = {
  undo: "Undo",
  skip: "Skip step",
  paused: "Paused.",
  resumed: "Resumed.",
  skipped: "Step skipped.",
  canceled: "Stopped.",
  reopened: "Reopened.",
  enrolled: (name: string) => `${name} is enrolled.`,
  failed: (what: string) => `${what} did not work.`,
  kept: "Nothing was changed.",
};

const de: typeof en = {
  undo: "Rückgängig",
  skip: "Schritt überspringen",
  paused: "Angehalten.",
  resumed: "Läuft weiter.",
  skipped: "Schritt übersprungen.",
  canceled: "Beendet.",
  reopened: "Wieder geöffnet.",
  enrolled: (name) => `${name} ist aufgenommen.`,
  failed: (what) => `„${what}“ hat nicht geklappt.`,
  kept: "Es wurde nichts geändert.",
};

const es: typeof en = {
  undo: "Deshacer",
  skip: "Saltar el paso",
  paused: "En pausa.",
  resumed: "Reanudado.",
  skipped: "Paso saltado.",
  canceled: "Detenido.",
  reopened: "Reabierto.",
  enrolled: (name) => `Se ha inscrito a ${name}.`,
  failed: (what) => `«${what}» no ha funcionado.`,
  kept: "No se ha cambiado nada.",
};

const fr: typeof en = {
  undo: "Annuler",
  skip: "Passer l’étape",
  paused: "En pause.",
  resumed: "Repris.",
  skipped: "Étape passée.",
  canceled: "Arrêté.",
  reopened: "Rouvert.",
  enrolled: (name) => `${name} est inscrit.`,
  failed: (what) => `« ${what} » n’a pas fonctionné.`,
  kept: "Rien n’a été modifié.",
};

export const deedTexts = { en, de, es, fr };
