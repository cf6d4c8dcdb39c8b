/**
 * What a person is connected with: the programs they let act for them (OAuth) and the browsers they are signed in
 * with. On the first shard, like everything about getting in; all instants are wall time.
 */

import { and, desc, eq, gt } from "drizzle-orm";
import { oauthClient, organization, session } from "./auth-schema.ts";
import { database } from "./database.ts";
import { connections } from "./schema.ts";

export type Connection = {
  id: string;
  kind: "app" | "browser";
  /** The program as it calls itself, or the browser's User-Agent. */
  name: string | null;
  /** A program's: where its answers go, as it registered. */
  redirectHosts: string[];
  /** A browser's: the network address it signed in from. */
  ip: string | null;
  workspaceName: string | null;
  connectedAt: number;
  lastUsedAt: number | null;
};

/** Connecting again moves the program to this workspace. */
export async function connect(
  d1: D1Database,
  row: { userId: string; clientId: string; organizationId: string },
  at: number,
): Promise<void> {
  await database(d1)
    .insert(connections)
    .values({ ...row, connectedAt: at })
    .onConflictDoUpdate({
      target: [connections.userId, connections.clientId],
      set: { organizationId: row.organizationId, connectedAt: at },
    });
}

/** @returns the workspace the program acts in, or null when it is not connected (any more). */
export async function findConnection(
  d1: D1Database,
  userId: string,
  clientId: string,
): Promise<{ organizationId: string; lastUsedAt: number | null } | null> {
  const [row] = await database(d1)
    .select({ organizationId: connections.organizationId, lastUsedAt: connections.lastUsedAt })
    .from(connections)
    .where(and(eq(connections.userId, userId), eq(connections.clientId, clientId)));
  return row ?? null;
}

export async function touchConnection(
  d1: D1Database,
  userId: string,
  clientId: string,
  at: number,
): Promise<void> {
  await database(d1)
    .update(connections)
    .set({ lastUsedAt: at })
    .where(and(eq(connections.userId, userId), eq(connections.clientId, clientId)));
}

/** A hundred programs and a hundred browsers at most, the newest first. */
export async function listConnections(d1: D1Database, userId: string, at: number): Promise<Connection[]> {
  const db = database(d1);
  // Two requests and no batch: a batch would fold the two columns called `name` into one.
  const [apps, browsers] = await Promise.all([
    db
      .select({
        id: connections.clientId,
        name: oauthClient.name,
        redirectUris: oauthClient.redirectUris,
        organizationName: organization.name,
        connectedAt: connections.connectedAt,
        lastUsedAt: connections.lastUsedAt,
      })
      .from(connections)
      .innerJoin(oauthClient, eq(oauthClient.clientId, connections.clientId))
      .leftJoin(organization, eq(organization.id, connections.organizationId))
      .where(eq(connections.userId, userId))
      .orderBy(desc(connections.connectedAt))
      .limit(100),
    db
      .select({
        id: session.id,
        userAgent: session.userAgent,
        ip: session.ipAddress,
        organizationName: organization.name,
        createdAt: session.createdAt,
        updatedAt: session.updatedAt,
      })
      .from(session)
      .leftJoin(organization, eq(organization.id, session.activeOrganizationId))
      .where(and(eq(session.userId, userId), gt(session.expiresAt, new Date(at))))
      .orderBy(desc(session.createdAt))
      .limit(100),
  ]);
  return [
    ...apps.map(({ redirectUris, organizationName, ...app }) => ({
      ...app,
      name: shownName(app.name),
      kind: "app" as const,
      redirectHosts: hostsOf(redirectUris),
      ip: null,
      workspaceName: organizationName,
    })),
    ...browsers.map(({ id, userAgent, ip, organizationName, createdAt, updatedAt }) => ({
      id,
      kind: "browser" as const,
      name: userAgent,
      redirectHosts: [],
      ip,
      workspaceName: organizationName,
      connectedAt: createdAt.getTime(),
      lastUsedAt: updatedAt.getTime(),
    })),
  ];
}

/** What a program registered: its own words, shown to who is asked to trust it. */
export async function findClient(
  d1: D1Database,
  clientId: string,
): Promise<{ name: string | null; redirectHosts: string[] } | null> {
  const [row] = await database(d1)
    .select({ name: oauthClient.name, redirectUris: oauthClient.redirectUris })
    .from(oauthClient)
    .where(eq(oauthClient.clientId, clientId));
  return row ? { name: shownName(row.name), redirectHosts: hostsOf(row.redirectUris) } : null;
}

/** Anybody may register under any name: one that fills the page would hide what it is a name for. */
const shownName = (name: string | null): string | null =>
  name === null
    ? null
    : name
        .replace(/[\p{C}\s]+/gu, " ")
        .trim()
        .slice(0, 80);

/** The library writes a list as text where a database has no lists, and the column wraps that text once more. */
function hostsOf(redirectUris: unknown): string[] {
  const list: unknown = typeof redirectUris === "string" ? JSON.parse(redirectUris) : redirectUris;
  const uris = Array.isArray(list) ? list : [];
  return [
    ...new Set(uris.map((uri) => (URL.canParse(String(uri)) ? placeOf(new URL(String(uri))) : ""))),
  ].filter(Boolean);
}

/** A program on somebody's own machine has no host: there its scheme is what it is opened by. */
const placeOf = ({ protocol, host }: URL): string => (/^https?:$/.test(protocol) ? host : protocol);

/**
 * Ends one of a person's connections and whatever it could be renewed with, all or nothing.
 *
 * @returns false when it is none of theirs.
 */
export async function endConnection(d1: D1Database, userId: string, id: string): Promise<boolean> {
  const own = (statement: string) => d1.prepare(statement).bind(userId, id);
  const [app, browser] = await d1.batch([
    own(`DELETE FROM connections WHERE user_id = ?1 AND client_id = ?2 RETURNING 1`),
    own(`DELETE FROM auth_session WHERE user_id = ?1 AND id = ?2 RETURNING 1`),
    own(`DELETE FROM auth_oauth_access_token WHERE user_id = ?1 AND client_id = ?2`),
    own(`DELETE FROM auth_oauth_refresh_token WHERE user_id = ?1 AND client_id = ?2`),
    own(`DELETE FROM auth_oauth_consent WHERE user_id = ?1 AND client_id = ?2`),
  ]);
  return app!.results.length + browser!.results.length > 0;
}
