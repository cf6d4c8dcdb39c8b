/**
 * Where a page of a host runs, spelled exactly as browsers spell it in `Origin`: it is compared as text, and stands in
 * headers (CORS, frame-ancestors), where one more character would let others in.
 */
export type OriginCheck = { ok: true; origin: string } | { ok: false; problem: string };

/** @param own our own origin, which no host's page has. */
export function checkOrigin(text: string, own: string): OriginCheck {
  const refuse = (problem: string): OriginCheck => ({ ok: false, problem });
  if (text.includes("*")) return refuse("Name every origin: there are no wildcards.");
  if (!/^https?:\/\/[^\s/?#@\\]+$/i.test(text)) {
    return refuse("Write an origin, with nothing after it: https://crm.example.com");
  }
  const url = parseUrl(text);
  if (!url || !hostForm.test(url.host)) return refuse("This is no host name.");
  if (url.protocol === "http:" && !/^(localhost|127\.0\.0\.1)$/.test(url.hostname)) {
    return refuse("Pages have to come over https; http is for localhost alone.");
  }
  if (url.origin === own) return refuse("This is Cadenza's own address.");
  return { ok: true, origin: url.origin };
}

/** Names (punycode by now) and addresses. URL parsers let `;` and `'` through, which would end a header's list. */
const hostForm = /^([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d+)?$/;

function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
