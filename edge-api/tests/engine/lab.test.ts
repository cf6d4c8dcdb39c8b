import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { claimSends } from "../../src/db/claims.ts";
import { explain } from "./d1.ts";
import { delivered, email, stage, ticked } from "./stage.ts";

vi.setConfig({ testTimeout: 120_000 });
test("lab", async () => {
  const N = 6;
  const { system, ids, contactIds, mailboxId } = await stage({ people: N, mailbox: { dailyCap: 10_000 } });
  await ticked(system);
  const now = system.now(),
    wall = now;
  const claimed = await claimSends(system.db, { token: "t", now, wallNow: wall, leaseMs: 120000, limit: N });
  for (let h = 1; h < 20; h++)
    await env.DB.prepare("INSERT INTO mailbox_usage VALUES (?1, ?2, 1)")
      .bind(mailboxId, Math.floor(now / 3600000) - h)
      .run();
  const keys = JSON.stringify(
    claimed.map(({ enrollmentId, stepId, cycle, fence }) => ({ enrollmentId, stepId, cycle, fence })),
  );
  const try_ = async (name: string, sql: string, ...params: unknown[]) => {
    const plan = await explain(sql, params).catch((e) => [String(e)]);
    const r = await env.DB.prepare(sql)
      .bind(...params)
      .run()
      .catch((e) => ({ meta: { error: String(e) } }) as any);
    console.log(
      name,
      r.meta.error ??
        `n ${r.results.length}/${r.meta.changes} w ${(r.meta.rows_written / N).toFixed(2)} r ${(r.meta.rows_read / N).toFixed(2)}`,
      "\n   " + plan.join("\n   "),
    );
    await env.DB.prepare("UPDATE sends SET state = 'claimed' WHERE claim = 't'").run();
  };
  const fromKeys = `FROM json_each(?1) j CROSS JOIN sends s ON s.enrollment_id = j.value ->> 'enrollmentId' AND s.step_id = j.value ->> 'stepId' AND s.cycle = j.value ->> 'cycle'`;
  const recipient = `(s.snapshot ->> 'to')`;
  const stands = `EXISTS (SELECT 1 FROM enrollments e WHERE e.id = s.enrollment_id AND e.status = 'active' AND e.epoch = s.epoch AND e.step_id = s.step_id AND e.cycle = s.cycle)
  AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.workspace_id = s.workspace_id AND x.value IN (${recipient}, substr(${recipient}, instr(${recipient}, '@') + 1)))`;
  const stands2 = `EXISTS (SELECT 1 FROM enrollments e WHERE e.id = s.enrollment_id AND e.status = 'active' AND e.epoch = s.epoch AND e.step_id = s.step_id AND e.cycle = s.cycle)
  AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.workspace_id = s.workspace_id AND x.value = ${recipient}) AND NOT EXISTS (SELECT 1 FROM suppressions x WHERE x.workspace_id = s.workspace_id AND x.value = substr(${recipient}, instr(${recipient}, '@') + 1))`;
  const set = `UPDATE sends SET state = 'sending', attempt = attempt + 1, authorised_at = ?3, first_authorised_at = coalesce(first_authorised_at, ?2), usage_hour = ?4, defer_reason = NULL`;
  const p = [keys, now, wall, Math.floor(now / 3600000), "t"];
  const orig = (st: string, ret: string) => `${set}
         WHERE (enrollment_id, step_id, cycle) IN (
           SELECT enrollment_id, step_id, cycle FROM (
             SELECT s.enrollment_id, s.step_id, s.cycle, m.gap_ms, m.next_free_at,
               m.daily_cap - (SELECT coalesce(sum(u.used), 0) FROM mailbox_usage u
                              WHERE u.mailbox_id = s.mailbox_id AND u.hour > ?4 - 25) AS free,
               row_number() OVER (PARTITION BY s.mailbox_id ORDER BY s.due_at, s.enrollment_id) AS place
             ${fromKeys}
             CROSS JOIN mailboxes m ON m.id = s.mailbox_id AND m.disabled_at IS NULL
             CROSS JOIN sequences q ON q.id = s.sequence_id AND q.status = 'active'
             CROSS JOIN workspaces w ON w.id = s.workspace_id AND w.sending_stopped_at IS NULL
             WHERE s.state = 'claimed' AND s.claim = ?5 AND s.fence = j.value ->> 'fence' AND s.lease_until >= ?3
               AND ?2 < s.not_after AND ${st}
               AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = s.contact_id AND h.until_at > ?2)
               AND NOT EXISTS (SELECT 1 FROM shard_state b WHERE b.sending_stopped_at IS NOT NULL)
           ) WHERE place <= CASE WHEN gap_ms = 0 THEN free WHEN ?2 >= next_free_at THEN min(1, free) ELSE 0 END)
         ${ret}`;
  await try_("orig", orig(stands, "RETURNING enrollment_id"), ...p);
  await try_("orig2", orig(stands2, "RETURNING enrollment_id"), ...p);
  await try_("orig2 noret", orig(stands2, ""), ...p);
  // grouped: usage once a mailbox; grants computed per mailbox
  await try_(
    "ready/free",
    `${set}
     FROM (SELECT r.*, f.gap_ms, f.next_free_at, f.free, row_number() OVER (PARTITION BY r.mailbox_id ORDER BY r.due_at, r.enrollment_id) AS place FROM (
             SELECT s.enrollment_id, s.step_id, s.cycle, s.mailbox_id, s.due_at ${fromKeys}
             CROSS JOIN sequences q ON q.id = s.sequence_id AND q.status = 'active'
             CROSS JOIN workspaces w ON w.id = s.workspace_id AND w.sending_stopped_at IS NULL
             WHERE s.state = 'claimed' AND s.claim = ?5 AND s.fence = j.value ->> 'fence' AND s.lease_until >= ?3
               AND ?2 < s.not_after AND ${stands2}
               AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = s.contact_id AND h.until_at > ?2)
               AND NOT EXISTS (SELECT 1 FROM shard_state b WHERE b.sending_stopped_at IS NOT NULL)) r
           CROSS JOIN (SELECT m.id, m.gap_ms, m.next_free_at, m.daily_cap - (SELECT coalesce(sum(u.used), 0) FROM mailbox_usage u WHERE u.mailbox_id = m.id AND u.hour > ?4 - 25) AS free
                 FROM mailboxes m WHERE m.id IN (SELECT s.mailbox_id ${fromKeys}) AND m.disabled_at IS NULL) f ON f.id = r.mailbox_id) g
     WHERE place <= CASE WHEN gap_ms = 0 THEN free WHEN ?2 >= next_free_at THEN min(1, free) ELSE 0 END
       AND sends.enrollment_id = g.enrollment_id AND sends.step_id = g.step_id AND sends.cycle = g.cycle RETURNING sends.enrollment_id`,
    ...p,
  );
  // no window function: place by json index
  await try_(
    "j.key place",
    `${set}
     WHERE (enrollment_id, step_id, cycle) IN (SELECT s.enrollment_id, s.step_id, s.cycle ${fromKeys}
             CROSS JOIN sequences q ON q.id = s.sequence_id AND q.status = 'active'
             CROSS JOIN workspaces w ON w.id = s.workspace_id AND w.sending_stopped_at IS NULL
             CROSS JOIN mailboxes m ON m.id = s.mailbox_id AND m.disabled_at IS NULL
             WHERE s.state = 'claimed' AND s.claim = ?5 AND s.fence = j.value ->> 'fence' AND s.lease_until >= ?3
               AND ?2 < s.not_after AND ${stands2}
               AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.contact_id = s.contact_id AND h.until_at > ?2)
               AND NOT EXISTS (SELECT 1 FROM shard_state b WHERE b.sending_stopped_at IS NOT NULL))
      RETURNING sends.enrollment_id`,
    ...p,
  );
  await try_(
    "from j direct",
    `${set} FROM json_each(?1) j WHERE sends.enrollment_id = j.value ->> 'enrollmentId' AND sends.step_id = j.value ->> 'stepId' AND sends.cycle = j.value ->> 'cycle' RETURNING sends.enrollment_id`,
    ...p,
  );
  await try_(
    "from j direct noret",
    `${set} FROM json_each(?1) j WHERE sends.enrollment_id = j.value ->> 'enrollmentId' AND sends.step_id = j.value ->> 'stepId' AND sends.cycle = j.value ->> 'cycle'`,
    ...p,
  );
  const claimSql = (ret: string) =>
    `UPDATE sends SET lease_until = 5 WHERE (enrollment_id, step_id, cycle) IN (SELECT enrollment_id, step_id, cycle FROM sends WHERE due_at <= ?1 AND state = 'claimed' ORDER BY due_at LIMIT ?2) ${ret}`;
  await try_("claim", claimSql("RETURNING *"), now, N);
  await try_("claim noret", claimSql(""), now, N);
  await try_("select by key", `SELECT s.* ${fromKeys}`, keys);
});
