/** The words of the languages that are not part of the panel itself. */
import type { Messages } from "./en.ts";
import type { Language } from "./load.ts";

const loaders: Record<Exclude<Language, "en">, () => Promise<Messages>> = {
  de: () => import("./de.ts").then(({ de }) => de),
  es: () => import("./es.ts").then(({ es }) => es),
  fr: () => import("./fr.ts").then(({ fr }) => fr),
};

export const wordsOf = (language: Exclude<Language, "en">): Promise<Messages> => loaders[language]();
