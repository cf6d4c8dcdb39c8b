/**
 * The roles in a profile's experience section. A role is what surrounds a span of time ("Feb 2024 – Present"): the lines
 * before it are its title and company, or its title alone where several roles share a company named above them.
 */
import { companyName, isEmploymentType, type Role, roleTitle } from "./company-name.ts";
import { dateRange, isDuration } from "./date-range.ts";
import type { LinkedInFinder } from "./linkedin-selectors.ts";
import { isExperience } from "./linkedin-words.ts";
import { type Line, linesOf } from "./page-lines.ts";

const rolesMax = 60;

/** Null when the page shows no experience section (yet): nothing can be said about what the person does. */
export function rolesIn(main: Element, find: LinkedInFinder, isExperiencePage: boolean): Role[] | null {
  const section = experienceSection(main, find) ?? (isExperiencePage ? main : null);
  if (!section) return null;
  const lines = linesOf(section);
  const spans = lines
    .flatMap((line, at) => {
      const range = dateRange(line.text);
      return range ? [{ line, at, current: range.current }] : [];
    })
    .slice(0, rolesMax);
  const heading = find.all(section, "sectionHeading").find((one) => isExperience(textOf(one))) ?? null;
  const counts = countsBelow(
    spans.map((span) => span.line.element),
    section,
  );
  const blocks = spans.map((span) => blockAround(span.line.element, section, counts, heading));
  return spans.map(({ at, current }, index) => {
    const block = blocks[index]!;
    const own = before(lines, at, block, heading);
    const type = own.length > 1 && isEmploymentType(own.at(-1)!.text) ? own.at(-1) : undefined;
    const named = type ? own.slice(0, -1) : own;
    // A company, how long in all, then the title.
    if (named.length > 2 && isDuration(named[1]!.text)) {
      return { title: roleTitle(named[2]?.text), company: companyName(named[0]?.text), current };
    }
    if (named.length > 1)
      return { title: roleTitle(named[0]?.text), company: companyName(named[1]?.text), current };
    const shared = companyAbove(lines, block, section, heading, blocks);
    return { title: roleTitle(named[0]?.text), company: shared ?? companyName(type?.text), current };
  });
}

const textOf = (element: Element) =>
  linesOf(element)
    .map((line) => line.text)
    .join(" ");

function experienceSection(main: Element, find: LinkedInFinder): Element | null {
  const headings = find.all(main, "sectionHeading").filter((one) => isExperience(textOf(one)));
  for (const start of [...find.all(main, "experience"), ...headings]) {
    // An empty anchor or a heading stands beside the list; the card around both holds no other card's heading.
    for (let up: Element | null = start; up && up !== main && main.contains(up); up = up.parentElement) {
      if (up !== start && holdsOtherSections(up, start, find)) break;
      if (linesOf(up).some((line) => dateRange(line.text) !== null)) return up;
    }
  }
  return null;
}

function holdsOtherSections(element: Element, start: Element, find: LinkedInFinder): boolean {
  const headings = find.all(element, "sectionHeading");
  const own = headings.find((one) => one === start || isExperience(textOf(one)));
  // In a language without its word here the section's heading is the one that there is.
  return headings.filter((one) => one.localName === (own?.localName ?? "h2")).length > 1;
}

/** How many spans of time lie in each element. */
function countsBelow(elements: Element[], section: Element): Map<Element, number> {
  const counts = new Map<Element, number>();
  for (const element of elements) {
    for (let up: Element | null = element; up && section.contains(up); up = up.parentElement) {
      counts.set(up, (counts.get(up) ?? 0) + 1);
    }
  }
  return counts;
}

/** The widest element around one span of time and no other: one role. */
function blockAround(
  span: Element,
  section: Element,
  counts: Map<Element, number>,
  heading: Element | null,
): Element {
  let block = span;
  while (block !== section && block.parentElement) {
    const up = block.parentElement;
    if ((counts.get(up) ?? 0) > 1 || (heading && up.contains(heading))) break;
    block = up;
  }
  return block;
}

function before(lines: Line[], at: number, block: Element, heading: Element | null): Line[] {
  return lines
    .slice(0, at)
    .filter(
      (line) => block.contains(line.element) && !isSectionHeading(line, heading) && !isFieldLabel(line.text),
    );
}

const isSectionHeading = (line: Line, heading: Element | null) =>
  heading?.contains(line.element) || line.element.closest("h1, h2") !== null;

/** What 2018's pages tell a screen reader before each value. */
const isFieldLabel = (text: string) =>
  /^(?:company name|title|dates employed|employment duration|total duration|location)$/i.test(text);

/** The first line above a run of roles that have only titles. */
function companyAbove(
  lines: Line[],
  block: Element,
  section: Element,
  heading: Element | null,
  blocks: Element[],
): string | null {
  for (let up = block.parentElement; up && section.contains(up); up = up.parentElement) {
    if (heading && up.contains(heading)) return null;
    const inside = blocks.filter((one) => up.contains(one));
    const first = inside[0];
    if (!first) return null;
    const above = lines.filter(
      (line) =>
        up.contains(line.element) &&
        !inside.some((one) => one.contains(line.element)) &&
        (first.compareDocumentPosition(line.element) & 2) !== 0 &&
        !isSectionHeading(line, heading) &&
        !isFieldLabel(line.text),
    );
    if (above.length > 0) return companyName(above[0]?.text);
    if (up === section) return null;
  }
  return null;
}
