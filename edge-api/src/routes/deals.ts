/** Opportunities, and finding any record by the name another system has for it. */
import { changeDeal, createDeal } from "../commands/deals.ts";
import { listDeals, loadDeal } from "../db/deals.ts";
import { loadReferenced } from "../db/references.ts";
import type { CompanyId, ContactId, DealId } from "../domain/ids.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function dealRoutes(app: Router): void {
  endpoint(app, "deals.list", ({ system, actor, query }) => listDeals(system.db, actor.workspaceId, query));
  endpoint(app, "deals.create", ({ system, actor, body }) => createDeal(system, actor, body));
  endpoint(app, "deals.get", ({ system, actor, params }) =>
    loadDeal(system.db, actor.workspaceId, params.id),
  );
  endpoint(app, "deals.update", ({ system, actor, params, body, ifRev }) =>
    changeDeal(system, actor, params.id, body, ifRev),
  );
  endpoint(app, "lookup.get", async ({ system, actor, query }) => {
    const { entity, entityId } = await loadReferenced(system.db, actor.workspaceId, query);
    return {
      entity,
      contactId: entity === "contact" ? (entityId as ContactId) : null,
      companyId: entity === "company" ? (entityId as CompanyId) : null,
      dealId: entity === "deal" ? (entityId as DealId) : null,
    };
  });
}
