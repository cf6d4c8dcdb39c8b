/** Which language a panel speaks. */
export type Language = "en" | "de" | "es" | "fr";

/** @param locale a language tag, or nothing: then the browser's. @returns English where it is none of ours. */
export function languageOf(locale: string | undefined): Language {
  const [language] = /^(de|es|fr)\b/.exec((locale || navigator.language).toLowerCase()) ?? ["en"];
  return language as Language;
}
