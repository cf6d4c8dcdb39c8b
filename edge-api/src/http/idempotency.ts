/**
 * A POST under an Idempotency-Key happens once: the same request again gets the same answer, another request under
 * the key is refused, and one that comes while the first runs is told so.
 */
import type { Contract } from "@cadenza/shared/contract/contract";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { giveKeyBack, keepAnswer, takeKey } from "../db/idempotency.ts";
import { seal, unseal } from "../mail/seal.ts";
import type { Answer } from "./answer.ts";
import type { Caller } from "./auth.ts";
import { BadRequest, invalidRequest } from "./problem.ts";

export const keyLengthMax = 255;
export const keptMs = 24 * 3_600_000;
/** Longer than any request of ours lives: its isolate died, and the key must not stay locked for a day. */
export const runningMs = 120_000;

/** A key is somebody's: where nobody is known, two strangers would get each other's answers. */
export const isOnce = ({ access }: Pick<Contract, "access">, method: string): boolean =>
  method === "POST" && access !== "public";

export async function answerOnce(
  { system, actor }: Caller,
  request: { key: string; method: string; url: string; body: Uint8Array; answersSecret: boolean },
  run: () => Promise<Answer>,
): Promise<Answer> {
  checkKey(request.key);
  const { db, wallNow, secret } = system;
  const takenAt = wallNow();
  const place = { workspaceId: actor.workspaceId, key: request.key, takenAt };
  const hash = hashOf(request, actor.name, secret);
  const kept = await takeKey(db, place, {
    hash,
    at: takenAt,
    keptSince: takenAt - keptMs,
    runningSince: takenAt - runningMs,
  });
  if (kept) return replay(kept, hash, request.answersSecret ? secret : null);

  const answer = await run();
  try {
    if (answer.status >= 500) await giveKeyBack(db, place);
    else
      await keepAnswer(db, place, { status: answer.status, body: await keptBody(answer, request, secret) });
  } catch (error) {
    // What was done is done, and its answer matters more than its memory.
    system.logError("an answer could not be kept for its Idempotency-Key", error);
  }
  return answer;
}

async function replay(
  kept: { requestHash: string; status: number | null; body: string | null },
  hash: string,
  unsealSecret: string | null,
): Promise<Answer> {
  if (kept.requestHash !== hash) {
    throw new BadRequest("idempotency_key_reused", "Take a new Idempotency-Key for a new request.");
  }
  if (kept.status === null) {
    throw new BadRequest("idempotency_in_progress", "Ask again in a moment, with the same key.", [], {
      "retry-after": "1",
    });
  }
  const sealed = unsealSecret !== null && kept.body !== null && kept.status < 400;
  const body = sealed ? await unseal(kept.body!, unsealSecret) : kept.body;
  return { status: kept.status, body, headers: { "idempotency-replayed": "true" } };
}

/** What a POST answers is JSON, or nothing: files are only ever read. */
const keptBody = async (
  { body, status }: Answer,
  { answersSecret }: { answersSecret: boolean },
  secret: string,
) => {
  if (typeof body !== "string") return null;
  return answersSecret && status < 400 ? seal(body, secret) : body;
};

/**
 * Keyed, so that a password in the body cannot be guessed from what is stored; with the name of who asks, so that one
 * member is never given the answer another got.
 */
function hashOf(
  request: { method: string; url: string; body: Uint8Array },
  actor: string,
  secret: string,
): string {
  const { pathname, search } = new URL(request.url);
  const mac = hmac.create(sha256, utf8ToBytes(secret));
  mac
    .update(utf8ToBytes(`idempotency ${actor} ${request.method} ${pathname}${search}\n`))
    .update(request.body);
  return bytesToHex(mac.digest());
}

function checkKey(key: string): void {
  if (key.length <= keyLengthMax && /^[\x21-\x7e]+$/.test(key)) return;
  const detail = `An Idempotency-Key is 1 to ${keyLengthMax} visible ASCII characters.`;
  throw invalidRequest([{ in: "header", pointer: "/idempotency-key", detail }]);
}
