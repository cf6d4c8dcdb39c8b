/**
 * The lines of the signature under a mail, as its writer ended it: without what is quoted below, and without the box
 * in which the rep is answering. Bounded: a mail may be as long as its sender likes.
 */
import { attributeOf, holds, isElement, nearest, parentOf, tagOf, textOf, walkerOver } from "./dom.ts";
import type { GmailFinder } from "./gmail-selectors.ts";
import { folded, oneLine } from "./text.ts";

export interface SignatureLines {
  lines: string[];
  /** Marked as a signature by Gmail or by "-- "; else it only follows a closing or ends the mail. */
  isMarked: boolean;
  /** What Gmail has marked, whose links belong to the signature too. */
  roots: Element[];
}

const nodesMax = 20_000;
const linesMax = 14;
const markedMax = 5;

/** From the surest to the least sure. Whose they are is the caller's to find out: a forwarded mail holds several. */
export function* signaturesUnder(
  bodies: Element[],
  name: string | null,
  find: GmailFinder,
): Generator<SignatureLines> {
  for (const body of bodies) {
    const marked = find
      .all(body, "signature")
      .filter((element) => !isQuoted(element, body, find) && !nearest(element, "[contenteditable], form"));
    for (const root of marked.slice(0, markedMax)) {
      yield { lines: linesOf([root], find).slice(0, linesMax), isMarked: true, roots: [root] };
    }
  }
  const lines = linesOf(bodies, find);
  const quoteAt = lines.findIndex((line, at) => startsQuote(line, lines[at + 1] ?? ""));
  const own = quoteAt < 0 ? lines : lines.slice(0, quoteAt);
  const dashesAt = own.findLastIndex((line) => /^(-{2,3}|[–—])$/u.test(line));
  if (dashesAt >= 0) yield { lines: own.slice(dashesAt + 1).slice(0, linesMax), isMarked: true, roots: [] };
  const last = own.slice(-linesMax);
  const closingAt = last.findLastIndex((line) => afterClosing(line) !== null);
  if (closingAt >= 0) {
    const closed = [afterClosing(last[closingAt]!)!, ...last.slice(closingAt + 1)].filter(Boolean);
    yield { lines: closed, isMarked: false, roots: [] };
  }
  const nameAt = name ? last.findLastIndex((line) => folded(line) === folded(name)) : -1;
  if (nameAt >= 0) yield { lines: last.slice(nameAt), isMarked: false, roots: [] };
}

/** "" for "Best regards,", "Dana" for "Best, Dana", null for a line that closes nothing. */
function afterClosing(line: string): string | null {
  if (closing.test(folded(line))) return "";
  const [head = "", ...rest] = line.split(/,\s*/u);
  return rest.length > 0 && closing.test(folded(head)) ? rest.join(", ") : null;
}

const closing =
  /^((with )?(kind|best|warm|warmest|many)?( and)?( )?(regards|wishes|thanks)|best|cheers|sincerely( yours)?|yours (sincerely|truly|faithfully)|thanks( again)?|thank you|all the best|(mit )?(freundlichen|besten|herzlichen|schonen|viele|liebe|beste|herzliche|freundliche) gru(ss|sse|ssen|sse aus .*)|mfg|vg|lg|(bien )?(cordialement|a vous)|cordialmente|(un )?(cordial )?saludos?( cordiales)?|atentamente|atenciosamente|att|abracos?|cordiali saluti|distinti saluti|met vriendelijke groet(en)?|mvh|med (vanliga|venlig|vennlig) h(a|i)ls(ning|ningar|en)|z powazaniem|pozdrawiam|s pozdravem|с уважением|з повагою|よろしくお願いいたします|此致)$/u;

/** "On … wrote:", "Am … schrieb:", or the block of headers that Outlook puts above a quote. */
function startsQuote(line: string, next: string): boolean {
  if (
    /^[-_]{3,}.*(original|weitergeleitet|forwarded|message d.origine|mensaje original|ursprüngliche).*|^_{10,}$/iu.test(
      line,
    )
  )
    return true;
  if (
    /\S@\S|\d{4}|\d{1,2}[:.]\d{2}/u.test(line) &&
    /(wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał\(a\)|написал\(а\)|写道|のメール)\s?[:：]$/iu.test(
      line,
    )
  )
    return true;
  return (
    /^(from|von|de|da|van|från|fra|od|от)\s?:\s/iu.test(line) &&
    /^(sent|date|gesendet|datum|envoyé|enviado|fecha|data|inviato|verzonden|skickat|sendt|to|an|à|отправлено)\s?:/iu.test(
      next,
    )
  );
}

function isQuoted(element: Element, body: Element, find: GmailFinder): boolean {
  const quote = find.closest(element, "quote");
  return quote !== null && holds(body, quote) && quote !== body;
}

const blocks = new Set(
  "ADDRESS ARTICLE BLOCKQUOTE CENTER DD DIV DL DT FOOTER H1 H2 H3 H4 H5 H6 HR LI OL P PRE SECTION TABLE TBODY TD TR UL".split(
    " ",
  ),
);
const skipped = new Set(
  "BUTTON FORM HEAD IMG INPUT NOSCRIPT SCRIPT SELECT STYLE TEMPLATE TEXTAREA TITLE".split(" "),
);

/** A new line wherever one block ends or another begins: two texts that stand in the same block share a line. */
function linesOf(roots: Element[], find: GmailFinder): string[] {
  const lines: string[] = [];
  let line = "";
  let block: Element | null = null;
  const end = () => {
    const text = oneLine(line, 300);
    if (text) lines.push(text);
    line = "";
  };
  let nodes = 0;
  for (const root of roots) {
    const walker = walkerOver(root, (node) => !isElement(node) || !isSkipped(node, find));
    for (let node = walker.nextNode(); node && nodes++ < nodesMax; node = walker.nextNode()) {
      if (isElement(node)) {
        if (tagOf(node) === "BR") end();
      } else {
        const own = blockOf(node, root);
        if (own !== block) end();
        block = own;
        line += textOf(node);
      }
    }
    end();
  }
  return lines;
}

function blockOf(text: Node, root: Element): Element {
  let at = parentOf(text);
  while (at && at !== root && !blocks.has(tagOf(at))) at = parentOf(at);
  return at ?? root;
}

const isSkipped = (element: Element, find: GmailFinder) =>
  skipped.has(tagOf(element)) ||
  attributeOf(element, "contenteditable") !== null ||
  find.matches(element, "quote") ||
  /^(button|menu|toolbar|region)$/.test(attributeOf(element, "role") ?? "");
