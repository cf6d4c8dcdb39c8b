/** The options page: where Cadenza is, who is signed in, which sites are read, which language is spoken. */
import "../components/page.css";
import "./options.css";
import { Said, useLanguage, useWords, wordsOf } from "../components/use-language.ts";
import { Account } from "./account.tsx";
import { Address } from "./address.tsx";
import { LanguageChoice } from "./language-choice.tsx";
import { Sites } from "./sites.tsx";

export default function Page() {
  const words = wordsOf(useLanguage());
  return (
    <Said.Provider value={words}>
      <Options />
    </Said.Provider>
  );
}

function Options() {
  const words = useWords();
  return (
    <main>
      <h1>{words.optionsTitle}</h1>
      <Address />
      <Account />
      <Sites />
      <LanguageChoice />
    </main>
  );
}
