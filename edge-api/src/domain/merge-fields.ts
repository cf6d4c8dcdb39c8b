/**
 * What templates may read, by name, and what is wrong with one that reads something else. A name nobody has would pause
 * every person of the sequence, so it is told when the sequence is saved; the workspace's own fields are theirs to name.
 */
import { templatePaths } from "./template.ts";

/** Invariant: the fixed fields of `mergeScope` (contact.ts), and the link every mail has. */
export const mergeFields: Record<string, readonly string[] | null> = {
  contact: [
    "first_name",
    "last_name",
    "name",
    "email",
    "title",
    "phone",
    "country",
    "linkedin_url",
    "custom",
  ],
  company: ["name", "domain", "custom"],
  deal: ["name", "stage", "amount", "currency", "custom"],
  sender: ["name", "email"],
  workspace: ["name"],
  unsubscribe_url: null,
};

/** A sentence for each name the template reads and nobody has. */
export function unknownFields(source: string): string[] {
  const sentences = templatePaths(source).flatMap(([root = "", field]) => {
    if (!Object.hasOwn(mergeFields, root)) {
      return [`There is no {{ ${[root, field].filter(Boolean).join(".")} }}.${rootHint(root, field)}`];
    }
    const fields = mergeFields[root];
    if (!fields || field === undefined || fields.includes(field)) return [];
    return [`There is no {{ ${root}.${field} }}.${fieldHint(root, field, fields)}`];
  });
  return [...new Set(sentences)];
}

function rootHint(root: string, field: string | undefined): string {
  const roots = Object.keys(mergeFields);
  const near = nearest(root, roots);
  if (near)
    return mean(field && mergeFields[near] ? `${near}.${nearest(field, mergeFields[near]) ?? field}` : near);
  const fields = roots.flatMap((name) => (mergeFields[name] ?? []).map((each) => `${name}.${each}`));
  const named = field === undefined && fields.find((path) => plain(path) === plain(`contact.${root}`));
  return named ? mean(named) : ` Templates know ${roots.join(", ")}.`;
}

function fieldHint(root: string, field: string, fields: readonly string[]): string {
  const near = nearest(field, fields);
  if (near) return mean(`${root}.${near}`);
  // `contact.company`: what belongs to somebody else stands beside them, not below.
  if (mergeFields[field]) return mean(`${field}.name`);
  const own = fields.includes("custom") ? ` A field of your own is {{ ${root}.custom.${field} }}.` : "";
  return ` It is one of ${fields.filter((name) => name !== "custom").join(", ")}.${own}`;
}

const mean = (path: string): string => ` Did you mean {{ ${path} }}?`;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[_-]/g, "");

/** The one name that is at most two typing errors away, a third of the word at the most. */
function nearest(typed: string, names: readonly string[]): string | null {
  const near = names
    .map((name) => ({ name, errors: distance(plain(typed), plain(name)) }))
    .filter(({ name, errors }) => errors <= Math.min(2, Math.ceil(name.length / 3)))
    .sort((a, b) => a.errors - b.errors);
  return near[0]?.name ?? null;
}

/** Levenshtein's, of names: a template's are short. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
