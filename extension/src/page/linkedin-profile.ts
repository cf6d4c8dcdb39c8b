/** `linkedin.profile`: one member, logged in or out, in the layouts of 2015 to 2026. */
import { addressWarning } from "./address.ts";
import { companyName, currentRole, type Role, roleTitle, sameCompany } from "./company-name.ts";
import type { Confidence, Page, PageFacts, Person, Reader, Source } from "./facts.ts";
import { titleBeforeCompany } from "./headline.ts";
import { isMemberId, profileAddress, profileUrl, sameSlug } from "./linkedin-address.ts";
import { contactOf } from "./linkedin-contact.ts";
import { rolesIn } from "./linkedin-experience.ts";
import { type LinkedInFinder, linkedin } from "./linkedin-selectors.ts";
import { type StructuredPerson, structuredPerson } from "./linkedin-structured.ts";
import {
  canonicalSlug,
  isOwnProfile,
  ownerSlugs,
  titleName,
  titleParts,
  viewerOf,
} from "./linkedin-subject.ts";
import { type TopCard, topCardOf } from "./linkedin-top-card.ts";
import { isNameless } from "./linkedin-words.ts";
import { learn, nothingRead, unknownPerson, warn } from "./person.ts";
import { personName } from "./person-name.ts";
import { folded } from "./text.ts";

export const linkedinProfile: Reader = {
  name: "linkedin.profile",
  detect: ({ url }) => profileAddress(url) !== null,
  extract: (page) => readProfile(page) ?? nothingRead("linkedin.profile", ["not_loaded"]),
};

/** Null where the page doesn't (yet) show the member its address names. */
function readProfile({ document, url, prepended }: Page): PageFacts | null {
  const find = linkedin(prepended);
  const address = profileAddress(url);
  const main = find.first(document, "main");
  if (!address || !main) return null;
  const isSubPage =
    /^(?:details|detail|recent-activity)\//.test(`${address.rest}/`) && !/contact-info/.test(address.rest);
  const canonical = canonicalSlug(document, find, url);
  const structured = structuredPerson(document, find, address.slug, url);
  const fromTitle = titleName(document, find, isSubPage);
  const roles = rolesIn(main, find, /^details\/experience/.test(address.rest));
  const employers = (roles ?? []).flatMap((role) => role.company ?? []);
  const names = [structured?.name, fromTitle].filter((name) => typeof name === "string");
  const card = isSubPage
    ? null
    : topCardOf(main, find, { names, place: structured?.location ?? null, employers });

  const owners = card ? ownerSlugs(card.root, find, url) : [];
  const slug = ownSlug(address.slug, owners, canonical);
  if (slug === null) return null;
  const name = card?.name ?? (isSubPage ? fromTitle : null);
  if (name === null || isNameless(name)) return null;
  const isTheirs =
    owners.length > 0 || canonical !== null || structured !== null || card?.keyed || resembles(name, slug);
  if (!isTheirs && !(isSubPage && roles && roles.length > 0)) return null;

  const person = unknownPerson();
  learnName(person, name, card, document, find, isSubPage ? "title-tag" : "top-card");
  learn(person, "profileUrl", profileUrl(slug), "address", "high");
  learn(
    person,
    "headline",
    card?.headline && /[\p{L}\p{N}]/u.test(card.headline) ? card.headline : null,
    "top-card",
    "high",
  );
  const isPublished = structured?.location !== null && structured?.location === card?.location;
  const isSurePlace = isPublished || card?.locationIsSure === true;
  learn(
    person,
    "location",
    card?.location,
    isPublished ? "json-ld" : "top-card",
    isSurePlace ? "high" : "medium",
  );
  learnWork(person, roles, card, structured, titleParts(document, find)[0] ?? "");
  const contact = contactOf(document, find, slug, url);
  learn(person, "email", contact.email, "contact-info", "high");
  learn(person, "phone", contact.phone, "contact-info", "high");
  warnOfAddress(person);

  const viewer = viewerOf(document, find, main, url);
  // Whoever is signed in sees how near everybody else is; only on their own profile LinkedIn says nothing.
  const isOwn =
    isOwnProfile(document, find, url, { slug, name }, viewer) || (card?.signedIn === true && !card.degree);
  if (isOwn) warn(person, "self");
  if (
    roles === null &&
    card?.signedIn &&
    (person.title === null || person.sources.title?.from === "headline")
  )
    warn(person, "not_loaded");
  return {
    type: "person",
    reader: "linkedin.profile",
    person,
    viewer: isOwn ? null : viewer.slug,
    confidence: leastSure(person),
    warnings: [],
  };
}

