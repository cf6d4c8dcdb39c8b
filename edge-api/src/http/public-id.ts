/**
 * Row keys ↔ the ids people see: a prefix and a sqid over [shard, key]. Decoding takes only what encoding gives, so
 * every row has exactly one id; anything else, and any other shard's id, is null (nobody learns why).
 */
import type { IdPrefix } from "@cadenza/shared/contract/fields";
import Sqids from "sqids";
import type * as Id from "../domain/ids.ts";

/** What an id of each prefix is inside. */
export type Keys = {
  wsp: Id.WorkspaceId;
  mbr: Id.MemberId;
  key: Id.ApiKeyId;
  mbx: Id.MailboxId;
  sch: Id.ScheduleId;
  cmp: Id.CompanyId;
  ctc: Id.ContactId;
  dea: Id.DealId;
  seq: Id.SequenceId;
  ver: Id.VersionId;
  enr: Id.EnrollmentId;
  tsk: Id.TaskId;
  snd: Id.SendKey;
  sup: Id.SuppressionId;
  aud: Id.AuditEntryId;
  ntc: Id.NoticeId;
  app: Id.EmbedAppId;
};

/** Never change it: every id ever given out would be another. No vowels, so no words, so no list of words to avoid. */
const sqids = new Sqids({
  alphabet: "NrfcW713x8VlBSRkYgFL0mQsz9456DPKtTjHXZGqyhdwvbpJCn2M",
  minLength: 8,
  blocklist: new Set(),
});

export function encodeId<Prefix extends IdPrefix>(prefix: Prefix, shard: number, key: Keys[Prefix]): string {
  const numbers = typeof key === "number" ? [key] : [key.enrollmentId, key.stepId, key.cycle];
  return `${prefix}_${sqids.encode([shard, ...numbers])}`;
}

export function decodeId<Prefix extends IdPrefix>(
  prefix: Prefix,
  shard: number,
  id: string,
): Keys[Prefix] | null {
  const found = parseId(prefix, id);
  return found && found.shard === shard ? found.key : null;
}

/** For the one place that has no shard yet: an API key's id says where its workspace lives. */
export function parseId<Prefix extends IdPrefix>(
  prefix: Prefix,
  id: string,
): { shard: number; key: Keys[Prefix] } | null {
  if (id.length > 80 || !id.startsWith(`${prefix}_`)) return null;
  const [shard, ...numbers] = sqids.decode(id.slice(prefix.length + 1));
  if (shard === undefined || numbers.length !== (prefix === "snd" ? 3 : 1)) return null;
  if (![shard, ...numbers].every(Number.isSafeInteger)) return null;
  const [first = 0, stepId = 0, cycle = 0] = numbers;
  const key = (prefix === "snd" ? { enrollmentId: first, stepId, cycle } : first) as Keys[Prefix];
  return encodeId(prefix, shard, key) === id ? { shard, key } : null;
}
