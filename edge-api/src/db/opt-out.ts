/** The little an unsubscribe page says: whose mails these were, and whether they have ended already. */
import { sql } from "drizzle-orm";
import type { ContactId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { contacts, workspaces } from "./schema.ts";

export async function findRecipient(d1: D1Database, id: ContactId) {
  const [row] = await database(d1)
    .select({
      workspaceId: contacts.workspaceId,
      workspaceName: workspaces.name,
      isOut: sql`EXISTS (SELECT 1 FROM suppressions s WHERE s.workspace_id = ${contacts.workspaceId}
        AND s.value = ${contacts.email})`.mapWith(Boolean),
    })
    .from(contacts)
    .innerJoin(workspaces, sql`${workspaces.id} = ${contacts.workspaceId}`)
    .where(sql`${contacts.id} = ${id}`);
  return row ?? null;
}
