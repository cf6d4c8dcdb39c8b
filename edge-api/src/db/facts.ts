/** Everything about a chunk of enrollments in one round trip (two when a version is met for the first time). */
import { eq, getTableColumns, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Mailbox, Workspace } from "../domain/contact.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import type { Facts } from "../domain/facts.ts";
import type { ContactId, EnrollmentId, VersionId } from "../domain/ids.ts";
import type { Schedule } from "../domain/schedule.ts";
import type { SequenceVersion } from "../domain/sequence.ts";
import { database } from "./database.ts";
import {
  companies,
  contacts,
  deals,
  holds,
  mailboxes,
  members,
  schedules,
  sends,
  sequences,
  sequenceVersions,
  shardState,
  suppressions,
  tasks,
  workspaces,
} from "./schema.ts";

export type FactsPort = {
  db: D1Database;
  now: number;
  unsubscribeUrl(contact: { id: ContactId; email: string | null }): string;
};

/** Used where neither the sequence nor the workspace names a schedule. */
export const officeHours: Schedule = {
  windows: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00" }],
  country: null,
  region: null,
  holidays: [],
  jitterMinutes: 10,
};

/** A row whose facts could not be put together: one bad row must not stop the others. */
export type FactsResult = { facts: Map<EnrollmentId, Facts>; broken: Map<EnrollmentId, string> };

export async function loadFacts(
  port: FactsPort,
  rows: Enrollment[],
  /** A version that is not in the database: a draft that is previewed. */
  draft?: SequenceVersion,
): Promise<FactsResult> {
  const facts = new Map<EnrollmentId, Facts>();
  const broken = new Map<EnrollmentId, string>();
  if (!rows.length) return { facts, broken };
  const found = await loadRows(port, rows);
  if (draft) found.versions.set(draft.id, draft);
  for (const enrollment of rows) {
    try {
      facts.set(enrollment.id, factsOf(port, found, enrollment));
    } catch (error) {
      broken.set(enrollment.id, error instanceof Error ? error.message : String(error));
    }
  }
  return { facts, broken };
}

type Rows = Awaited<ReturnType<typeof loadRows>>;

