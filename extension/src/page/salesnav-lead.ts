/** `salesnav.lead`: one lead's page. Other leads stand beside it, so everything is read from this lead's own cards. */
import { parseAddress } from "./address.ts";
import { companyName, currentRole, roleTitle } from "./company-name.ts";
import { dateRange } from "./date-range.ts";
import type { Page, PageFacts, Person, Reader } from "./facts.ts";
import { isLinkedIn } from "./linkedin-address.ts";
import { leastSure, warnOfAddress } from "./linkedin-profile.ts";
import { isBadge, isCount } from "./linkedin-words.ts";
import { linesOf } from "./page-lines.ts";
import { learn, nothingRead, warn } from "./person.ts";
import { isPlace } from "./place.ts";
import { learnProfile, learnRole, personNamed, textOf } from "./salesnav-person.ts";
import { type SalesNavFinder, salesnav } from "./salesnav-selectors.ts";
import { oneLine } from "./text.ts";

export const salesnavLead: Reader = {
  name: "salesnav.lead",
  detect: ({ url }) => isLinkedIn(url) && /^\/sales\/(?:lead|people)\/[^/]+/.test(url.pathname),
  extract: (page) => readLead(page) ?? nothingRead("salesnav.lead", ["not_loaded"]),
};

function readLead({ document, url, prepended }: Page): PageFacts | null {
  const find = salesnav(prepended);
  const main = find.first(document, "main");
  if (!main) return null;
  const nameAt =
    find.all(main, "leadName").find((one) => one.closest("aside, nav, header[role=banner]") === null) ?? null;
  const person = personNamed(nameAt, "lead-card");
  if (!nameAt || !person) return null;
  const card = cardOf(nameAt, main, find);
  learn(person, "headline", textOf(find.first(card, "leadHeadline")), "lead-card", "high");
  learn(person, "location", locationIn(card, find), "lead-card", "high");
  const current = find.first(card, "currentRole") ?? find.first(main, "currentRole");
  if (current)
    learnRole(person, find.first(current, "jobTitle"), find.first(current, "company"), "current-role");
  learnExperience(person, card, main, find);
  if (person.company === null)
    learnRole(person, find.first(card, "jobTitle"), find.first(card, "company"), "lead-card");
  learnContact(person, card, find);
  warnOfAddress(person);
  learnProfile(person, card, find, url);
  if (person.title === null && person.company === null) warn(person, "not_loaded");
  return {
    type: "person",
    reader: "salesnav.lead",
    person,
    viewer: null,
    confidence: leastSure(person),
    warnings: [],
  };
}

/** The lead's own card: marked, or as wide around the name as no other person is named in it. */
function cardOf(nameAt: Element, main: Element, find: SalesNavFinder): Element {
  const marked = find.closest(nameAt, "leadCard");
  if (marked) return marked;
  const own = textOf(nameAt);
  let card = nameAt;
  for (let up = nameAt.parentElement; up && main.contains(up); up = up.parentElement) {
    if (find.all(up, "name").some((other) => textOf(other) !== own && other.localName !== "img")) break;
    card = up;
  }
  return card;
}

function locationIn(card: Element, find: SalesNavFinder): string | null {
  const marked = textOf(find.first(card, "location"));
  if (marked) return marked;
  return (
    linesOf(card).find((line) => !isBadge(line.text) && !isCount(line.text) && isPlace(line.text))?.text ??
    null
  );
}

/** Entries with a span of time that still runs. */
function learnExperience(person: Person, card: Element, main: Element, find: SalesNavFinder): void {
  const section =
    find.all(main, "leadExperience").find((one) => find.first(one, "jobTitle") !== null) ?? null;
  if (!section) return;
  const roles = find.all(section, "jobTitle").map((title) => {
    const entry = title.closest("li") ?? title.parentElement ?? title;
    const company =
      find.first(entry, "company") ?? find.first(entry.parentElement?.closest("li") ?? entry, "company");
    return {
      title: roleTitle(textOf(title)),
      company: companyName(textOf(company)),
      current: linesOf(entry).some((line) => dateRange(line.text)?.current),
    };
  });
  const shown = companyName(textOf(find.first(card, "company")));
  const role = currentRole(roles, { topCardCompany: person.company ?? shown, headline: person.headline });
  // A role read from the card stays whole: a title is never put beside another role's company.
  if (!role || (person.title !== null && person.company !== null)) return;
  if (person.title !== null && person.title !== role.title) return;
  learn(person, "title", role.title, "experience", "high");
  learn(person, "company", role.company, "experience", "high");
}

function learnContact(person: Person, card: Element, find: SalesNavFinder): void {
  const mail = find.first(card, "email");
  const href = mail
    ?.getAttribute("href")
    ?.replace(/^mailto:/i, "")
    .split("?")[0];
  learn(person, "email", parseAddress(href) ?? parseAddress(textOf(mail)), "lead-card", "high");
  const phone = find.first(card, "phone");
  learn(
    person,
    "phone",
    phone && (oneLine(phone.getAttribute("href")).replace(/^tel:/i, "") || textOf(phone)),
    "lead-card",
    "high",
  );
}
