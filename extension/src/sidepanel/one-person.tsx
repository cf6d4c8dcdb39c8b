/** One person, in the product's own panel: the widget's built element, with a client that speaks through the background. */
import type { Client } from "@cadenza/shared/client";
import { useEffect, useRef } from "react";
import { relayedClient } from "../api/relayed-client.ts";
import { Button } from "../components/button.tsx";
import { useWords } from "../components/use-language.ts";
import type { KnownPerson, Subject } from "../storage/subjects.ts";
import type { Language } from "../words/words.ts";

/** What the element takes; typed here, since its code is not ours to bundle but stands beside us as it was built. */
type Panel = HTMLElement & {
  options: {
    client: Client;
    record: { contactId: string } | { email: string };
    person: KnownPerson;
    locale: string;
  };
};

/** From the extension's own package, like everything it fetches later. */
let loaded = false;
function loadPanel(): void {
  if (loaded) return;
  loaded = true;
  const script = document.createElement("script");
  script.type = "module";
  script.src = chrome.runtime.getURL("panel/widget.js");
  document.head.append(script);
}

type Props = { subject: Subject; language: Language; onBack(): void };

export function OnePerson({ subject, language, onBack }: Props) {
  const words = useWords();
  const place = useRef<HTMLDivElement>(null);
  const said = JSON.stringify([subject, language]);
  useEffect(() => {
    const [{ contactId, person }, locale] = JSON.parse(said) as [Subject, Language];
    const record = contactId ? { contactId } : { email: person.email ?? "" };
    let isGone = false;
    loadPanel();
    void customElements.whenDefined("cadenza-panel").then(() => {
      if (isGone || !place.current) return;
      const panel = document.createElement("cadenza-panel") as Panel;
      panel.options = { client: relayedClient, record, person, locale };
      place.current.replaceChildren(panel);
    });
    return () => {
      isGone = true;
    };
  }, [said]);
  return (
    <>
      <div className="back">
        <Button quiet onClick={onBack}>
          {words.back}
        </Button>
      </div>
      <div ref={place} className="panel" />
    </>
  );
}
