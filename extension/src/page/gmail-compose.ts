/**
 * Reads the mails being written, each by itself: recipients, subject and the one body a draft may go into. The hooks
 * are form fields, which outlast every redesign; labels are in the rep's language and say nothing here.
 */
import { parseAddressList } from "./address.ts";
import { answersTo, attributeOf, holds, nearest, parentOf, queryAll, textOf } from "./dom.ts";
import type { Compose, ComposePage, Page, Person, PersonRole, Reader } from "./facts.ts";
import { type Account, accountOf } from "./gmail-account.ts";
import { isGmail } from "./gmail-address-bar.ts";
import { labelIn, type Participant, participantIn, personOf } from "./gmail-person.ts";
import { type GmailFinder, gmail } from "./gmail-selectors.ts";
import { oneLine } from "./text.ts";

const composesMax = 50;
const recipientsMax = 500;

export const gmailCompose: Reader = {
  name: "gmail.compose",

  detect(page) {
    return isGmail(page.url) && formsIn(page, gmail(page.prepended)).length > 0;
  },

  extract(page) {
    const find = gmail(page.prepended);
    const account = accountOf(
      page,
      find,
      find.all(page.document, "row").flatMap((row) => find.all(row, "participant")),
    );
    return {
      type: "compose",
      reader: "gmail.compose",
      confidence: account.known === "stated" ? "high" : "medium",
      warnings: account.isWrong ? ["wrong_account"] : [],
      self: account.self,
      composes: composesIn(page, find, account),
    } satisfies ComposePage;
  },
};

export function composesIn(page: Page, find: GmailFinder, account: Account): Compose[] {
  return formsIn(page, find).map(({ root, body }) => {
    const field = find.first(root, "composeSubject") as HTMLInputElement | null;
    return {
      ...recipientsIn(root, account, find),
      subject: field ? oneLine(field.value, 1_000) : null,
      inline: find.closest(root, "main") !== null,
      body,
    };
  });
}

/** From a compose's own field outwards to the first element that also holds a body, and no second compose. */
function formsIn(page: Page, find: GmailFinder): { root: Element; body: Element | null }[] {
  const seeds = find.all(page.document, "composeSeed").filter((seed) => !isWrittenByOthers(seed, find));
  const forms: { root: Element; body: Element | null }[] = [];
  for (const seed of seeds.slice(0, composesMax)) {
    let root = parentOf(seed) ?? seed;
    for (let above: Element | null = root; above; above = parentOf(above)) {
      if (seeds.some((other) => other !== seed && above && holds(above, other))) break;
      root = above;
      if (find.first(above, "composeBody")) break;
    }
    const body = find.first(root, "composeBody");
    // Without a body the way out of the form would end at the page itself.
    forms.push({ root: body ? root : (nearest(seed, "form") ?? seed), body });
  }
  return forms;
}

/** A mail may hold a form that looks like a compose; Gmail's own reply box stands beside the mail, not in it. */
const isWrittenByOthers = (seed: Element, find: GmailFinder) =>
  find.closest(seed, "messageCore") !== null || find.closest(seed, "body") !== null;

function recipientsIn(
  root: Element,
  account: Account,
  find: GmailFinder,
): Pick<Compose, "to" | "cc" | "bcc"> {
  const [to, cc, bcc] = [
    new Recipients("to", account),
    new Recipients("cc", account),
    new Recipients("bcc", account),
  ];
  for (const field of [to, cc, bcc]) {
    for (const box of queryAll(root, `[name="${field.role}"]`)) field.takeBox(box, find);
  }
  // While the rep writes elsewhere, the fields are folded into one line of names.
  if (to.people.size + cc.people.size + bcc.people.size === 0) {
    for (const element of find.all(root, "foldedRecipient")) to.takeChip(element);
  }
  return { to: [...to.people.values()], cc: [...cc.people.values()], bcc: [...bcc.people.values()] };
}

class Recipients {
  readonly people = new Map<string, Person>();

  constructor(
    readonly role: PersonRole & ("to" | "cc" | "bcc"),
    private readonly account: Account,
  ) {}

  takeBox(box: Element, find: GmailFinder): void {
    if (!answersTo(box, "textarea, input")) {
      for (const chip of find.all(box, "chip")) this.takeChip(chip);
      return;
    }
    for (const { name, email } of parseAddressList((box as HTMLInputElement).value ?? "")) {
      this.add({ email, label: labelIn(name) });
    }
    // Before 2021 the chips stood beside the field, in the same row of the table.
    const row = nearest(box, "tr");
    for (const chip of row ? queryAll(row, "[email]") : []) this.takeChip(chip);
  }

  /** A chip without an address is a list the rep has named: shown, never enrolled. */
  takeChip(chip: Element): void {
    const label = attributeOf(chip, "data-name") ?? attributeOf(chip, "name") ?? textOf(chip);
    this.add(participantIn(chip) ?? { email: null, label: labelIn(label) });
  }

  private add(participant: Participant): void {
    const key = participant.email ?? participant.label;
    if (!key || this.people.has(key) || this.people.size >= recipientsMax) return;
    this.people.set(key, personOf(participant, this.role, this.account, "compose"));
  }
}
