/**
 * What is left of a person who was erased: the hash of their address, so that they are never written to again. Nobody
 * reads an address out of it without the system's secret, not even whoever guesses which one it is.
 */
import type { WorkspaceId } from "./ids.ts";
import { macOf } from "./sign.ts";

/** Stands among the suppressions in place of the address. No address and no domain reads like it: they have an @ or no #. */
export const erasedKeyOf = (
  { shard, secret }: { shard: number; secret: string },
  workspaceId: WorkspaceId,
  email: string,
): string => `${erasedMark}${macOf("erased address", `${shard}.${workspaceId}.${email}`, secret)}`;

/** What such keys begin with, and what sorts right behind all of them. */
export const erasedMark = "#";
export const behindErased = "$";

/** In place of the content hash of a mail that went to somebody who was erased: nothing hashes to it. */
export const erasedContent = "erased";
