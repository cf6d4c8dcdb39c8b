/**
 * Where things stand in Gmail. Attributes, roles and `data-*` come first: they have held for years. Class names are the
 * last resort. A workspace may prepend candidates of its own under the same keys.
 */
import type { SelectorTable } from "./facts.ts";
import { selectorsOf } from "./selectors.ts";

export const gmailSelectors = {
  /** The view in front. Views left behind stay in the page, hidden and without the role. */
  main: ['[role="main"]'],
  title: ["head > title", "title"],
  accountButton: [
    'a[href*="accounts.google.com/SignOutOptions"][aria-label*="@"]',
    '[role="banner"] [aria-label*="@"]',
    'header [aria-label*="@"]',
  ],
  /** Links of the frame around the mail, which name the account's number. */
  accountLink: ['[role="navigation"] a[href*="/mail/u/"]', '[role="banner"] a[href*="/mail/u/"]'],

  /** A message, however much of it is drawn; the outermost match is meant. */
  message: ['[data-message-id], [data-legacy-message-id], [role="list"] [role="listitem"]', ".adn, .kv, .h7"],
  /** What holds a message's own header and body, and no reply box. */
  messageCore: ["[data-message-id], [data-legacy-message-id]", ".adn, .adf"],
  participant: ["[email]", 'table [data-hovercard-id*="@"]'],
  sender: ["h3 [email]", "td.gF [email]", "[email].gD", "[email]", '[data-hovercard-id*="@"]'],
  detailsButton: ['[role="button"][aria-haspopup="true"]', ".ajy"],
  body: [".a3s"],
  subject: ["h2[data-legacy-thread-id]", "h2[data-thread-perm-id]", "h2.hP", "h2"],
  threadId: ["h2[data-legacy-thread-id]", "[data-legacy-thread-id]"],
  signature: ['[data-smartmail="gmail_signature"]', ".gmail_signature"],
  quote: ["blockquote, .gmail_quote, .gmail_quote_container"],

  row: ['tr, [role="row"]'],
  rowCheckbox: ['[role="checkbox"][aria-checked]'],
  rowTicked: ['[role="checkbox"][aria-checked="true"]'],
  rowThread: ["[data-legacy-thread-id]", "[data-thread-id]"],
  rowSubject: ["[data-thread-id], [data-legacy-thread-id]", '[role="link"] span[id]', '[role="link"] span'],

  composeSeed: ['input[name="subjectbox"]', 'input[name="composeid"]'],
  composeBody: [
    '[g_editable="true"]',
    '[role="textbox"][contenteditable="true"][aria-multiline="true"]',
    '[role="textbox"][contenteditable="true"]',
  ],
  composeSubject: ['input[name="subjectbox"]', 'input[name="subject"]'],
  chip: [
    '[role="option"][data-hovercard-id]',
    '[role="option"][data-name]',
    "[data-hovercard-id]",
    "[email]",
  ],
  foldedRecipient: ["form [email]", 'form [data-hovercard-id*="@"]'],
} as const satisfies SelectorTable;

export const gmail = (prepended: SelectorTable) => selectorsOf(gmailSelectors, prepended);
export type GmailFinder = ReturnType<typeof gmail>;
