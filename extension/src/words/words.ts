/** Which words: as chosen, else as the browser's. */
import type { Settings } from "../storage/settings.ts";
import { de } from "./de.ts";
import { en, type Words } from "./en.ts";
import { es } from "./es.ts";
import { fr } from "./fr.ts";

const all = { en, de, es, fr };
export type Language = keyof typeof all;

export const languageNames: Record<Language, string> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
};

export function languageOf(chosen: Settings["language"], browsers: string): Language {
  const [first = ""] = (chosen === "auto" ? browsers : chosen).toLowerCase().split("-");
  return Object.hasOwn(all, first) ? (first as Language) : "en";
}

export const wordsOf = (language: Language): Words => all[language];
