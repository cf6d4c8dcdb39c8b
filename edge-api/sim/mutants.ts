/**
 * Five ways to break the engine, each of which the invariants must catch: made by rewriting a statement as it is
 * prepared, or a loop's Deps as it is wired. Nothing of this is in the shipped code.
 */
import type { System } from "../src/domain/system.ts";
import { deliver } from "../src/engine/deliver.ts";
import { deliverDeps } from "../src/run.ts";

export type Mutant = {
  name: string;
  /** Where the statement is changed; a mutant that changes none is no mutant. */
  rewrite?: (sql: string) => string;
  deliver?: (system: System) => Promise<unknown>;
};

/** Replaces texts in the statements that hold `mark`. */
const replacing =
  (mark: string, ...changes: [from: string | RegExp, to: string][]) =>
  (sql: string): string =>
    sql.includes(mark) ? changes.reduce((text, [from, to]) => text.replaceAll(from, to), sql) : sql;

const releases = "WHERE due_at <= ?1 AND state = 'claimed' AND lease_until < ?2";
const authorises = "SET state = 'sending', attempt";
const rev = "e.rev = j.value ->> 'rev'";
const lease = "e.lease_token = j.value ->> 'lease'";
const claimed = "g.claim = j.value ->> 'claim'";
const fence = "AND g.fence = j.value ->> 'fence'";
const stands = "AND e.status = 'active' AND e.step_id = j.value ->> 'step' AND e.cycle = j.value ->> 'cycle'";

/** The five that the invariants were made for. */
export const mutants: Mutant[] = [
  {
    name: "time reclaims `sending`",
    rewrite: replacing(releases, ["state = 'claimed'", "state IN ('claimed', 'sending')"]),
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
    rewrite: replacing(authorises, [
      "CASE WHEN gap_ms = 0 THEN free WHEN ?2 >= next_free_at THEN min(1, free) ELSE 0 END",
      "1000",
    ]),
  },
  {
    name: "stale claims never released",
    rewrite: replacing(releases, [releases, `${releases} AND false`]),
  },
];

/**
 * How sharp the invariants are beyond the five. Where two lines guard one promise (a stop cancels the queue, raises the
 * epoch and changes the status), both are taken away: either alone is enough, and that is the point of it.
 */
export const fineMutants: Mutant[] = [
  {
    name: "authorise does not look at the enrollment",
    rewrite: (sql) =>
      replacing("SET state = 'canceled', due_at = NULL", ["t.value = sends.state", "false"])(
        replacing(authorises, ["e.status = 'active'", "true"], ["AND e.epoch = s.epoch", ""])(sql),
      ),
  },
  {
    name: "authorise does not look at the suppressions",
    rewrite: replacing(authorises, ["x.value = (s.snapshot ->> 'to')", "false"]),
  },
  {
    name: "authorise does not look at the holds",
    rewrite: replacing(authorises, ["h.until_at > ?2", "false"]),
  },
  {
    name: "authorise does not look at the sequence",
    rewrite: replacing(authorises, ["AND q.status = 'active'", ""]),
  },
  {
    name: "authorise does not look at the brakes",
    rewrite: replacing(
      authorises,
      ["w.sending_stopped_at IS NULL", "true"],
      ["b.sending_stopped_at IS NOT NULL", "false"],
    ),
  },
  {
    name: "authorise does not look at the mailbox",
    rewrite: replacing(authorises, ["AND m.disabled_at IS NULL", ""]),
  },
  {
    name: "usage is not counted",
    rewrite: (sql) => sql.replace("used = used + excluded.used", "used = used"),
  },
  { name: "usage is not given back", rewrite: (sql) => sql.replace("max(0, used - g.unsent)", "used") },
  {
    name: "the gap is not kept",
    rewrite: (sql) => sql.replace("SET next_free_at = ?3 + gap_ms", "SET next_free_at = ?3"),
  },
  {
    name: "recorded without claim and fence",
    rewrite: (sql) => sql.replaceAll(claimed, "true").replaceAll(fence, ""),
  },
  { name: "committed without the rev", rewrite: (sql) => sql.replaceAll(rev, "true") },
  { name: "recording does not advance", rewrite: (sql) => sql.replaceAll(stands, "AND false") },
  { name: "recording advances whatever stands", rewrite: (sql) => sql.replaceAll(stands, "") },
  {
    name: "one absent look proves that a mail never left",
    rewrite: (sql) => sql.replace("SET absent_count = absent_count + ?7", "SET absent_count = 2 * ?7"),
  },
];
