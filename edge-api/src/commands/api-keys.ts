/**
 * API keys: made (the secret is shown once and kept as a hash), rotated, revoked, and recognised at every request.
 * Their instants are wall time: a demo that steps the business clock must not expire them.
 */

import type { Mode } from "@cadenza/shared/vocabulary";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import {
  type ApiKey,
  findApiKey,
  findKeptKey,
  insertApiKey,
  replaceApiKey,
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
const hourMs = 3_600_000;

/** 256 random bits need no slow hash: there is no dictionary to try. */
export const hashSecret = (secret: string): string => bytesToHex(sha256(utf8ToBytes(secret)));

export const newSecret = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(32)));

/** @param endsAt when the key that asks ends: what it makes holds no longer. Null: it does not, or a person asks. */
export async function createApiKey(
  { db, now, wallNow }: System,
  actor: Actor,
  asked: { name: string; scopes: string[]; mode: Mode; expiresAt?: number | null | undefined },
  endsAt: number | null,
): Promise<{ apiKey: ApiKey; secret: string }> {
  const { expiresAt = endsAt } = asked;
  if (expiresAt !== null && expiresAt <= wallNow()) {
    throw new AppError("invalid_request", "This instant is over: the key would never work.", "/expiresAt");
  }
  if (outlives(expiresAt, endsAt)) throw wouldOutlive(endsAt!, "/expiresAt");
  const secret = newSecret();
  const id = await insertApiKey(
    db,
    {
      workspaceId: actor.workspaceId,
      name: asked.name,
      scopes: [...new Set(asked.scopes)],
      secretHash: hashSecret(secret),
      createdBy: actor.name,
      createdAt: wallNow(),
      expiresAt,
    },
    asked.mode,
    now(),
  );
  return { apiKey: await loadApiKey(db, actor, id), secret };
}

/**
 * A key in the place of another, which goes on for a while. It is made for as long as the old one was made for.
 *
 * @param endsAt as for `createApiKey`.
 */
export async function rotateApiKey(
  { db, wallNow }: System,
  actor: Actor,
  id: ApiKeyId,
  oldExpiresInHours: number,
  endsAt: number | null,
): Promise<{ apiKey: ApiKey; secret: string }> {
  const old = await loadApiKey(db, actor, id);
  const createdAt = wallNow();
  if (whyOver(old, createdAt)) throw over(old, createdAt);
  const expiresAt = old.expiresAt === null ? null : createdAt + old.expiresAt - old.createdAt;
  if (outlives(expiresAt, endsAt)) throw wouldOutlive(endsAt!);
  const secret = newSecret();
  const next = { secretHash: hashSecret(secret), createdBy: actor.name, createdAt, expiresAt };
  const made = await replaceApiKey(db, id, next, createdAt + oldExpiresInHours * hourMs);
  // Somebody else ended it between the two looks.
  if (made === null) throw over(await loadApiKey(db, actor, id), createdAt);
  return { apiKey: await loadApiKey(db, actor, made), secret };
}

export async function revokeApiKey({ db, wallNow }: System, actor: Actor, id: ApiKeyId): Promise<ApiKey> {
  await revokeRow(db, actor.workspaceId, id, wallNow());
  return loadApiKey(db, actor, id);
}

async function loadApiKey(db: D1Database, { workspaceId }: Actor, id: ApiKeyId): Promise<ApiKey> {
  const key = await findKeptKey(db, workspaceId, id);
  if (!key) throw new AppError("api_key_not_found", "There is no such API key in this workspace.");
  return key;
}

function whyOver({ revokedAt, replacedBy, expiresAt }: ApiKey, now: number): string | null {
  if (revokedAt !== null) return "It was revoked: create a new one.";
  if (replacedBy !== null) return "Another key took its place (`replacedBy`): rotate that one.";
  return expiresAt !== null && expiresAt <= now ? "It has expired: create a new one." : null;
}

const over = (key: ApiKey, now: number) => new AppError("api_key_over", whyOver(key, now) ?? "Look again.");

const outlives = (expiresAt: number | null, endsAt: number | null): boolean =>
  endsAt !== null && (expiresAt === null || expiresAt > endsAt);

const wouldOutlive = (endsAt: number, pointer?: string) =>
  new AppError(
    "api_key_would_outlive",
    `The key you ask with ends at ${new Date(endsAt).toISOString()}, and so does at the latest what it makes. Ask with one that does not expire, or as a person.`,
    pointer,
  );

export type Authentication =
  | { ok: true; actor: Actor; scopes: string[]; endsAt: number | null }
  | { ok: false; reason: "unknown" | "revoked" | "expired" };

/** The mode the token says has to be the key's, so that a test key is seen to be one. */
export async function authenticateKey(
  { db, wallNow }: System,
  { id, mode, secret }: { id: ApiKeyId; mode: Mode; secret: string },
): Promise<Authentication> {
  const key = await findApiKey(db, id);
  // Hashed and compared also when there is no such key, so that the time it takes does not say so.
  const same = sameText(hashSecret(secret), key?.secretHash ?? hashSecret(""));
  if (!key || !same || key.mode !== mode) return { ok: false, reason: "unknown" };
  const now = wallNow();
  if (key.revokedAt !== null) return { ok: false, reason: "revoked" };
  if (key.expiresAt !== null && key.expiresAt <= now) return { ok: false, reason: "expired" };
  if ((key.lastUsedAt ?? 0) <= now - lastUsedStepMs) await touchApiKey(db, id, now);
  return {
    ok: true,
    actor: machineActor(key.workspaceId, `key:${id}`),
    scopes: key.scopes,
    endsAt: key.expiresAt,
  };
}
