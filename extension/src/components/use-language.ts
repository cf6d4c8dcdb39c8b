/** The page's words, in the language that was chosen. Until that is known, the browser's. */
import { createContext, useContext, useEffect } from "react";
import { en } from "../words/en.ts";
import { type Language, languageOf, wordsOf } from "../words/words.ts";
import { useBackground } from "./use-background.ts";

export function useLanguage(): Language {
  const { answer: settings } = useBackground("settings.read", {}, ["settings"]);
  const language = languageOf(settings?.language ?? "auto", navigator.language);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return language;
}

export const Said = createContext(en);
export const useWords = () => useContext(Said);
export { wordsOf };
