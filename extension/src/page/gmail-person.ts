/** One participant as Gmail marks them: an element with an address, a name beside it, and what a rep should know. */
import { addressWarning, parseAddress } from "./address.ts";
import { attributeOf, textOf } from "./dom.ts";
import type { Person, PersonRole } from "./facts.ts";
import type { Account } from "./gmail-account.ts";
import { learn, unknownPerson, warn } from "./person.ts";
import { personName } from "./person-name.ts";
import { folded, oneLine } from "./text.ts";

export type Participant = { email: string | null; label: string | null };

/** What an element says about whom, or null: "..." and other placeholders are no addresses. */
export function participantIn(element: Element): (Participant & { email: string }) | null {
  const email = parseAddress(attributeOf(element, "email") ?? attributeOf(element, "data-hovercard-id"));
  if (!email) return null;
  const label = attributeOf(element, "name") ?? attributeOf(element, "data-name") ?? textOf(element);
  return { email, label: labelIn(label) };
}

/** A name is text whatever it looks like; an address or a placeholder is none. */
export function labelIn(text: string | null | undefined): string | null {
  const label = oneLine(text)
    .replace(/^(["'“‘])(.*)["'”’]$/u, "$2")
    .trim();
  return label && /[\p{L}\p{N}]/u.test(label) && !parseAddress(label) ? label : null;
}

export function personOf(participant: Participant, role: PersonRole, account: Account, from: string): Person {
  const person = unknownPerson();
  person.role = role;
  learn(person, "email", participant.email, from, "high");
  if (account.isSelf(participant.email, participant.label)) warn(person, "self");
  const warning = participant.email ? addressWarning(participant.email) : "name_only";
  if (warning) warn(person, warning);
  learnName(person, participant.label, from);
  return person;
}

/** A team's or a machine's name stays as it is written; a person's loses what is no part of it, and has two halves. */
export function learnName(person: Person, label: string | null, from: string): void {
  if (person.name !== null || label === null) return;
  const isPerson = person.email !== null && person.warnings.length === 0 && !/[<>]|\svia\s/u.test(label);
  const inOrder = isPerson ? surnameLast(label, person.email!) : label;
  const name = isPerson ? personName(inOrder) : null;
  if (!name?.name.includes(" ")) {
    learn(person, "name", label, from, "high");
    return;
  }
  learn(person, "name", name.name, from, name.name === label ? "high" : "medium");
  learn(person, "firstName", name.firstName, from, "medium");
  learn(person, "lastName", name.lastName, from, "medium");
}

/** "Birk, Tomas" of t.birk@… is Tomas Birk; "Whitfield, MBA" and "Acme, Inc." are as they stand. */
function surnameLast(label: string, email: string): string {
  const [, surname = "", given = ""] = /^([\p{L}' -]{2,60}),\s*([\p{L}' .-]{2,60})$/u.exec(label) ?? [];
  const local = folded(email.slice(0, email.lastIndexOf("@"))).replaceAll(" ", "");
  const [last, first] = [folded(surname).replaceAll(" ", ""), folded(given).split(" ")[0] ?? ""];
  const isBorneOut =
    last !== "" &&
    first !== "" &&
    [first + last, last + first, first[0] + last, last + first[0]].includes(local);
  return isBorneOut ? `${given} ${surname}` : label;
}
