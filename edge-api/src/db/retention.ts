/**
 * Forgetting what is older than a workspace wants to keep: events, the record of mails that came in, notices, and audit
 * entries after a year at the least. Nobody with a live enrollment loses anything: what is decided for them may rest on it.
 *
 * There is no index on an event's age, for that would be a write at every step of the engine. So the people are walked,
 * whose events lie together in order of time, a portion at a time; the place is kept, and whoever comes next goes on there.
 */
import type { ContactId, WorkspaceId } from "../domain/ids.ts";

const dayMs = 86_400_000;
/** The table refuses to give up a younger entry; one day more, so that two clocks never differ about it. */
const auditKeptMs = 366 * dayMs;

/** `rows`: how many one statement deletes at most; `statements`: how many a run may put to the database. */
export type ForgetLimits = { people: number; rows: number; statements: number };
export const forgetLimits: ForgetLimits = { people: 200, rows: 2_000, statements: 300 };

type Forgetting = { workspaceId: WorkspaceId; before: number; auditBefore: number };
type Place = { workspaceId: WorkspaceId; contactId: ContactId };

/**
 * @param at events live by business time, audit entries by wall time.
 * @returns whether it is through; if not, another run goes on where this one ended.
 */
export async function forget(
  d1: D1Database,
  at: { now: number; wallNow: number },
  limits: ForgetLimits = forgetLimits,
): Promise<boolean> {
  let left = limits.statements;
  /** Portion after portion, until one is not full. @returns false when the run's statements are spent. */
  const drain = async (statement: D1PreparedStatement): Promise<boolean> => {
    while (left > 0) {
      left--;
      if ((await statement.run()).meta.changes < limits.rows) return true;
    }
    return false;
  };
  const place = await findPlace(d1);
  for (const home of await listForgetting(d1, place?.workspaceId ?? 0, at)) {
    let { contactId } = place?.workspaceId === home.workspaceId ? place : { contactId: 0 as ContactId };
    if (contactId === 0) {
      await keepPlace(d1, { ...home, contactId });
      for (const statement of oldOfWorkspace(d1, home, limits)) if (!(await drain(statement))) return false;
    }
    for (;;) {
      if (left-- <= 0) return false;
      const people = await listPeople(d1, home, contactId, limits);
      if (!people.length) break;
      for (const statement of oldOfPeople(d1, home, people, limits))
        if (!(await drain(statement))) return false;
      contactId = people.at(-1)!;
      await keepPlace(d1, { ...home, contactId });
    }
  }
  await keepPlace(d1, null);
  return true;
}

async function findPlace(d1: D1Database): Promise<Place | null> {
  return d1
    .prepare(
      `SELECT forgetting_workspace_id AS workspaceId, forgetting_contact_id AS contactId FROM shard_state
       WHERE id = 1 AND forgetting_workspace_id IS NOT NULL`,
    )
    .first<Place>();
}

async function keepPlace(d1: D1Database, place: Place | null): Promise<void> {
  await d1
    .prepare(
      `INSERT INTO shard_state (id, forgetting_workspace_id, forgetting_contact_id) VALUES (1, ?1, ?2)
       ON CONFLICT (id) DO UPDATE SET forgetting_workspace_id = excluded.forgetting_workspace_id,
         forgetting_contact_id = excluded.forgetting_contact_id`,
    )
    .bind(place?.workspaceId ?? null, place?.contactId ?? null)
    .run();
}

/** Those that want to forget, from the one where it stands. */
async function listForgetting(
  d1: D1Database,
  from: number,
  at: { now: number; wallNow: number },
): Promise<Forgetting[]> {
  const { results } = await d1
    .prepare(
      `SELECT id, events_kept_days AS days FROM workspaces WHERE events_kept_days IS NOT NULL AND id >= ?1 ORDER BY id`,
    )
    .bind(from)
    .all<{ id: WorkspaceId; days: number }>();
  return results.map(({ id, days }) => ({
    workspaceId: id,
    before: at.now - days * dayMs,
    auditBefore: at.wallNow - Math.max(days * dayMs, auditKeptMs),
  }));
}

async function listPeople(
  d1: D1Database,
  { workspaceId }: Forgetting,
  after: ContactId,
  limits: ForgetLimits,
): Promise<ContactId[]> {
  const { results } = await d1
    .prepare(`SELECT id FROM contacts WHERE workspace_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3`)
    .bind(workspaceId, after, limits.people)
    .all<{ id: ContactId }>();
  return results.map(({ id }) => id);
}

function oldOfPeople(
  d1: D1Database,
  { before }: Forgetting,
  people: ContactId[],
  { rows }: ForgetLimits,
): D1PreparedStatement[] {
  const isOver = `NOT EXISTS (SELECT 1 FROM enrollments e
    WHERE e.contact_id = j.value AND e.status IN ('active', 'paused'))`;
  return [
    `DELETE FROM events WHERE (contact_id, at, id) IN (
       SELECT v.contact_id, v.at, v.id FROM json_each(?1) j
       CROSS JOIN events v ON v.contact_id = j.value AND v.at < ?2 WHERE ${isOver} LIMIT ?3)`,
    `DELETE FROM inbound_messages WHERE (workspace_id, message_id) IN (
       SELECT m.workspace_id, m.message_id FROM json_each(?1) j
       CROSS JOIN inbound_messages m ON m.contact_id = j.value AND m.received_at < ?2 WHERE ${isOver} LIMIT ?3)`,
  ].map((text) => d1.prepare(text).bind(JSON.stringify(people), before, rows));
}

function oldOfWorkspace(
  d1: D1Database,
  { workspaceId, before, auditBefore }: Forgetting,
  { rows }: ForgetLimits,
): D1PreparedStatement[] {
  return [
    d1
      .prepare(
        `DELETE FROM notices WHERE id IN (
           SELECT n.id FROM members m CROSS JOIN notices n ON n.member_id = m.id
           WHERE m.workspace_id = ?1 AND n.at < ?2 LIMIT ?3)`,
      )
      .bind(workspaceId, before, rows),
    d1
      .prepare(
        `DELETE FROM audit_entries WHERE id IN (
           SELECT a.id FROM audit_entries a WHERE a.workspace_id = ?1 AND a.at < ?2 LIMIT ?3)`,
      )
      .bind(workspaceId, auditBefore, rows),
  ];
}
