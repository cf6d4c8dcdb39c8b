/** Many runs added up. */
import type { Problem } from "./invariants.ts";
import type { Simulation } from "./simulation.ts";

/** The promises a reader asks for by name; every other invariant counts as `other`. */
const headings: Record<string, string> = {
  "accepted at most once": "double",
  "nothing goes on the wire that was not authorised": "double",
  "an accepted mail is never taken for unsent": "double",
  "no due mail is lost": "lost",
  "authorised only while its enrollment stands on that step": "after stop",
  "authorised only while its person is not suppressed": "after stop",
  "authorised only while its person is not on hold": "after stop",
  "a mailbox sends no more than its cap in any 24 hours": "over cap",
  stuck: "stuck",
  "nobody is stuck": "stuck",
  "nothing is left half done": "stuck",
  "nothing old is left claimed or sending": "stuck",
};

export class Summary {
  seeds = 0;
  accepted = 0;
  invocations = 0;
  awaits = 0;
  readonly outcomes = new Map<string, number>();
  readonly faults = new Map<string, number>();
  readonly broken = new Map([...new Set(Object.values(headings)), "other"].map((name) => [name, 0]));
  readonly bad: { seed: number; problem: Problem }[] = [];

  add(seed: number, sim: Simulation): void {
    this.seeds++;
    this.accepted += sim.invariants.accepted;
    this.invocations += sim.invocations;
    this.awaits += sim.scheduler.steps;
    for (const [name, count] of sim.faults.counts) raise(this.faults, name, count);
    for (const { state, n } of sim.shard.all<{ state: string; n: number }>(
      "SELECT state, count(*) AS n FROM sends GROUP BY 1",
    )) {
      raise(this.outcomes, state, n);
    }
    const [problem] = sim.invariants.problems;
    if (!problem) return;
    this.bad.push({ seed, problem });
    raise(this.broken, headings[problem.invariant] ?? "other", 1);
  }

  lines(): string[] {
    const list = (counts: Map<string, number>) =>
      [...counts]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([name, count]) => `${name} ${count.toLocaleString("en")}`)
        .join(", ");
    return [
      `${this.seeds} seeds, ${this.invocations.toLocaleString("en")} invocations, ${this.awaits.toLocaleString("en")} events, ${this.accepted.toLocaleString("en")} mails accepted`,
      `sends: ${list(this.outcomes)}`,
      `faults: ${list(this.faults)}`,
      [...this.broken].map(([name, count]) => `${name} ${count}`).join(", "),
    ];
  }
}

const raise = (counts: Map<string, number>, name: string, by: number) =>
  counts.set(name, (counts.get(name) ?? 0) + by);
