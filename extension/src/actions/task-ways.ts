/** What can be done about a task from a list, without opening the person. Pure. */

export type ListedTask = {
  type: string;
  kind: string | null;
  contact?: { phone: string | null } | undefined;
};

export type Way = { name: "call"; href: string } | { name: "linkedin" } | { name: "open" };

export function wayOf({ type, kind, contact }: ListedTask): Way {
  const href = type === "call" ? telLink(contact?.phone ?? null) : null;
  if (href) return { name: "call", href };
  return kind?.startsWith("linkedin_") ? { name: "linkedin" } : { name: "open" };
}

/** RFC 3966. @returns null where there are too few digits to be called, or more than one number. */
export function telLink(written: string | null): string | null {
  const number = (written ?? "").replace(/\(0\)/, "").trim();
  if (!/^\(?\+?[\d\s().\-/]+$/.test(number)) return null;
  const digits = number.replace(/\D/g, "");
  return digits.length < 3 || digits.length > 15 ? null : `tel:${number.includes("+") ? "+" : ""}${digits}`;
}

/** Only a profile is opened, whatever stands in the field. */
export function profileToOpen(linkedinUrl: string | null): string | null {
  const url = URL.parse(linkedinUrl ?? "");
  const isLinkedIn = url && /(^|\.)linkedin\.com$/.test(url.hostname);
  return isLinkedIn && url.protocol === "https:" && !url.port ? url.href : null;
}
