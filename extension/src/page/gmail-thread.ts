/**
 * Reads an open conversation: who wrote, who got it, and what the writers' signatures say of themselves. Bodies are
 * read as text by `signature.ts` and nowhere else; the rep is never among the contacts.
 */
import { attributeOf, parentOf, textOf } from "./dom.ts";
import type { Page, Person, PersonRole, Reader, ThreadPage } from "./facts.ts";
import { type Account, accountOf } from "./gmail-account.ts";
import { isGmail, threadInAddress } from "./gmail-address-bar.ts";
import { composesIn } from "./gmail-compose.ts";
import { type Message, messageElements, messageIn } from "./gmail-message.ts";
import { learnName, participantIn, personOf } from "./gmail-person.ts";
import { type GmailFinder, gmail } from "./gmail-selectors.ts";
import { shownViews } from "./gmail-view.ts";
import { learn, nothingRead } from "./person.ts";
import { learnFromSignature } from "./signature.ts";
import { oneLine } from "./text.ts";

/** A conversation may be endless; a card is not. Counted from the newest message. */
const contactsMax = 500;
/** Bodies are long: the newest few of each writer say what there is to say. */
const signaturesPerPersonMax = 3;
const signaturesMax = 100;

export const gmailThread: Reader = {
  name: "gmail.thread",

  detect(page) {
    return isGmail(page.url) && conversationIn(page, gmail(page.prepended)) !== null;
  },

  extract(page) {
    const find = gmail(page.prepended);
    const conversation = conversationIn(page, find);
    if (!conversation || !isOfAddress(page, conversation, find)) {
      return nothingRead("gmail.thread", ["not_loaded"]);
    }
    const { view, messages } = conversation;
    const account = accountOf(page, find, participantsOf(messages));
    const heading = find.all(view, "threadId").find((element) => !isInMessage(element, conversation, find));
    const threadId = heading ? attributeOf(heading, "data-legacy-thread-id") : null;
    const contacts = contactsIn(messages, account, find);
    for (const contact of contacts) learn(contact, "threadId", threadId, "thread", "high");
    const primary = contacts.find((contact) => contact.warnings.length === 0 && contact.email !== null);
    return {
      type: "thread",
      reader: "gmail.thread",
      confidence: account.known === "stated" ? "high" : account.known === "inferred" ? "medium" : "low",
      warnings: account.isWrong ? ["wrong_account"] : [],
      subject: subjectOf(conversation, find),
      threadId,
      self: account.self,
      contacts,
      // Without knowing the rep, the rep could be the one preselected.
      primary: account.isWrong || account.known === "no" ? null : (primary?.email ?? null),
      composes: composesIn(page, find, account),
    } satisfies ThreadPage;
  },
};

interface Conversation {
  view: Element;
  /** Newest first. */
  messages: Message[];
  elements: Set<Element>;
}

function conversationIn(page: Page, find: GmailFinder): Conversation | null {
  for (const view of shownViews(page.document, find)) {
    const elements = messageElements(view, find);
    const messages = elements
      .map((element) => messageIn(element, find))
      .filter((message) => message !== null);
    if (messages.length > 0) return { view, elements: new Set(elements), messages: messages.reverse() };
  }
  return null;
}

/** While Gmail moves on, the last conversation still stands under the next one's address. */
function isOfAddress(page: Page, { view, elements }: Conversation, find: GmailFinder): boolean {
  const named = threadInAddress(page.url);
  if (named?.kind !== "hex") return true;
  const ids = [...elements]
    .flatMap((element) => [element, find.first(element, "messageCore") ?? element])
    .map((element) => attributeOf(element, "data-legacy-message-id"))
    .concat(find.all(view, "threadId").map((element) => attributeOf(element, "data-legacy-thread-id")))
    .filter((id) => id !== null);
  return ids.length === 0 || ids.includes(named.id);
}

function* participantsOf(messages: Message[]): Generator<Element> {
  for (const { sender, recipients } of messages) {
    yield sender;
    for (const { element } of recipients) yield element;
  }
}

const rank: Record<PersonRole, number> = {
  sender: 0,
  "sender-collapsed": 1,
  to: 2,
  cc: 3,
  bcc: 4,
  "row-sender": 5,
  self: 6,
};

/** By rank, and the newest first within it. Whoever stands in several places has the highest of the ranks. */
function contactsIn(messages: Message[], account: Account, find: GmailFinder): Person[] {
  const contacts = new Map<string, Person>();
  const add = (element: Element, role: PersonRole): Person | null => {
    const participant = participantIn(element);
    if (!participant || account.isSelf(participant.email, participant.label)) return null;
    const known = contacts.get(participant.email);
    if (!known && contacts.size >= contactsMax) return null;
    const person = known ?? personOf(participant, role, account, "header");
    if (known) learnName(known, participant.label, "header");
    if (rank[role] < rank[person.role ?? role]) person.role = role;
    contacts.set(participant.email, person);
    return person;
  };
  const read = new Map<Person, number>();
  let signatures = 0;
  for (const message of messages) {
    const person = add(message.sender, message.isExpanded ? "sender" : "sender-collapsed");
    const before = person ? (read.get(person) ?? 0) : 0;
    if (person && message.isExpanded && before < signaturesPerPersonMax && signatures < signaturesMax) {
      learnFromSignature(person, message.bodies, find);
      read.set(person, before + 1);
      signatures++;
    }
    for (const { element, role } of message.recipients) add(element, role);
  }
  return [...contacts.values()].sort((a, b) => rank[a.role!] - rank[b.role!]);
}

function subjectOf(conversation: Conversation, find: GmailFinder): string | null {
  const heading = find
    .all(conversation.view, "subject")
    .find((element) => !isInMessage(element, conversation, find));
  return (heading && oneLine(textOf(heading), 1_000)) || null;
}

function isInMessage(element: Element, { elements }: Conversation, find: GmailFinder): boolean {
  for (let at: Element | null = element; at; at = parentOf(at)) if (elements.has(at)) return true;
  return find.closest(element, "row") !== null;
}
