/**
 * Addresses on LinkedIn: whose page one is, and the one form in which a profile or company is written down. Regional
 * hosts (`se.linkedin.com`), language suffixes, tracking and percent-encoding all come down to the same address.
 */

export type ProfileAddress = {
  slug: string;
  /** What follows the slug: "" for the profile itself, "details/experience", "overlay/contact-info", "de". */
  rest: string;
};

export function isLinkedIn(url: URL): boolean {
  return /^https?:$/.test(url.protocol) && /^([a-z0-9-]+\.)?linkedin\.com$/i.test(url.hostname);
}

/** The address of a link as the page means it, or null where it leads away from LinkedIn or is no address. */
export function linkedInLink(href: string | null, base: URL): URL | null {
  if (href === null || !URL.canParse(href, base.href)) return null;
  const url = new URL(href, base.href);
  return isLinkedIn(url) ? url : null;
}

export function profileAddress(url: URL): ProfileAddress | null {
  const [, kind, slug, ...rest] = url.pathname.split("/");
  if (kind !== "in" || !slug || !isLinkedIn(url)) return null;
  const plain = decoded(slug);
  return plain ? { slug: plain, rest: rest.filter(Boolean).join("/") } : null;
}

export function companySlug(url: URL): { kind: "company" | "school" | "showcase"; slug: string } | null {
  const [, kind, slug] = url.pathname.split("/");
  if ((kind !== "company" && kind !== "school" && kind !== "showcase") || !slug || !isLinkedIn(url))
    return null;
  const plain = decoded(slug);
  return plain ? { kind, slug: plain } : null;
}

export function profileUrl(slug: string): string {
  return `https://www.linkedin.com/in/${encodeURIComponent(slug)}`;
}

export function companyUrl(of: { kind: string; slug: string }): string {
  return `https://www.linkedin.com/${of.kind}/${encodeURIComponent(of.slug)}`;
}

export function sameSlug(a: string, b: string): boolean {
  return a.normalize("NFC").toLowerCase() === b.normalize("NFC").toLowerCase();
}

/** A member id in the place of a slug (`/in/ACoAAB…`): it names nobody, and the page's own links carry the slug. */
export function isMemberId(slug: string): boolean {
  return /^AC[a-z][A-Za-z0-9_-]{20,}$/.test(slug);
}

function decoded(slug: string): string | null {
  try {
    return decodeURIComponent(slug);
  } catch {
    return null;
  }
}
