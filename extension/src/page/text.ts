/** Text as a reader takes it off a page: one line, no invisible characters, never longer than a field holds. */

const invisible =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

export function oneLine(text: string | null | undefined, lengthMax = 200): string {
  const line = (text ?? "")
    .slice(0, lengthMax * 20)
    .replace(invisible, "")
    .replace(/\s+/gu, " ")
    .trim();
  return [...line].slice(0, lengthMax).join("").trim();
}

/** For comparing, never for showing: no case, no accents, letters and digits only, words kept apart by one space. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
