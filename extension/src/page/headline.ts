/**
 * What a headline says about somebody's title. A headline is whatever its owner finds fit to print, so it is believed
 * only where it names a company that is known from elsewhere: then the words before that name are the title.
 */
import { folded, oneLine } from "./text.ts";

/** "Head of Growth @ Acme — quiet numbers | ex-Elm" of somebody at Acme: "Head of Growth". Else null. */
export function titleBeforeCompany(headline: string | null, company: string | null): string | null {
  if (!headline || !company || folded(company) === "") return null;
  for (const part of oneLine(headline, 300).split(/\s*[|•·;]\s*|\s+[—–]\s+/u)) {
    const at = indexOfName(part, company);
    if (at < 0) continue;
    const [, title = ""] = connector.exec(part.slice(0, at)) ?? [];
    // The role that this one follows may be somebody's past one: "CEO at Foo, ex-VP at Bar".
    if (title && !formerly.test(title)) return title.trim();
    const after = /^\s*[・、]?\s*(\p{Script=Han}[\p{Script=Han}\p{Script=Katakana}・]{1,20})$/u.exec(
      part.slice(at + company.length),
    );
    if (at === 0 && after) return after[1] ?? null;
  }
  return null;
}

/** A title, then the little word that joins it to an employer in the languages LinkedIn speaks. */
const connector =
  /^(\p{L}.*?)\s*(?:\s(?:at|bei|beim|bij|chez|en|de|du|presso|in|na|no|da|do|em|på|hos|w|v|ve|u|ved|i|for|with|в|из|del|della|à|la|pri|di|@)|@|,|\s-|:|의|の)\s*(?:the\s|l['’])?$/iu;

const formerly =
  /\b(?:ex|former|formerly|previously|past|ehem|ehemalig\w*|vormals|ancien\w*|antiguo|fd|tidigare|ehemals)\b/i;

/** Where a name stands as whole words, or -1. */
function indexOfName(text: string, name: string): number {
  const at = text.toLowerCase().indexOf(name.toLowerCase());
  if (at < 0) return -1;
  const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  const spaceless = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Katakana}]/u.test(name);
  return !spaceless && (isWord(text[at - 1]) || isWord(text[at + name.length])) ? -1 : at;
}
