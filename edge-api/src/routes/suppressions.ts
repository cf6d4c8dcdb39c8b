/** Whom never to write to. */
import { liftSuppression, listedAs, suppressAddress } from "../commands/suppressions.ts";
import { listSuppressions, type SuppressionRow } from "../db/suppressions.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

/** What an erased address left behind says nothing to anybody. */
export const suppressionOut = (row: SuppressionRow) => ({
  ...row,
  value: row.reason === "erased" ? null : row.value,
});

export function suppressionRoutes(app: Router): void {
  endpoint(app, "suppressions.list", async ({ system, actor, query }) => {
    const values = query.value === undefined ? undefined : listedAs(system, actor, query.value);
    const page = await listSuppressions(system.db, actor.workspaceId, { ...query, values });
    return { ...page, items: page.items.map(suppressionOut) };
  });
  endpoint(app, "suppressions.create", async ({ system, actor, body }) =>
    suppressionOut(await suppressAddress(system, actor, body)),
  );
  endpoint(app, "suppressions.delete", ({ system, actor, params }) =>
    liftSuppression(system, actor, params.id),
  );
}
