/**
 * API keys: made (the secret is shown once and kept as a hash), revoked, and recognised at every request.
 * Their instants are wall time: a demo that steps the business clock must not expire them.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import {
  type ApiKey,
  findApiKey,
  insertApiKey,
  revokeApiKey as revokeRow,
  touchApiKey,
} from "../db/api-keys.ts";
import { type Actor, machineActor } from "../domain/actor.ts";
import { AppError } from "../domain/errors.ts";
import type { ApiKeyId } from "../domain/ids.ts";
import { sameText } from "../domain/sign.ts";
import type { System } from "../domain/system.ts";

/** `lastUsedAt` answers "is this key still in use": to the hour is enough, and saves a write a request. */
const lastUsedStepMs = 3_600_000;

/** 256 random bits need no slow hash: there is no dictionary to try. */
export const hashSecret = (secret: string): string => bytesToHex(sha256(utf8ToBytes(secret)));

export const newSecret = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(32)));

export async function createApiKey(
  { db, wallNow }: System,
  actor: Actor,
  asked: { name: string; scopes: string[]; expiresAt?: number | null },
): Promise<{ apiKey: ApiKey; secret: string }> {
  if (asked.expiresAt != null && asked.expiresAt <= wallNow()) {
    throw new AppError("invalid_request", "This instant is over: the key would never work.", "/expiresAt");
  }
  const secret = newSecret();
  const apiKey = await insertApiKey(db, {
    workspaceId: actor.workspaceId,
    name: asked.name,
    scopes: [...new Set(asked.scopes)],
    secretHash: hashSecret(secret),
    expiresAt: asked.expiresAt ?? null,
    createdAt: wallNow(),
  });
  return { apiKey, secret };
}

export async function revokeApiKey({ db, wallNow }: System, actor: Actor, id: ApiKeyId): Promise<ApiKey> {
  const revoked = await revokeRow(db, actor.workspaceId, id, wallNow());
  if (!revoked) throw new AppError("api_key_not_found", "There is no such API key in this workspace.");
  return revoked;
}

export type Authentication =
  | { ok: true; actor: Actor; scopes: string[] }
  | { ok: false; reason: "unknown" | "revoked" | "expired" };

export async function authenticateKey(
  { db, wallNow }: System,
  id: ApiKeyId,
  secret: string,
): Promise<Authentication> {
  const key = await findApiKey(db, id);
  // Hashed and compared also when there is no such key, so that the time it takes does not say so.
  const same = sameText(hashSecret(secret), key?.secretHash ?? hashSecret(""));
  if (!key || !same) return { ok: false, reason: "unknown" };
  const now = wallNow();
  if (key.revokedAt !== null) return { ok: false, reason: "revoked" };
  if (key.expiresAt !== null && key.expiresAt <= now) return { ok: false, reason: "expired" };
  if ((key.lastUsedAt ?? 0) <= now - lastUsedStepMs) await touchApiKey(db, id, now);
  return { ok: true, actor: machineActor(key.workspaceId, `key:${id}`), scopes: key.scopes };
}
