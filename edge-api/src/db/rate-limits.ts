/** How much of a limit is used, one row a limit and whoever it holds for. All instants are wall time. */

/**
 * Takes one of what is left. The generic cell rate algorithm: what was used is forgotten evenly over the window, so
 * there is no edge at which a second full burst comes free, and one row says it all.
 *
 * @returns null when there was one, else how long until there is, in ms.
 */
export async function takeRoom(
  d1: D1Database,
  key: string,
  { count, windowMs }: { count: number; windowMs: number },
  at: number,
): Promise<number | null> {
  const eachMs = Math.ceil(windowMs / count);
  const taken = await d1
    .prepare(
      `INSERT INTO rate_limits (key, clear_at) VALUES (?1, ?2 + ?3) ON CONFLICT (key)
       DO UPDATE SET clear_at = max(clear_at, ?2) + ?3 WHERE max(clear_at, ?2) + ?3 <= ?2 + ?4
       RETURNING clear_at`,
    )
    .bind(key, at, eachMs, windowMs)
    .first();
  if (taken) return null;
  const row = await d1
    .prepare(`SELECT clear_at AS clearAt FROM rate_limits WHERE key = ?1`)
    .bind(key)
    .first<{ clearAt: number }>();
  return Math.max(1, (row?.clearAt ?? at) + eachMs - windowMs - at);
}
