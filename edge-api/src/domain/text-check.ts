/** Texts that are still being written: the problems saving would meet, and how they read for one person. */
import { subjectProblem } from "./message.ts";
import { templateTextProblems } from "./sequence-problems.ts";
import { renderTemplate } from "./template.ts";

export type Texts = { subject?: string; body?: string; title?: string };
export type TextProblem = { pointer: string; detail: string };

const fields = ["subject", "body", "title"] as const;

/** `reader`: whose values they are rendered with; null renders nothing. A text that cannot be rendered is left out. */
export function checkTexts(
  texts: Texts,
  reader: { values: object; at: number; zone: string } | null,
): { problems: TextProblem[]; rendered: Texts | null } {
  const problems: TextProblem[] = [];
  const rendered: Texts = {};
  for (const field of fields) {
    const source = texts[field];
    if (source === undefined) continue;
    const found = templateTextProblems(source);
    if (!found.length && reader) {
      const read = renderTemplate(source, reader.values, reader.at, reader.zone);
      if (read.ok) rendered[field] = read.text;
      else found.push("missing" in read ? `${read.missing} is empty for this person.` : read.error);
      // A subject left empty is a follow-up's, which answers in the thread.
      const unfit = field === "subject" && read.ok && source.trim() ? subjectProblem(read.text) : null;
      if (unfit) found.push(`${unfit}.`);
    }
    for (const detail of found) problems.push({ pointer: `/${field}`, detail });
  }
  return { problems, rendered: reader && rendered };
}
