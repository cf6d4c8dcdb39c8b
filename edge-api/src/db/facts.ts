/** Everything about a chunk of enrollments in one round trip (two when a version is met for the first time). */
import type { SendState, TaskStatus, WaitReason } from "@cadenza/shared/vocabulary";
import { eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Mailbox, Workspace } from "../domain/contact.ts";
import type { Enrollment } from "../domain/enrollment.ts";
import type { Facts, SendFact, TaskFact } from "../domain/facts.ts";
import type { ContactId, EnrollmentId, SendKey, TaskId, VersionId } from "../domain/ids.ts";
import type { MessageSnapshot } from "../domain/message.ts";
import type { Schedule } from "../domain/schedule.ts";
import type { SequenceVersion } from "../domain/sequence.ts";
import { database } from "./database.ts";
import { type ErasedKeyOf, hasErased, listErased } from "./erased.ts";
import { numberList, numberTable } from "./few-rows.ts";
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
  tasks,
  workspaces,
} from "./schema.ts";

export type FactsPort = {
  db: D1Database;
  now: number;
  messageIdOf(key: SendKey, from: string): string;
  unsubscribeUrl(contact: { id: ContactId; email: string | null }): string;
  erasedKeyOf: ErasedKeyOf;
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
  const among = (column: SQLiteColumn, ids: (number | null)[]) =>
    sql`${column} IN ${sql.raw(numberList(ids.filter((id) => id !== null)))}`;
  const [people, boxes, plans, sequenceRows, dealRows, owners, homes, shard] = await db.batch([
    selectPeople(port, rows),
    db
      .select()
      .from(mailboxes)
      .where(
        among(
          mailboxes.id,
          rows.map((row) => row.mailboxId),
        ),
      ),
    db
      .select()
      .from(schedules)
      .where(
        among(
          schedules.workspaceId,
          rows.map((row) => row.workspaceId),
        ),
      ),
    db
      .select({
        id: sequences.id,
        status: sequences.status,
        pausedAt: sequences.pausedAt,
        scheduleId: sequences.scheduleId,
        name: sequences.name,
      })
      .from(sequences)
      .where(
        among(
          sequences.id,
          rows.map((row) => row.sequenceId),
        ),
      ),
    db
      .select()
      .from(deals)
      .where(
        among(
          deals.id,
          rows.map((row) => row.dealId),
        ),
      ),
    db
      .select()
      .from(members)
      .where(
        among(
          members.id,
          rows.map((row) => row.ownerId),
        ),
      ),
    db
      .select({ ...getTableColumns(workspaces), hasErased: hasErased.as("has_erased") })
      .from(workspaces)
      .where(
        among(
          workspaces.id,
          rows.map((row) => row.workspaceId),
        ),
      ),
    db.select({ sendingStoppedAt: shardState.sendingStoppedAt }).from(shardState),
  ]);
  const forgetful = new Set(homes.flatMap((home) => (home.hasErased ? [home.id] : [])));
  const by = <Row, Key>(list: Row[], key: (row: Row) => Key) => new Map(list.map((row) => [key(row), row]));
  return {
    people: by(people, (row) => row.enrollmentId),
    mailboxes: by(boxes, (row) => row.id),
    schedules: by(plans, (row) => row.id),
    sequences: by(sequenceRows, (row) => row.id),
    deals: by(dealRows, (row) => row.id),
    members: by(owners, (row) => row.id),
    workspaces: by(homes, (row) => row.id),
    erased: await listErased(
      port.db,
      port.erasedKeyOf,
      people.filter(({ workspaceId }) => forgetful.has(workspaceId)),
    ),
    shardStopped: shard.some((row) => row.sendingStoppedAt !== null),
    versions: await loadVersions(
      port.db,
      rows.map((row) => row.versionId),
    ),
  };
}

/**
 * One row an enrollment: its person, company, hold, and the send and task of the step it stands on. Every column that
 * is not the contact's is named apart: a D1 batch answers with objects, in which columns of one name become one.
 */
