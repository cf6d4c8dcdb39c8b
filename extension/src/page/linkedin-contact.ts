/**
 * Address and phone from the contact info of the member the page is about. A mail link counts only beside that member's
 * own profile address or in the contact dialog of that profile: the page's frame and posts have addresses of others.
 */
import { parseAddress } from "./address.ts";
import { linkedInLink, profileAddress, sameSlug } from "./linkedin-address.ts";
import type { LinkedInFinder } from "./linkedin-selectors.ts";
import { oneLine } from "./text.ts";

export type Contact = { email: string | null; phone: string | null };

export function contactOf(document: Document, find: LinkedInFinder, slug: string, base: URL): Contact {
  const isTheirs = (element: Element) => besideProfileLink(element, find, slug, base);
  const mail = find.all(document, "mail").find(isTheirs);
  const phone = find.all(document, "phone").find(isTheirs);
  return {
    email: parseAddress(
      decoded(
        mail
          ?.getAttribute("href")
          ?.replace(/^mailto:/i, "")
          .split("?")[0],
      ),
    ),
    phone: oneLine(decoded(phone?.getAttribute("href")?.replace(/^tel:/i, ""))) || null,
  };
}

/** The smallest card around the link that also names a profile names this one, and only this one. */
function besideProfileLink(element: Element, find: LinkedInFinder, slug: string, base: URL): boolean {
  if (
    element.closest("header, nav, footer, article, aside[role], [role=banner], [role=contentinfo]") !== null
  )
    return false;
  for (
    let up = element.parentElement;
    up && up.localName !== "body" && up.localName !== "main";
    up = up.parentElement
  ) {
    const slugs = find.all(up, "profileLink").flatMap((link) => {
      const url = linkedInLink(link.getAttribute("href"), base);
      return (url && profileAddress(url)?.slug) ?? [];
    });
    if (slugs.length > 0) return slugs.every((one) => sameSlug(one, slug));
  }
  return false;
}

function decoded(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    return "";
  }
}
