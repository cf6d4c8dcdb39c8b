/** People, one by one and by the hundred, and what happened to them. */
import { changeContact } from "../commands/contact-changes.ts";
import { createContact, createContacts } from "../commands/contacts.ts";
import { listContacts, listTimeline, loadContact } from "../db/contacts.ts";
import { normaliseEmail } from "../domain/message.ts";
import { endpoint, type Router } from "../http/endpoint.ts";

export function contactRoutes(app: Router): void {
  endpoint(app, "contacts.list", ({ system, actor, query }) => {
    const email = query.email === undefined ? undefined : (normaliseEmail(query.email) ?? query.email);
    return listContacts(system.db, actor.workspaceId, { ...query, email });
  });
  endpoint(app, "contacts.create", ({ system, actor, body }) => createContact(system, actor, body));
  endpoint(app, "contacts.createBatch", async ({ system, actor, body }) => {
    const readable = body.contacts.flatMap((row) => (row.ok ? [row.value] : []));
    const saved = (await createContacts(system, actor, readable)).values();
    return {
      items: body.contacts.map((row, i) => answerFor(row.ok ? saved.next().value! : row, `/contacts/${i}`)),
    };
  });
  endpoint(app, "contacts.get", ({ system, actor, params }) =>
    loadContact(system.db, actor.workspaceId, params.id),
  );
  endpoint(app, "contacts.update", ({ system, actor, params, body, ifRev }) =>
    changeContact(system, actor, params.id, body, ifRev),
  );
  endpoint(app, "contacts.timeline", async ({ system, actor, params, query }) => {
    await loadContact(system.db, actor.workspaceId, params.id);
    return listTimeline(system.db, actor.workspaceId, params.id, query);
  });
}

type Row =
  | Awaited<ReturnType<typeof createContacts>>[number]
  | { errors: { pointer: string; detail: string }[] };

function answerFor(row: Row, at: string) {
  if ("errors" in row) return { outcome: "refused" as const, id: null, errors: row.errors };
  if (row.outcome !== "refused") return { outcome: row.outcome, id: row.id, errors: [] };
  return { outcome: row.outcome, id: null, errors: [{ pointer: at + row.pointer, detail: row.detail }] };
}
