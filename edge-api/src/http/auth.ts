/**
 * Who asks, and may they: the one place both are answered. An API key, a person's session, a host's page or another
 * program, each becomes the same Actor; the operator's service token opens /internal.
 */
import { type Permission, permissions, reachOf, roleMay, type Scope } from "@cadenza/shared/access";
import type { Contract } from "@cadenza/shared/contract/contract";
import type { Role } from "@cadenza/shared/vocabulary";
import { authenticateKey, hashSecret } from "../commands/api-keys.ts";
import { type Actor, machineActor } from "../domain/actor.ts";
import type { MemberId, WorkspaceId } from "../domain/ids.ts";
import { sameText } from "../domain/sign.ts";
import type { System } from "../domain/system.ts";
import type { Api } from "./answer.ts";
import { parseToken } from "./api-token.ts";
import { embedCaller, embedPrefix } from "./embed-session.ts";
import { looksLikeJwt, oauthCaller } from "./oauth-token.ts";
import { BadRequest } from "./problem.ts";
import { type Person, sessionCaller } from "./session.ts";

export type Caller = {
  system: System;
  actor: Actor;
  /** What they were let in for; null: as far as their role goes. */
  scopes: readonly Scope[] | null;
  /** How they got in: what the audit log keeps beside the name. */
  via: string;
  /** The origin of the host's page that asks, where it is known to be one. */
  page?: string;
  /** Who is signed in, where the request came with a session's cookie. */
  session?: Person;
  /** Set for a key of a test twin. */
  isTest?: boolean;
  /** When the key that asks ends; null: it does not. */
  endsAt?: number | null;
};

/** Stands for no workspace: keys start at 1. */
export const noWorkspace = 0 as WorkspaceId;

/** Who asks; what they may is asked next, by `requirePermission`. @throws 401 */
export async function identify(
  request: Request,
  access: Contract["access"],
  bindings: Api["Bindings"],
): Promise<Caller> {
  const system = bindings.systems[0]!;
  if (access === "public") {
    return { system, actor: machineActor(noWorkspace, "public"), scopes: [], via: "public" };
  }
  if (access === "service") {
    requireServiceToken(request, bindings.serviceToken);
    return { system, actor: machineActor(noWorkspace, "service"), scopes: [], via: "operator" };
  }
  return memberOrKey(request, bindings);
}

/**
 * @param changes whether something is about to be changed: a program that may only read changes nothing of its
 *   person's own either, for which no scope is named.
 * @throws 403 with the code that says what is missing.
 */
export function requirePermission({ actor, scopes }: Caller, permission: Permission, changes = false): void {
  const { scope, leastRole } = permissions[permission];
  if (actor.role !== null && !roleMay(actor.role, permission)) {
    throw new BadRequest(
      "role_missing",
      leastRole === null
        ? "This is for machines with a key."
        : `This needs the role \`${leastRole}\` or a stronger one; yours is \`${actor.role}\`.`,
    );
  }
  if (scope === null) {
    if (actor.memberId === null)
      throw new BadRequest("member_needed", "This is about a person: sign in as one.");
  }
  const needed = scope ?? (changes ? "write" : null);
  if (needed !== null && scopes !== null && !scopes.includes(needed)) {
    throw new BadRequest("scope_missing", `This needs the scope \`${needed}\`.`);
  }
}

/** What lets somebody in is the live workspace's to do. @throws 403 */
export function requireLive({ isTest }: Caller, { liveOnly }: Pick<Contract, "liveOnly">): void {
  if (!isTest || !liveOnly) return;
  throw new BadRequest("live_mode_needed", "A test key lets nobody in: ask with a live key, or as a person.");
}

/** The same question for a page or a client that wants to know beforehand. */
export function mayAsk(caller: Caller, permission: Permission): boolean {
  try {
    requirePermission(caller, permission);
    return true;
  } catch {
    return false;
  }
}

/** A member, as far as their role and the program they come through go. */
export function memberActor(workspaceId: WorkspaceId, member: { id: MemberId; role: Role }): Actor {
  return {
    workspaceId,
    name: `member:${member.id}`,
    memberId: member.id,
    role: member.role,
    reach: reachOf[member.role],
  };
}

async function memberOrKey(request: Request, bindings: Api["Bindings"]): Promise<Caller> {
  const header = request.headers.get("authorization");
  if (header === null) {
    const caller = await sessionCaller(request, bindings);
    if (caller) return caller;
    throw unauthenticated("Sign in, or send an API key: `Authorization: Bearer cdz_key_…`.");
  }
  const token = bearer(header);
  if (token.startsWith(embedPrefix)) return embedCaller(request, token, bindings.systems);
  return looksLikeJwt(token) ? oauthCaller(token, bindings) : keyHolder(token, bindings.systems);
}

const bearer = (header: string): string => /^Bearer ([\x21-\x7e]{1,4000})$/i.exec(header)?.[1] ?? "";

function requireServiceToken(request: Request, serviceToken: string): void {
  const token = bearer(request.headers.get("authorization") ?? "");
  // Hashed first: then the comparison takes as long for any length.
  if (!serviceToken || !sameText(hashSecret(token), hashSecret(serviceToken))) {
    throw unauthenticated("Send the service token: `Authorization: Bearer …`.");
  }
}

async function keyHolder(token: string, systems: System[]): Promise<Caller> {
  const parsed = parseToken(token);
  const system = parsed && systems.find(({ shard }) => shard === parsed.shard);
  if (!parsed) throw unauthenticated(reasons.none);
  if (!system) throw unauthenticated(reasons.unknown);
  const found = await authenticateKey(system, parsed);
  if (!found.ok) throw unauthenticated(reasons[found.reason]);
  const { actor, scopes, endsAt } = found;
  return {
    ...{ system, actor, scopes: scopes as Scope[], via: "key" },
    ...{ isTest: parsed.mode === "test", endsAt },
  };
}

const reasons = {
  none: "This is no API key. Send one: `Authorization: Bearer cdz_key_…`.",
  unknown: "This API key is not known here.",
  revoked: "This API key was revoked.",
  expired: "This API key has expired.",
};

export const unauthenticated = (
  detail: string,
  headers: Record<string, string> = { "www-authenticate": "Bearer" },
) => new BadRequest("unauthenticated", detail, [], headers);
