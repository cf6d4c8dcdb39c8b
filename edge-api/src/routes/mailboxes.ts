/** Sending identities. */
import { changeMailbox, createMailbox, disableMailbox, enableMailbox } from "../commands/mailboxes.ts";
import { listMailboxes, loadMailboxView } from "../db/mailboxes.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function mailboxRoutes(app: Router): void {
  endpoint(app, "mailboxes.list", ({ system, actor, query }) =>
    listMailboxes(system.db, actor, system.now(), query),
  );
  endpoint(app, "mailboxes.create", ({ system, actor, body }) => createMailbox(system, actor, body));
  endpoint(app, "mailboxes.get", ({ system, actor, params }) =>
    loadMailboxView(system.db, actor, params.id, system.now()),
  );
  endpoint(app, "mailboxes.update", ({ system, actor, params, body, ifRev }) =>
    changeMailbox(system, actor, params.id, body, ifRev),
  );
  endpoint(app, "mailboxes.disable", ({ system, actor, params, body }) =>
    disableMailbox(system, actor, params.id, body?.reason ?? null),
  );
  endpoint(app, "mailboxes.enable", ({ system, actor, params }) => enableMailbox(system, actor, params.id));
}
