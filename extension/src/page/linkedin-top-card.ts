/**
 * The card with a member's name: found by its key or around the heading that bears the name, then read as lines. What
 * stands between the name and the contact link (or the first count) is the headline, maybe the company, and the place.
 */
import { companyName, sameCompany } from "./company-name.ts";
import { linkedInLink, profileAddress } from "./linkedin-address.ts";
import type { LinkedInFinder } from "./linkedin-selectors.ts";
import { isBadge, isCount, isCurrent, isDegree, isLabel, saysCompany } from "./linkedin-words.ts";
import { type Line, linesOf } from "./page-lines.ts";
import { cleanName, sameName } from "./person-name.ts";
import { isPlace, maybePlace } from "./place.ts";
import { termText } from "./term-list.ts";
import { folded, oneLine } from "./text.ts";

export type TopCard = {
  root: Element;
  name: string;
  /** Found by its key, not only by a heading that looks like it. */
  keyed: boolean;
  headline: string | null;
  location: string | null;
  /** Labelled as one, or it ends in a country or area; not only the line where places stand. */
  locationIsSure: boolean;
  company: string | null;
  /** The card says how near the viewer is, or has nothing to say it with (logged out). */
  degree: boolean;
  /** The link to contact info, which only signed-in viewers have. */
  signedIn: boolean;
  /** The given name, where a control speaks to the person by it ("Message Zoë"). */
  givenName: string | null;
};

/** What the rest of the page tells: the name its head gives, the place and the employers known without the card. */
type Hints = { names: string[]; place: string | null; employers: string[] };

export function topCardOf(main: Element, find: LinkedInFinder, hints: Hints): TopCard | null {
  const keyed = find.first(main, "topCard");
  const found = nameHeading(keyed ?? main, find, hints.names, keyed !== null);
  if (!found) return null;
  const root = keyed ?? cardAround(found.element, main, find);
  if (isSignIn(root)) return null;
  const lines = linesOf(root);
  const nameAt = lines.findIndex(
    (line) =>
      line.element === found.element ||
      found.element.contains(line.element) ||
      line.element.contains(found.element),
  );
  if (nameAt < 0) return null;
  const after = lines.slice(nameAt + 1);
  const contact = after.findIndex((line) => find.closest(line.element, "contactInfo") !== null);
  const count = after.findIndex((line) => isCount(line.text) && !isDegree(line.text));
  const ends = [contact, count].filter((at) => at >= 0);
  const between = after
    .slice(0, ends.length > 0 ? Math.min(...ends) : 6)
    .filter((line) => !isBadge(line.text) && !sameName(line.text, found.name));
  const affiliated = between.filter((line) => find.closest(line.element, "affiliation") !== null);
  const listed = termText(root, (text) => isLabel("location", text));
  const free = between.filter(
    (line) => !affiliated.includes(line) && line.element.closest("dl, table") === null,
  );
  const employed = free.find(
    (line, at) => at > 0 && hints.employers.some((one) => sameCompany(one, companyName(line.text))),
  );
  // A school stands in the same place, for those who show no employer.
  const employer = affiliated.find(
    (line) => line.element.closest('a[href*="/company/"], a[href*="#experience"]') !== null,
  );
  const company = currentCompany(root, find) ?? companyName(employer?.text ?? employed?.text);
  const described = free.filter((line) => line !== employed);
  const { headline, location } = headlineAndPlace(described, hints.place, company, listed);
  return {
    root,
    name: found.name,
    keyed: keyed !== null,
    company: company ?? companyLine(free),
    headline,
    location,
    locationIsSure: location !== null && (location === listed || isPlace(location)),
    degree: lines.some((line) => isDegree(line.text)),
    signedIn: find
      .all(root, "contactInfo")
      .some((link) => /\/contact-info/.test(link.getAttribute("href") ?? "")),
    givenName: givenName(root, found.name),
  };
}

/**
 * What bears the name: a heading that says what the document's head says, else a line that does (2020's cards have no
 * heading for it), else the card's or page's own first heading.
 */
