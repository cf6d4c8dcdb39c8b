/** Where Cadenza runs. The browser is asked for that host before anything is changed. */
import { type FormEvent, useState } from "react";
import { parseApiUrl, patternOf } from "../api/address.ts";
import { refusalOf } from "../api/refusal.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { useBackground } from "../components/use-background.ts";
import { useWords } from "../components/use-language.ts";
import { ask } from "../messages/ask.ts";

export function Address() {
  const words = useWords();
  const { answer: settings } = useBackground("settings.read", {}, ["settings"]);
  const [typed, set] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [said, say] = useState("");

  async function keep(event: FormEvent) {
    event.preventDefault();
    say("");
    const apiUrl = parseApiUrl(typed ?? settings?.apiUrl ?? "");
    if (!apiUrl) return setWrong(words.addressWrong);
    setWrong(null);
    try {
      const isAllowed = await chrome.permissions.request({ origins: [patternOf(apiUrl)] });
      if (!isAllowed) return setWrong(words.addressRefused);
      await ask("settings.choose", { apiUrl });
      set(null);
      say(words.kept);
    } catch (error) {
      setWrong(refusalOf(error).detail);
    }
  }

  return (
    <section aria-labelledby="address">
      <h2 id="address">{words.addressTitle}</h2>
      <form onSubmit={(event) => void keep(event)} noValidate>
        <Field
          label={words.address}
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          value={typed ?? settings?.apiUrl ?? ""}
          onValue={set}
          hint={words.addressHint}
          wrong={wrong}
        />
        <div className="row">
          <Button submit go={typed !== null}>
            {words.keep}
          </Button>
          <span role="status">{said}</span>
        </div>
      </form>
    </section>
  );
}
