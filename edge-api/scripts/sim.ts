/**
 * `pnpm sim [--seeds N] [--seed S] [--from S] [--mutants] [--verbose]`: runs the engine in the simulated world. One seed
 * is one run, exactly; a bad seed is printed with the line that runs it again.
 */
import { parseArgs } from "node:util";
import { fineMutants, mutants } from "../sim/mutants.ts";
import { catchMutant, runSeed } from "../sim/seeds.ts";
import { Summary } from "../sim/summary.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "300" },
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    mutants: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});

const mutantSeedsMax = 300;

process.exitCode = values.mutants ? await runMutants() : await runSeeds();

async function runSeeds(): Promise<number> {
  const from = Number(values.seed ?? values.from);
  const count = values.seed ? 1 : Number(values.seeds);
  const summary = new Summary();
  const startedAt = performance.now();
  for (let seed = from; seed < from + count; seed++) {
    const sim = await runSeed(seed);
    summary.add(seed, sim);
    const { problems } = sim.invariants;
    if (values.verbose)
      console.log(`seed ${seed}: ${sim.invariants.accepted} mails, ${sim.invocations} invocations`);
    for (const { invariant, detail } of problems.slice(0, values.seed ? 20 : 1)) {
      console.log(`BROKEN: ${invariant}\n  ${detail}\n  again: pnpm sim --seed ${seed}`);
    }
  }
  for (const line of summary.lines()) console.log(line);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${seconds.toFixed(1)} s, ${(count / seconds).toFixed(1)} seeds/s`);
  return summary.bad.length ? 1 : 0;
}

async function runMutants(): Promise<number> {
  let survivors = 0;
  for (const mutant of [...mutants, ...fineMutants]) {
    const caught = await catchMutant(mutant, mutantSeedsMax);
    if (caught.seed === null) survivors++;
    console.log(
      caught.seed === null
        ? `SURVIVED ${mutantSeedsMax} seeds: ${mutant.name}`
        : `caught by seed ${caught.seed}: ${mutant.name} — ${caught.invariant}`,
    );
  }
  return survivors ? 1 : 0;
}
