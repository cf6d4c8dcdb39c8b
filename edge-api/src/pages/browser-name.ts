/** A browser in two words, from what it calls itself: enough to know one's own phone from one's desk. */

/** "Firefox on Linux"; the whole string is in the API. */
export function browserName(userAgent: string | null): string {
  const text = userAgent ?? "";
  const markOf = (marks: [string, string][]) => marks.find(([mark]) => text.includes(mark))?.[1];
  const browser = markOf([
    ["Edg/", "Edge"],
    ["OPR/", "Opera"],
    ["Firefox/", "Firefox"],
    ["Chrome/", "Chrome"],
    ["Safari/", "Safari"],
  ]);
  const system = markOf([
    ["iPhone", "iPhone"],
    ["iPad", "iPad"],
    ["Android", "Android"],
    ["Mac OS X", "macOS"],
    ["Windows", "Windows"],
    ["CrOS", "ChromeOS"],
    ["Linux", "Linux"],
  ]);
  return [browser ?? "A browser", system && `on ${system}`].filter(Boolean).join(" ");
}
