/**
 * Names that nobody has: what another program puts where it knows nothing, what a merge left over, and letters that were
 * read in the wrong encoding. A mail that greets one of them is worse than a mail that waits for a name. Pure.
 */
import { unfilledIn } from "../src/domain/placeholders.ts";
import { type Field, fieldNames, plain } from "./column-names.ts";

const named: readonly Field[] = ["firstName", "lastName", "name", "companyName", "title"];
const nothing = [
  "na",
  "n/a",
  "n.a.",
  "null",
  "none",
  "nil",
  "nan",
  "undefined",
  "unknown",
  "tbd",
  "tba",
  "xx",
  "xxx",
];

/** @returns what is wrong with the value of a name, a company or a title; null for what may well be one. */
export function doubtAbout(field: Field, value: string): string | null {
  if (!named.includes(field)) return null;
  const inWords = "is a placeholder";
  if (value.includes("\ufffd")) return "holds letters that were lost in another program";
  const meant = misread(value);
  if (meant) return `looks like "${meant}" read in the wrong encoding`;
  if (!/[\p{L}\p{N}]/u.test(value) || /^#(N\/A|REF!|NAME\?|VALUE!|NULL!|NUM!|DIV\/0!)/.test(value))
    return inWords;
  if (/^=|^[+@-].*[|(!]/.test(value)) return "is a formula";
  if (unfilledIn(value).length || /^[[<{(].*[\]>})]$/.test(value)) return inWords;
  const lower = value.toLowerCase();
  // There are people called Na, Null and None, and they write it so.
  const mayBeOne =
    value !== lower && value !== value.toUpperCase() && (field === "lastName" || lower === "na");
  const isWord = nothing.includes(lower) && !mayBeOne;
  const isOwnName = /\s|_/.test(value) || /name$/i.test(value) ? isFieldName(value) : false;
  return isWord || isOwnName ? inWords : null;
}

const isFieldName = (value: string): boolean =>
  [
    ...fieldNames.firstName,
    ...fieldNames.lastName,
    ...fieldNames.name,
    ...fieldNames.companyName,
    ...fieldNames.title,
  ]
    .map(String)
    .concat("yourname")
    .includes(plain(value));

/** What Windows-1252 has between 0x80 and 0x9f. */
const windows = new Map(
  [...new TextDecoder("windows-1252").decode(Uint8Array.from({ length: 32 }, (_, n) => 0x80 + n))].map(
    (letter, n) => [letter, 0x80 + n] as const,
  ),
);

/** `JosÃ©` → `José`: letters whose bytes, taken as Windows-1252 or Latin-1, are UTF-8. */
function misread(value: string): string | null {
  let found = false;
  const meant = value.replace(/[^\0-\x7f]{2,}/gu, (run) => {
    const bytes = [...run].map((letter) => windows.get(letter) ?? letter.codePointAt(0)!);
    if (bytes.some((byte) => byte > 0xff)) return run;
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(Uint8Array.from(bytes));
      found = true;
      return text;
    } catch {
      return run;
    }
  });
  return found ? meant : null;
}
