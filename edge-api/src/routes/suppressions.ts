/** Whom never to write to. */
import { liftSuppression, suppressAddress } from "../commands/suppressions.ts";
import { listSuppressions } from "../db/suppressions.ts";
import { normaliseEmail } from "../domain/message.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function suppressionRoutes(app: Router): void {
  endpoint(app, "suppressions.list", ({ system, actor, query }) => {
    const value =
      query.value === undefined ? undefined : (normaliseEmail(query.value) ?? query.value.toLowerCase());
    return listSuppressions(system.db, actor.workspaceId, { ...query, value });
  });
  endpoint(app, "suppressions.create", ({ system, actor, body }) => suppressAddress(system, actor, body));
  endpoint(app, "suppressions.delete", ({ system, actor, params }) =>
    liftSuppression(system, actor, params.id),
  );
}
