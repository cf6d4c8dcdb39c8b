/** `linkedin.company`: the organisation a page is about. Its employees are on the page, but they are not the subject. */
import { companyName, sameCompany } from "./company-name.ts";
import type { CompanyPage, Confidence, Page, PageFacts, Reader } from "./facts.ts";
import { companySlug, companyUrl, linkedInLink, sameSlug } from "./linkedin-address.ts";
import { type LinkedInFinder, linkedin } from "./linkedin-selectors.ts";
import { structuredCompany } from "./linkedin-structured.ts";
import { titleParts } from "./linkedin-subject.ts";
import { isCount, isLabel } from "./linkedin-words.ts";
import { linesOf } from "./page-lines.ts";
import { nothingRead } from "./person.ts";
import { termText, termValue } from "./term-list.ts";

export const linkedinCompany: Reader = {
  name: "linkedin.company",
  detect: ({ url }) => companySlug(url) !== null,
  extract: (page) => readCompany(page) ?? nothingRead("linkedin.company", ["not_loaded"]),
};

function readCompany({ document, url, prepended }: Page): PageFacts | null {
  const find = linkedin(prepended);
  const address = companySlug(url);
  const main = find.first(document, "main");
  if (!address || !main || isStale(document, find, address.slug, url)) return null;
  const structured = structuredCompany(document, find, address.slug, url);
  const titled = companyName(titleParts(document, find)[0]?.replace(/^(.*?)(?::\s.*)$/, "$1"));
  const heading = nameHeading(main, titled ?? structured?.name ?? null);
  const headed = companyName(heading && textOf(heading));
  // A heading on its own may be a wall's ("Sign in"): the head of the document or a link of the company's own backs it.
  const isTheirs = structured !== null || titled === headed || ownLinks(main, find, address.slug, url);
  const name = structured?.name ?? (isTheirs ? headed : null);
  if (name === null) return null;
  const card = heading ? aroundFollowers(heading, main) : { industry: null, location: null };
  const facts: CompanyPage = {
    type: "company",
    reader: "linkedin.company",
    name,
    industry: null,
    location: null,
    website: null,
    profileUrl: null,
    sources: { name: { from: structured?.name ? "json-ld" : "heading", confidence: "high" } },
    confidence: "high",
    warnings: [],
  };
  const learn = (
    field: "industry" | "location" | "website" | "profileUrl",
    value: string | null,
    from: string,
    confidence: Confidence,
  ) => {
    if (!value || facts[field] !== null) return;
    facts[field] = value;
    facts.sources[field] = { from, confidence };
  };
  learn(
    "industry",
    termText(main, (text) => isLabel("industry", text)),
    "details",
    "high",
  );
  learn(
    "location",
    termText(main, (text) => isLabel("headquarters", text)),
    "details",
    "high",
  );
  learn("website", websiteIn(main, url), "details", "high");
  learn("location", structured?.location ?? null, "json-ld", "high");
  learn("website", structured?.website ?? null, "json-ld", "high");
  learn("industry", card.industry, "top-card", "medium");
  learn("location", card.location, "top-card", "medium");
  learn("profileUrl", companyUrl(address), "address", "high");
  return facts;
}

/** The heading with the company's name: the page's first, or whichever says what the document's head says. */
function nameHeading(main: Element, name: string | null): Element | null {
  const isOpen = (one: Element) => one.closest("dialog, [role=dialog], form, aside") === null;
  const headings = [...main.querySelectorAll("h1, h2, [role=heading]")].filter(isOpen);
  return (
    headings.find((one) => sameCompany(companyName(textOf(one)), name)) ??
    headings.find((one) => one.localName === "h1") ??
    null
  );
}

const textOf = (heading: Element) => heading.getAttribute("title") ?? linesOf(heading)[0]?.text;

function isStale(document: Document, find: LinkedInFinder, slug: string, base: URL): boolean {
  const element = find.first(document, "canonical");
  const url = linkedInLink(element?.getAttribute("href") ?? element?.getAttribute("content") ?? null, base);
  const canonical = url && companySlug(url)?.slug;
  // A page asked for by number may name itself by its slug.
  return (
    canonical !== null &&
    canonical !== undefined &&
    !/^\d+$/.test(slug) &&
    !/^\d+$/.test(canonical) &&
    !sameSlug(canonical, slug)
  );
}

function ownLinks(main: Element, find: LinkedInFinder, slug: string, base: URL): boolean {
  return (
    [...main.querySelectorAll('a[href*="/company/"], a[href*="/school/"], a[href*="/showcase/"]')].some(
      (link) => {
        const url = linkedInLink(link.getAttribute("href"), base);
        return sameSlug((url && companySlug(url)?.slug) ?? "", slug);
      },
    ) && find.first(main, "heading") !== null
  );
}

const isWebsite = (text: string) => isLabel("website", text);

function websiteIn(main: Element, base: URL): string | null {
  const link = termValue(main, isWebsite)?.querySelector("a[href]");
  const href = link?.getAttribute("href");
  if (!href || !URL.canParse(href, base.href)) return null;
  const url = new URL(href, base.href);
  const target = linkedInLink(href, base) ? url.searchParams.get("url") : href;
  return target !== null && /^https?:\/\//i.test(target) ? target : null;
}

/** The lines right before the number of followers: industry, then place. */
function aroundFollowers(
  heading: Element,
  main: Element,
): { industry: string | null; location: string | null } {
  for (let up = heading.parentElement; up && main.contains(up); up = up.parentElement) {
    const lines = linesOf(up);
    const at = lines.findIndex((line) => isCount(line.text) && /\p{L}/u.test(line.text));
    if (at < 0) continue;
    const listed = lines
      .slice(0, at)
      .filter((line) => !heading.contains(line.element) && line.element.closest("p") === null);
    const [industry, location] = listed.slice(-2).map((line) => line.text);
    // With one line alone nobody can say which of the two it is.
    return location === undefined
      ? { industry: null, location: null }
      : { industry: industry ?? null, location };
  }
  return { industry: null, location: null };
}
