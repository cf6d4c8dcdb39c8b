/**
 * Whether a line of a career is a span of time, and whether it still runs. Works without a word list: a span starts with
 * a year, and one that still runs ends in words ("Present", "heute", "至今") where another ends in a year.
 */

const YEAR = /(?:19|20)\d{2}/;
/** Up to a year and its month, however the language writes it: "Feb 2024", "02/2024", "2024年2月", "thg 2 2024". */
const START =
  /^(?:\D{0,24}|\D{0,12}\d{1,2}\D{1,12})(?:19|20)\d{2}(?:\s?[年년./-]?\s?\d{0,2}\s?[月월.]?)(?:\s?\p{L}{0,14}\.?)$/u;

/** Null when the text is no span of time. */
export function dateRange(text: string): { current: boolean } | null {
  if (text.length > 120) return null;
  const line = westernDigits(text).replace(/\s+/g, " ").trim();
  const year = YEAR.exec(line);
  if (!year || year.index > 26) return null;
  for (const dash of line.matchAll(/\s?[-–—−‐~〜～]\s?|\s(?:to|bis|à)\s/g)) {
    if (dash.index < year.index + 4) continue;
    const start = line.slice(0, dash.index).trim();
    // What stands after the span: "· 2 yrs 9 mos", "(8 years)", and where spans of text ran together, "2 years".
    const end = (line.slice(dash.index + dash[0].length).split(/[·•(（|]/)[0] ?? "").trim();
    if (!START.test(start)) return null;
    // A sentence with years in it is prose, not a span.
    if (end.length > 48) return null;
    if (YEAR.test(end))
      return /(?:19|20)\d{2}(?:\s?[年년./-]?\s?\d{0,2}\s?[月월.]?)(?:\s?г\.?)?(?:\s\d.*)?$/u.test(end)
        ? { current: false }
        : null;
    return /^\p{L}/u.test(end) ? { current: true } : null;
  }
  return null;
}

/** "5 yrs 3 mos", "Full-time · 5 yrs 3 mos", "2年3ヶ月": how long, not where or what. */
export function isDuration(text: string): boolean {
  const last = westernDigits(text).split(/[·•]/).at(-1)?.trim() ?? "";
  return !YEAR.test(last) && duration.test(last);
}

const count = "\\d{1,2}(?:\\s\\p{L}{1,12}|\\p{L}{2,12}|\\p{Script=Han}|\\p{Script=Hangul})\\.?";
const duration = new RegExp(`^${count}(?:\\s?(?:\\p{L}{1,3}\\s)?${count}|\\s?\\d{1,2}\\p{L}{1,3})?$`, "u");

const ZEROS = [0x0660, 0x06f0, 0x0966, 0x0e50];

/** Arabic, Persian, Hindi and Thai digits as 0 to 9. */
function westernDigits(text: string): string {
  return text.replace(/[٠-٩۰-۹०-९๐-๙]/g, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    return String(code - (ZEROS.findLast((zero) => zero <= code) ?? code));
  });
}
