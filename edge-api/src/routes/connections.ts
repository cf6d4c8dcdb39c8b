/** A person's connected apps and browsers. Only a session may look: a program must not end its competitors. */
import { endConnection, listConnections } from "../db/connections.ts";
import { AppError } from "../domain/errors.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { requireSession } from "../http/session.ts";

export function connectionRoutes(app: Router): void {
  endpoint(app, "connections.list", async ({ caller, systems: [first] }) => {
    const { user, sessionId } = requireSession(caller);
    const items = await listConnections(first!.db, user.id, first!.wallNow());
    return { items: items.map((item) => ({ ...item, isThisOne: item.id === sessionId })) };
  });
  endpoint(app, "connections.end", async ({ caller, params, systems: [first] }) => {
    const { user } = requireSession(caller);
    if (await endConnection(first!.db, user.id, params.id)) return;
    throw new AppError("connection_not_found", "You have no connection of this name.");
  });
}
