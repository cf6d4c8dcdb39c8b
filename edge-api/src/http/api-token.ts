/**
 * An API key as it is shown and sent: `cdz_<public id>_<secret>`, or `cdz_test_…` for a test key. The id says which
 * shard to ask.
 */
import type { Mode } from "@cadenza/shared/vocabulary";
import type { ApiKeyId } from "../domain/ids.ts";
import { encodeId, parseId } from "./public-id.ts";

export const formatToken = (shard: number, id: ApiKeyId, secret: string, mode: Mode = "live"): string =>
  `${tokenPrefix(shard, id, mode)}_${secret}`;

/** All of a token that is no secret. */
export const tokenPrefix = (shard: number, id: ApiKeyId, mode: Mode): string =>
  `cdz_${mode === "test" ? "test_" : ""}${encodeId("key", shard, id)}`;

export function parseToken(
  token: string,
): { shard: number; id: ApiKeyId; secret: string; mode: Mode } | null {
  const match = /^cdz_(test_)?(key_[0-9A-Za-z]{1,80})_([0-9a-f]{64})$/.exec(token);
  const found = match && parseId("key", match[2]!);
  return found && { shard: found.shard, id: found.key, secret: match[3]!, mode: match[1] ? "test" : "live" };
}
