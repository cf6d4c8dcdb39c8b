/**
 * Host apps as rows: where their pages run, and what their servers sign with.
 *
 * Invariant: `embed_origins` holds the origins of enabled apps, as the app's own list says; both are written in one batch.
 */
import { and, asc, desc, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import { AppError } from "../domain/errors.ts";
import type { EmbedAppId, WorkspaceId } from "../domain/ids.ts";
import { type Database, database } from "./database.ts";
import { beforeId, type Page, type PageRequest, pageOf } from "./page.ts";
import { embedApps, embedOrigins, embedSecrets } from "./schema.ts";

type SecretName = { kid: string; createdAt: number };
export type EmbedApp = typeof embedApps.$inferSelect & { secrets: SecretName[] };
type Changes = Partial<
  Pick<typeof embedApps.$inferSelect, "name" | "origins" | "newMemberRole" | "disabledAt">
>;

/** The secrets that hold, by name. */
const liveSecrets = sql<
  SecretName[]
>`(SELECT json_group_array(json_object('kid', s.kid, 'createdAt', s.created_at))
  FROM (SELECT kid, created_at FROM embed_secrets WHERE app_id = embed_apps.id AND revoked_at IS NULL
    ORDER BY created_at, kid) AS s)`.mapWith((text: string) => JSON.parse(text) as SecretName[]);
const shown = { ...getTableColumns(embedApps), secrets: liveSecrets };

export async function listEmbedApps(
  d1: D1Database,
  workspaceId: WorkspaceId,
  page: PageRequest,
): Promise<Page<EmbedApp>> {
  const rows = await database(d1)
    .select(shown)
    .from(embedApps)
    .where(and(eq(embedApps.workspaceId, workspaceId), sql`${embedApps.id} < ${beforeId(page)}`))
    .orderBy(desc(embedApps.id))
    .limit(page.limit + 1);
  return pageOf(rows, page.limit, (row) => [row.id]);
}

export async function loadEmbedApp(
  d1: D1Database,
  workspaceId: WorkspaceId,
  id: EmbedAppId,
): Promise<EmbedApp> {
  const [row] = await database(d1)
    .select(shown)
    .from(embedApps)
    .where(and(eq(embedApps.workspaceId, workspaceId), eq(embedApps.id, id)));
  if (!row) throw new AppError("embed_app_not_found", "There is no such host app in this workspace.");
  return row;
}

/** Whose pages may frame us; null for an app that is disabled or never was. */
export async function findFrameOrigins(d1: D1Database, id: EmbedAppId): Promise<string[] | null> {
  const rows = await database(d1)
    .select({ origin: embedOrigins.origin })
    .from(embedOrigins)
    .where(eq(embedOrigins.appId, id))
    .orderBy(asc(embedOrigins.origin));
  return rows.length ? rows.map(({ origin }) => origin) : null;
}

export async function insertEmbedApp(
  d1: D1Database,
  row: typeof embedApps.$inferInsert,
): Promise<EmbedAppId> {
  const db = database(d1);
  const [inserted] = await db.batch([
    db.insert(embedApps).values(row).returning({ id: embedApps.id }),
    insertOrigins(db, sql`last_insert_rowid()`),
  ]);
  return inserted[0]!.id;
}

/** @returns false when somebody wrote since `rev` was read. */
export async function updateEmbedApp(
  d1: D1Database,
  { id, rev }: { id: EmbedAppId; rev: number },
  changes: Changes,
  at: number,
): Promise<boolean> {
  const db = database(d1);
  const [updated] = await db.batch([
    db
      .update(embedApps)
      .set({ ...changes, rev: rev + 1, updatedAt: at })
      .where(and(eq(embedApps.id, id), eq(embedApps.rev, rev)))
      .returning({ id: embedApps.id }),
    // Made anew from the app's list as it is now: right also for whoever lost the race.
    db.delete(embedOrigins).where(eq(embedOrigins.appId, id)),
    insertOrigins(db, sql`${id}`),
  ]);
  return updated.length > 0;
}

const insertOrigins = (db: Database, id: ReturnType<typeof sql>) =>
  db.insert(embedOrigins).select(sql`SELECT origin.value, app.id, app.workspace_id
    FROM embed_apps AS app, json_each(app.origins) AS origin WHERE app.id = ${id} AND app.disabled_at IS NULL`);

/** @returns false when the app has `max` that hold. */
export async function insertSecret(
  d1: D1Database,
  row: { kid: string; appId: EmbedAppId; sealedSecret: string; createdAt: number },
  max: number,
): Promise<boolean> {
  const inserted = await database(d1)
    .insert(embedSecrets)
    .select(
      sql`SELECT ${row.kid}, ${row.appId}, ${row.sealedSecret}, ${row.createdAt}, NULL WHERE ${max} > (
        SELECT count(*) FROM embed_secrets WHERE app_id = ${row.appId} AND revoked_at IS NULL)`,
    )
    .returning({ kid: embedSecrets.kid });
  return inserted.length > 0;
}

/** @returns false when the app has no such secret. One that was revoked before keeps the first instant. */
export async function revokeSecret(
  d1: D1Database,
  appId: EmbedAppId,
  kid: string,
  at: number,
): Promise<boolean> {
  const db = database(d1);
  const [, found] = await db.batch([
    db
      .update(embedSecrets)
      .set({ revokedAt: at })
      .where(and(eq(embedSecrets.appId, appId), eq(embedSecrets.kid, kid), isNull(embedSecrets.revokedAt))),
    db
      .select({ kid: embedSecrets.kid })
      .from(embedSecrets)
      .where(and(eq(embedSecrets.appId, appId), eq(embedSecrets.kid, kid))),
  ]);
  return found.length > 0;
}
