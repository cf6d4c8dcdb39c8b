/** Texts of steps while they are being written. */
import { checkTemplates, listMergeFields } from "../commands/templates.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function templateRoutes(app: Router): void {
  endpoint(app, "mergeFields.list", async ({ actor, system }) => ({
    items: await listMergeFields(system, actor),
  }));
  endpoint(app, "templates.check", ({ body, actor, system }) => checkTemplates(system, actor, body));
}
