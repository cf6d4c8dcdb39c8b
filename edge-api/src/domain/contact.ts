/** People, their company and deal, as the engine sees them; and the merge scope templates read. */
import type { ContactKind } from "@cadenza/shared/vocabulary";
import type { CompanyId, ContactId, DealId, MailboxId, MemberId, ScheduleId, WorkspaceId } from "./ids.ts";

export type Contact = {
  id: ContactId;
  workspaceId: WorkspaceId;
  kind: ContactKind;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  phone: string | null;
  linkedinUrl: string | null;
  companyId: CompanyId | null;
  ownerId: MemberId | null;
  timeZone: string | null;
  country: string | null;
  locale: string | null;
  custom: Record<string, unknown>;
  /** Nothing of the person is left, and nothing begins for them any more. */
  erasedAt?: number | null;
};

export type Company = { id: CompanyId; name: string; domain: string | null; custom: Record<string, unknown> };

export type Deal = {
  id: DealId;
  name: string;
  stage: string | null;
  amount: number | null;
  currency: string | null;
  custom: Record<string, unknown>;
};

export type Sender = { id: MemberId; name: string; email: string };

export type Mailbox = {
  id: MailboxId;
  address: string;
  name: string | null;
  timeZone: string | null;
  signature: string | null;
  /** Whether mail to it is handed to us. */
  receives: boolean;
  dailyCap: number;
  gapMs: number;
  disabledAt: number | null;
  disabledReason: string | null;
};

export type Workspace = {
  id: WorkspaceId;
  name: string;
  timeZone: string;
  country: string | null;
  postalAddress: string | null;
  defaultScheduleId: ScheduleId | null;
  sendingStoppedAt: number | null;
};

export const fullName = (contact: Pick<Contact, "firstName" | "lastName">): string | null =>
  [contact.firstName, contact.lastName].filter(Boolean).join(" ") || null;

/** What templates may say: `{{ contact.first_name }}`, `{{ contact.custom.plan }}`, `{{ company.name }}` … */
export function mergeScope(people: {
  contact: Contact;
  company: Company | null;
  deal: Deal | null;
  sender: Sender | null;
  mailbox: Mailbox | null;
  workspace: Workspace;
}): Record<string, unknown> {
  const { contact, company, deal, sender, mailbox, workspace } = people;
  return {
    contact: {
      first_name: contact.firstName,
      last_name: contact.lastName,
      name: fullName(contact),
      email: contact.email,
      title: contact.title,
      phone: contact.phone,
      country: contact.country,
      linkedin_url: contact.linkedinUrl,
      custom: contact.custom,
    },
    company: company && { name: company.name, domain: company.domain, custom: company.custom },
    deal: deal && {
      name: deal.name,
      stage: deal.stage,
      amount: deal.amount,
      currency: deal.currency,
      custom: deal.custom,
    },
    sender: {
      name: sender?.name ?? mailbox?.name ?? null,
      email: sender?.email ?? mailbox?.address ?? null,
    },
    workspace: { name: workspace.name },
  };
}
