/**
 * `pnpm sim [--seeds N] [--seed S] [--from S] [--mutants] [--verbose]`: runs the engine in the simulated world. One seed
 * is one run, exactly; a bad seed is printed with the line that runs it again.
 */
import { fineMutants, mutants } from "../sim/mutants.ts";
import { catchMutant, runSeed } from "../sim/seeds.ts";
import { Summary } from "../sim/summary.ts";
import { argumentsOf, helpOption, Refusal, run, wholeNumber } from "./command-line.ts";

const usage = `pnpm sim [--seeds N] [--from S] [--seed S] [--mutants] [--verbose]

  --seeds N   so many runs, 300 unless told; a core plays four or five a second
  --from S    the first seed
  --seed S    this one run again, with everything that was wrong
  --mutants   breaks the engine on purpose, and shows that each break is caught
  --verbose   a line for every seed`;

/** The rarest, a deliverer that writes down what it no longer holds, takes some 470. */
const mutantSeedsMax = 800;

await run(async () => {
  const { values, positionals } = argumentsOf(process.argv.slice(2), {
    seeds: { type: "string", default: "300" },
    seed: { type: "string" },
    from: { type: "string", default: "1" },
    mutants: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    ...helpOption,
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (positionals.length) throw new Refusal(`"${positionals.join(" ")}" is nothing it takes.\n\n${usage}`);
  const { seeds, seed, from, mutants: isBroken, verbose } = values;
  if (isBroken) return runMutants();
  return seed === undefined
    ? runSeeds(wholeNumber("from", from, 0), wholeNumber("seeds", seeds), { verbose, problemsMax: 1 })
    : runSeeds(wholeNumber("seed", seed, 0), 1, { verbose, problemsMax: 20 });
});

async function runSeeds(
  from: number,
  count: number,
  told: { verbose: boolean; problemsMax: number },
): Promise<number> {
  const summary = new Summary();
  const startedAt = performance.now();
  for (let seed = from; seed < from + count; seed++) {
    const sim = await runSeed(seed);
    summary.add(seed, sim);
    const { problems } = sim.invariants;
    if (told.verbose)
      console.log(`seed ${seed}: ${sim.invariants.accepted} mails, ${sim.invocations} invocations`);
    for (const { invariant, detail } of problems.slice(0, told.problemsMax)) {
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
