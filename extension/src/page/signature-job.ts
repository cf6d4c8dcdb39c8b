/**
 * The title and the company in a signature's lines. A title is known by its words, a company only by something that
 * bears it out: the writer's address, a site in the signature, a legal form, or "at" between the two.
 */
import { looksLikeDepartment, looksLikeTitle } from "./job-title.ts";
import { isBorneOut } from "./web-domain.ts";

export const separators = /\s*[|•·‖¦]\s*|\s+[–—]\s+|\s+-\s+|\s+\/\/\s+/u;

export interface Job {
  title: string | null;
  company: string | null;
  /** The writer's address or site has the company's name. */
  isCertain: boolean;
}

export function jobIn(lines: string[], labels: string[]): Job {
  const parts = lines
    .slice(0, 8)
    .flatMap((line) => line.split(separators))
    .map(withoutPlace)
    .filter((part) => part.length > 1 && part.length <= 120 && !isContactDetail(part))
    .slice(0, 8);
  const jobs = parts.slice(0, 4).map((part, at) => splitJob(part, labels, at === 0));
  const titleAt = jobs.findIndex((job) => job !== null);
  const { title, company } = jobs[titleAt] ?? { title: null, company: null };
  const alone = parts.find((part, at) => at !== titleAt && isCompany(part, labels));
  const found = company ?? (alone ? withoutAddress(alone) : null);
  return { title, company: found, isCertain: found !== null && isBorneOut(found, labels) };
}

/** "VP Operations, Contoso Labs", "VP Operations at Contoso Labs", "Director, Product Marketing"; null for no title. */
function splitJob(
  text: string,
  labels: string[],
  isFirst: boolean,
): { title: string; company: string | null } | null {
  const [, before = "", after = ""] =
    /^(.+?)\s+(?:at|@|bei|chez|presso|bij|hos|w|在)\s+(.+)$/iu.exec(text) ?? [];
  if (looksLikeTitle(before)) return { title: before, company: withoutAddress(after) };
  const pieces = text.split(/\s*[,،、]\s*/u).filter(Boolean);
  const head = pieces[0] ?? "";
  const companyAt = pieces.findIndex((piece, at) => at > 0 && isCompanyFrom(pieces, at, piece, labels));
  const company = companyAt > 0 ? withoutAddress(pieces.slice(companyAt).join(", ")) : null;
  // "Growth, Contoso Labs" right under the name: no word tells the title, but its place does.
  const isTitle = looksLikeTitle(head) || (isFirst && company !== null && isBorneOut(company, labels));
  if (!isTitle || isCompany(head, labels)) return null;
  if (company) return { title: pieces.slice(0, companyAt).join(", "), company };
  // What follows is a department, or a place, or a company that nothing bears out: only the first belongs to the title.
  let end = 1;
  while (end < pieces.length && looksLikeDepartment(pieces[end]!)) end++;
  return { title: pieces.slice(0, end).join(", "), company: null };
}

const isCompanyFrom = (pieces: string[], at: number, piece: string, labels: string[]) =>
  isCompany(piece, labels) || isCompany(pieces.slice(at).join(", "), labels);

/** "Birk GmbH, Hafenstr. 7, 20457 Hamburg" without street and town; "Suite 12" alone stays, to be passed over later. */
function withoutPlace(part: string): string {
  const pieces = part.split(/\s*,\s*/u);
  const numberAt = pieces.findIndex((piece, at) => at > 0 && /\d/u.test(piece));
  return (numberAt < 0 ? pieces : pieces.slice(0, numberAt)).join(", ").replace(/^[\s,;]+|[\s,;]+$/gu, "");
}

const legalForm =
  /(?:^|[\s,])(inc|incorporated|llc|l\.l\.c|ltd|limited|plc|corp|corporation|co|gmbh|g\.m\.b\.h|ag|kg|ohg|ug|se|mbh|e\.?v|sarl|s\.a\.r\.l|sas|sa|s\.a|s\.r\.l|srl|s\.p\.a|spa|s\.l|sl|bv|b\.v|nv|n\.v|ab|oy|oyj|a\/s|aps|as|asa|sp\. ?z ?o\. ?o|s\.r\.o|a\.s|kft|zrt|pty|pvt|ооо|ltda|株式会社|有限公司)\.?$/iu;

const isCompany = (text: string, labels: string[]) =>
  text.length <= 80 && (legalForm.test(text) || isBorneOut(text, labels));

/** "Beispiel GmbH, Berlin" is the company and where it is. "Contoso, Inc." is all company. */
function withoutAddress(text: string): string {
  const [name = text, next] = text.split(/\s*,\s*/u);
  return next !== undefined && /^\S+$/u.test(next) && legalForm.test(next) ? `${name}, ${next}` : name;
}

const isContactDetail = (text: string) =>
  /@|https?:|www\.|^\W*$|^[\w-]+(\.[\w-]+)+(\/\S*)?$|\d{4,}/iu.test(text) ||
  /^(linkedin|twitter|x|xing|facebook|instagram|website|web|e-?mail|tel|phone|mobile|fax)\b.{0,3}$/iu.test(
    text,
  ) ||
  /^\W*(he|she|they|er|sie|elle|il|ella|él)\s*\/\s*\p{L}+/iu.test(text);