/** The slug all who name one agree on; null when the document still shows somebody else. */
function ownSlug(addressed: string, owners: string[], canonical: string | null): string | null {
  if (isMemberId(addressed)) return owners.length === 1 ? owners[0]! : (canonical ?? addressed);
  if (owners.length > 0)
    return owners.some((one) => sameSlug(one, addressed) || isMemberId(one)) ? addressed : null;
  return canonical === null || sameSlug(canonical, addressed) ? addressed : null;
}

/** A slug made of the name: "jane-doe-1a2b", "janedoe08". Tells a profile from a wall that stands in its place. */
function resembles(name: string, slug: string): boolean {
  const joined = folded(slug).replaceAll(" ", "");
  return folded(name)
    .split(" ")
    .some((word) => word.length >= 3 && joined.includes(word));
}

function learnName(
  person: Person,
  raw: string,
  card: TopCard | null,
  document: Document,
  find: LinkedInFinder,
  from: string,
): void {
  const given = find.first(document, "givenName")?.getAttribute("content") ?? card?.givenName ?? null;
  const parts = personName(raw, given && personName(given)?.name);
  learn(person, "name", parts?.name, from, "high");
  const sure: Confidence = (parts?.name.split(" ").length ?? 0) <= 2 || given !== null ? "high" : "medium";
  learn(person, "firstName", parts?.firstName, from, sure);
  learn(person, "lastName", parts?.lastName, from, sure);
}

/** Title and company of the current role; failing that, what the card and its headline agree on. */
function learnWork(
  person: Person,
  roles: Role[] | null,
  card: TopCard | null,
  structured: StructuredPerson | null,
  pageTitle: string,
): void {
  const hints = { topCardCompany: card?.company ?? null, headline: card?.headline ?? null };
  const chosen = currentRole(roles ?? [], hints);
  if (chosen) {
    learn(person, "title", chosen.title, "experience", "high");
    learn(person, "company", chosen.company, "experience", "high");
  }
  const employer = structured?.roles
    .map((role) => ({ title: roleTitle(role.title), company: companyName(role.company), current: true }))
    .filter((role) => role.company !== null);
  const published = chosen ? null : currentRole(employer ?? [], hints);
  learn(person, "title", published?.title, "json-ld", "high");
  learn(person, "company", published?.company, "json-ld", "high");
  // Every role is over: the card's company is at best the last one.
  const isIdle = roles !== null && roles.length > 0 && roles.every((role) => !role.current);
  if (!isIdle) learn(person, "company", card?.company, "top-card", "medium");
  if (chosen === null && person.title === null) {
    learn(person, "title", titleInTitle(pageTitle, person.company), "title-tag", "medium");
    learn(person, "title", titleBeforeCompany(person.headline, person.company), "headline", "medium");
  }
}

/** "Name - Title - Company", of somebody known to be at that company. */
function titleInTitle(pageTitle: string, company: string | null): string | null {
  const [, ...parts] = pageTitle.split(/\s[-–]\s/);
  if (parts.length < 2 || !sameCompany(parts.at(-1) ?? null, company)) return null;
  return roleTitle(parts.slice(0, -1).join(" - "));
}

export function warnOfAddress(person: Person): void {
  const warning = person.email && addressWarning(person.email);
  if (warning) warn(person, warning);
}

/** A page is as sure as the least sure thing on it that a rep would act on. */
export function leastSure(person: Person): Confidence {
  const acted: (Source | undefined)[] = [
    person.sources.name,
    person.sources.title,
    person.sources.company,
    person.sources.email,
  ];
  if (person.name === null) return "low";
  return acted.some((source) => source?.confidence === "medium") ? "medium" : "high";
}
