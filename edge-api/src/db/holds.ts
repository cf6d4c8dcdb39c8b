/** Placing and releasing a person's hold, together with what it does to everything they are enrolled in. */
import type { HoldKind } from "@cadenza/shared/vocabulary";
import { eq, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { ContactId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { isErased } from "./erased.ts";
import { contacts, holds } from "./schema.ts";

export type HoldRow = typeof holds.$inferSelect;

export async function findHold(d1: D1Database, workspaceId: WorkspaceId, contactId: ContactId, now: number) {
  const [row] = await database(d1)
    .select()
    .from(holds)
    .where(
      sql`${eq(holds.contactId, contactId)} AND ${holds.workspaceId} = ${workspaceId} AND ${holds.untilAt} > ${now}`,
    );
  return row ?? null;
}

type Port = { db: D1Database; now: number; nextEventId(): number };

/**
 * One transaction: the hold, its event, every running timer frozen with what is left of it, every waiting mail kept
 * back. A mail on the wire lands; its next step then waits.
 */
export async function placeHold(
  port: Port,
  hold: {
    workspaceId: WorkspaceId;
    contactId: ContactId;
    kind: HoldKind;
    untilAt: number;
    note: string | null;
    /** A machine's word: where the person is held as long already, nothing changes. */
    onlyLonger?: true;
  },
  actor: string,
): Promise<HoldRow> {
  const { db, now } = port;
  const { workspaceId, contactId, kind, untilAt, note, onlyLonger } = hold;
  await loadPerson(db, workspaceId, contactId);
  const isShorter = `(?8 IS NOT NULL AND EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = ?1 AND h.until_at >= ?9))`;
  await db.batch([
    // One that is over and that nobody noticed yet: its end stands in the timeline before the next one's beginning.
    ...expiryStatements(port, [{ contactId }]),
    eventStatement(
      port,
      hold,
      "hold.placed",
      actor,
      { kind, until: untilAt, note: note ?? undefined },
      { unless: isShorter, values: [onlyLonger ? 1 : null, untilAt] },
    ),
    db
      .prepare(
        `INSERT INTO holds (contact_id, workspace_id, kind, until_at, note, created_by, created_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT ${isErased("?1")}
         ON CONFLICT (contact_id) DO UPDATE SET kind = excluded.kind, until_at = excluded.until_at,
           note = excluded.note, created_by = excluded.created_by
         WHERE ?8 IS NULL OR excluded.until_at > holds.until_at`,
      )
      .bind(contactId, workspaceId, kind, untilAt, note, actor, now, onlyLonger ? 1 : null),
    db
      .prepare(
        `UPDATE enrollments SET remaining_ms = coalesce(remaining_ms, max(0, due_at - ?2)), wait_reason = 'hold',
           wake_at = (SELECT h.until_at FROM holds h WHERE h.contact_id = ?1), rev = rev + 1, lease_token = NULL,
           lease_until = NULL
         WHERE contact_id = ?1 AND status = 'active'`,
      )
      .bind(contactId, now),
    db
      .prepare(
        `UPDATE sends SET due_at = (SELECT h.until_at FROM holds h WHERE h.contact_id = ?1), defer_reason = 'hold'
         WHERE state = 'queued'
           AND enrollment_id IN (SELECT id FROM enrollments WHERE contact_id = ?1 AND status = 'active')`,
      )
      .bind(contactId),
  ]);
  const placed = await findHold(db, workspaceId, contactId, now);
  // Erased at this very moment.
  if (!placed) await loadPerson(db, workspaceId, contactId);
  return placed!;
}

/**
 * Holds that ended by themselves: nobody took them away, so whoever passes by first says in the timeline when they
 * ended, and forgets them. Nothing else follows: the people they held are looked at when they end. Called every turn.
 */
export async function releaseExpired(port: Port): Promise<void> {
  const { results } = await port.db
    .prepare(`SELECT contact_id AS contactId FROM holds WHERE until_at <= ?1 ORDER BY until_at LIMIT ?2`)
    .bind(port.now, expiredMax)
    .all<{ contactId: ContactId }>();
  if (results.length) await port.db.batch(expiryStatements(port, results));
}

/** The rest has time until the next turn. */
const expiredMax = 1_000;

/** The row goes in the transaction that says so: it is said once, whoever else is at it. */
function expiryStatements({ db, now, nextEventId }: Port, held: { contactId: ContactId }[]) {
  const rows = JSON.stringify(held.map(({ contactId }) => ({ contactId, eventId: nextEventId() })));
  const expired = `FROM json_each(?1) j CROSS JOIN holds h ON h.contact_id = j.value ->> 'contactId' AND h.until_at <= ?2`;
  return [
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
         SELECT h.contact_id, h.until_at, j.value ->> 'eventId', h.workspace_id, 'hold.released', 'engine', '{}' ${expired}`,
      )
      .bind(rows, now),
    db.prepare(`DELETE FROM holds WHERE contact_id IN (SELECT h.contact_id ${expired})`).bind(rows, now),
  ];
}

/** Everything goes on with the wait that was left when the hold began; the tick lets it run, unless a pause keeps it. */
export async function releaseHold(
  port: Port,
  hold: { workspaceId: WorkspaceId; contactId: ContactId },
  actor: string,
): Promise<void> {
  const { db, now } = port;
  const { workspaceId, contactId } = hold;
  await loadPerson(db, workspaceId, contactId);
  if (!(await findHold(db, workspaceId, contactId, now))) {
    throw new AppError("hold_not_found", "This person is not on hold.");
  }
  await db.batch([
    db.prepare(`DELETE FROM holds WHERE contact_id = ?1`).bind(contactId),
    db
      .prepare(
        `UPDATE enrollments SET due_at = ?2 + coalesce(remaining_ms, 0), wait_reason = 'delay',
           wake_at = ?2, rev = rev + 1, lease_token = NULL, lease_until = NULL
         WHERE contact_id = ?1 AND status = 'active' AND wait_reason = 'hold'`,
      )
      .bind(contactId, now),
    db
      .prepare(
        `UPDATE sends SET due_at = ?2, defer_reason = NULL WHERE state = 'queued' AND defer_reason = 'hold'
           AND enrollment_id IN (SELECT id FROM enrollments WHERE contact_id = ?1)`,
      )
      .bind(contactId, now),
    eventStatement(port, hold, "hold.released", actor, {}),
  ]);
}

async function loadPerson(d1: D1Database, workspaceId: WorkspaceId, contactId: ContactId): Promise<void> {
  const [row] = await database(d1)
    .select({ id: contacts.id })
    .from(contacts)
    .where(
      sql`${contacts.id} = ${contactId} AND ${contacts.workspaceId} = ${workspaceId} AND ${contacts.erasedAt} IS NULL`,
    );
  if (!row) throw new AppError("contact_not_found", "There is no such contact in this workspace.");
}

function eventStatement(
  { db, now, nextEventId }: Port,
  { workspaceId, contactId }: { workspaceId: WorkspaceId; contactId: ContactId },
  type: "hold.placed" | "hold.released",
  actor: string,
  data: Record<string, unknown>,
  { unless, values }: { unless: string; values: unknown[] } = { unless: "false", values: [] },
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT ${unless} AND NOT ${isErased("?1")}`,
    )
    .bind(contactId, now, nextEventId(), workspaceId, type, actor, JSON.stringify(data), ...values);
}
