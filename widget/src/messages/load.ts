/** Which language a panel speaks. */
export const languages = ["en", "de", "es", "fr"] as const;
export type Language = (typeof languages)[number];

/** @param locale a language tag, or nothing: then the browser's. @returns the first of ours that fits, else English. */
export function languageOf(locale: string | undefined): Language {
  const base = (locale || navigator.language).slice(0, 2).toLowerCase();
  return languages.find((language) => language === base) ?? "en";
}
