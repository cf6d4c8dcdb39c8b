/** What servers sign in with. The token is put together here, and only here is it whole. */
import type { Scope } from "@cadenza/shared/access";
import { createApiKey, revokeApiKey } from "../commands/api-keys.ts";
import { type ApiKey, listApiKeys } from "../db/api-keys.ts";
import { formatToken } from "../http/api-token.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function apiKeyRoutes(app: Router): void {
  endpoint(app, "apiKeys.list", async ({ system, actor, query }) => {
    const page = await listApiKeys(system.db, actor.workspaceId, query);
    return { ...page, items: page.items.map(shown) };
  });
  endpoint(app, "apiKeys.create", async ({ system, actor, body }) => {
    const { apiKey, secret } = await createApiKey(system, actor, body);
    return { apiKey: shown(apiKey), token: formatToken(system.shard, apiKey.id, secret) };
  });
  endpoint(app, "apiKeys.revoke", async ({ system, actor, params }) =>
    shown(await revokeApiKey(system, actor, params.id)),
  );
}

export const shown = (key: ApiKey) => ({ ...key, scopes: key.scopes as Scope[] });
