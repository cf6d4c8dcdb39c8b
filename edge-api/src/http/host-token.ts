/**
 * The JWT a host's server signs for one of its users: checked here, and nowhere else. HS256 alone, whatever its header
 * says; what is wrong with an app (revoked, disabled) is told only to who could sign for it, and the name of a secret
 * cannot be guessed, so that a made-up token learns nothing about any app.
 */
import { email, requiredLine } from "@cadenza/shared/contract/fields";
import type { ProblemCode } from "@cadenza/shared/problem";
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import * as z from "zod";
import { hashSecret } from "../commands/api-keys.ts";
import type { HostUser } from "../commands/embed-members.ts";
import { findSigner, type Signer } from "../db/embed-sessions.ts";
import { normaliseEmail } from "../domain/message.ts";
import type { System } from "../domain/system.ts";
import { BadRequest } from "./problem.ts";
import { parseId } from "./public-id.ts";

/** Between `iat` and `exp`. */
export const hostTokenLifetimeMaxS = 3_600;
/** How far a host's clock may be from ours. */
export const clockSkewS = 60;

export type Host = { system: System; signer: Signer; kid: string; user: HostUser };

/** @throws 401 with the one code that says what is wrong with it, 403 when the app is disabled. */
export async function verifyHostToken(token: string, systems: System[]): Promise<Host> {
  const { kid, issuer } = readUnverified(token);
  // The issuer says which shard to ask, and it is believed in nothing more: the secret's own app has to be it.
  const named = parseId("app", issuer);
  const system = named && systems.find(({ shard }) => shard === named.shard);
  if (!named || !system) throw wrong("embed_issuer_wrong", "Write the host app's id into `iss`: app_…");
  const signer = await findSigner(system.db, kid);
  if (!signer)
    throw wrong("embed_kid_unknown", "No host app has a secret of the name in the header's `kid`.");
  if (signer.app.id !== named.key)
    throw wrong("embed_issuer_wrong", "The secret belongs to another host app.");
  const claims = await verified(token, await system.unseal(signer.sealedSecret), system);
  const user = { ...userOf(claims, system), tokenHash: hashOf(token) };
  if (signer.revokedAt !== null) throw wrong("embed_kid_revoked", "Sign with the app's other secret.");
  if (signer.disabledAt !== null) {
    throw new BadRequest("embed_app_disabled", "An admin of the workspace has disabled this host app.");
  }
  return { system, signer, kid, user };
}

/** What is needed to find the secret. Nothing of it is true yet. */
function readUnverified(token: string): { kid: string; issuer: string } {
  let header: { alg?: unknown; kid?: unknown };
  let claims: JWTPayload;
  try {
    header = decodeProtectedHeader(token);
    claims = decodeJwt(token);
  } catch {
    throw wrong("embed_token_malformed", "Send the JWT as it was signed: three parts with dots between.");
  }
  if (header.alg !== "HS256") throw wrong("embed_algorithm_refused", "Sign with HS256.");
  if (typeof header.kid !== "string") {
    throw wrong("embed_kid_unknown", "Name the secret it is signed with in the header: `kid`.");
  }
  return { kid: header.kid, issuer: typeof claims.iss === "string" ? claims.iss : "" };
}

async function verified(token: string, secret: string, { publicUrl, wallNow }: System): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ["HS256"],
      audience: publicUrl,
      requiredClaims: ["aud", "iat", "exp", "sub", "email", "name"],
      clockTolerance: clockSkewS,
      currentDate: new Date(wallNow()),
    });
    return payload;
  } catch (error) {
    throw refusalOf(error, publicUrl);
  }
}

function refusalOf(error: unknown, publicUrl: string): unknown {
  if (error instanceof errors.JWTExpired)
    return wrong("embed_token_expired", "Have the host sign a new one.");
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (reason !== "check_failed")
      return wrongClaim(claim, reason === "missing" ? "is missing" : "is no number");
    if (claim === "aud") return wrong("embed_audience_wrong", `Write ${publicUrl} into \`aud\`.`);
    return notYet(claim);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return wrong("embed_signature_wrong", "The signature is not by the secret that `kid` names.");
  }
  if (error instanceof errors.JOSEError) {
    return wrong("embed_token_malformed", "This is no JWT that can be checked.");
  }
  return error;
}

const userClaims = z.object({ sub: requiredLine(200), email: email(), name: requiredLine(120) });

function userOf(claims: JWTPayload, { wallNow }: System): Omit<HostUser, "tokenHash"> {
  const { iat = 0, exp = 0 } = claims;
  if (iat > wallNow() / 1_000 + clockSkewS) throw notYet("iat");
  if (exp - iat > hostTokenLifetimeMaxS) {
    throw wrong("embed_token_too_long_lived", "Let it hold for an hour at most: `exp` minus `iat`.");
  }
  const read = userClaims.safeParse(claims);
  if (!read.success) throw wrongClaim(String(read.error.issues[0]?.path[0]), "is not right");
  const address = normaliseEmail(read.data.email);
  if (!address) throw wrongClaim("email", "is no address");
  return {
    subject: read.data.sub,
    email: address,
    name: read.data.name,
    expiresAt: (exp + clockSkewS) * 1_000,
  };
}

/** Of what was signed: the signature itself can be spelled in more than one way. */
const hashOf = (token: string): string => hashSecret(token.slice(0, token.lastIndexOf(".")));

const notYet = (claim: string) =>
  wrong("embed_token_not_yet_valid", `\`${claim}\` is still to come: is the host's clock right?`);
const wrongClaim = (claim: string, what: string) =>
  wrong("embed_claim_wrong", `The claim \`${claim}\` ${what}.`);
const wrong = (code: ProblemCode, detail: string) =>
  new BadRequest(code, detail, [], { "www-authenticate": "Bearer" });
