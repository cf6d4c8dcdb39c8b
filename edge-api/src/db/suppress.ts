/** Writing a person's addresses, or the one it is about, onto the suppression list, once, with the event that says why. */
import type { SuppressionReason } from "@cadenza/shared/vocabulary";
import type { ContactId, WorkspaceId } from "../domain/ids.ts";
import { isErased } from "./erased.ts";

export async function suppressContact(
  port: { db: D1Database; now: number; nextEventId(): number },
  workspaceId: WorkspaceId,
  contactId: ContactId,
  reason: SuppressionReason,
  actor = "person",
  only: string | null = null,
): Promise<void> {
  const { db, now } = port;
  const addresses = `SELECT email FROM (SELECT email FROM contacts WHERE id = ?1 AND workspace_id = ?2
      UNION SELECT email FROM contact_addresses WHERE contact_id = ?1 AND workspace_id = ?2 UNION
      SELECT ?3 WHERE NOT ${isErased("?1")})
    WHERE email IS NOT NULL AND (?3 IS NULL OR email = ?3)`;
  await db.batch([
    db
      .prepare(
        `INSERT INTO events (contact_id, at, id, workspace_id, type, actor, data)
         SELECT ?1, ?4, ?5, ?2, 'suppression.added', ?7,
           json_object('address', group_concat(c.email, ', '), 'reason', ?6)
         FROM (${addresses}) c
         WHERE NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.workspace_id = ?2 AND s.value = c.email)
         HAVING count(*) > 0`,
      )
      .bind(contactId, workspaceId, only, now, port.nextEventId(), reason, actor),
    db
      .prepare(
        `INSERT INTO suppressions (workspace_id, kind, value, reason, created_at)
         SELECT ?2, 'address', c.email, ?5, ?4 FROM (${addresses}) c WHERE true ON CONFLICT DO NOTHING`,
      )
      .bind(contactId, workspaceId, only, now, reason),
    // The tick cancels what is live; authorise refuses meanwhile. The rev rises, so that a tick under way decides anew.
    db
      .prepare(
        `UPDATE enrollments SET wake_at = ?3, rev = rev + 1, lease_token = NULL, lease_until = NULL
         WHERE contact_id = ?1 AND workspace_id = ?2 AND status = 'active'`,
      )
      .bind(contactId, workspaceId, now),
  ]);
}
