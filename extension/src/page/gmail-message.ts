/**
 * The messages of an open conversation, and in each of them the header: the one part Gmail writes. Everything after it
 * is the sender's and may imitate the header in all but its place.
 *
 * Invariant: people are read from the header alone, which is the first table with a participant in a message.
 */
import { holds, nearest, parentOf, tagOf, textOf, walkerOver } from "./dom.ts";
import type { PersonRole } from "./facts.ts";
import type { GmailFinder } from "./gmail-selectors.ts";

export interface Message {
  header: Element;
  sender: Element;
  recipients: { element: Element; role: PersonRole }[];
  isExpanded: boolean;
  /** What the sender wrote, in pieces: to be read as text and for nothing else. */
  bodies: Element[];
}

/** The elements that stand for messages, outermost only: a body may hold what looks like another. */
export function messageElements(main: Element, find: GmailFinder): Element[] {
  const all = find.all(main, "message");
  const known = new Set(all);
  return all.filter((element) => {
    for (let above = parentOf(element); above && above !== main; above = parentOf(above)) {
      if (known.has(above)) return false;
    }
    return true;
  });
}

/** Null for a message of which Gmail has drawn nothing but its place. */
export function messageIn(element: Element, find: GmailFinder): Message | null {
  const header = headerOf(element, find);
  const sender = header && find.first(header, "sender");
  if (!header || !sender) return null;
  const recipients = recipientsIn(header, sender, find);
  const core = find.closest(header, "messageCore") ?? element;
  const after = branchesAfter(header, holds(element, core) ? core : element);
  const isDrawnOut = after.some((branch) => /\S/.test(textOf(branch)));
  return {
    header,
    sender,
    recipients,
    isExpanded: recipients.length > 0 || isDrawnOut || find.first(header, "detailsButton") !== null,
    bodies: bodiesIn(after, find),
  };
}

function headerOf(message: Element, find: GmailFinder): Element | null {
  const participant = find.first(message, "participant");
  if (!participant || find.closest(participant, "body")) return null;
  let table: Element | null = null;
  for (let above = parentOf(participant); above && above !== message; above = parentOf(above)) {
    if (tagOf(above) === "TABLE") table = above;
  }
  // Without tables the sender's own line is all that is certain to be Gmail's.
  return table ?? nearest(participant, "h3") ?? parentOf(participant);
}

function recipientsIn(header: Element, sender: Element, find: GmailFinder): Message["recipients"] {
  const participants = new Set(find.all(header, "participant").filter((one) => !find.closest(one, "body")));
  const found: Message["recipients"] = [];
  let role: PersonRole | null = "to";
  let before = "";
  const walker = walkerOver(header);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === 3) {
      if (!isInside(node, participants)) before += node.nodeValue ?? "";
    } else if (participants.has(node as Element) && node !== sender) {
      role = roleAfter(before, role);
      before = "";
      if (role) found.push({ element: node as Element, role });
    }
  }
  return found;
}

const isInside = (node: Node, elements: Set<Element>) =>
  [...ancestors(parentOf(node), 4)].some((element) => elements.has(element));

function* ancestors(element: Element | null, depthMax: number): Generator<Element> {
  for (let at = element, depth = 0; at && depth < depthMax; at = parentOf(at), depth++) yield at;
}

/** The label right before a participant, in the languages Gmail speaks; without one the last still holds. */
function roleAfter(text: string, last: PersonRole | null): PersonRole | null {
  const label = text
    .replace(/[\s\u00a0:：,;]+$/u, "")
    .toLowerCase()
    .slice(-40);
  if (bcc.test(label)) return "bcc";
  if (cc.test(label)) return "cc";
  if (neither.test(label)) return null;
  return last;
}
const start = "(?:^|[\\s,;>)])";
const bcc = new RegExp(
  `${start}(bcc|cci|cco|ccn|bk|blindkopie|скрытая копия|密件副本|密送|숨은참조|gizli|udw|rejtett másolat|skrytá|kópia)$`,
  "u",
);
const cc = new RegExp(
  `${start}(cc|kopie|kopia|kopi|copie|cópia|copia|копия|копія|抄送|副本|参照|참조|dw|másolat|kopie pro|bilgi|สำเนา)$`,
  "u",
);
const neither = /(reply-to|antwort an|répondre à|responder a|mailed-by|signed-by)$/u;

/** The parts of a message that come after its header, from the nearest outwards. */
function branchesAfter(header: Element, core: Element): Element[] {
  const branches: Element[] = [];
  for (let at: Element | null = header; at && at !== core; at = parentOf(at)) {
    for (let next = at.nextElementSibling; next; next = next.nextElementSibling) branches.push(next);
  }
  return branches;
}

function bodiesIn(after: Element[], find: GmailFinder): Element[] {
  for (const branch of after) {
    if (find.matches(branch, "body")) return [branch];
    const body = find.first(branch, "body");
    if (body) return [body];
  }
  return after;
}
