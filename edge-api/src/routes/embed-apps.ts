/** Applications whose pages show Cadenza, and a user's way in from there. */
import {
  changeEmbedApp,
  createEmbedApp,
  createEmbedSecret,
  disableEmbedApp,
  enableEmbedApp,
  revokeEmbedSecret,
} from "../commands/embed-apps.ts";
import { listEmbedApps, loadEmbedApp } from "../db/embed-apps.ts";
import { startEmbedSession } from "../http/embed-session.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function embedAppRoutes(app: Router): void {
  endpoint(app, "embedApps.list", ({ system, actor, query }) =>
    listEmbedApps(system.db, actor.workspaceId, query),
  );
  endpoint(app, "embedApps.create", ({ system, actor, body }) => createEmbedApp(system, actor, body));
  endpoint(app, "embedApps.get", ({ system, actor, params }) =>
    loadEmbedApp(system.db, actor.workspaceId, params.id),
  );
  endpoint(app, "embedApps.update", ({ system, actor, params, body, ifRev }) =>
    changeEmbedApp(system, actor, params.id, body, ifRev),
  );
  endpoint(app, "embedApps.disable", ({ system, actor, params }) =>
    disableEmbedApp(system, actor, params.id),
  );
  endpoint(app, "embedApps.enable", ({ system, actor, params }) => enableEmbedApp(system, actor, params.id));
  endpoint(app, "embedApps.createSecret", ({ system, actor, params }) =>
    createEmbedSecret(system, actor, params.id),
  );
  endpoint(app, "embedApps.revokeSecret", ({ system, actor, params }) =>
    revokeEmbedSecret(system, actor, params.id, params.kid),
  );
  endpoint(app, "embed.session", startEmbedSession);
}
