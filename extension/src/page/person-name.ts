/**
 * A person's name as it may stand in a mail, from what a page shows in its place: without emoji, pronouns, letters after
 * the name, titles before it, former names, nicknames, taglines and badges. Takes away and never makes up: the parts
 * stay in their order and spelling, and where nothing is left there is no name.
 */
import {
  alsoNames,
  credentials,
  formerNameMarks,
  generations,
  honorifics,
  namePhrases,
  particles,
  pronouns,
  trailingHonorifics,
} from "./person-name-words.ts";
import { folded } from "./text.ts";

export type PersonName = { name: string; firstName: string | null; lastName: string | null };

/** Null where the text holds no name. `knownFirst`: the given name where the page says it elsewhere. */
export function personName(raw: string, knownFirst: string | null = null): PersonName | null {
  const name = cleanName(raw);
  return name === null ? null : { name, ...nameParts(name, knownFirst) };
}

const nameCharsMax = 200;

export function cleanName(raw: string): string | null {
  let text = plainLetters(raw.slice(0, nameCharsMax));
  text = halved(text);
  for (const phrase of namePhrases) text = text.replace(phrase, "");
  text = withoutBrackets(text);
  text = text.replace(formerNameMarks, "");
  text = beforeTagline(text);
  text = withoutPronouns(text);
  text = beforeCredentials(text);
  text = withoutTitles(text).replace(trailingHonorifics, "");
  text = text.replace(/^[\s,;:|·•–—/*"'’-]+|[\s,;:|·•–—/*"-]+$/gu, "").replace(/\s+/g, " ");
  return /\p{L}/u.test(text) ? text : null;
}

/** Decorated letters ("𝗔𝗻𝗻𝗮", "Ａｎｎａ") as plain ones; no emoji, signs, invisible or direction marks. */
function plainLetters(text: string): string {
  return text
    .replace(/[\u{1D400}-\u{1D7FF}\uFF01-\uFF5E\u{1F130}-\u{1F189}\u24B6-\u24E9]/gu, (char) =>
      char.normalize("NFKC"),
    )
    .normalize("NFC")
    .replace(/\p{Cc}|\p{Cf}|\u034F|\uFFFD/gu, "")
    .replace(
      /\p{Extended_Pictographic}|\p{So}|\p{Sk}|[\uFE00-\uFE0F]|\u20E3|[\u{1F1E6}-\u{1F1FF}]|[←-⇿]/gu,
      " ",
    )
    .replace(/\s+/g, " ")
    .trim();
}

/** "Martin Müller Martin Müller": written once for the eye and once for a screen reader. */
function halved(text: string): string {
  const parts = text.split(" ");
  const half = parts.length / 2;
  if (parts.length < 2 || parts.length % 2 === 1) return text;
  const first = parts.slice(0, half).join(" ");
  return first === parts.slice(half).join(" ") ? first : text;
}

/** Pronouns, former names, nicknames and languages stand in brackets or quotes. A name that is all brackets keeps its words. */
function withoutBrackets(text: string): string {
  const bare = text
    .replace(
      /(?<=^|\s)\([^()]*\)|\([^()]*\p{L}[^()]*\)|\[[^[\]]*\]|\{[^{}]*\}|（[^（）]*）|【[^【】]*】|「[^「」]*」/gu,
      " ",
    )
    .replace(/(^|\s)(?:["“”„«‟][^"“”„«»‟]*["“”«»‟]|[‘'][^'’‘]*['’])(?=\s|$)/gu, " ")
    // An open bracket that nothing closes: the field was cut off.
    .replace(/\s[([（【].*$/u, "")
    .replace(/\s+/g, " ")
    .trim();
  return /\p{L}/u.test(bare) ? bare : text.replace(/[()[\]{}（）【】「」"“”„«»]/gu, " ").trim();
}

/** What follows a bar, a bullet or a dash set in spaces is a slogan. "Jean - Pierre Dupont" is a name. */
function beforeTagline(text: string): string {
  const cut =
    text
      .split(/\s*[|•∙◆►▪︱｜]\s*|\s+[·/:~]\s+|:\s|\s*[–—]\s+|\s+[–—]\s*/u)
      .find((part) => /\p{L}/u.test(part)) ?? text;
  const [left = "", ...rest] = cut.split(/\s+-+\s+|\s+-(?=\p{Lu}\p{L})/u);
  if (rest.length === 0) return cut;
  return left.includes(" ") ? left : [left, ...rest].join("-");
}

function withoutPronouns(text: string): string {
  return text
    .replace(/(?:^|[\s,])\p{L}+(?:\s?\/\s?\p{L}+){1,3}(?=$|[\s,])/gu, (found) =>
      found.split("/").every((half) => pronouns.has(half.replace(/[\s,]/g, "").toLowerCase())) ? " " : found,
    )
    .trim();
}

/** A comma starts what is not the name, save "Jr." and "III". Without one only known letters after the name go. */
function beforeCredentials(text: string): string {
  const [head = "", ...rest] = text.split(/\s*[,;，、]\s*/u).filter((part) => part !== "");
  const generation = rest.find((part) => generations.has(key(part)));
  const parts = head.split(" ");
  while (parts.length > 1 && isCredential(parts.at(-1) ?? "", parts)) parts.pop();
  return generation ? `${parts.join(" ")} ${generation}` : parts.join(" ");
}

function isCredential(word: string, parts: string[]): boolean {
  const bare = key(word);
  if (bare === "") return true;
  if (!credentials.has(bare)) return false;
  const others = parts.slice(0, -1).join("");
  // In a name that shouts as a whole, capitals say nothing.
  if (others === others.toUpperCase() && others !== others.toLowerCase() && !/[.]/.test(word)) {
    return parts.length > 2 && !alsoNames.has(bare);
  }
  const looks =
    word === word.toUpperCase() || /\p{L}\.\p{L}/u.test(word) || /^\p{Lu}\p{Ll}*\p{Lu}/u.test(word);
  return looks && (parts.length > 2 || !alsoNames.has(bare));
}

function withoutTitles(text: string): string {
  const parts = text.split(" ");
  while (parts.length > 1) {
    const word = parts[0] ?? "";
    const bare = key(word);
    const dotted = word.endsWith(".");
    // "M Night", "Don Draper", "Ing Li": without its dot a short title may be a given name.
    if (!honorifics.has(bare) || (!dotted && !surelyTitles.has(bare))) break;
    parts.shift();
  }
  return parts.join(" ");
}

const surelyTitles = new Set(
  "dr dra prof profa professor mr mrs ms mx herr frau mme mlle univprof dripling dring dipling mudr judr phdr rndr sra srta dott dottssa д-р др проф".split(
    " ",
  ),
);

function key(word: string): string {
  return word
    .toLowerCase()
    .replace(/[.,®™()'’]/g, "")
    .replace(/(?<=\p{L}{2})-(?=\p{L}{2})/gu, "")
    .replace(/^(\P{L}*)/u, "");
}

/** Given name and surname, where the name itself or the page tells them apart. */
export function nameParts(name: string, knownFirst: string | null): Omit<PersonName, "name"> {
  const parts = name.split(" ").filter((part) => !generations.has(key(part)) || part === name);
  const known = knownFirst?.split(" ").length ?? 0;
  if (known > 0 && known < parts.length && parts.slice(0, known).join(" ") === knownFirst) {
    return { firstName: knownFirst, lastName: parts.slice(known).join(" ") };
  }
  // Chinese, Japanese and Korean names stand surname first; without a space nobody can say where it ends.
  if (/^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\s・]+$/u.test(name)) {
    return parts.length === 2
      ? { firstName: parts[1] ?? null, lastName: parts[0] ?? null }
      : { firstName: null, lastName: null };
  }
  if (parts.length === 1) return { firstName: parts[0] ?? null, lastName: null };
  const particle = parts.findIndex(
    (part, at) => at > 0 && particles.has(part.toLowerCase()) && at < parts.length - 1,
  );
  const lastAt =
    particle > 0 ? particle : parts.findIndex((part, at) => at > 0 && !/^\p{Lu}\.?$/u.test(part));
  return {
    firstName: parts[0] ?? null,
    lastName: parts.slice(lastAt > 0 ? lastAt : parts.length - 1).join(" "),
  };
}

/** Whether two spellings of a name mean the same: cleaned, without case, marks and order of words. */
export function sameName(a: string | null, b: string | null): boolean {
  const words = (text: string | null) =>
    folded(cleanName(text ?? "") ?? "")
      .split(" ")
      .sort()
      .join(" ");
  return words(a) !== "" && words(a) === words(b);
}
