/** What Gmail's address says: which account it is for and whether it names a conversation. */

export const isGmail = (url: URL) =>
  url.protocol === "https:" && url.hostname === "mail.google.com" && /^\/mail(\/|$)/.test(url.pathname);

/** The 1 of `/mail/u/1/`: the account's number in this browser. */
export function accountNumberOf(address: string): number | null {
  const [, number] = /\/mail\/u\/(\d{1,3})(?:[/?#]|$)/.exec(address) ?? [];
  return number === undefined ? null : Number(number);
}

/**
 * The conversation that the address names, if it does: `hex` is an id that stands in the page too
 * (`#inbox/15d97a4f1ac7ea94`), `opaque` one that only Gmail can read (`#inbox/FMfcgz…`).
 */
export function threadInAddress(url: URL): { kind: "hex" | "opaque"; id: string } | null {
  const [path = ""] = url.hash.replace(/^#/, "").split("?");
  const parts = path.split("/");
  // The second part of a search, a label or a category is what was searched for.
  const isFree = /^(search|advanced-search|label|category|section_query|create-filter)$/.test(parts[0] ?? "");
  const last = parts.length > (isFree ? 2 : 1) ? parts.at(-1)! : "";
  if (/^[0-9a-f]{16}$/.test(last)) return { kind: "hex", id: last };
  if (/^[A-Za-z]{28,}$/.test(last) || /^(#|%23)?thread-[af]:/.test(last)) return { kind: "opaque", id: last };
  return null;
}
