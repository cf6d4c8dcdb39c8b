/**
 * The one way in: a document and its address, facts out. The address decides who reads; a page nobody reads, or an
 * address that is none, is `none`. Pure, like the readers it asks.
 */
import type { PageFacts, Reader, SelectorTable } from "./facts.ts";
import { gmailReaders } from "./gmail.ts";
import { linkedinReaders } from "./linkedin.ts";
import { nothingRead } from "./person.ts";
import { salesnavReaders } from "./salesnav.ts";

const readers: readonly Reader[] = [...gmailReaders, ...salesnavReaders, ...linkedinReaders];

export function readPage(
  document: Document,
  address: string | URL,
  prepended: SelectorTable = {},
): PageFacts {
  const url = URL.parse(address);
  if (!url) return nothingRead(null);
  const page = { document, url, prepended };
  const reader = readers.find((candidate) => candidate.detect(page));
  return reader ? reader.extract(page) : nothingRead(null);
}
