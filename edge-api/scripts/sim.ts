import { runSeed } from "../sim/seeds.ts";
const t = Date.now();
const only = process.argv[3] ? Number(process.argv[3]) : null;
let accepted = 0, bad = 0, inv = 0;
for (let seed = only ?? 1; seed <= (only ?? Number(process.argv[2] ?? 3)); seed++) {
  const sim = await runSeed(seed).catch((e) => { console.log("CRASH", seed, e); process.exit(1) });
  accepted += sim.invariants.accepted; inv += sim.invocations;
  if (sim.invariants.problems.length) { bad++; console.log(seed, sim.invariants.problems[0]!.invariant, "|", sim.invariants.problems[0]!.detail.slice(0, only ? 2000 : 300)); }
  if (only) console.log(sim.faults.counts, sim.options);
}
console.log({ accepted, bad, inv, ms: Date.now() - t });
