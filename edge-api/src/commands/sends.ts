/** A person's word on a mail nobody was sure of. */
import { loadSend, type SendRow } from "../db/sends.ts";
import type { Actor } from "../domain/actor.ts";
import type { ClaimedSend } from "../domain/delivery.ts";
import { AppError } from "../domain/errors.ts";
import type { SendKey } from "../domain/ids.ts";
import { settle } from "../domain/settle.ts";
import type { System } from "../domain/system.ts";
import { loadEnrollmentFacts, refusalOfChange } from "./enrollments.ts";
import { commitDecisions } from "./ports.ts";

const settleTries = 5;

export async function settleSend(
  system: System,
  actor: Actor,
  key: SendKey,
  arrived: boolean,
): Promise<SendRow> {
  for (let attempt = 0; attempt < settleTries; attempt++) {
    // The send first: what is asked about may not be there.
    await loadSend(system.db, actor.workspaceId, key);
    const facts = await loadEnrollmentFacts(system, actor, key.enrollmentId);
    const send = await loadSend(system.db, actor.workspaceId, key);
    const by = { actor: actor.name, at: system.now() };
    const settled = settle(facts, send as unknown as ClaimedSend, send.state, arrived, by);
    if (!settled.ok) throw refusalOfChange(settled.reason);
    await commitDecisions(system, [settled.decision]);
    const after = await loadSend(system.db, actor.workspaceId, key);
    if (after.state !== "uncertain") return after;
  }
  throw new AppError("busy", "The send keeps changing at this moment. Try again.");
}
