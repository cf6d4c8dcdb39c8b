/**
 * Whose page it is. LinkedIn draws the next profile into the old document, so what the document says of itself must agree
 * with its address before any of it counts. Also who is looking: their own profile is theirs, and nobody else's facts.
 */
import { linkedInLink, profileAddress, sameSlug } from "./linkedin-address.ts";
import type { LinkedInFinder } from "./linkedin-selectors.ts";
import { cleanName, sameName } from "./person-name.ts";
import { folded, oneLine } from "./text.ts";

/** The slugs whose own pages (contact info, edit, details) the links under an element open: the owner's. */
export function ownerSlugs(root: Element, find: LinkedInFinder, base: URL): string[] {
  const slugs = new Set<string>();
  for (const link of find.all(root, "profileLink")) {
    const url = linkedInLink(link.getAttribute("href"), base);
    const address = url && profileAddress(url);
    if (address && (ownPages.test(address.rest) || link.querySelector("h1, h2") !== null))
      slugs.add(address.slug);
  }
  return [...slugs];
}

const ownPages = /^(?:overlay|detail|details|edit|add-edit|opportunities|guided|recent-activity)(?:\/|$)/;
const editPages = /^(?:edit|add-edit|opportunities|guided)(?:\/|$)/;

/** The slug that the document's head names, or null. */
export function canonicalSlug(document: Document, find: LinkedInFinder, base: URL): string | null {
  const element = find.first(document, "canonical");
  const url = linkedInLink(element?.getAttribute("href") ?? element?.getAttribute("content") ?? null, base);
  return (url && profileAddress(url)?.slug) ?? null;
}

/** The name in "(1) Zoë Lind - Head of Sales - Acme | LinkedIn", or the last of "Experience | Zoë Lind | LinkedIn". */
export function titleName(document: Document, find: LinkedInFinder, isSubPage: boolean): string | null {
  const parts = titleParts(document, find);
  const whole = isSubPage ? parts.at(-1) : parts[0];
  return cleanName(whole?.split(/\s[-–—]\s/)[0] ?? "");
}

export function titleParts(document: Document, find: LinkedInFinder): string[] {
  return oneLine(find.first(document, "title")?.textContent)
    .replace(/^\(\d+\+?\)\s*/, "")
    .split(/\s*\|\s*/)
    .filter((part) => part !== "" && !/^linkedin\b/i.test(part));
}

export type Viewer = { slug: string | null; name: string | null };

/** Who is signed in, as the bar at the top shows: a link to their profile, or only their picture's text. */
export function viewerOf(document: Document, find: LinkedInFinder, main: Element, base: URL): Viewer {
  for (const bar of find.all(document, "nav").filter((nav) => !main.contains(nav))) {
    const link = find
      .all(bar, "profileLink")
      .flatMap((one) => linkedInLink(one.getAttribute("href"), base) ?? [])[0];
    const picture = [...bar.querySelectorAll("img[alt]")]
      .map((img) => plainAlt(img))
      .find((alt) => cleanName(alt) !== null);
    const name = cleanName(picture ?? "");
    const slug = (link && profileAddress(link)?.slug) ?? (name ? folded(name).replaceAll(" ", "-") : null);
    if (slug || name) return { slug, name };
  }
  return { slug: null, name: null };
}

/** Some years' pages escape the text twice. */
const plainAlt = (img: Element) =>
  oneLine(img.getAttribute("alt"))
    .replace(/&#39;|&apos;/g, "'")
    .replace(/&amp;/g, "&");

/** The viewer's own profile: it can be edited, or it bears the viewer's name. */
export function isOwnProfile(
  document: Document,
  find: LinkedInFinder,
  base: URL,
  profile: { slug: string; name: string | null },
  viewer: Viewer,
): boolean {
  const editable = find.all(document, "profileLink").some((link) => {
    const url = linkedInLink(link.getAttribute("href"), base);
    const address = url && profileAddress(url);
    return address !== null && sameSlug(address.slug, profile.slug) && editPages.test(address.rest);
  });
  return editable || sameName(viewer.name, profile.name);
}
