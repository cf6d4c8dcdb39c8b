/**
 * Writing people: any number of new and changed contacts in one D1 batch, set-wise, with their addresses, references,
 * companies and events. A changed contact lands only if nobody wrote it since it was read (its `rev`).
 *
 * Invariant: an address or reference that turned out to be another's, or an erased one's, fails the whole batch, so
 * nothing is half written.
 */
import type { ContactKind, EventType } from "@cadenza/shared/vocabulary";
import type { CompanyId, ContactId, MemberId, WorkspaceId } from "../domain/ids.ts";
import type { ErasedKeyOf } from "./erased.ts";
import type { Reference } from "./references.ts";

export type ContactFields = {
  kind: ContactKind;
  email: string | null;
  firstName: string | null;
  lastName: string | null;
  title: string | null;
  phone: string | null;
  linkedinUrl: string | null;
  ownerId: MemberId | null;
  timeZone: string | null;
  country: string | null;
  locale: string | null;
};

export type ContactWrite = {
  /** Null makes a new one. */
  existing: { id: ContactId; rev: number } | null;
  fields: ContactFields;
  /** A name is found or made; an id is kept as it is. */
  company: { name: string } | { id: CompanyId } | null;
  /** RFC 7396: `null` takes a key away. */
  customPatch: Record<string, unknown>;
  addEmails: string[];
  dropEmails: string[];
  addReferences: Reference[];
  dropReferences: Reference[];
  event: { type: EventType; data: Record<string, unknown> };
};

export type WritePort = {
  db: D1Database;
  workspaceId: WorkspaceId;
  actor: string;
  now: number;
  nextEventId(): number;
  erasedKeyOf: ErasedKeyOf;
};

/** @returns the key of each, in order; null where somebody else wrote first. */
export async function writeContacts(port: WritePort, writes: ContactWrite[]): Promise<(ContactId | null)[]> {
  const rows = writes.map((write) => rowOf(write, port.nextEventId()));
  const fresh = rows.filter(({ id }) => id === null).map((row, i) => ({ ...row, n: i + 1 }));
  const changed = rows.filter(({ id }) => id !== null);
  const batch = [
    ...refuseErased(port, rows),
    ...insertCompanies(port, rows),
    ...(fresh.length ? insertNew(port, fresh) : []),
    ...(changed.length ? updateChanged(port, changed) : []),
  ];
  const results = await port.db.batch<{ made_id?: ContactId; changed_id?: ContactId }>(batch);
  const returned = results.flatMap(({ results }) => results);
  // New keys were counted up in the order of the rows.
  const made = returned.flatMap(({ made_id }) => made_id ?? []).sort((a, b) => a - b);
  const landed = new Set(returned.map(({ changed_id }) => changed_id));
  return rows.map(({ id }) => (id === null ? made.shift()! : landed.has(id) ? id : null));
}

type Row = ReturnType<typeof rowOf>;

function rowOf(write: ContactWrite, eventId: number) {
  const { existing, company, fields, event, ...lists } = write;
  return {
    ...Object.fromEntries(
      scalars.map((column) => [keyOf(column), fields[keyOf(column) as keyof ContactFields]]),
    ),
    ...lists,
    id: existing?.id ?? null,
    rev: existing?.rev ?? 0,
    companyName: company && "name" in company ? company.name : null,
    companyId: company && "id" in company ? company.id : null,
    eventId,
    eventType: event.type,
    eventData: event.data,
  };
}

const scalars = [
  "kind",
  "email",
  "first_name",
  "last_name",
  "title",
  "phone",
  "linkedin_url",
  "owner_id",
  "time_zone",
  "country",
  "locale",
];
const keyOf = (column: string) => column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const companyOf = `coalesce(j.value ->> 'companyId', (SELECT k.id FROM companies k
  WHERE k.workspace_id = ?2 AND k.name = j.value ->> 'companyName'))`;

/** An address of somebody who was erased undoes the batch: a contact of no workspace does. */
function refuseErased({ db, workspaceId, erasedKeyOf }: WritePort, rows: Row[]): D1PreparedStatement[] {
  const keys = rows.flatMap(({ addEmails }) => addEmails.map((email) => erasedKeyOf(workspaceId, email)));
  if (!keys.length) return [];
  return [
    db
      .prepare(
        `INSERT INTO contacts (kind) SELECT NULL WHERE EXISTS (SELECT 1 FROM json_each(?1) j
           CROSS JOIN suppressions x ON x.workspace_id = ?2 AND x.value = j.value)`,
      )
      .bind(JSON.stringify(keys), workspaceId),
  ];
}

