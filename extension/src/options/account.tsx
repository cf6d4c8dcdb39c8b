/** Who is signed in; signing in by the browser's window or by a code; signing out; the page of all connections. */
import { useState } from "react";
import { refusalOf } from "../api/refusal.ts";
import { Button } from "../components/button.tsx";
import { Standing } from "../components/standing.tsx";
import { useBackground } from "../components/use-background.ts";
import { useWords } from "../components/use-language.ts";
import { ask } from "../messages/ask.ts";
import { Pairing } from "./pairing.tsx";

export function Account() {
  const words = useWords();
  const { answer: account, again } = useBackground("account.read", {}, ["grant", "settings"]);
  const { answer: settings } = useBackground("settings.read", {}, ["settings"]);
  const { answer: waiting } = useBackground("outbox.list", {}, ["outbox:"]);
  const [said, say] = useState("");
  if (!account || account.standing === "no_address") return null;

  const signOut = () => void ask("account.signOut", {}).then(again, (error) => say(refusalOf(error).detail));
  return (
    <section aria-labelledby="account">
      <h2 id="account">{words.accountTitle}</h2>
      {account.standing === "signed_in" ? (
        <>
          <p>{words.signedInAs(account.name, account.email)}</p>
          <p className="soft">{words.inWorkspace(account.workspace, account.role)}</p>
          {waiting && waiting.length > 0 && <p className="bad">{words.signOutWaits}</p>}
          <div className="row">
            <Button onClick={signOut}>{words.signOut}</Button>
            <a href={`${settings?.apiUrl}/app/connections`} target="_blank" rel="noreferrer">
              {words.connections}
            </a>
          </div>
        </>
      ) : (
        <>
          <Standing standing={account.standing} again={again} isOnOptions />
          {/^sign/.test(account.standing) && <Pairing onDone={again} />}
        </>
      )}
      <p role="status" className="bad">
        {said}
      </p>
    </section>
  );
}
