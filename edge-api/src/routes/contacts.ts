/** People, one by one and by the hundred, and what happened to them. */
import { changeContact } from "../commands/contact-changes.ts";
import { createContact, createContacts } from "../commands/contacts.ts";
import { eraseContact } from "../commands/erasure.ts";
import { exportContact } from "../commands/person-export.ts";
import { listContacts, listTimeline, loadContact } from "../db/contacts.ts";
import { normaliseEmail } from "../domain/message.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { sendOut } from "./enrollments.ts";
import { suppressionOut } from "./suppressions.ts";
import { taskOut } from "./tasks.ts";

export function contactRoutes(app: Router): void {
  endpoint(app, "contacts.list", ({ system, actor, query }) => {
    const email = query.email === undefined ? undefined : (normaliseEmail(query.email) ?? query.email);
    return listContacts(system.db, actor.workspaceId, { ...query, email });
  });
  endpoint(app, "contacts.create", ({ system, actor, body }) => createContact(system, actor, body));
  endpoint(app, "contacts.createBatch", async ({ system, actor, body }) => {
    const readable = body.items.flatMap((row) => (row.ok ? [row.value] : []));
    const saved = (await createContacts(system, actor, readable)).values();
    return {
      items: body.items.map((row, i) => answerFor(row.ok ? saved.next().value! : row, `/items/${i}`)),
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
    return listTimeline(system.db, actor, params.id, query);
  });
  endpoint(app, "contacts.export", async ({ system, actor, params }) => {
    const { sends, suppressions, tasks, ...data } = await exportContact(system, actor, params.id);
    const mails = sends.map(({ row, subject, text }) => ({ ...sendOut(row), subject, text }));
    return {
      ...data,
      sends: mails,
      tasks: tasks.map(taskOut),
      suppressions: suppressions.map(suppressionOut),
    };
  });
  endpoint(app, "contacts.erase", ({ system, actor, params, publicId }) =>
    eraseContact(system, actor, params.id, {
      contact: (id) => publicId("ctc", id),
      enrollment: (id) => publicId("enr", id),
    }),
  );
}

type Row =
  | Awaited<ReturnType<typeof createContacts>>[number]
  | { errors: { pointer: string; detail: string }[] };

function answerFor(row: Row, at: string) {
  if ("errors" in row) return { outcome: "refused" as const, id: null, errors: row.errors };
  if (row.outcome !== "refused") return { outcome: row.outcome, id: row.id, errors: [] };
  return { outcome: row.outcome, id: null, errors: [{ pointer: at + row.pointer, detail: row.detail }] };
}
