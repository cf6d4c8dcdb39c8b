/**
 * What a mail's writer says of themselves under it: title, company, phone, profile. Only where the signature is the
 * writer's own, by name; and a company only where something else bears it out. What is left is blank, not guessed.
 */
import { attributeOf, queryAll } from "./dom.ts";
import type { Confidence, Person } from "./facts.ts";
import { learnName } from "./gmail-person.ts";
import type { GmailFinder } from "./gmail-selectors.ts";
import { learn } from "./person.ts";
import { phoneIn } from "./phone.ts";
import { jobIn } from "./signature-job.ts";
import { type SignatureLines, signaturesUnder } from "./signature-lines.ts";
import { afterName, isNamed, nameSpeltBy } from "./signature-name.ts";
import { companyLabels } from "./web-domain.ts";

export function learnFromSignature(person: Person, bodies: Element[], find: GmailFinder): void {
  const { email } = person;
  if (!email || (person.title && person.company && person.phone)) return;
  for (const signature of signaturesUnder(bodies, person.name, find)) {
    const name = person.name ?? nameSpeltBy(email, signature.lines);
    const nameAt = name ? signature.lines.findIndex((line) => isNamed(line, name)) : -1;
    if (!name || nameAt < 0) continue;
    learnName(person, name, "signature");
    const rest = signature.lines.slice(nameAt + 1);
    learnFromLines(person, email, signature, [afterName(signature.lines[nameAt]!, name), ...rest]);
    return;
  }
}

function learnFromLines(
  person: Person,
  email: string,
  { isMarked, roots }: SignatureLines,
  lines: string[],
): void {
  const sure: Confidence = isMarked ? "high" : "medium";
  const job = jobIn(lines, companyLabels(email, lines.join(" ")));
  learn(person, "title", job.title, "signature", sure);
  learn(person, "company", job.company, "signature", job.isCertain ? sure : "medium");
  learn(person, "phone", phoneIn(lines), "signature", sure);
  learn(person, "profileUrl", profileIn(roots, lines), "signature", "medium");
}

/** A profile counts as the writer's own when the signature names exactly one. */
function profileIn(roots: Element[], lines: string[]): string | null {
  const links = roots
    .flatMap((root) => queryAll(root, "a[href]"))
    .map((link) => attributeOf(link, "href") ?? "");
  const slugs = new Set(
    [...lines, ...links].flatMap((text) =>
      [...text.slice(0, 2_000).matchAll(/linkedin\.com\/in\/([^\s/?#"'<>]{2,120})/giu)].map(
        ([, slug]) => slug!,
      ),
    ),
  );
  return slugs.size === 1 ? `https://www.linkedin.com/in/${[...slugs][0]}` : null;
}
