/** A number as people write it, as a link that a telephone understands (RFC 3966). Pure. */

const extension = /[\s,;]*(?:ext(?:ension)?\.?|x|#|dw|durchwahl|poste)\s*:?\s*(\d{1,8})\s*$/i;

/** @returns null where there are too few digits to be called. */
export function phoneLink(written: string | null, scheme: "tel" | "sms"): string | null {
  if (!written) return null;
  const inner = extension.exec(written)?.[1];
  const number = written.replace(extension, "").replace(/\(0\)/, "").trim();
  const digits = number.replace(/\D/g, "");
  if (digits.length < 3 || digits.length > 20) return null;
  const plus = /^\(?\s*\+/.test(number) ? "+" : "";
  return `${scheme}:${plus}${digits}${inner && scheme === "tel" ? `;ext=${inner}` : ""}`;
}
