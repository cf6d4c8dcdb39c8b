/** Where to go after signing in. It comes from outside, so it is only ever a path of ours (no open redirect). */

/** Long enough for what another program asks of a person (OAuth), and no longer. */
const lengthMax = 4000;

/** @returns the path as a browser will read it; null for whatever a browser could read as another site's address. */
export function nextPath(asked: string | null | undefined, publicUrl: string): string | null {
  if (!asked || asked.length > lengthMax) return null;
  // Browsers drop tabs and line breaks, and take a backslash for a slash.
  if (!asked.startsWith("/") || /[\u0000-\u0020\u007f\\]/.test(asked)) return null;
  const url = URL.canParse(asked, publicUrl) ? new URL(asked, publicUrl) : null;
  if (!url || url.origin !== new URL(publicUrl).origin) return null;
  const path = url.pathname + url.search + url.hash;
  // `/.//elsewhere` becomes `//elsewhere` only once its dots are resolved.
  return path.startsWith("//") ? null : path;
}
