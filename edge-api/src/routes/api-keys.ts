/** What servers sign in with. The token is put together here, and only here is it whole. */
import type { Scope } from "@cadenza/shared/access";
import { createApiKey, revokeApiKey, rotateApiKey } from "../commands/api-keys.ts";
import { type ApiKey, listApiKeys } from "../db/api-keys.ts";
import type { System } from "../domain/system.ts";
import { formatToken, tokenPrefix } from "../http/api-token.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function apiKeyRoutes(app: Router): void {
  endpoint(app, "apiKeys.list", async ({ system, actor, query }) => {
    const page = await listApiKeys(system.db, actor.workspaceId, query);
    return { ...page, items: page.items.map((key) => shown(system, key)) };
  });
  endpoint(app, "apiKeys.create", async ({ system, actor, caller, body }) =>
    withToken(system, await createApiKey(system, actor, body, caller.endsAt ?? null)),
  );
  endpoint(app, "apiKeys.rotate", async ({ system, actor, caller, params, body }) => {
    const { oldExpiresInHours } = body;
    const rotated = await rotateApiKey(system, actor, params.id, oldExpiresInHours, caller.endsAt ?? null);
    return withToken(system, rotated);
  });
  endpoint(app, "apiKeys.revoke", async ({ system, actor, params }) =>
    shown(system, await revokeApiKey(system, actor, params.id)),
  );
}

export const withToken = (system: System, { apiKey, secret }: { apiKey: ApiKey; secret: string }) => ({
  apiKey: shown(system, apiKey),
  token: formatToken(system.shard, apiKey.id, secret, apiKey.mode),
});

const shown = ({ shard }: System, key: ApiKey) => ({
  ...key,
  scopes: key.scopes as Scope[],
  prefix: tokenPrefix(shard, key.id, key.mode),
});
