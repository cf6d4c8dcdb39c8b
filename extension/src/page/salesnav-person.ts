/** What a row and a lead page of Sales Navigator have in common: marked pieces of text, and who they are about. */
import { companyName, roleTitle } from "./company-name.ts";
import type { Person } from "./facts.ts";
import { linkedInLink, profileAddress, profileUrl } from "./linkedin-address.ts";
import { isNameless } from "./linkedin-words.ts";
import { linesOf } from "./page-lines.ts";
import { learn, unknownPerson } from "./person.ts";
import { personName } from "./person-name.ts";
import type { SalesNavFinder } from "./salesnav-selectors.ts";
import { oneLine } from "./text.ts";

/** A person of whom at least the name is known, or null: a row not drawn yet, or somebody outside the network. */
export function personNamed(element: Element | null, from: string): Person | null {
  const name = personName(textOf(element) ?? "");
  if (!name || isNameless(name.name)) return null;
  const person = unknownPerson();
  learn(person, "name", name.name, from, "high");
  const sure = name.name.split(" ").length <= 2 ? "high" : "medium";
  learn(person, "firstName", name.firstName, from, sure);
  learn(person, "lastName", name.lastName, from, sure);
  return person;
}

export function learnRole(
  person: Person,
  title: Element | null,
  company: Element | null,
  from: string,
): void {
  learn(person, "title", roleTitle(textOf(title)), from, "high");
  learn(person, "company", companyName(textOf(company)), from, "high");
}

/** The public profile, where the row or page links to exactly one. */
export function learnProfile(person: Person, root: Element, find: SalesNavFinder, base: URL): void {
  const slugs = find.all(root, "profileLink").flatMap((link) => {
    const url = linkedInLink(link.getAttribute("href"), base);
    return (url && profileAddress(url)?.slug) ?? [];
  });
  const [slug, ...others] = [...new Set(slugs)];
  if (slug !== undefined && others.length === 0)
    learn(person, "profileUrl", profileUrl(slug), "link", "high");
}

/** An element's text as it is seen; a text cut short on screen stands whole in its title. */
export function textOf(element: Element | null): string | null {
  if (!element) return null;
  const shown = linesOf(element)[0]?.text ?? "";
  const whole = oneLine(element.getAttribute("title"));
  return (/…$|\.\.\.$/.test(shown) && whole ? whole : shown) || null;
}
