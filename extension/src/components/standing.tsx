/** What stands in the way, in words, with the one button that removes it: shown wherever nobody is signed in. */
import { useState } from "react";
import { patternOf } from "../api/address.ts";
import { type Refusal, refusalOf } from "../api/refusal.ts";
import { ask } from "../messages/ask.ts";
import type { Account } from "../messages/questions.ts";
import { Button } from "./button.tsx";
import { useWords } from "./use-language.ts";

type Props = {
  standing: Exclude<Account["standing"], "signed_in">;
  again(): void;
  /** There, no way leads to the options. */
  isOnOptions?: boolean;
};

export function Standing({ standing, again, isOnOptions }: Props) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  async function run(deed: () => Promise<unknown>) {
    setBusy(true);
    setRefusal(null);
    await deed().then(again, (error) => setRefusal(refusalOf(error)));
    setBusy(false);
  }
  const signIn = () => run(() => ask("account.signIn", {}, { mayRepeat: false }));
  const openOptions = () => void chrome.runtime.openOptionsPage();
  const allow = () =>
    run(async () => {
      const { apiUrl } = await ask("settings.read", {});
      await chrome.permissions.request({ origins: [patternOf(apiUrl ?? "")] });
    });
  const ways = {
    signed_out: [words.signInTitle, words.signInWhy, words.signIn, signIn],
    sign_in_expired: [words.expiredTitle, words.expiredWhy, words.signInAgain, signIn],
    no_address: [words.noAddressTitle, words.noAddressWhy, words.options, openOptions],
    no_permission: [words.noPermissionTitle, words.noPermissionWhy, words.allow, allow],
    unreachable: [words.unreachableTitle, words.unreachableWhy, words.retry, again],
  } as const;
  const [title, why, button, go] = ways[standing];
  return (
    <section className="plain">
      <h2>{title}</h2>
      <p className="soft">{why}</p>
      <p role="status" className="bad">
        {refusal?.detail}
      </p>
      <div className="row">
        <Button go busy={busy} onClick={go}>
          {button}
        </Button>
        {standing !== "no_address" && !isOnOptions && (
          <Button quiet onClick={openOptions}>
            {words.options}
          </Button>
        )}
      </div>
    </section>
  );
}
