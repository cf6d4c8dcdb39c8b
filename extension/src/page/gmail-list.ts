/**
 * Reads a list of conversations (inbox, search, label): the people of the ticked rows, or of all rows where none is
 * ticked. Comes last of Gmail's readers, so it also says why there is nothing to read.
 */
import { attributeOf, holds, nearest, textOf } from "./dom.ts";
import type { ListPage, Person, Reader } from "./facts.ts";
import { type Account, accountOf } from "./gmail-account.ts";
import { isGmail, threadInAddress } from "./gmail-address-bar.ts";
import { messageElements } from "./gmail-message.ts";
import { participantIn, personOf } from "./gmail-person.ts";
import { type GmailFinder, gmail } from "./gmail-selectors.ts";
import { shownViews } from "./gmail-view.ts";
import { learn, nothingRead } from "./person.ts";
import { oneLine } from "./text.ts";

const rowsMax = 2_000;

export const gmailList: Reader = {
  name: "gmail.list",

  detect(page) {
    return isGmail(page.url);
  },

  extract(page) {
    const find = gmail(page.prepended);
    const views = shownViews(page.document, find);
    // The address names a conversation that is not there yet: the list behind it is not what the rep opened.
    if (views.length === 0 || threadInAddress(page.url)) return nothingRead("gmail.list", ["not_loaded"]);
    const conversations =
      views.map((view) => conversationsIn(view, find)).find((rows) => rows.length > 0) ?? [];
    if (conversations.length === 0) return nothingRead("gmail.list");
    const account = accountOf(page, find, participantsOf(conversations));
    const ticked = conversations.filter(({ isTicked }) => isTicked);
    const meant = ticked.length > 0 ? ticked : conversations;
    return {
      type: "list",
      reader: "gmail.list",
      confidence: account.known === "stated" ? "high" : account.known === "inferred" ? "medium" : "low",
      warnings: account.isWrong ? ["wrong_account"] : [],
      rows: peopleIn(meant, account),
      self: account.self,
      threadSubject: meant.length === 1 ? meant[0]!.subject : null,
    } satisfies ListPage;
  },
};

interface Conversation {
  participants: Element[];
  threadId: string | null;
  hasThread: boolean;
  isTicked: boolean;
  subject: string | null;
}

/** One conversation spans up to three table rows beside a reading pane: the first has the box to tick. */
function conversationsIn(view: Element, find: GmailFinder): Conversation[] {
  const inMail = messageElements(view, find);
  const groups: Element[][] = [];
  for (const row of find.all(view, "row")) {
    if (inMail.some((message) => holds(message, row))) continue;
    const isStart = find.first(row, "rowCheckbox") !== null || find.first(row, "participant") !== null;
    if (isStart && groups.length >= rowsMax) break;
    if (isStart) groups.push([row]);
    else groups.at(-1)?.push(row);
  }
  const conversations = groups
    .map((rows) => conversationIn(rows, find))
    .filter((one) => one.participants.length > 0);
  // An advertisement looks like a row and is no conversation. Old pages give no row an id.
  return conversations.some(({ hasThread }) => hasThread)
    ? conversations.filter(({ hasThread }) => hasThread)
    : conversations;
}

function conversationIn(rows: Element[], find: GmailFinder): Conversation {
  const first = (key: Parameters<GmailFinder["first"]>[1]) =>
    rows.map((row) => find.first(row, key)).find((element) => element !== null) ?? null;
  const thread = first("rowThread");
  return {
    participants: rows.flatMap((row) => find.all(row, "participant")),
    threadId: thread && attributeOf(thread, "data-legacy-thread-id"),
    hasThread: thread !== null,
    isTicked: first("rowTicked") !== null,
    subject: oneLine(subjectIn(rows, find), 1_000) || null,
  };
}

function subjectIn(rows: Element[], find: GmailFinder): string | null {
  for (const row of rows) {
    // The mark of importance has its reason as text, in the same cell as the subject beside a reading pane.
    const subject = find.all(row, "rowSubject").find((element) => !nearest(element, '[role="img"]'));
    if (subject && /\S/.test(textOf(subject))) return textOf(subject);
  }
  return null;
}

function* participantsOf(conversations: Conversation[]): Generator<Element> {
  for (const { participants } of conversations) yield* participants;
}

/** Each person once. The rep is shown only where a row has nobody else. */
function peopleIn(conversations: Conversation[], account: Account): Person[] {
  const people = new Map<string, Person>();
  for (const { participants, threadId } of conversations) {
    const all = participants.map(participantIn).filter((participant) => participant !== null);
    const others = all.filter(({ email, label }) => !account.isSelf(email, label));
    for (const participant of others.length > 0 ? others : all) {
      if (people.has(participant.email)) continue;
      const isSelf = others.length === 0 && account.known === "stated";
      const person = personOf(participant, isSelf ? "self" : "row-sender", account, "row");
      learn(person, "threadId", threadId, "row", "high");
      people.set(participant.email, person);
    }
  }
  return [...people.values()];
}
