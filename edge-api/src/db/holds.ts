/** Placing and releasing a person's hold, together with what it does to everything they are enrolled in. */
import type { HoldKind } from "@cadenza/shared/vocabulary";
import { eq, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { ContactId, WorkspaceId } from "../domain/ids.ts";
import { database } from "./database.ts";
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
  },
  actor: string,
): Promise<HoldRow> {
  const { db, now } = port;
  const { workspaceId, contactId, kind, untilAt, note } = hold;
  await loadPerson(db, workspaceId, contactId);
  await db.batch([
    db
      .prepare(
        `INSERT INTO holds (contact_id, workspace_id, kind, until_at, note, created_by, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (contact_id) DO UPDATE SET kind = excluded.kind, until_at = excluded.until_at,
           note = excluded.note, created_by = excluded.created_by,
           created_at = iif(holds.until_at > ?7, holds.created_at, ?7)`,
      )
      .bind(contactId, workspaceId, kind, untilAt, note, actor, now),
    db
      .prepare(
        `UPDATE enrollments SET remaining_ms = coalesce(remaining_ms, max(0, due_at - ?2)), wait_reason = 'hold',
           wake_at = ?3, rev = rev + 1, lease_token = NULL, lease_until = NULL
         WHERE contact_id = ?1 AND status = 'active'`,
      )
      .bind(contactId, now, untilAt),
    db
      .prepare(
        `UPDATE sends SET due_at = ?2, defer_reason = 'hold' WHERE state = 'queued'
           AND enrollment_id IN (SELECT id FROM enrollments WHERE contact_id = ?1 AND status = 'active')`,
      )
      .bind(contactId, untilAt),
    eventStatement(port, hold, "hold.placed", actor, { kind, until: untilAt, note: note ?? undefined }),
  ]);
  return (await findHold(db, workspaceId, contactId, now))!;
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
    .where(sql`${contacts.id} = ${contactId} AND ${contacts.workspaceId} = ${workspaceId}`);
  if (!row) throw new AppError("contact_not_found", "There is no such contact in this workspace.");
}

function eventStatement(
  { db, now, nextEventId }: Port,
  { workspaceId, contactId }: { workspaceId: WorkspaceId; contactId: ContactId },
  type: "hold.placed" | "hold.released",
  actor: string,
  data: Record<string, unknown>,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    )
    .bind(contactId, now, nextEventId(), workspaceId, type, actor, JSON.stringify(data));
}
