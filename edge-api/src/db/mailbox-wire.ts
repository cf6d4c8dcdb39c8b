/** A mailbox as the wire needs it: its settings and its sealed password. */
import { and, eq, isNull } from "drizzle-orm";
import type { MailboxId, WorkspaceId } from "../domain/ids.ts";
import type { MailboxSettings } from "../domain/system.ts";
import { database } from "./database.ts";
import { mailboxes, workspaces } from "./schema.ts";

/**
 * Invariant: this is the only way from a row to a transport, and whatever the row of a test twin's mailbox says, it
 * gives neither server nor password.
 */
export async function loadMailbox(d1: D1Database, id: MailboxId): Promise<MailboxSettings> {
  const [row] = await database(d1)
    .select({
      transport: mailboxes.transport,
      settings: mailboxes.settings,
      sealedSecret: mailboxes.sealedSecret,
      testOf: workspaces.testOf,
    })
    .from(mailboxes)
    .innerJoin(workspaces, eq(workspaces.id, mailboxes.workspaceId))
    .where(eq(mailboxes.id, id));
  if (!row) throw new Error(`mailbox ${id} is gone`);
  const { transport, settings, sealedSecret, testOf } = row;
  return transport === "test" || testOf !== null
    ? { id, transport: "test" }
    : { id, transport, settings, sealedSecret };
}

/**
 * The workspaces that own a mailbox of this address (normalised); usually one. A test twin is none of them: what its
 * mailboxes send never left, so a mail that arrives is for somebody else of that address.
 */
export async function findWorkspacesByMailbox(d1: D1Database, address: string): Promise<WorkspaceId[]> {
  const rows = await database(d1)
    .select({ workspaceId: mailboxes.workspaceId })
    .from(mailboxes)
    .innerJoin(workspaces, and(eq(workspaces.id, mailboxes.workspaceId), isNull(workspaces.testOf)))
    .where(eq(mailboxes.address, address))
    .limit(100);
  return rows.map((row) => row.workspaceId);
}
