/** The telephone number in a signature, as it is written there. Numbers of another kind (fax, tax, registers) are none. */

export function phoneIn(lines: string[]): string | null {
  for (const part of lines.flatMap((line) => line.split(/\s*[|•·‖¦]\s*|\s{2,}|,\s+|;\s+/u))) {
    if (part.length > 120 || otherNumber.test(part)) continue;
    const isLabelled = label.test(part);
    for (const [text] of part.matchAll(/(?:\+|\(|\d)[\d\s().\-–/\u00a0]{5,28}\d/gu)) {
      const digits = text.replace(/\D/g, "").length;
      const isWritten = /^(\+|00|\(0?\d|0[1-9])/.test(text) || /^\d{3}[\s.-]\d{3}[\s.-]\d{4}$/.test(text);
      if (digits >= 7 && digits <= 15 && (isLabelled || isWritten) && !isDate(text)) return text.trim();
    }
  }
  return null;
}

const label =
  /(?:^|[\s(])(?:t|p|m|c|d|o|tel|tél|telefon|telephone|téléphone|teléfono|telefone|telefono|phone|ph|mobile|mobil|mob|móvil|portable|handy|cell|direct|office|fon|тел|电话|電話|전화)[.:)]*\s*[:.]?\s*[+(\d]/iu;
const otherNumber =
  /(?:^|[\s(])(?:fax|telefax|f:|iban|bic|vat|ust|ust-?id|hrb|hra|siret|siren|nif|cif|p\.?\s?iva|kvk|zip|plz|ref|id|no|nr|room|meeting)\b/iu;
const isDate = (text: string) =>
  /^\(?(\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})\)?$/.test(text.trim());
