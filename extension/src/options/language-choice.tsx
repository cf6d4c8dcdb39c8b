/** Which language the extension and the panel in it speak. */
import { useBackground } from "../components/use-background.ts";
import { useWords } from "../components/use-language.ts";
import { ask } from "../messages/ask.ts";
import type { Settings } from "../storage/settings.ts";
import { languages } from "../words/languages.ts";
import { languageNames } from "../words/words.ts";

export function LanguageChoice() {
  const words = useWords();
  const { answer: settings } = useBackground("settings.read", {}, ["settings"]);
  return (
    <section aria-labelledby="language">
      <h2 id="language">{words.languageTitle}</h2>
      <div className="field">
        <select
          aria-labelledby="language"
          value={settings?.language ?? "auto"}
          onChange={({ target }) =>
            void ask("settings.choose", { language: target.value as Settings["language"] })
          }
        >
          {languages.map((name) => (
            <option key={name} value={name}>
              {name === "auto" ? words.languageAuto : languageNames[name]}
            </option>
          ))}
        </select>
      </div>
    </section>
  );
}
