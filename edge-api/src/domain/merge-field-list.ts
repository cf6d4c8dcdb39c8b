/** What a builder offers to put into a text: every fixed field under a name people use, then the workspace's own. */
import { mergeFields } from "./merge-fields.ts";

export type MergeField = { path: string; label: string; sample: string | null };
type OwnField = { root: string; key: string; sample: string | null };

export const mergeFieldsMax = 200;

/** `known`: what is so for everybody here, say the workspace's name; else a sample nobody is. */
export function mergeFieldList(own: OwnField[], known: Record<string, string | null>): MergeField[] {
  const fixed = Object.entries(mergeFields).flatMap(([root, fields]) =>
    fields === null
      ? [root]
      : fields.filter((field) => field !== "custom").map((field) => `${root}.${field}`),
  );
  const fields = fixed.map((path) => {
    const { label, sample } = described[path] ?? { label: path, sample: null };
    return { path, label, sample: known[path] ?? sample };
  });
  const others = own.map(({ root, key, sample }) => ({
    path: `${root}.custom${plainKey.test(key) ? `.${key}` : `["${key}"]`}`,
    label: `${ownLabels[root] ?? ""}${inWords(key)}`,
    sample,
  }));
  return [...fields, ...others].slice(0, mergeFieldsMax);
}

/** Liquid reads a name that begins with a letter; another stands in brackets. */
const plainKey = /^[a-z_][a-z0-9_]*$/;

const ownLabels: Record<string, string> = { company: "Company: ", deal: "Deal: " };

const inWords = (key: string): string => {
  const words = key.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const described: Record<string, { label: string; sample: string | null }> = {
  "contact.first_name": { label: "First name", sample: "Dana" },
  "contact.last_name": { label: "Last name", sample: "Silva" },
  "contact.name": { label: "Full name", sample: "Dana Silva" },
  "contact.email": { label: "Email address", sample: "dana@acme.example" },
  "contact.title": { label: "Job title", sample: "Head of Operations" },
  "contact.phone": { label: "Phone number", sample: "+351 210 000 000" },
  "contact.country": { label: "Country", sample: "PT" },
  "contact.linkedin_url": { label: "LinkedIn address", sample: "https://www.linkedin.com/in/…" },
  "company.name": { label: "Company", sample: "Acme" },
  "company.domain": { label: "Company's domain", sample: "acme.example" },
  "deal.name": { label: "Deal", sample: "Acme, 20 seats" },
  "deal.stage": { label: "Deal's stage", sample: "proposal" },
  "deal.amount": { label: "Deal's amount, in cents", sample: "480000" },
  "deal.currency": { label: "Deal's currency", sample: "EUR" },
  "sender.name": { label: "Sender's name", sample: "Robin Reis" },
  "sender.email": { label: "Sender's address", sample: "robin@northwind.example" },
  "workspace.name": { label: "Your company", sample: null },
  unsubscribe_url: { label: "Unsubscribe link", sample: null },
};
