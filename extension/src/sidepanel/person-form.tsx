/**
 * Somebody to enroll, written by hand or proposed from what was marked: looked over first, then shown in the panel. Who
 * is known is left as they are; who is not is added.
 */
import { type FormEvent, useRef, useState } from "react";
import { refusalOf } from "../api/refusal.ts";
import { relayedClient } from "../api/relayed-client.ts";
import { Button } from "../components/button.tsx";
import { Field } from "../components/field.tsx";
import { useWords } from "../components/use-language.ts";
import { parseAddress } from "../page/address.ts";
import type { KnownPerson } from "../storage/subjects.ts";

type Props = {
  /** What was found in marked text; null where nobody was proposed. */
  proposed: KnownPerson | null;
  onConfirm(contactId: string): void;
  onDiscard(): void;
};

export function PersonForm({ proposed, onConfirm, onDiscard }: Props) {
  const words = useWords();
  const [person, set] = useState<KnownPerson>(proposed ?? {});
  const [busy, setBusy] = useState(false);
  const [said, say] = useState("");
  const [isWrong, setWrong] = useState(false);
  const [isOpen, open] = useState(proposed !== null);
  const isNobody = proposed && Object.keys(proposed).length === 0;

  // However often it is pressed, one person is added.
  const key = useRef<string>(crypto.randomUUID());

  async function confirm(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    say("");
    const email = parseAddress(person.email);
    setWrong(!email);
    if (!email) return document.querySelector<HTMLInputElement>("input[type=email]")?.focus();
    const filled = Object.entries(person).flatMap(([name, value]) =>
      value?.trim() ? [[name, value.trim()]] : [],
    );
    const body = { ...(Object.fromEntries(filled) as KnownPerson), email };
    setBusy(true);
    try {
      const { items } = await relayedClient("contacts.list", { query: { email } });
      const known = items[0];
      const contact = known ?? (await add(body, key.current));
      onConfirm(contact.id);
    } catch (error) {
      setBusy(false);
      say(refusalOf(error).detail);
    }
  }
  const fieldOf = (name: keyof KnownPerson, max: number) => ({
    label: words[name],
    value: person[name] ?? "",
    maxLength: max,
    autoComplete: "off",
    onValue: (value: string) => {
      // Another person than before is another wish.
      key.current = crypto.randomUUID();
      set({ ...person, [name]: value });
    },
  });

  if (!isOpen) {
    return (
      <section className="block">
        <h2>{words.addTitle}</h2>
        <p className="soft">{words.addWhy}</p>
        <div className="row">
          <Button onClick={() => open(true)}>{words.addTitle}</Button>
        </div>
      </section>
    );
  }
  return (
    <section className="block">
      <h2>{proposed && !isNobody ? words.proposedTitle : words.addTitle}</h2>
      {isNobody && <p className="soft">{words.proposedNone}</p>}
      <form onSubmit={(event) => void confirm(event)} noValidate>
        <Field
          {...fieldOf("email", 254)}
          type="email"
          inputMode="email"
          autoFocus
          wrong={isWrong ? words.emailWrong : null}
        />
        <div className="pair">
          <Field {...fieldOf("firstName", 120)} note={words.optional} />
          <Field {...fieldOf("lastName", 120)} note={words.optional} />
        </div>
        <Field {...fieldOf("companyName", 200)} note={words.optional} />
        <Field {...fieldOf("title", 200)} note={words.optional} />
        <p role="status" className="bad">
          {said}
        </p>
        <div className="row">
          <Button go submit busy={busy}>
            {words.continueWith(person.firstName?.trim() ?? "")}
          </Button>
          <Button
            quiet
            onClick={() => {
              open(false);
              onDiscard();
            }}
          >
            {words.discard}
          </Button>
        </div>
      </form>
    </section>
  );
}

const add = async (body: KnownPerson, idempotencyKey: string) =>
  (await relayedClient("contacts.create", { body, idempotencyKey })).contact;
