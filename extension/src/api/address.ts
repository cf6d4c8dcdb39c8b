/** Where Cadenza is, as somebody typed it on the options page, and which permission that address needs. */

/** @returns the address without a slash at the end; null for one that is none, or that anybody on the way could read. */
export function parseApiUrl(typed: string): string | null {
  const text = typed.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || url.username || url.password || url.search || url.hash) return null;
  const isLoopback = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback)) return null;
  if (!isLoopback && !url.hostname.includes(".")) return null;
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** The match pattern to ask for. Ports are left out: a pattern without one means all of the host's. */
export function patternOf(apiUrl: string): string {
  const { protocol, hostname } = new URL(apiUrl);
  return `${protocol}//${hostname}/*`;
}
