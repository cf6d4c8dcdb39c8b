/** The little an unsubscribe page says: whose mails these were. */
import { sql } from "drizzle-orm";
import type { ContactId } from "../domain/ids.ts";
import { database } from "./database.ts";
import { contacts, workspaces } from "./schema.ts";

export async function findRecipient(d1: D1Database, id: ContactId) {
  const [row] = await database(d1)
    .select({ workspaceId: contacts.workspaceId, workspaceName: workspaces.name })
    .from(contacts)
    .innerJoin(workspaces, sql`${workspaces.id} = ${contacts.workspaceId}`)
    .where(sql`${contacts.id} = ${id}`);
  return row ?? null;
}
