/**
 * Whose mail is on the screen. The account button and the window's title say it; on a page with neither, the label
 * "me" does. Where they contradict each other or the address, nothing may be enrolled from the page.
 */
import { parseAddress } from "./address.ts";
import { attributeOf, rootOf, textOf } from "./dom.ts";
import type { Page } from "./facts.ts";
import { accountNumberOf } from "./gmail-address-bar.ts";
import type { GmailFinder } from "./gmail-selectors.ts";
import { oneLine } from "./text.ts";

export interface Account {
  self: string | null;
  /** "stated" by the frame around the mail, or only "inferred" from the label beside an address. */
  known: "stated" | "inferred" | "no";
  isWrong: boolean;
  /** Whether a participant is the rep, by address or by the label Gmail gives the rep's other addresses. */
  isSelf(email: string | null, label: string | null): boolean;
}

/** `participants` stand in mail headers or rows: a label in a message's body says nothing. */
export function accountOf(page: Page, find: GmailFinder, participants: Iterable<Element>): Account {
  const button = addressIn(accountLabel(page, find));
  const title = addressInTitle(titleOf(page, find));
  const stated = button ?? title;
  const isMe = meIn(attributeOf(rootOf(page.document), "lang"));
  const self = stated ?? inferred(participants, isMe);
  return {
    self,
    known: stated ? "stated" : self ? "inferred" : "no",
    isWrong: (button !== null && title !== null && button !== title) || isOtherNumber(page, find),
    isSelf: (email, label) => (email !== null && email === self) || (label !== null && isMe(label)),
  };
}

/** Not from the mail itself: a message may hold whatever its sender liked. */
function accountLabel(page: Page, find: GmailFinder): string {
  const button = find.all(page.document, "accountButton").find((element) => !find.closest(element, "main"));
  return (button && attributeOf(button, "aria-label")) ?? "";
}

/** The last address: the name before it is the rep's own choice. */
function addressIn(label: string): string | null {
  return parseAddress(label.match(/[^\s()<>:,;"]+@[^\s()<>:,;"]+/g)?.at(-1));
}

/** Not `document.title`: a picture may go by that name. */
function titleOf(page: Page, find: GmailFinder): string {
  const title = find.first(page.document, "title");
  return title ? textOf(title) : "";
}

/** "Subject - rep@x.example - Gmail": the last part that is an address, since subjects come first. */
function addressInTitle(title: string): string | null {
  const parts = oneLine(title, 1_000).split(/ [-–—] /u);
  return parts.map(parseAddress).findLast((address) => address !== null) ?? null;
}

function inferred(participants: Iterable<Element>, isMe: (label: string) => boolean): string | null {
  for (const element of participants) {
    const email = parseAddress(attributeOf(element, "email"));
    if (email && isMe(attributeOf(element, "name") ?? "")) return email;
  }
  return null;
}

/** Right after a switch the address already names one account while the frame is still another's. */
function isOtherNumber(page: Page, find: GmailFinder): boolean {
  const inAddress = accountNumberOf(page.url.pathname);
  if (inAddress === null) return false;
  const inFrame = find
    .all(page.document, "accountLink")
    .filter((link) => !find.closest(link, "main"))
    .map((link) => accountNumberOf(attributeOf(link, "href") ?? ""))
    .filter((number) => number !== null);
  return inFrame.length > 0 && !inFrame.includes(inAddress);
}

/** Gmail writes the label in lower case; "Ben" and "Ja" are people, "ben" and "ja" only where that language is set. */
function meIn(lang: string | null): (label: string) => boolean {
  const language = (lang ?? "").toLowerCase().split(/[-_]/)[0] ?? "";
  const words = new Set(["me", ...(meWords[language]?.split(" ") ?? [])]);
  return (label) => words.has(label.trim());
}
const meWords: Record<string, string> = {
  ar: "أنا",
  ca: "jo mi",
  cs: "já mě mně",
  da: "jeg mig",
  de: "ich mich mir",
  el: "εγώ εμένα",
  es: "yo mí",
  fi: "minä minulle",
  fr: "moi",
  he: "אני",
  hi: "मैं",
  hu: "én nekem",
  id: "saya",
  it: "io",
  ja: "自分",
  ko: "나",
  nb: "jeg meg",
  nl: "ik mij",
  no: "jeg meg",
  pl: "ja mnie",
  pt: "eu mim",
  ro: "eu mine",
  ru: "я мне",
  sv: "jag mig",
  th: "ฉัน",
  tr: "ben bana",
  uk: "я мені",
  vi: "tôi",
  zh: "我",
};