function nameHeading(
  root: Element,
  find: LinkedInFinder,
  names: string[],
  keyed: boolean,
): { element: Element; name: string } | null {
  const isKnown = ({ name }: { name: string }) => names.some((known) => sameName(known, name));
  const headings = [...root.querySelectorAll("h1"), ...root.querySelectorAll('h2, h3, [role="heading"]')];
  const named = headings.flatMap((element) =>
    namedBy(
      element,
      linesOf(element)
        .map((line) => line.text)
        .join(" "),
    ),
  );
  const first = named.find(({ element }) => element === find.first(root, "heading"));
  return (
    named.find(isKnown) ??
    (names.length > 0
      ? linesOf(root)
          .flatMap((line) => namedBy(line.element, line.text))
          .find(isKnown)
      : undefined) ??
    (first && (keyed || first.element.localName === "h1") ? first : null)
  );
}

function namedBy(element: Element, text: string): { element: Element; name: string }[] {
  const name = text.length < 160 ? cleanName(text) : null;
  return name !== null && element.closest("dialog, [role=dialog], aside, form, footer") === null
    ? [{ element, name }]
    : [];
}

/** A wall in the place of a profile asks for a password; a profile does so only in a dialog above it. */
function isSignIn(root: Element): boolean {
  const passwords = [...root.querySelectorAll('input[type="password"]')];
  return passwords.some((input) => input.closest("dialog, [role=dialog]") === null);
}

function cardAround(heading: Element, main: Element, find: LinkedInFinder): Element {
  const section = heading.closest("section");
  if (section && section !== main && main.contains(section)) return section;
  let card = heading;
  for (let up = heading.parentElement; up && up !== main.parentElement; up = up.parentElement) {
    card = up;
    if (find.first(up, "contactInfo") !== null || up === main) break;
  }
  return card;
}

function currentCompany(root: Element, find: LinkedInFinder): string | null {
  const marked = find.first(root, "currentCompany");
  const text = marked && (linesOf(marked)[0]?.text ?? oneLine(marked.textContent));
  if (text && !isCurrent(text)) return companyName(text);
  // A table with "Current" before the employers.
  const row = [...root.querySelectorAll("tr")].find((one) =>
    isCurrent(oneLine(one.querySelector("th")?.textContent)),
  );
  const listed = row?.querySelector("li, td");
  if (listed) return companyName(linesOf(listed)[0]?.text);
  for (const button of find.all(root, "labelledButton")) {
    const label = oneLine(button.getAttribute("aria-label"));
    const inner = oneLine(button.textContent);
    if (inner && label.includes(inner) && saysCompany(label.slice(0, label.indexOf(inner))))
      return companyName(inner);
  }
  return null;
}

/** Headline, company, place: three lines, of which the middle one is the company, or company and school. */
function companyLine(free: Line[]): string | null {
  const last = free.at(-1);
  return free.length >= 3 && last && maybePlace(last.text) ? companyName(free[1]?.text) : null;
}

function headlineAndPlace(
  free: Line[],
  place: string | null,
  company: string | null,
  listed: string | null,
): { headline: string | null; location: string | null } {
  const given = listed ?? place;
  const texts = free.map((line) => line.text);
  const at = given !== null ? texts.lastIndexOf(given) : texts.findLastIndex((text) => isPlace(text));
  const only = texts.length === 1 && at < 0 ? texts[0] : undefined;
  const last = texts.at(-1);
  const unsure =
    at < 0 && texts.length > 1 && last !== undefined && !sameCompany(last, company) && last.length <= 80;
  const location = given ?? (at >= 0 ? texts[at] : unsure ? last : null) ?? null;
  const headline = only ?? texts.find((text, index) => index !== at && text !== location);
  return { headline: headline ?? null, location };
}

/** A control that names only the beginning of the name names the given name. */
function givenName(root: Element, name: string): string | null {
  const parts = name.split(" ");
  const labels = [...root.querySelectorAll("[aria-label]")].map((one) =>
    oneLine(one.getAttribute("aria-label")),
  );
  for (let length = parts.length - 1; length > 0; length--) {
    const beginning = parts.slice(0, length).join(" ");
    const said = labels.some(
      (label) =>
        !folded(label).includes(folded(name)) && ` ${folded(label)} `.includes(` ${folded(beginning)} `),
    );
    if (said) return beginning;
  }
  return null;
}

/** Whether a link in an element leads to a member other than the one the page is about. */
export function leadsToAnother(element: Element, slug: string, base: URL): boolean {
  const link = element.closest('a[href*="/in/"]');
  const url = linkedInLink(link?.getAttribute("href") ?? null, base);
  const other = url && profileAddress(url)?.slug;
  return other !== null && other !== undefined && other.toLowerCase() !== slug.toLowerCase();
}
