/** An API key as it is shown and sent: `cdz_<public id>_<secret>`. The id says which shard to ask. */
import type { ApiKeyId } from "../domain/ids.ts";
import { encodeId, parseId } from "./public-id.ts";

export const formatToken = (shard: number, id: ApiKeyId, secret: string): string =>
  `cdz_${encodeId("key", shard, id)}_${secret}`;

export function parseToken(token: string): { shard: number; id: ApiKeyId; secret: string } | null {
  const match = /^cdz_(key_[0-9A-Za-z]{1,80})_([0-9a-f]{64})$/.exec(token);
  const found = match && parseId("key", match[1]!);
  return found && { shard: found.shard, id: found.key, secret: match[2]! };
}