async function loadRows(port: FactsPort, rows: Enrollment[]) {
  const db = database(port.db);
  const steps = JSON.stringify(rows.map(({ id, stepId, cycle }) => ({ id, stepId, cycle })));
  const among = (column: SQLiteColumn, ids: (number | null)[]) => {
    const distinct = [...new Set(ids.filter((id) => id !== null))];
    return sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(distinct)}))`;
  };
  const people = among(contacts.id, rows.map((row) => row.contactId));
  const [people_, suppressed, held, sent, asked, boxes, plans, sequenceRows, dealRows, owners, homes, shard] =
    await db.batch([
      // JSON columns are read as text and parsed row by row, so that one broken value parks one person.
      db
        .select({
          ...getTableColumns(contacts),
          custom: sql<string>`${contacts.custom}`,
          companyName: companies.name,
          companyDomain: companies.domain,
          companyCustom: sql<string | null>`${companies.custom}`,
        })
        .from(contacts)
        .leftJoin(companies, eq(companies.id, contacts.companyId))
        .where(people),
      db
        .select({ contactId: contacts.id })
        .from(contacts)
        .innerJoin(
          suppressions,
          sql`${suppressions.workspaceId} = ${contacts.workspaceId} AND ${suppressions.value}
            IN (${contacts.email}, substr(${contacts.email}, instr(${contacts.email}, '@') + 1))`,
        )
        .where(people),
      db
        .select()
        .from(holds)
        .where(sql`${among(holds.contactId, rows.map((row) => row.contactId))} AND ${holds.untilAt} > ${port.now}`),
      db
        .select({
          enrollmentId: sends.enrollmentId,
          state: sends.state,
          dueAt: sends.dueAt,
          sentAt: sends.sentAt,
          deferReason: sends.deferReason,
          error: sends.error,
        })
        .from(sql`json_each(${steps}) j`)
        .crossJoin(sends)
        .where(
          sql`${sends.enrollmentId} = j.value ->> 'id' AND ${sends.stepId} = j.value ->> 'stepId'
            AND ${sends.cycle} = j.value ->> 'cycle'`,
        ),
      db
        .select({
          enrollmentId: tasks.enrollmentId,
          id: tasks.id,
          status: tasks.status,
          dueAt: tasks.dueAt,
          doneAt: tasks.doneAt,
        })
        .from(sql`json_each(${steps}) j`)
        .crossJoin(tasks)
        .where(
          sql`${tasks.enrollmentId} = j.value ->> 'id' AND ${tasks.stepId} = j.value ->> 'stepId'
            AND ${tasks.cycle} = j.value ->> 'cycle' AND ${tasks.purpose} = 'step'`,
        ),
      db.select().from(mailboxes).where(among(mailboxes.id, rows.map((row) => row.mailboxId))),
      db.select().from(schedules).where(among(schedules.workspaceId, rows.map((row) => row.workspaceId))),
      db
        .select({
          id: sequences.id,
          status: sequences.status,
          pausedAt: sequences.pausedAt,
          scheduleId: sequences.scheduleId,
          name: sequences.name,
        })
        .from(sequences)
        .where(among(sequences.id, rows.map((row) => row.sequenceId))),
      db.select().from(deals).where(among(deals.id, rows.map((row) => row.dealId))),
      db.select().from(members).where(among(members.id, rows.map((row) => row.ownerId))),
      db.select().from(workspaces).where(among(workspaces.id, rows.map((row) => row.workspaceId))),
      db.select({ sendingStoppedAt: shardState.sendingStoppedAt }).from(shardState),
    ]);
  const by = <Row, Key>(list: Row[], key: (row: Row) => Key) => new Map(list.map((row) => [key(row), row]));
  return {
    people: by(people_, (row) => row.id),
    suppressed: new Set(suppressed.map((row) => row.contactId)),
    holds: by(held, (row) => row.contactId),
    sends: by(sent, (row) => row.enrollmentId),
    tasks: by(asked, (row) => row.enrollmentId),
    mailboxes: by(boxes, (row) => row.id),
    schedules: by(plans, (row) => row.id),
    sequences: by(sequenceRows, (row) => row.id),
    deals: by(dealRows, (row) => row.id),
    members: by(owners, (row) => row.id),
    workspaces: by(homes, (row) => row.id),
    shardStopped: shard.some((row) => row.sendingStoppedAt !== null),
    versions: await loadVersions(port.db, rows.map((row) => row.versionId)),
  };
}

function factsOf(port: FactsPort, rows: Rows, enrollment: Enrollment): Facts {
  const person = present(rows.people.get(enrollment.contactId), "its contact");
  const workspace = present(rows.workspaces.get(enrollment.workspaceId), "its workspace");
  const sequence = present(rows.sequences.get(enrollment.sequenceId), "its sequence");
  const version = present(rows.versions.get(enrollment.versionId), "its version");
  const mailbox = (enrollment.mailboxId && rows.mailboxes.get(enrollment.mailboxId)) || null;
  const { companyName, companyDomain, companyCustom, ...columns } = person;
  const contact = { ...columns, custom: parseObject(person.custom, "the contact's custom fields") };
  const hold = rows.holds.get(contact.id);
  const send = rows.sends.get(enrollment.id) ?? null;
  return {
    enrollment,
    version,
    sequence: { id: sequence.id, status: sequence.status, pausedAt: sequence.pausedAt },
    workspace: workspace satisfies Workspace,
    contact,
    company:
      contact.companyId && companyName !== null
        ? {
            id: contact.companyId,
            name: companyName,
            domain: companyDomain,
            custom: parseObject(companyCustom ?? "{}", "the company's custom fields"),
          }
        : null,
    deal: (enrollment.dealId && rows.deals.get(enrollment.dealId)) || null,
    sender: (enrollment.ownerId && rows.members.get(enrollment.ownerId)) || null,
    mailbox: mailbox satisfies Mailbox | null,
    schedule: scheduleOf(rows, sequence.scheduleId ?? workspace.defaultScheduleId),
    zone: contact.timeZone ?? mailbox?.timeZone ?? workspace.timeZone,
    hold: hold ? { since: hold.createdAt, until: hold.untilAt } : null,
    suppressed: rows.suppressed.has(contact.id),
    sendingStopped: rows.shardStopped || workspace.sendingStoppedAt !== null,
    send,
    task: rows.tasks.get(enrollment.id) ?? null,
    unsubscribeUrl: port.unsubscribeUrl(contact),
  };
}

function scheduleOf(rows: Rows, id: Parameters<Rows["schedules"]["get"]>[0] | null): Schedule {
  return (id && rows.schedules.get(id)) || officeHours;
}

function present<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

function parseObject(text: string, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Falls through: what is not JSON is no object either.
  }
  throw new Error(`${name} cannot be read`);
}

/** Versions never change, so an isolate reads each once. */
const versionCache = new Map<VersionId, SequenceVersion>();
const versionCacheMax = 500;

export async function loadVersions(
  d1: D1Database,
  ids: VersionId[],
): Promise<Map<VersionId, SequenceVersion>> {
  const wanted = [...new Set(ids)];
  const missing = wanted.filter((id) => !versionCache.has(id));
  if (missing.length) {
    const rows = await database(d1)
      .select()
      .from(sequenceVersions)
      .where(sql`${sequenceVersions.id} IN (SELECT value FROM json_each(${JSON.stringify(missing)}))`);
    if (versionCache.size + rows.length > versionCacheMax) versionCache.clear();
    for (const row of rows) versionCache.set(row.id, row);
  }
  return new Map(wanted.flatMap((id) => (versionCache.has(id) ? [[id, versionCache.get(id)!] as const] : [])));
}

/** Tests that start a fresh database in the same isolate must not see another's versions. */
export const forgetVersions = (): void => versionCache.clear();

