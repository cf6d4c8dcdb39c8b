/** The audit log: read page by page, or taken along as a file. */
import { stringify } from "csv-stringify/sync";
import { type AuditEntry, type AuditFilter, listAuditEntries } from "../db/audit.ts";
import type { WorkspaceId } from "../domain/ids.ts";
import type { System } from "../domain/system.ts";
import { endpoint, type Router } from "../http/endpoint.ts";
import { actorToWire } from "../http/wire.ts";

const exportedMax = 100_000;
const pageRows = 1_000;

export function auditRoutes(app: Router): void {
  endpoint(app, "audit.list", ({ system, actor, query }) =>
    listAuditEntries(system.db, actor.workspaceId, query, query),
  );
  endpoint(app, "audit.export", ({ system, actor, query, publicId }) => {
    const shown = ({ workspaceId: _, ...entry }: AuditEntry) => ({
      ...entry,
      id: publicId("aud", entry.id),
      at: new Date(entry.at).toISOString(),
      actor: actorToWire(entry.actor, system.shard),
    });
    const pages = entryPages(system, actor.workspaceId, query);
    return query.format === "csv"
      ? { type: "text/csv; charset=utf-8", filename: "audit.csv", chunks: csv(pages, shown) }
      : { type: "application/x-ndjson", filename: "audit.jsonl", chunks: jsonLines(pages, shown) };
  });
}

async function* entryPages(
  { db }: System,
  workspaceId: WorkspaceId,
  filter: AuditFilter,
): AsyncGenerator<AuditEntry[]> {
  let cursor: readonly (string | number)[] | undefined;
  for (let left = exportedMax; left > 0; left -= pageRows) {
    const page = await listAuditEntries(db, workspaceId, filter, { limit: Math.min(left, pageRows), cursor });
    yield page.items;
    if (!page.nextCursor) return;
    cursor = page.nextCursor;
  }
}

type Shown = (entry: AuditEntry) => Record<string, unknown>;

const columns = "id at actor via ip userAgent action record outcome requestId".split(" ");

/** With what a spreadsheet would take for a formula made plain text: a browser may call itself anything. */
async function* csv(pages: AsyncIterable<AuditEntry[]>, shown: Shown): AsyncGenerator<string> {
  yield stringify([columns]);
  for await (const entries of pages) {
    if (entries.length) yield stringify(entries.map(shown), { columns, escape_formulas: true });
  }
}

async function* jsonLines(pages: AsyncIterable<AuditEntry[]>, shown: Shown): AsyncGenerator<string> {
  for await (const entries of pages) {
    if (entries.length) yield `${entries.map((entry) => JSON.stringify(shown(entry))).join("\n")}\n`;
  }
}
