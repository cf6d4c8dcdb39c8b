/** `linkedin.search`: the people in a list of results, each row read for itself; who has no profile address is left out. */
import type { ListPage, Page, PageFacts, Person, Reader } from "./facts.ts";
import { isLinkedIn, linkedInLink, profileAddress, profileUrl, sameSlug } from "./linkedin-address.ts";
import { leastSure } from "./linkedin-profile.ts";
import { type LinkedInFinder, linkedin } from "./linkedin-selectors.ts";
import { leadsToAnother } from "./linkedin-top-card.ts";
import { isBadge, isCount, isNameless, isYou } from "./linkedin-words.ts";
import { type Line, linesOf } from "./page-lines.ts";
import { learn, nothingRead, unknownPerson, warn } from "./person.ts";
import { personName, sameName } from "./person-name.ts";
import { isPlace, maybePlace } from "./place.ts";
import { oneLine } from "./text.ts";

export const linkedinSearch: Reader = {
  name: "linkedin.search",
  detect: ({ url }) => isLinkedIn(url) && /^\/search\/results\/(?:people|all)\b/.test(url.pathname),
  extract: (page) => readSearch(page),
};

function readSearch({ document, url, prepended }: Page): PageFacts {
  const find = linkedin(prepended);
  const main = find.first(document, "main");
  const found = main ? resultRows(main, find, url).flatMap((row) => readRow(row, find, url) ?? []) : [];
  const rows = found.filter(
    (row, at) => found.findIndex((other) => other.profileUrl === row.profileUrl) === at,
  );
  if (rows.length === 0) return nothingRead("linkedin.search", ["not_loaded"]);
  const confidence = rows.every((row) => leastSure(row) === "high") ? "high" : "medium";
  return {
    type: "list",
    reader: "linkedin.search",
    rows,
    self: null,
    threadSubject: null,
    confidence,
    warnings: [],
  } satisfies ListPage;
}

/** LinkedIn shows ten to a hundred at once. */
const rowsMax = 100;

/** Rows marked as such; else the children of the one element whose children lead to most profiles. */
function resultRows(main: Element, find: LinkedInFinder, base: URL): Element[] {
  // A picture in a row of connections leads to a profile too, and tells nothing of anybody.
  const tells = (element: Element) =>
    profilesIn(element, find, base).length > 0 && linesOf(element).length > 1;
  const candidates = find.all(main, "result").slice(0, rowsMax * 10);
  const marked = outermost(candidates.filter(tells), find, base);
  if (marked.length > 0) return marked.slice(0, rowsMax);
  const lists = [...main.querySelectorAll("div, section, ul, ol")].slice(0, 2_000);
  const children = lists.map((list) => [...list.children].slice(0, rowsMax).filter(tells));
  return children.reduce((most, rows) => (rows.length > most.length ? rows : most), [] as Element[]);
}

/** Of rows within rows the outer one, unless it is only the list around them: then it starts with the first of them. */
function outermost(rows: Element[], find: LinkedInFinder, base: URL): Element[] {
  const outer = rows.filter((row) => !rows.some((other) => other !== row && other.contains(row)));
  return outer.flatMap((row) => {
    const inner = outermost(
      rows.filter((other) => other !== row && row.contains(other)),
      find,
      base,
    );
    const isList =
      inner.length > 1 && profilesIn(row, find, base)[0]?.link === profilesIn(inner[0]!, find, base)[0]?.link;
    return isList ? inner : [row];
  });
}

function profilesIn(row: Element, find: LinkedInFinder, base: URL): { link: Element; slug: string }[] {
  return find.all(row, "profileLink").flatMap((link) => {
    const url = linkedInLink(link.getAttribute("href"), base);
    const slug = url && profileAddress(url)?.slug;
    return slug ? [{ link, slug }] : [];
  });
}

function readRow(row: Element, find: LinkedInFinder, base: URL): Person | null {
  const links = profilesIn(row, find, base);
  const slug = links[0]?.slug;
  // A member outside the network has no address, and the first profile in their row is a mutual connection's.
  if (!slug || row.querySelector("a[href]") !== links[0]?.link) return null;
  const own = links.filter((one) => sameSlug(one.slug, slug));
  const name = own.flatMap(({ link }) => personName(nameOn(link)) ?? [])[0];
  if (!name || isNameless(name.name)) return null;
  const person = unknownPerson();
  learn(person, "name", name.name, "result", "high");
  const sure = name.name.split(" ").length <= 2 ? "high" : "medium";
  learn(person, "firstName", name.firstName, "result", sure);
  learn(person, "lastName", name.lastName, "result", sure);
  learn(person, "profileUrl", profileUrl(slug), "link", "high");
  const all = linesOf(row);
  if (all.some((line) => isYou(line.text))) warn(person, "self");
  const { headline, location } = describing(all, name.name, slug, base);
  learn(person, "headline", headline, "result", "high");
  learn(person, "location", location, "result", "medium");
  return person;
}

/** A link's own text, or that of its picture. */
function nameOn(link: Element): string {
  return linesOf(link)[0]?.text ?? oneLine(link.querySelector("img[alt]")?.getAttribute("alt"));
}

/** The two lines after the name: what the person writes of themselves, and where they are. Either may be missing. */
function describing(
  lines: Line[],
  name: string,
  slug: string,
  base: URL,
): { headline: string | null; location: string | null } {
  const nameAt = lines.findIndex((line) => sameName(line.text, name));
  const about: string[] = [];
  for (const line of lines.slice(nameAt + 1)) {
    if (leadsToAnother(line.element, slug, base)) break;
    if (isBadge(line.text) || sameName(line.text, name)) continue;
    if (isCount(line.text)) break;
    about.push(line.text);
    if (about.length === 2) break;
  }
  const [first = null, second = null] = about;
  if (first !== null && isPlace(first) && !(second !== null && isPlace(second)))
    return { headline: null, location: first };
  return { headline: first, location: second !== null && maybePlace(second) ? second : null };
}
