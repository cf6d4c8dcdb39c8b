/**
 * What getting in leaves behind, on the first shard: links and codes whose time is over, sessions that ended, with the
 * network address each was started from, tokens that expired, invitations nobody took, and programs that nobody let in.
 * Once a day; nothing reads these rows after their time. What a run leaves, the next one takes.
 */
const dayMs = 86_400_000;
/** Anybody may register a program; whoever means it is let in within days. */
const clientKeptMs = 30 * dayMs;
const rowsMax = 5_000;

const expiring = [
  "auth_verification",
  "auth_device_code",
  "auth_session",
  "auth_oauth_access_token",
  "auth_oauth_refresh_token",
  "auth_oauth_client_assertion",
  "auth_invitation",
];

/** @param wallNow the library lives by wall time. A day more is left, so that two clocks never differ about a row. */
export async function tidySignIns(d1: D1Database, wallNow: number): Promise<void> {
  await d1.batch([
    ...expiring.map((table) =>
      d1
        .prepare(
          `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires_at < ?1 LIMIT ${rowsMax})`,
        )
        .bind(wallNow - dayMs),
    ),
    d1
      .prepare(
        `DELETE FROM auth_oauth_client WHERE id IN (SELECT c.id FROM auth_oauth_client c WHERE c.created_at < ?1
           AND NOT EXISTS (SELECT 1 FROM connections n WHERE n.client_id = c.client_id) LIMIT ${rowsMax})`,
      )
      .bind(wallNow - clientKeptMs),
  ]);
}
