/** Which row a name in the log means, so that a page can say what it is called: `member:3`, `key:12`, `seq_…`. */
import { isNamedKind, type RowName } from "../db/names.ts";
import { decodeId } from "../http/public-id.ts";

/** @param actor as the log keeps it. @returns null for who is no row: the engine, a host, the operator. */
export function rowOfActor(actor: string): RowName | null {
  const [, noun, key] = /^(member|key):(\d+)$/.exec(actor) ?? [];
  return key === undefined ? null : { kind: noun === "member" ? "mbr" : "key", id: Number(key) };
}

/** @returns null for what is no id of ours, or of a kind that has no name. */
export function rowOfId(shard: number, id: string): RowName | null {
  const kind = id.slice(0, id.indexOf("_"));
  if (!isNamedKind(kind)) return null;
  const key = decodeId(kind, shard, id);
  return key === null ? null : { kind, id: key };
}

export const nameKey = ({ kind, id }: RowName): string => `${kind}:${id}`;
