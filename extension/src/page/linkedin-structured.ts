/** What a logged-out LinkedIn page says about its subject in JSON-LD and meta tags, and only if it is that subject. */
import { companySlug, linkedInLink, profileAddress, sameSlug } from "./linkedin-address.ts";
import type { LinkedInFinder } from "./linkedin-selectors.ts";

type Json = Record<string, unknown>;

export type StructuredPerson = {
  name: string | null;
  location: string | null;
  roles: { title: string | null; company: string | null }[];
};

export function structuredPerson(
  document: Document,
  find: LinkedInFinder,
  slug: string,
  base: URL,
): StructuredPerson | null {
  for (const node of nodes(document, find)) {
    if (
      node["@type"] !== "Person" ||
      !isAbout(node, (url) => sameSlug(profileAddress(url)?.slug ?? "", slug), base)
    )
      continue;
    const titles = texts(node.jobTitle);
    const employers = list(node.worksFor).map((one) => text(asJson(one)?.name));
    return {
      name: text(node.name),
      location: text(asJson(node.address)?.addressLocality),
      roles: employers.map((company, at) => ({ company, title: titles[at] ?? null })),
    };
  }
  return null;
}

export type StructuredCompany = { name: string | null; location: string | null; website: string | null };

export function structuredCompany(
  document: Document,
  find: LinkedInFinder,
  slug: string,
  base: URL,
): StructuredCompany | null {
  for (const node of nodes(document, find)) {
    if (!/Organization|Corporation/.test(String(node["@type"]))) continue;
    if (!isAbout(node, (url) => sameSlug(companySlug(url)?.slug ?? "", slug), base)) continue;
    const address = asJson(node.address);
    const place = [text(address?.addressLocality), text(address?.addressRegion)].filter(
      (part) => part !== null,
    );
    const website = text(node.sameAs);
    return {
      name: text(node.name),
      location: place.length > 0 ? place.join(", ") : null,
      website: website !== null && /^https?:/.test(website) ? website : null,
    };
  }
  return null;
}

/** A page drawn anew by script may keep the JSON-LD of whoever was shown before. */
function isAbout(node: Json, matches: (url: URL) => boolean, base: URL): boolean {
  const addresses = [...texts(node.url), ...texts(node.sameAs)].flatMap(
    (href) => linkedInLink(href, base) ?? [],
  );
  return addresses.some(matches);
}

function nodes(document: Document, find: LinkedInFinder): Json[] {
  const roots = find
    .all(document, "structuredData")
    .flatMap((script) => objects(parse(script.textContent ?? "")));
  return [...roots, ...roots.flatMap((root) => objects(root["@graph"]))];
}

const objects = (value: unknown): Json[] =>
  list(value)
    .map(asJson)
    .filter((one) => one !== null);

function parse(source: string): unknown {
  if (source.length > 1_000_000) return null;
  try {
    return JSON.parse(source);
  } catch {
    return null;
  }
}

const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
const asJson = (value: unknown): Json | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
const text = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : null;
const texts = (value: unknown): string[] => list(value).flatMap((one) => text(one) ?? []);
