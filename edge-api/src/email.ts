/** Email Routing hands a mail over; it is ingested like one that came by the API, in the workspace it belongs to. */
import { findSigned } from "./db/inbound.ts";
import { findWorkspacesByMailbox } from "./db/mailbox-wire.ts";
import type { WorkspaceId } from "./domain/ids.ts";
import { normaliseEmail } from "./domain/message.ts";
import type { System } from "./domain/system.ts";
import { threadIds } from "./engine/ingest.ts";
import { ingestRaw } from "./ingest-raw.ts";
import { parseInbound } from "./mail/inbound.ts";

export async function onEmail(message: ForwardableEmailMessage, systems: System[]): Promise<void> {
  const raw = new Uint8Array(await new Response(message.raw).arrayBuffer());
  const homes = await homesOf(systems, raw, normaliseEmail(message.to));
  for (const { system, workspaceId } of homes) await ingestRaw(system, workspaceId, raw);
  if (!homes.length) message.setReject("550 5.1.1 No such mailbox here");
}

/**
 * Whose mail it is: the workspace whose signed mail it answers, and no other, whoever else claims the address; else
 * every workspace with a mailbox of that address.
 */
async function homesOf(systems: System[], raw: Uint8Array, to: string | null) {
  const mail = await parseInbound(raw);
  const homes: { system: System; workspaceId: WorkspaceId }[] = [];
  for (const system of systems) {
    const signed = mail && (await findSigned(system.db, threadIds(mail), system));
    if (signed) return [{ system, workspaceId: signed }];
    const owners = to ? await findWorkspacesByMailbox(system.db, to) : [];
    homes.push(...owners.map((workspaceId) => ({ system, workspaceId })));
  }
  return homes;
}
