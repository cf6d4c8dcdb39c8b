/** Who asks, by the bearer token: an API key for /v1, the operator's service token for /internal. */
import type { Contract } from "@cadenza/shared/contract/contract";
import { authenticateKey, hashSecret } from "../commands/api-keys.ts";
import type { Actor } from "../domain/actor.ts";
import type { WorkspaceId } from "../domain/ids.ts";
import { sameText } from "../domain/sign.ts";
import type { System } from "../domain/system.ts";
import { parseToken } from "./api-token.ts";
import { BadRequest } from "./problem.ts";

export type Caller = { system: System; actor: Actor };

/** Stands for no workspace: keys start at 1. */
export const noWorkspace = 0 as WorkspaceId;

export async function authenticate(
  request: Request,
  access: Contract["access"],
  { systems, serviceToken }: { systems: System[]; serviceToken: string },
): Promise<Caller> {
  const first = systems[0]!;
  if (access === "public") {
    return { system: first, actor: { workspaceId: noWorkspace, name: "public", scopes: [] } };
  }
  const [, token = ""] =
    /^Bearer ([\x21-\x7e]{1,400})$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (access === "service") {
    // Hashed first: then the comparison takes as long for any length.
    if (!serviceToken || !sameText(hashSecret(token), hashSecret(serviceToken))) {
      throw unauthenticated("Send the service token: `Authorization: Bearer …`.");
    }
    return { system: first, actor: { workspaceId: noWorkspace, name: "service", scopes: [] } };
  }
  const caller = await keyHolder(token, systems);
  if (!caller.actor.scopes.includes(access)) {
    throw new BadRequest("scope_missing", `This needs a key with the scope \`${access}\`.`);
  }
  return caller;
}

async function keyHolder(token: string, systems: System[]): Promise<Caller> {
  const parsed = parseToken(token);
  const system = parsed && systems.find(({ shard }) => shard === parsed.shard);
  if (!parsed || !system) throw unauthenticated("Send an API key: `Authorization: Bearer cdz_key_…`.");
  const found = await authenticateKey(system, parsed.id, parsed.secret);
  if (!found.ok) throw unauthenticated(reasons[found.reason]);
  return { system, actor: found.actor };
}

const reasons = {
  unknown: "Send an API key: `Authorization: Bearer cdz_key_…`.",
  revoked: "This API key was revoked.",
  expired: "This API key has expired.",
};

const unauthenticated = (detail: string) =>
  new BadRequest("unauthenticated", detail, [], { "www-authenticate": "Bearer" });
