/** The words of a language: English is here, others are fetched once. */
import { en, type Messages } from "./en.ts";

export const languages = ["en", "de", "es", "fr"] as const;
export type Language = (typeof languages)[number];

/** @param locale a language tag, or nothing: then the browser's. @returns the first of ours that fits, else English. */
export function languageOf(locale: string | undefined): Language {
  const wanted = locale || globalThis.navigator?.language || "en";
  const base = wanted.toLowerCase().split("-")[0];
  return languages.find((language) => language === base) ?? "en";
}

const loaders: Record<Exclude<Language, "en">, () => Promise<Messages>> = {
  de: () => import("./de.ts").then(({ de }) => de),
  es: () => import("./es.ts").then(({ es }) => es),
  fr: () => import("./fr.ts").then(({ fr }) => fr),
};

export async function loadMessages(language: Language): Promise<Messages> {
  return language === "en" ? en : loaders[language]();
}