function insertCompanies({ db, workspaceId, now }: WritePort, rows: Row[]): D1PreparedStatement[] {
  const names = [...new Set(rows.flatMap(({ companyName }) => companyName ?? []))];
  if (!names.length) return [];
  return [
    db
      .prepare(
        `INSERT INTO companies (workspace_id, name, custom, created_at, updated_at)
         SELECT ?2, j.value, '{}', ?3, ?3 FROM json_each(?1) j WHERE true ON CONFLICT DO NOTHING`,
      )
      .bind(JSON.stringify(names), workspaceId, now),
  ];
}

function insertNew({ db, workspaceId, actor, now }: WritePort, rows: Row[]): D1PreparedStatement[] {
  const json = JSON.stringify(rows);
  // Inside the batch nobody else inserts, so the new keys are the highest ones, in the order of `n`.
  const idOf = `(SELECT max(id) FROM contacts) - ${rows.length} + (j.value ->> 'n')`;
  return [
    db
      .prepare(
        `INSERT INTO contacts (id, workspace_id, ${scalars.join(", ")}, company_id, custom, rev, created_at, updated_at)
         SELECT (SELECT coalesce(max(id), 0) FROM contacts) + (j.value ->> 'n'), ?2,
           ${scalars.map((column) => `j.value ->> '${keyOf(column)}'`).join(", ")}, ${companyOf},
           json_patch('{}', j.value -> 'customPatch'), 1, ?3, ?3
         FROM json_each(?1) j RETURNING id AS made_id`,
      )
      .bind(json, workspaceId, now),
    db
      .prepare(
        `INSERT INTO contact_addresses (workspace_id, email, contact_id)
         SELECT ?2, a.value, ${idOf} FROM json_each(?1) j CROSS JOIN json_each(j.value -> 'addEmails') a`,
      )
      .bind(json, workspaceId),
    db
      .prepare(
        `INSERT INTO external_references (workspace_id, system, type, external_id, entity, entity_id)
         SELECT ?2, r.value ->> 'system', r.value ->> 'type', r.value ->> 'id', 'contact', ${idOf}
         FROM json_each(?1) j CROSS JOIN json_each(j.value -> 'addReferences') r`,
      )
      .bind(json, workspaceId),
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
         SELECT ${idOf}, ?3, j.value ->> 'eventId', ?2, j.value ->> 'eventType', ?4, j.value -> 'eventData'
         FROM json_each(?1) j`,
      )
      .bind(json, workspaceId, now, actor),
  ];
}

function updateChanged({ db, workspaceId, actor, now }: WritePort, rows: Row[]): D1PreparedStatement[] {
  const json = JSON.stringify(rows);
  const from = `FROM json_each(?1) j CROSS JOIN contacts c ON c.id = j.value ->> 'id' AND c.workspace_id = ?2
    AND c.rev = j.value ->> 'rev'`;
  const some = (key: "addEmails" | "dropEmails" | "addReferences" | "dropReferences", text: string) =>
    rows.some((row) => row[key].length) ? [db.prepare(text).bind(json, workspaceId)] : [];
  return [
    ...some(
      "dropEmails",
      `DELETE FROM contact_addresses WHERE (workspace_id, email) IN (
         SELECT ?2, a.value ${from} CROSS JOIN json_each(j.value -> 'dropEmails') a)`,
    ),
    ...some(
      "addEmails",
      `INSERT INTO contact_addresses (workspace_id, email, contact_id)
       SELECT ?2, a.value, c.id ${from} CROSS JOIN json_each(j.value -> 'addEmails') a`,
    ),
    ...some(
      "dropReferences",
      `DELETE FROM external_references WHERE (workspace_id, system, type, external_id) IN (
         SELECT ?2, r.value ->> 'system', r.value ->> 'type', r.value ->> 'id'
         ${from} CROSS JOIN json_each(j.value -> 'dropReferences') r)`,
    ),
    ...some(
      "addReferences",
      `INSERT INTO external_references (workspace_id, system, type, external_id, entity, entity_id)
       SELECT ?2, r.value ->> 'system', r.value ->> 'type', r.value ->> 'id', 'contact', c.id
       ${from} CROSS JOIN json_each(j.value -> 'addReferences') r`,
    ),
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
         SELECT c.id, ?3, j.value ->> 'eventId', ?2, j.value ->> 'eventType', ?4, j.value -> 'eventData' ${from}`,
      )
      .bind(json, workspaceId, now, actor),
    // Last: everything above asks for the rev this raises.
    db
      .prepare(
        `UPDATE contacts SET ${scalars.map((column) => `${column} = g.v ->> '${keyOf(column)}'`).join(", ")},
           company_id = g.company_id, custom = json_patch(contacts.custom, g.v -> 'customPatch'),
           rev = contacts.rev + 1, updated_at = ?3
         FROM (SELECT c.id, j.value AS v, ${companyOf} AS company_id ${from}) g
         WHERE contacts.id = g.id RETURNING contacts.id AS changed_id`,
      )
      .bind(json, workspaceId, now),
  ];
}
