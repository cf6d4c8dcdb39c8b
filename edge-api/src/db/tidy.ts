/** What is kept for a while and then only costs space. Once a day; nothing reads these rows after their time. */

const dayMs = 86_400_000;
/** An answer is given again for 24 hours; a mailbox's usage counts for 25; a dead letter is looked at within weeks. */
const keptMs = { idempotencyKeys: 2 * dayMs, mailboxUsage: 3 * dayMs, deadLetters: 30 * dayMs };

/** @param at idempotency keys and dead letters live by wall time, usage by business time. */
export async function tidy(d1: D1Database, at: { now: number; wallNow: number }): Promise<void> {
  await d1.batch([
    d1
      .prepare(`DELETE FROM idempotency_keys WHERE created_at < ?1`)
      .bind(at.wallNow - keptMs.idempotencyKeys),
    d1
      .prepare(`DELETE FROM mailbox_usage WHERE hour < ?1`)
      .bind(Math.floor((at.now - keptMs.mailboxUsage) / 3_600_000)),
    d1.prepare(`DELETE FROM rate_limits WHERE clear_at < ?1`).bind(at.wallNow),
    d1.prepare(`DELETE FROM embed_exchanges WHERE expires_at < ?1`).bind(at.wallNow),
    d1.prepare(`DELETE FROM dead_letters WHERE failed_at < ?1`).bind(at.wallNow - keptMs.deadLetters),
  ]);
}
