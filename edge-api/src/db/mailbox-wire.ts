/** A mailbox as the wire needs it: its settings and its sealed password. */
import { eq } from "drizzle-orm";
import type { MailboxId, WorkspaceId } from "../domain/ids.ts";
import type { MailboxSettings } from "../domain/system.ts";
import { database } from "./database.ts";
import { mailboxes } from "./schema.ts";

export async function loadMailbox(d1: D1Database, id: MailboxId): Promise<MailboxSettings> {
  const [row] = await database(d1)
    .select({
      id: mailboxes.id,
      transport: mailboxes.transport,
      settings: mailboxes.settings,
      sealedSecret: mailboxes.sealedSecret,
    })
    .from(mailboxes)
    .where(eq(mailboxes.id, id));
  if (!row) throw new Error(`mailbox ${id} is gone`);
  return row;
}

/** The workspaces that own a mailbox of this address (normalised); usually one. */
export async function findWorkspacesByMailbox(d1: D1Database, address: string): Promise<WorkspaceId[]> {
  const rows = await database(d1)
    .select({ workspaceId: mailboxes.workspaceId })
    .from(mailboxes)
    .where(eq(mailboxes.address, address))
    .limit(100);
  return rows.map((row) => row.workspaceId);
}
