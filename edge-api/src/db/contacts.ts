/** People as the API shows them: with addresses, company and external references. Writes are in contact-writes.ts. */
import type { EventType } from "@cadenza/shared/vocabulary";
import { and, desc, eq, getTableColumns, isNull, type SQL, sql } from "drizzle-orm";
import type { Actor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { CompanyId, ContactId, EnrollmentId, MemberId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { type ErasedKeyOf, erasedStatement } from "./erased.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { visibleEvent } from "./reach.ts";
import { type Reference, referencesOf } from "./references.ts";
import { companies, contacts, events } from "./schema.ts";

export type ContactView = Omit<typeof contacts.$inferSelect, "companyId"> & {
  company: { id: CompanyId; name: string } | null;
  otherEmails: string[];
  references: Reference[];
};

const { companyId, ...columns } = getTableColumns(contacts);

async function select(d1: D1Database, where: SQL | undefined, limit: number): Promise<ContactView[]> {
  const rows = await database(d1)
    .select({
      ...columns,
      companyId,
      companyName: companies.name,
      emails: sql`(SELECT json_group_array(a.email) FROM contact_addresses a
        WHERE a.contact_id = ${contacts.id})`.mapWith((text: string): string[] => JSON.parse(text)),
      references: referencesOf("contact", contacts.id),
    })
    .from(contacts)
    .leftJoin(companies, eq(companies.id, contacts.companyId))
    .where(where)
    .orderBy(desc(contacts.id))
    .limit(limit);
  return rows.map(({ companyId, companyName, emails, ...row }) => ({
    ...row,
    company: companyId && companyName !== null ? { id: companyId, name: companyName } : null,
    otherEmails: emails.filter((email) => email !== row.email),
  }));
}

export async function listContacts(
  d1: D1Database,
  workspaceId: WorkspaceId,
  asked: PageRequest & { q?: string | undefined; email?: string | undefined },
): Promise<Page<ContactView>> {
  const where = and(
    eq(contacts.workspaceId, workspaceId),
    isNull(contacts.erasedAt),
    sql`${contacts.id} < ${beforeId(asked)}`,
    asked.email === undefined ? undefined : hasAddress(workspaceId, sql`a.email = ${asked.email}`),
    asked.q ? beginsWith(workspaceId, asked.q) : undefined,
  );
  return pageOf(await select(d1, where, asked.limit + 1), asked.limit, (row) => [row.id]);
}

const hasAddress = (workspaceId: WorkspaceId, condition: SQL) =>
  sql`${contacts.id} IN (SELECT a.contact_id FROM contact_addresses a
    WHERE a.workspace_id = ${workspaceId} AND ${condition})`;

/** Addresses are a range of their primary key. Names have no index: they are read, newest first, until a page is full. */
function beginsWith(workspaceId: WorkspaceId, q: string): SQL {
  const text = q.toLowerCase();
  const name = (column: SQL) => sql`substr(lower(${column}), 1, length(${text})) = lower(${text})`;
  return sql`(${name(sql`${contacts.firstName}`)} OR ${name(sql`${contacts.lastName}`)}
    OR ${name(sql`${contacts.firstName} || ' ' || ${contacts.lastName}`)}
    OR ${hasAddress(workspaceId, sql`a.email >= ${text} AND a.email < ${`${text}\u{10ffff}`}`)})`;
}

export async function loadContact(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: ContactId,
): Promise<ContactView> {
  const [row] = await select(d1, and(eq(contacts.workspaceId, workspaceId), eq(contacts.id, id)), 1);
  if (!row) throw new AppError("contact_not_found", "There is no such contact in this workspace.");
  if (row.erasedAt !== null) throw new AppError("contact_not_found", "This contact was erased.");
  return row;
}

/** Everybody who has one of these addresses or references, with which of them led there; and which are an erased one's. */
export async function listMatches(
  d1: D1Database,
  workspaceId: WorkspaceId,
  keys: { emails: string[]; references: Reference[] },
  erasedKeyOf: ErasedKeyOf,
): Promise<{ contacts: ContactView[]; taken: Reference[]; erased: Set<string> }> {
  const emailOf = new Map(keys.emails.map((email) => [erasedKeyOf(workspaceId, email), email]));
  const asked = [...emailOf.keys()].map((key) => ({ key, workspaceId }));
  const [byEmail, byReference, byKey] = await d1.batch<
    Reference & { contactId: ContactId; entity: string; value: string }
  >([
    d1
      .prepare(
        `SELECT DISTINCT a.contact_id AS contactId FROM json_each(?1) j
         CROSS JOIN contact_addresses a ON a.workspace_id = ?2 AND a.email = j.value`,
      )
      .bind(JSON.stringify(keys.emails), workspaceId),
    d1
      .prepare(
        `SELECT r.entity, r.entity_id AS contactId, r.system, r.type, r.external_id AS id FROM json_each(?1) j
         CROSS JOIN external_references r ON r.workspace_id = ?2 AND r.system = j.value ->> 'system'
           AND r.type = j.value ->> 'type' AND r.external_id = j.value ->> 'id'`,
      )
      .bind(JSON.stringify(keys.references), workspaceId),
    erasedStatement(d1, asked),
  ]);
  const referred = byReference!.results;
  const ids = [...byEmail!.results, ...referred.filter(({ entity }) => entity === "contact")].map(
    (row) => row.contactId,
  );
  const found = ids.length ? await select(d1, among(workspaceId, ids), ids.length) : [];
  return {
    contacts: found,
    taken: referred.filter(({ entity }) => entity !== "contact"),
    erased: new Set(byKey!.results.flatMap(({ value }) => emailOf.get(value) ?? [])),
  };
}

/** Whoever was erased since they were looked for is among them, without an address or a reference to be meant by. */
const among = (workspaceId: WorkspaceId, ids: ContactId[]) =>
  and(
    eq(contacts.workspaceId, workspaceId),
    sql`${contacts.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`,
  );

/** Which of these members the workspace has. */
export async function listKnownMembers(
  d1: D1Database,
  workspaceId: WorkspaceId,
  ids: MemberId[],
): Promise<Set<MemberId>> {
  if (!ids.length) return new Set();
  const { results } = await d1
    .prepare(
      `SELECT id FROM members WHERE workspace_id = ?2 AND removed_at IS NULL
         AND id IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify(ids), workspaceId)
    .all<{ id: MemberId }>();
  return new Set(results.map(({ id }) => id));
}

/** Which of these contacts the workspace has. */
export async function listKnownContacts(
  d1: D1Database,
  workspaceId: WorkspaceId,
  ids: ContactId[],
): Promise<Set<ContactId>> {
  if (!ids.length) return new Set();
  const { results } = await d1
    .prepare(`SELECT id FROM contacts WHERE workspace_id = ?2 AND erased_at IS NULL
         AND id IN (SELECT value FROM json_each(?1))`)
    .bind(JSON.stringify(ids), workspaceId)
    .all<{ id: ContactId }>();
  return new Set(results.map(({ id }) => id));
}

export type TimelineRow = {
  type: EventType;
  at: number;
  id: number;
  actor: string;
  enrollmentId: EnrollmentId | null;
  stepId: number | null;
  data: Record<string, unknown>;
};

/** A person's rows lie together in the table, in order: a page is one short read, less what is not for who asks. */
export async function listTimeline(
  d1: D1Database,
  actor: Actor,
  contactId: ContactId,
  page: PageRequest,
): Promise<Page<TimelineRow>> {
  const [at, id] = page.cursor ?? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  const rows = await database(d1)
    .select({
      type: events.type,
      at: events.at,
      id: events.id,
      actor: events.actor,
      enrollmentId: events.enrollmentId,
      stepId: events.stepId,
      data: events.data,
    })
    .from(events)
    .where(
      and(
        eq(events.contactId, contactId),
        visibleEvent(actor, contactId),
        sql`(${events.at}, ${events.id}) < (${Number(at)}, ${Number(id)})`,
      ),
    )
    .orderBy(desc(events.at), desc(events.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => [row.at, row.id]);
}
