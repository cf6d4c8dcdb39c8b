/** Makes the values readers answer with, so that none forgets a field. */
import type { Confidence, NonePage, Person, PersonField, ReaderName, Warning } from "./facts.ts";

/** A person of whom nothing is known yet. */
export function unknownPerson(): Person {
  return {
    type: "person",
    name: null,
    firstName: null,
    lastName: null,
    email: null,
    title: null,
    company: null,
    headline: null,
    location: null,
    phone: null,
    profileUrl: null,
    threadId: null,
    role: null,
    sources: {},
    warnings: [],
  };
}

/** Writes one fact with its provenance. What is empty or only a guess is not written; what is known already stays. */
export function learn(
  person: Person,
  field: PersonField,
  value: string | null | undefined,
  from: string,
  confidence: Confidence,
): void {
  const text = value?.trim();
  if (!text || confidence === "low" || person[field] !== null) return;
  person[field] = text;
  person.sources[field] = { from, confidence };
}

export function warn(person: Person, warning: Warning): void {
  if (!person.warnings.includes(warning)) person.warnings.push(warning);
}

export function nothingRead(reader: ReaderName | null, warnings: Warning[] = []): NonePage {
  return { type: "none", reader, confidence: "low", warnings };
}
