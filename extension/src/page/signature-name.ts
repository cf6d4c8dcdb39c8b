/** Whether a line of a signature is its writer's name, and what else stands in that line. */
import { looksLikeTitle } from "./job-title.ts";
import { separators } from "./signature-job.ts";
import { folded } from "./text.ts";

/** The full name, its words in any order ("WHITFIELD, Dana"), a short form of the first, or the first alone on its line. */
export function isNamed(line: string, name: string): boolean {
  const wanted = wordsOf(name.replace(/\(.*?\)/gu, "")).filter((word) => word.length > 1);
  const inLine = wordsOf(line.slice(0, 200));
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined || inLine.length > wanted.length + 12) return false;
  if (inLine.length === 1) return inLine[0] === first;
  const start = inLine.slice(0, wanted.length + 3);
  return start.includes(last) && start.some((word) => isShortOf(word, first));
}

/** "Dana Whitfield | VP Operations" leaves "VP Operations"; a line with the name alone leaves nothing. */
export function afterName(line: string, name: string): string {
  const parts = line.split(separators);
  if (parts.length > 1) return parts.slice(1).join(" | ");
  const [head = "", ...rest] = line.split(/\s*,\s*/u);
  return isNamed(head, name) && looksLikeTitle(rest.join(", ")) ? rest.join(", ") : "";
}

/** A line that an address spells: "Dana Whitfield" of dana.whitfield@, dwhitfield@ or whitfield.d@. */
export function nameSpeltBy(email: string, lines: string[]): string | null {
  const local = wordsOf(email.slice(0, email.lastIndexOf("@"))).join("");
  const spelt = lines.slice(0, 4).map((line) => line.split(separators)[0]!.split(",")[0]!);
  return (
    spelt.find((line) => {
      const words = wordsOf(line);
      const [first, last] = [words[0], words.at(-1)];
      if (words.length < 2 || words.length > 4 || first === undefined || last === undefined) return false;
      return [first + last, last + first, first[0] + last, last + first[0]].includes(local);
    }) ?? null
  );
}

/** Umlauts written out are the same name: Jürgen, Juergen. */
const wordsOf = (text: string) =>
  folded(text)
    .replace(/([aou])e/gu, "$1")
    .split(" ");

/** "Dan" for "Daniel", and the other way round. */
const isShortOf = (word: string, first: string) =>
  word === first ||
  (Math.min(word.length, first.length) >= 3 && (word.startsWith(first) || first.startsWith(word)));
