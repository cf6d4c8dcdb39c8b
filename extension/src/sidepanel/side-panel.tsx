/** What the side panel shows, by who is signed in and whom the tab is about. */
import { Standing } from "../components/standing.tsx";
import { useBackground } from "../components/use-background.ts";
import { useWords } from "../components/use-language.ts";
import { ask } from "../messages/ask.ts";
import type { Subject } from "../storage/subjects.ts";
import type { Language } from "../words/words.ts";
import { OnePerson } from "./one-person.tsx";
import { PersonForm } from "./person-form.tsx";
import { Search } from "./search.tsx";
import { Strips } from "./strips.tsx";
import { Today } from "./today.tsx";
import { useTab } from "./use-tab.ts";

export function SidePanel({ language }: { language: Language }) {
  const words = useWords();
  const tabId = useTab();
  const account = useBackground("account.read", {}, ["grant", "settings"]);
  const subject = useBackground("subject.read", tabId === null ? null : { tabId }, [`subject:${tabId}`]);
  const known = account.answer;
  if (!known) return null;
  if (known.standing !== "signed_in") {
    return (
      <>
        <Strips />
        <Standing standing={known.standing} again={account.again} />
      </>
    );
  }

  const choose = (chosen: Subject | null) => {
    if (tabId !== null) void ask("subject.choose", { tabId, subject: chosen });
  };
  const about = subject.answer;
  if (about?.isConfirmed) {
    return (
      <>
        <Strips />
        <OnePerson subject={about} language={language} onBack={() => choose(null)} />
      </>
    );
  }
  return (
    <>
      <Strips />
      <Search onChoose={(contactId) => choose({ contactId, person: {}, isConfirmed: true })} />
      {known.mayWork && (
        <PersonForm
          key={`${tabId} ${JSON.stringify(about)}`}
          proposed={about?.person ?? null}
          onConfirm={(contactId) => choose({ contactId, person: {}, isConfirmed: true })}
          onDiscard={() => choose(null)}
        />
      )}
      <Today
        memberId={known.memberId}
        language={language}
        onOpen={(contactId) => choose({ contactId, person: {}, isConfirmed: true })}
      />
      <footer className="soft">
        <span>{words.signedInAs(known.name, known.workspace)}</span>
        <a href="options.html" target="_blank" rel="noreferrer">
          {words.options}
        </a>
      </footer>
    </>
  );
}
