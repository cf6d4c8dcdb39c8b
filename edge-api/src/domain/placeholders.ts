/**
 * What nobody filled in: placeholders of other tools, or of whoever wrote the text. Asked of a mail's template when it is
 * published and of a draft's words when a person approves them: in both, such a thing would be sent as it stands.
 */

const word = "[\\p{L}][\\p{L}\\p{N}_ .'-]{0,40}";
const braces = new RegExp(
  `(?<!\\{)[$#]?\\{!?\\s*${word}(?:\\|[^{}|\\n]{0,60}){0,10}\\s*\\}(?!\\})|<<\\s*${word}\\s*>>|\\*\\|[A-Za-z0-9_:. -]{1,40}\\|\\*`,
  "gu",
);
const percent = /%%?[A-Za-z][A-Za-z0-9_.-]{2,30}%%?/g;
/** What people write in brackets to fill in later. Other brackets are theirs, and so are links: `[our guide](https://…)`. */
const brackets = /\[{1,2}[^[\]\n]{1,40}\]{1,2}(?!\()/g;
const toFillIn =
  /\b(first|last|full|given|family|sur|your|my|their|his|her|prospect|lead|contact|company|firm|account|sender|recipient|customer|name|firstname|lastname|fname|lname|title|role|city|country|industry|e-?mail|phone|date|day|time|product|competitor|insert|add|placeholder|personali[sz]e|todo|tbd|tbc|link|url|x{2,}|vorname|nachname|firma|name|prénom|nom|entreprise|nombre|apellido|empresa|nome|cognome|azienda|sobrenome)\b/iu;

/** As they stand in the text, each once. */
export function placeholdersIn(text: string): string[] {
  const withoutLinks = text.replace(/https?:\/\/\S+/g, " ");
  return [
    ...new Set([
      ...(text.match(braces) ?? []),
      ...(withoutLinks.match(percent) ?? []),
      ...(text.match(brackets) ?? []).filter((found) => toFillIn.test(found.replaceAll("_", " "))),
    ]),
  ];
}

/** Of a Liquid template: only what it prints as it is written. */
export const placeholdersInTemplate = (source: string): string[] =>
  placeholdersIn(source.replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, " "));

/** Begun and perhaps never closed. */
const liquid = /\{\{[^{}\n]{0,80}(?:\}\}?)?|\{%[^%{}\n]{0,80}(?:%\})?/g;

/** In words that are to go out as they are, Liquid is a placeholder too. */
export const unfilledIn = (text: string): string[] => [
  ...new Set([...(text.match(liquid) ?? []), ...placeholdersIn(text.replace(liquid, " "))]),
];
