/** Accounts. */
import { changeCompany, createCompany } from "../commands/companies.ts";
import { listCompanies, loadCompany } from "../db/companies.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function companyRoutes(app: Router): void {
  endpoint(app, "companies.list", ({ system, actor, query }) =>
    listCompanies(system.db, actor.workspaceId, query),
  );
  endpoint(app, "companies.create", ({ system, actor, body }) => createCompany(system, actor, body));
  endpoint(app, "companies.get", ({ system, actor, params }) =>
    loadCompany(system.db, actor.workspaceId, params.id),
  );
  endpoint(app, "companies.update", ({ system, actor, params, body }) =>
    changeCompany(system, actor, params.id, body),
  );
}
