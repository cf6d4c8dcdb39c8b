/** The side panel: whoever the tab is about, with the product's one panel; else today's tasks and a way to name somebody. */
import "../components/page.css";
import "./side-panel.css";
import { Said, useLanguage, wordsOf } from "../components/use-language.ts";
import { SidePanel } from "./side-panel.tsx";

export default function Page() {
  const language = useLanguage();
  return (
    <Said.Provider value={wordsOf(language)}>
      <main>
        <h1 className="unseen">Cadenza</h1>
        <SidePanel language={language} />
      </main>
    </Said.Provider>
  );
}