function selectPeople(port: FactsPort, rows: Enrollment[]) {
  const standing = numberTable(
    ["id", "contact_id", "step_id", "cycle"],
    rows.map(({ id, contactId, stepId, cycle }) => [id, contactId, stepId, cycle]),
  );
  const suppressed = (value: SQL) =>
    sql`EXISTS (SELECT 1 FROM suppressions x WHERE x.workspace_id = ${contacts.workspaceId} AND x.value = ${value})`;
  const onStep = (
    table: typeof sends | typeof tasks,
  ) => sql`${table.enrollmentId} = j.id AND ${table.stepId} = j.step_id
    AND ${table.cycle} = j.cycle`;
  return database(port.db)
    .select({
      ...getTableColumns(contacts),
      // JSON is read as text and parsed row by row, so that one broken value parks one person.
      custom: sql<string>`${contacts.custom}`,
      enrollmentId: sql<EnrollmentId>`j.id`.as("standing_id"),
      companyName: sql<string | null>`${companies.name}`.as("company_name"),
      companyDomain: sql<string | null>`${companies.domain}`.as("company_domain"),
      companyCustom: sql<string | null>`${companies.custom}`.as("company_custom"),
      suppressed: sql<0 | 1>`${suppressed(sql`${contacts.email}`)}
        OR ${suppressed(sql`substr(${contacts.email}, instr(${contacts.email}, '@') + 1)`)}`.as("suppressed"),
      heldSince: sql<number | null>`${holds.createdAt}`.as("held_since"),
      heldUntil: sql<number | null>`${holds.untilAt}`.as("held_until"),
      sendState: sql<SendState | null>`${sends.state}`.as("send_state"),
      sendDueAt: sql<number | null>`${sends.dueAt}`.as("send_due_at"),
      sendSentAt: sql<number | null>`${sends.sentAt}`.as("send_sent_at"),
      sendDeferReason: sql<WaitReason | null>`${sends.deferReason}`.as("send_defer_reason"),
      sendError: sql<string | null>`${sends.error}`.as("send_error"),
      // Only where a tick has to make up for an advance that could not be made when the mail left.
      sendSnapshot: sql<string | null>`iif(${sends.state} = 'sent', ${sends.snapshot}, NULL)`.as(
        "send_snapshot",
      ),
      taskId: sql<TaskId | null>`${tasks.id}`.as("task_id"),
      taskStatus: sql<TaskStatus | null>`${tasks.status}`.as("task_status"),
      taskDueAt: sql<number | null>`${tasks.dueAt}`.as("task_due_at"),
      taskDoneAt: sql<number | null>`${tasks.doneAt}`.as("task_done_at"),
    })
    .from(sql.raw(standing))
    .crossJoin(contacts)
    .leftJoin(companies, eq(companies.id, contacts.companyId))
    .leftJoin(holds, sql`${holds.contactId} = ${contacts.id} AND ${holds.untilAt} > ${port.now}`)
    .leftJoin(sends, onStep(sends))
    .leftJoin(tasks, sql`${onStep(tasks)} AND ${tasks.purpose} = 'step'`)
    .where(sql`${contacts.id} = j.contact_id`);
}

function factsOf(port: FactsPort, rows: Rows, enrollment: Enrollment): Facts {
  const person = present(rows.people.get(enrollment.id), "its contact");
  const workspace = present(rows.workspaces.get(enrollment.workspaceId), "its workspace");
  const sequence = present(rows.sequences.get(enrollment.sequenceId), "its sequence");
  const version = present(rows.versions.get(enrollment.versionId), "its version");
  const mailbox = (enrollment.mailboxId && rows.mailboxes.get(enrollment.mailboxId)) || null;
  const contact = { ...contactOf(person), custom: parseObject(person.custom, "the contact's custom fields") };
  return {
    enrollment,
    version,
    sequence: { id: sequence.id, status: sequence.status, pausedAt: sequence.pausedAt },
    workspace: workspace satisfies Workspace,
    contact,
    company:
      contact.companyId && person.companyName !== null
        ? {
            id: contact.companyId,
            name: person.companyName,
            domain: person.companyDomain,
            custom: parseObject(person.companyCustom ?? "{}", "the company's custom fields"),
          }
        : null,
    deal: (enrollment.dealId && rows.deals.get(enrollment.dealId)) || null,
    sender: (enrollment.ownerId && rows.members.get(enrollment.ownerId)) || null,
    mailbox: mailbox satisfies Mailbox | null,
    schedule: scheduleOf(rows, sequence.scheduleId ?? workspace.defaultScheduleId),
    zone: contact.timeZone ?? mailbox?.timeZone ?? workspace.timeZone,
    hold:
      person.heldSince !== null && person.heldUntil !== null
        ? { since: person.heldSince, until: person.heldUntil }
        : null,
    suppressed: person.suppressed === 1 || rows.erased.has(person),
    sendingStopped: rows.shardStopped || workspace.sendingStoppedAt !== null,
    send: sendOf(port, enrollment, person),
    task: taskOf(person),
    unsubscribeUrl: port.unsubscribeUrl(contact),
  };
}

type Person = Awaited<ReturnType<typeof selectPeople>>[number];

const contactOf = (person: Person) => {
  const names = Object.keys(getTableColumns(contacts)) as (keyof typeof contacts.$inferSelect &
    keyof Person)[];
  return Object.fromEntries(
    names.map((name) => [name, person[name]]),
  ) as unknown as typeof contacts.$inferSelect;
};

function sendOf(port: FactsPort, { id, stepId, cycle }: Enrollment, person: Person): SendFact | null {
  if (!person.sendState) return null;
  const snapshot = person.sendSnapshot === null ? null : (JSON.parse(person.sendSnapshot) as MessageSnapshot);
  return {
    state: person.sendState,
    dueAt: person.sendDueAt,
    sentAt: person.sendSentAt,
    deferReason: person.sendDeferReason,
    error: person.sendError,
    mail: snapshot && {
      snapshot,
      messageId: port.messageIdOf({ enrollmentId: id, stepId, cycle }, snapshot.from),
    },
  };
}

const taskOf = ({ taskId, taskStatus, taskDueAt, taskDoneAt }: Person): TaskFact | null =>
  taskId && taskStatus && { id: taskId, status: taskStatus, dueAt: taskDueAt ?? 0, doneAt: taskDoneAt };

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

/** Versions never change, so an isolate reads each once. Invariant: kept per shard, for every shard counts from 1. */
const versionCaches = new WeakMap<D1Database, Map<VersionId, SequenceVersion>>();
const versionCacheMax = 500;

export async function loadVersions(
  d1: D1Database,
  ids: VersionId[],
): Promise<Map<VersionId, SequenceVersion>> {
  const versionCache = versionCaches.get(d1) ?? new Map<VersionId, SequenceVersion>();
  versionCaches.set(d1, versionCache);
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
  return new Map(
    wanted.flatMap((id) => (versionCache.has(id) ? [[id, versionCache.get(id)!] as const] : [])),
  );
}
