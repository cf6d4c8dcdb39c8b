/** The words of the languages that are not part of the panel itself. */
import type { PanelContext } from "../panel/open.ts";
import type { Messages } from "./en.ts";
import { type Language, languageOf } from "./load.ts";

const loaders: Record<Language, () => Promise<Messages>> = {
  en: () => import("./en-rare.ts").then(({ wholeEnglish }) => wholeEnglish),
  de: () => import("./de.ts").then(({ de }) => de),
  es: () => import("./es.ts").then(({ es }) => es),
  fr: () => import("./fr.ts").then(({ fr }) => fr),
};

/** Unless the page wants yet another language by then. */
export async function speak(panel: PanelContext, language: Language): Promise<void> {
  const words = await loaders[language]();
  if (languageOf(panel.options.locale) !== language) return;
  Object.assign(panel, { language, words });
  panel.set({});
}
