/** Any contact, by the beginning of a name or an address. */
import { useEffect, useState } from "react";
import { Field } from "../components/field.tsx";
import { useBackground } from "../components/use-background.ts";
import { useWords } from "../components/use-language.ts";
import { nameOf } from "./name-of.ts";

const settleMs = 200;
type Found = {
  items: {
    id: string;
    email: string | null;
    firstName: string | null;
    lastName: string | null;
    company: { name: string } | null;
  }[];
};

export function Search({ onChoose }: { onChoose(contactId: string): void }) {
  const words = useWords();
  const [typed, set] = useState("");
  const [asked, ask] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => ask(typed.trim()), settleMs);
    return () => clearTimeout(timer);
  }, [typed]);
  const question = asked ? { route: "contacts.list" as const, query: { q: asked, limit: 8 } } : null;
  const { answer, refusal } = useBackground("api.ask", question);
  const found = asked ? (answer as Found | null) : null;
  return (
    <search className="block">
      <Field
        label={words.search}
        type="search"
        maxLength={100}
        placeholder={words.searchHint}
        autoComplete="off"
        value={typed}
        onValue={set}
      />
      <div role="status">
        {refusal && asked && <p className="bad">{refusal.detail}</p>}
        {found?.items.length === 0 && <p className="soft">{words.nobodyFound(asked)}</p>}
      </div>
      {found && found.items.length > 0 && (
        <ul className="found">
          {found.items.map((contact) => (
            <li key={contact.id}>
              <button type="button" className="whole" onClick={() => onChoose(contact.id)}>
                <b>{nameOf(contact) ?? contact.email}</b>
                <small>{[contact.email, contact.company?.name].filter(Boolean).join(" · ")}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </search>
  );
}
