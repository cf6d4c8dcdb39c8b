/**
 * Five ways to break the engine, each of which the invariants must catch: made by rewriting a statement as it is
 * prepared, or a loop's Deps as it is wired. Nothing of this is in the shipped code.
 */
import type { System } from "../src/domain/system.ts";
import { deliver } from "../src/engine/deliver.ts";
import { deliverDeps } from "../src/run.ts";

export type Mutant = {
  name: string;
  rewrite?: (sql: string) => string;
  deliver?: (system: System) => Promise<unknown>;
};

/** Replaces `from` in the statements that hold `mark`; each must be found in the shipped SQL at least once. */
function replacing(mark: string, from: string | RegExp, to: string): (sql: string) => string {
  return (sql) => {
    if (!sql.includes(mark)) return sql;
    const changed = sql.replaceAll(from as string, to);
    if (changed === sql) throw new Error(`this mutant no longer fits the statement: ${sql}`);
    return changed;
  };
}

const releases = "WHERE due_at <= ?1 AND state = 'claimed' AND lease_until < ?2";
const authorises = "SET state = 'sending', attempt";
const rev = "e.rev = j.value ->> 'rev'";
const lease = "e.lease_token = j.value ->> 'lease'";
const claimed = "g.claim = j.value ->> 'claim'";
const fence = "AND g.fence = j.value ->> 'fence'";

/** The five that the invariants were made for. */
export const mutants: Mutant[] = [
  {
    name: "time reclaims `sending`",
    rewrite: replacing(releases, "state = 'claimed'", "state IN ('claimed', 'sending')"),
  },
  {
    name: "commit without its guards",
    rewrite: (sql) =>
      sql.replaceAll(rev, "true").replaceAll(lease, "true").replaceAll(claimed, "true").replaceAll(fence, ""),
  },
  {
    name: "on the wire before authorised",
    async deliver(system) {
      const deps = deliverDeps(system);
      return deliver({
        ...deps,
        async authorise(group, claim, at) {
          const facts = await deps.loadFactsOf(group.map(({ enrollmentId }) => enrollmentId));
          for (const send of group) {
            const prepared = await deps.prepare(send, facts.get(send.enrollmentId)!, at.now);
            if (prepared.ok) await (await deps.transportOf(send.mailboxId)).deliver(prepared.message);
          }
          return deps.authorise(group, claim, at);
        },
        transportOf: async (mailboxId) => ({
          ...(await deps.transportOf(mailboxId)),
          deliver: async () => ({ kind: "sent", providerMessageId: null, response: "it went before" }),
        }),
      });
    },
  },
  {
    name: "no quota line in authorise",
    rewrite: replacing(
      authorises,
      /place <= CASE WHEN gap_ms = 0 THEN free WHEN \?2 >= next_free_at THEN min\(1, free\) ELSE 0 END/g as never,
      "true",
    ),
  },
  {
    name: "stale claims never released",
    rewrite: replacing(releases, releases, `${releases} AND false`),
  },
];

/** One line each: how sharp the invariants are beyond the five. */
export const fineMutants: Mutant[] = [
  { name: "authorise without the epoch", rewrite: replacing(authorises, "AND e.epoch = s.epoch", "") },
  { name: "authorise without the enrollment's status", rewrite: replacing(authorises, "e.status = 'active'", "true") },
  { name: "authorise without the suppressions", rewrite: replacing(authorises, "SELECT 1 FROM suppressions x WHERE", "SELECT 1 FROM suppressions x WHERE false AND") },
  { name: "authorise without the holds", rewrite: replacing(authorises, "h.until_at > ?2", "false") },
  { name: "authorise without the sequence's switch", rewrite: replacing(authorises, "AND q.status = 'active'", "") },
  { name: "authorise without the brake", rewrite: replacing(authorises, "w.sending_stopped_at IS NULL", "true") },
  { name: "authorise without the mailbox's switch", rewrite: replacing(authorises, "AND m.disabled_at IS NULL", "") },
  { name: "authorise without the fence", rewrite: replacing(authorises, "AND s.fence = j.value ->> 'fence'", "") },
  { name: "authorise without the claim", rewrite: replacing(authorises, "AND s.claim = ?5", "") },
  { name: "usage is not counted", rewrite: replacing("SET used = used + g.granted", "used + g.granted", "used") },
  { name: "usage is not given back", rewrite: replacing("max(0, used - g.unsent)", "max(0, used - g.unsent)", "used") },
  { name: "a lost authorisation is not taken back", rewrite: replacing("SET state = 'queued', claim = NULL", "AND claim = ?2", "AND claim = ?2 AND false") },
  { name: "recorded without claim and fence", rewrite: (sql) => sql.replaceAll(claimed, "true").replaceAll(fence, "") },
  { name: "committed without the rev", rewrite: (sql) => sql.replaceAll(rev, "true") },
  { name: "a stop leaves the queue", rewrite: replacing("SET state = 'canceled', due_at = NULL", "t.value = sends.state", "false") },
  { name: "a repeated key is asked without a look at the stop", rewrite: replacing("SET attempt = attempt + 1, authorised_at", "e.status = 'active'", "true") },
  { name: "one absent look proves it", rewrite: replacing("absent_count = absent_count + 1", "absent_count + 1", "2") },
  { name: "recording does not advance", rewrite: (sql) => sql.replaceAll("AND e.status = 'active' AND e.step_id = j.value ->> 'step'", "AND false") },
  { name: "recording advances whatever stands", rewrite: (sql) => sql.replaceAll("AND e.status = 'active' AND e.step_id = j.value ->> 'step' AND e.cycle = j.value ->> 'cycle'", "") },
];
