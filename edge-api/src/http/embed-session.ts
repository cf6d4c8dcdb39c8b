/**
 * A host's user at work: their host's token becomes a session of minutes, for the page it was opened on. The session is
 * a signed text and no row; what it hangs on (app, secret, origin, member) is asked at every request, so that taking
 * any of them away ends it at once.
 */
import { type Scope, weaker } from "@cadenza/shared/access";
import type { Role } from "@cadenza/shared/vocabulary";
import { jwtVerify, SignJWT } from "jose";
import { bindToken, enterAsMember } from "../commands/embed-members.ts";
import { findStanding } from "../db/embed-sessions.ts";
import { machineActor } from "../domain/actor.ts";
import { deriveKey } from "../domain/sign.ts";
import type { System } from "../domain/system.ts";
import { type Caller, memberActor, unauthenticated } from "./auth.ts";
import type { Asked } from "./endpoint.ts";
import { type Host, verifyHostToken } from "./host-token.ts";
import { BadRequest } from "./problem.ts";
import { encodeId, parseId } from "./public-id.ts";
import { notAMember } from "./session.ts";

export const embedPrefix = "cdz_embed_";
const sessionMs = 10 * 60_000;
const sessionScopes: readonly Scope[] = ["read", "write"];
/** What a host vouches for is somebody's daily work: nobody administers a workspace from another's page. */
const roleInHost = (role: Role): Role => weaker(role, "manager");

/** What a session says, in ids as everybody sees them. */
type Claims = {
  wsp: string;
  app: string;
  kid: string;
  sub: string;
  /** The host's page. */
  origin: string;
  /** Whether that page shows our frame, which then asks in its place. */
  framed: boolean;
};

export async function startEmbedSession({
  systems,
  origin: from,
  body: asked,
  audit,
}: Asked<"embed.session">) {
  const host = await verifyHostToken(asked.token, systems);
  const { system, signer, kid, user } = host;
  const place = placeOf(from, asked.parentOrigin, host);
  await bindToken(system, signer.app, user, place.origin);
  const organizationId = encodeId("wsp", system.shard, signer.app.workspaceId);
  const home = { directory: systems[0]!.db, organizationId };
  const { member, isFirst } = await enterAsMember(system, home, signer.app, user);
  const claims: Claims = {
    ...place,
    wsp: organizationId,
    app: encodeId("app", system.shard, signer.app.id),
    kid,
    sub: encodeId("mbr", system.shard, member.id),
  };
  if (isFirst) {
    const actor = machineActor(signer.app.workspaceId, "host");
    await audit({ system, actor, scopes: [], via: `embed:${claims.app}` }, "embed.session", claims.sub);
  }
  const expiresAt = wholeSeconds(Math.min(system.wallNow() + sessionMs, user.expiresAt));
  return {
    accessToken: embedPrefix + (await sign(claims, expiresAt, system)),
    expiresAt,
    member: { id: claims.sub, name: member.name, role: roleInHost(member.role) },
    workspace: {
      id: claims.wsp,
      name: signer.workspace.name,
      test: signer.workspace.testOf !== null,
    },
  };
}

/**
 * Whose page asks. A browser says so in `Origin`, and no page can say another's. Our own frame may name the page it
 * stands in, for only our own script asks with our origin; from anywhere else that would be a claim and is refused.
 */
function placeOf(
  from: string | null,
  parentOrigin: string | undefined,
  { system, signer }: Host,
): { origin: string; framed: boolean } {
  const framed = from === new URL(system.publicUrl).origin;
  if (!framed && parentOrigin !== undefined) {
    throw refusedOrigin("Only Cadenza's own frame says whose page it stands in.");
  }
  const origin = framed ? parentOrigin : from;
  if (!origin) throw refusedOrigin("Ask from a page of the host: a browser then sends its `Origin`.");
  if (!signer.app.origins.includes(origin)) {
    throw refusedOrigin(`The host app does not name ${origin} among its origins.`);
  }
  return { origin, framed };
}

/** @throws 401 when the session is over or was none, 403 when its page, app or member may not go on. */
export async function embedCaller(request: Request, token: string, systems: System[]): Promise<Caller> {
  const claims = await verify(token.slice(embedPrefix.length), systems[0]!);
  const workspace = parseId("wsp", claims.wsp);
  const app = parseId("app", claims.app);
  const member = parseId("mbr", claims.sub);
  const system = workspace && systems.find(({ shard }) => shard === workspace.shard);
  if (!workspace || !app || !member || !system) throw over();
  if (!asksFrom(request, claims, system.publicUrl)) {
    throw refusedOrigin("This session belongs to another page.");
  }
  const standing = await findStanding(system.db, {
    workspaceId: workspace.key,
    appId: app.key,
    kid: claims.kid,
    memberId: member.key,
    origin: claims.origin,
  });
  if (!standing) throw over();
  if (standing.disabledAt !== null) throw new BadRequest("embed_app_disabled", "The host app was disabled.");
  if (standing.revokedAt !== null) throw over("embed_kid_revoked", "The host's secret was revoked.");
  if (!standing.isRegistered) throw refusedOrigin("The host app does not run on this origin any more.");
  if (standing.removedAt !== null) throw notAMember();
  const actor = memberActor(workspace.key, { id: member.key, role: roleInHost(standing.role) });
  return { system, actor, scopes: sessionScopes, via: `embed:${claims.app}`, page: claims.origin };
}

/** Reading from its own origin a browser sends no `Origin`, and says so in Fetch Metadata. */
function asksFrom({ headers }: Request, { origin, framed }: Claims, publicUrl: string): boolean {
  const from = headers.get("origin");
  if (!framed) return from === origin;
  return from === null ? headers.get("sec-fetch-site") === "same-origin" : from === new URL(publicUrl).origin;
}

/** As precise as a JWT says it. */
const wholeSeconds = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

const keyOf = ({ secret }: System): Uint8Array => new TextEncoder().encode(deriveKey(secret, "embed"));

const sign = (claims: Claims, expiresAt: number, system: System): Promise<string> =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime(expiresAt / 1_000)
    .sign(keyOf(system));

async function verify(token: string, system: System): Promise<Claims> {
  try {
    const options = {
      algorithms: ["HS256"],
      requiredClaims: ["exp"],
      currentDate: new Date(system.wallNow()),
    };
    const { payload } = await jwtVerify<Claims>(token, keyOf(system), options);
    return payload;
  } catch {
    throw over();
  }
}

const over = (
  code: "unauthenticated" | "embed_kid_revoked" = "unauthenticated",
  why = "This session is over.",
) =>
  code === "unauthenticated"
    ? unauthenticated(`${why} Exchange the host's token again.`)
    : new BadRequest(code, why, [], { "www-authenticate": "Bearer" });
const refusedOrigin = (detail: string) => new BadRequest("embed_origin_refused", detail);
