/**
 * A program's access token (OAuth 2.1, RFC 9068): a JWT we signed for this API, for a person. It is checked here and
 * not through our own address; that the program is still connected and the person still a member is asked each time.
 */
import type { Scope } from "@cadenza/shared/access";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { type Auth, authPath } from "../auth/auth.ts";
import { findConnection, touchConnection } from "../db/connections.ts";
import { findUser } from "../db/directory.ts";
import type { Api } from "./answer.ts";
import { type Caller, memberActor, unauthenticated } from "./auth.ts";
import { memberIn, notAMember } from "./session.ts";

/** Keys change rarely; an unknown one is looked for at once. */
const keysKeptMs = 300_000;
const lastUsedStepMs = 3_600_000;
const kept = new WeakMap<Auth, { at: number; keys: JSONWebKeySet }>();

/** Three parts in base64url: an API key has none of them. */
export const looksLikeJwt = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);

/** Whether we signed it and it still holds. Whether anybody is let in by it is asked in `oauthCaller`. */
export async function isAccessToken(token: string, { auth, systems }: Api["Bindings"]): Promise<boolean> {
  const { publicUrl, wallNow } = systems[0]!;
  return (await verify(token, auth, publicUrl, wallNow())) !== null;
}

/** @throws 401, with what a program does about it in the header (RFC 9728), or 403 for who is no member any more. */
export async function oauthCaller(token: string, bindings: Api["Bindings"]): Promise<Caller> {
  const [first] = bindings.systems;
  const { db, wallNow, publicUrl } = first!;
  const claims = await verify(token, bindings.auth, publicUrl, wallNow());
  const clientId = claims?.azp;
  const connection =
    claims?.sub && typeof clientId === "string" && (await findConnection(db, claims.sub, clientId));
  const user = connection && (await findUser(db, { id: claims.sub! }));
  if (!claims || !connection || !user) {
    throw unauthenticated("This access token does not hold (any more): refresh it, or connect again.", {
      "www-authenticate": `Bearer error="invalid_token", resource_metadata="${publicUrl}/.well-known/oauth-protected-resource"`,
    });
  }
  const found = await memberIn(user, connection.organizationId, bindings.systems);
  if (!found) throw notAMember();
  if ((connection.lastUsedAt ?? 0) <= wallNow() - lastUsedStepMs) {
    await touchConnection(db, user.id, clientId as string, wallNow());
  }
  const { system, member } = found;
  const scopes = String(claims.scope ?? "")
    .split(" ")
    .filter((scope): scope is Scope => scope === "read" || scope === "write");
  return { system, actor: memberActor(member.workspaceId, member), scopes, via: `oauth:${clientId}` };
}

async function verify(token: string, auth: Auth, publicUrl: string, now: number) {
  const options = {
    issuer: `${publicUrl}${authPath}`,
    audience: publicUrl,
    typ: "at+jwt",
    algorithms: ["ES256"],
    requiredClaims: ["exp", "sub", "azp"],
    currentDate: new Date(now),
  };
  const known = kept.get(auth);
  const fresh = known !== undefined && known.at > now - keysKeptMs;
  const claims = fresh ? await verified(token, known.keys, options) : null;
  if (claims) return claims;
  // A token of another key is rare, and asked for once: whoever makes them up costs one read each.
  const keys = (await auth.api.getJwks()) as JSONWebKeySet;
  kept.set(auth, { at: now, keys });
  return verified(token, keys, options);
}

async function verified(token: string, keys: JSONWebKeySet, options: Parameters<typeof jwtVerify>[2]) {
  try {
    return (await jwtVerify(token, createLocalJWKSet(keys), options)).payload;
  } catch {
    // Whatever is wrong with it, the answer is the same: it does not hold.
    return null;
  }
}
