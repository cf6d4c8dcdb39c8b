/** Email Routing hands a mail over; it is ingested like one that came by the API, in the workspace its recipient belongs to. */
import type { System } from "./domain/system.ts";
import { ingestRaw } from "./ingest-raw.ts";
import { findWorkspacesByMailbox } from "./db/mailbox-wire.ts";
import { normaliseEmail } from "./domain/message.ts";

export async function onEmail(message: ForwardableEmailMessage, systems: System[]): Promise<void> {
  const raw = new Uint8Array(await new Response(message.raw).arrayBuffer());
  const to = normaliseEmail(message.to);
  let known = false;
  for (const system of systems) {
    for (const workspaceId of to ? await findWorkspacesByMailbox(system.db, to) : []) {
      known = true;
      await ingestRaw(system, workspaceId, raw);
    }
  }
  if (!known) message.setReject("550 5.1.1 No such mailbox here");
}
