/**
 * A value that a text of a step uses and that is empty: which field of whom it is, whether it can be filled in here, and
 * the one request that fills it.
 */
import type { Client } from "@cadenza/shared/client";
import type { FieldProps } from "../../parts/field.tsx";
import type { PanelRecord } from "../headline.ts";

export type GapField =
  | ("firstName" | "lastName" | "title" | "phone" | "country" | "linkedinUrl" | "email" | "companyName")
  | ("domain" | "dealName");

export type Gap = {
  variable: string;
  of: "contact" | "company" | "deal";
  /** A field everybody has, or one of the workspace's own. */
  field: GapField | { custom: string };
  type: NonNullable<FieldProps["type"]>;
};

/** @returns null where nothing in a panel can fill it: the sender's name, a deal there is none of, a calculated value. */
export function gapOf(variable: string, record: Pick<PanelRecord, "contact" | "deal">): Gap | null {
  const path = variable.replace(/\[["']([a-z0-9_]+)["']\]/g, ".$1");
  const [, of, own, name = ""] = /^(contact|company|deal)\.(custom\.)?([a-z0-9_]{1,64})$/.exec(path) ?? [];
  if (!of || (of === "deal" && !record.deal)) return null;
  // Whoever has no company is given one by its name first; what else is asked of it comes next.
  if (of === "company" && !record.contact.company) {
    return { variable, of: "contact", field: "companyName", type: "text" };
  }
  const found = own ? ({ custom: name } as const) : fields[`${of}.${name}`];
  if (!found) return null;
  const type = typeof found === "string" ? types[found] : undefined;
  return { variable, of: of as Gap["of"], field: found, type: type ?? "text" };
}

const fields: Partial<Record<string, GapField>> = {
  "contact.first_name": "firstName",
  "contact.last_name": "lastName",
  "contact.name": "firstName",
  "contact.title": "title",
  "contact.phone": "phone",
  "contact.country": "country",
  "contact.linkedin_url": "linkedinUrl",
  "contact.email": "email",
  "company.name": "companyName",
  "company.domain": "domain",
  "deal.name": "dealName",
};
const types: Partial<Record<GapField, Gap["type"]>> = { phone: "tel", linkedinUrl: "url", email: "email" };

/** How people would write the name of a field of their own: `renewal_date` → "Renewal date". */
export const ownFieldName = (key: string): string => {
  const words = key.replace(/_+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** What is wrong with what was typed, before anybody is asked: the server knows the rest. */
export function wrongIn({ field }: Gap, value: string): "empty" | "email" | "link" | "country" | null {
  const text = value.trim();
  if (!text) return "empty";
  if (field === "email" && !/^[^\s@]+@[^\s@]+$/.test(text)) return "email";
  if (field === "linkedinUrl" && !/^https:\/\/\S+$/.test(text)) return "link";
  if (field === "country" && !/^[A-Za-z]{2}$/.test(text)) return "country";
  return null;
}

/** Fills it in, unless somebody changed the record since it was read. */
export function fillIn(
  client: Client,
  { contact, deal }: PanelRecord,
  gap: Gap,
  value: string,
): Promise<unknown> {
  const text = value.trim();
  const changes = changesOf(gap, gap.field === "country" ? text.toUpperCase() : text);
  if (gap.of === "contact") {
    return client("contacts.update", { params: { id: contact.id }, body: changes, ifMatch: contact.rev });
  }
  if (gap.of === "company") {
    return client("companies.update", { params: { id: contact.company!.id }, body: changes });
  }
  return client("deals.update", { params: { id: deal!.id }, body: changes, ifMatch: deal!.rev });
}

function changesOf({ of, field }: Gap, value: string): Record<string, unknown> {
  if (typeof field !== "string") return { custom: { [field.custom]: value } };
  const isName = field === "dealName" || (of === "company" && field === "companyName");
  return { [isName ? "name" : field]: value };
}
