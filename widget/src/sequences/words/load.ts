/** The words of a language, fetched when the page opens in it. */
import type { Language } from "../../messages/load.ts";
import type { Words } from "./en.ts";

const loaders: Record<Language, () => Promise<Words>> = {
  en: () => import("./en.ts").then(({ en }) => en),
  de: () => import("./de.ts").then(({ de }) => de),
  es: () => import("./es.ts").then(({ es }) => es),
  fr: () => import("./fr.ts").then(({ fr }) => fr),
};

/** English where the language's own cannot be fetched. */
export const loadWords = (language: Language): Promise<Words> => loaders[language]().catch(loaders.en);
