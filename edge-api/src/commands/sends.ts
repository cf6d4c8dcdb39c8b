/** A person's word on a mail nobody was sure of. */
import { loadSend, type SendRow } from "../db/sends.ts";
import type { Actor } from "../domain/actor.ts";
import type { ClaimedSend } from "../domain/delivery.ts";
import type { SendKey } from "../domain/ids.ts";
import { settle } from "../domain/settle.ts";
import type { System } from "../domain/system.ts";
import { change } from "./enrollments.ts";

export async function settleSend(
  system: System,
  actor: Actor,
  key: SendKey,
  arrived: boolean,
): Promise<SendRow> {
  const load = () => loadSend(system.db, actor, key);
  // The send first: what is asked about may not be there.
  await load();
  await change(system, actor, key.enrollmentId, async (facts, by) => {
    // Read after the facts: whoever settles it in between also raises the enrollment's rev, and we decide anew.
    const send = await load();
    return settle(facts, send as unknown as ClaimedSend, send.state, arrived, by);
  });
  return load();
}
