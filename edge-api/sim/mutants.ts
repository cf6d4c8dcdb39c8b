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

export const mutants: Mutant[] = [
  {
    name: "time reclaims `sending`",
    rewrite: replacing(releases, "state = 'claimed'", "state IN ('claimed', 'sending')"),
  },
  {
    name: "commit without its guards",
    rewrite: (sql) =>
      sql.replaceAll("e.rev = j.value ->> 'rev'", "true").replaceAll("e.lease_token = j.value ->> 'lease'", "true"),
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
      "SET state = 'sending', attempt",
      /place <= CASE WHEN gap_ms = 0 THEN free WHEN \?2 >= next_free_at THEN min\(1, free\) ELSE 0 END/g as never,
      "true",
    ),
  },
  {
    name: "stale claims never released",
    rewrite: replacing(releases, releases, `${releases} AND false`),
  },
];
