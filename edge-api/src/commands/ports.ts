/** What the db modules are handed of a System. */
import { commit } from "../db/commit.ts";
import type { ErasedKeyOf } from "../db/erased.ts";
import type { Decision } from "../domain/decision.ts";
import { erasedKeyOf } from "../domain/erasure.ts";
import type { ContactId, EnrollmentId, SendKey } from "../domain/ids.ts";
import { domainOf, messageIdOf } from "../domain/message.ts";
import type { System } from "../domain/system.ts";
import { unsubscribeToken } from "../domain/unsubscribe.ts";

export const erasedKeys =
  (system: Pick<System, "shard" | "secret">): ErasedKeyOf =>
  (workspaceId, email) =>
    erasedKeyOf(system, workspaceId, email);

export const factsPort = (system: System) => ({
  db: system.db,
  now: system.now(),
  messageIdOf: (key: SendKey, from: string) =>
    messageIdOf({ ...key, shard: system.shard }, domainOf(from), system.secret),
  unsubscribeUrl: ({ id }: { id: ContactId }) =>
    `${system.publicUrl}/u/${unsubscribeToken({ shard: system.shard, contactId: id }, system.secret)}`,
  erasedKeyOf: erasedKeys(system),
});

export const commitDecisions = (
  system: System,
  decisions: Decision[],
  first?: D1PreparedStatement[],
): Promise<Set<EnrollmentId>> =>
  commit({ db: system.db, now: system.now(), nextEventId: system.nextEventId }, decisions, first);
