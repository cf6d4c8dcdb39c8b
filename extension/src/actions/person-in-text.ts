/** Who is meant by a piece of text that somebody marked: an address, and the name beside it. Pure; never a guess. */
import { parseAddress } from "../page/address.ts";
import { personName } from "../page/person-name.ts";
import type { KnownPerson } from "../storage/subjects.ts";

/** What is longer is no person. */
const nameMax = 60;
const textMax = 2_000;

export function personInText(marked: string): KnownPerson {
  const text = marked.slice(0, textMax).replace(/\s+/g, " ").trim();
  const addresses = [...new Set(text.split(/[\s<>()[\],;:"]+/).flatMap((word) => parseAddress(word) ?? []))];
  const [email] = addresses;
  // Of several addresses nobody knows which is meant.
  if (addresses.length > 1) return {};
  const rest = email ? text.replaceAll(new RegExp(escaped(email), "gi"), "") : text;
  const alone = rest
    .replace(/[<>()[\],;:"]+/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  const name = alone.length <= nameMax && !/\d/.test(alone) ? personName(alone) : null;
  return {
    ...(email && { email }),
    ...(name?.firstName && { firstName: name.firstName }),
    ...(name?.lastName && { lastName: name.lastName }),
  };
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
